"""Linear and logistic regression with the covariance of the design.

The whole design stays in the variance: respondents outside the domain, and those
without an answer, score 0 in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError, some
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.formula import ModelFormula, read_formula
from survey.estimation.influence import covariance_of, domain_degrees
from survey.estimation.intervals import check_interval
from survey.estimation.marginal_effects import effect_names, marginal_effects
from survey.estimation.model_domain import ModelDomain, mask_of, model_domain
from survey.estimation.model_fit import fit, influence
from survey.estimation.model_frames import (
    estimate_frame,
    term_tests,
    untested,
    with_odds,
)
from survey.estimation.model_questions import (
    Family,
    Outcome,
    model_variables,
    outcome_of,
)
from survey.estimation.model_terms import ModelTerms, left_column, model_terms
from survey.responses.table import Responses
from survey.responses.variable import Variable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A fitted model.

    Attributes
    ----------
    formula : str
        As it was written.
    family : {"linear", "logistic"}
        Family of the model.
    event : str
        Codes whose probability is modelled; "" for a number.
    coefficients : DataFrame
        ``term, estimate, std_error, statistic, p_value, conf_low, conf_high``; in a
        logistic model log odds, with ``odds_ratio, odds_low, odds_high``.
    covariance : DataFrame
        p by p, by term.
    tests : DataFrame
        Wald test that all coefficients of a term are 0: ``term, statistic`` (F),
        ``ndf, ddf, p_value``.
    effects : DataFrame
        Average marginal effects in units of the outcome (0 to 1 for an event):
        ``term, code, label, reference, estimate, std_error, statistic, p_value,
        conf_low, conf_high``.
    degrees_of_freedom : int
        PSUs minus strata of the domain, plus 1, minus p.
    base_unweighted, base_weighted, base_effective : float
        Respondents used, the sum of their weights, and the effective base.
    left_out : int
        Respondents of the domain asked for who are not used.
    notes : tuple of str
        Why they are not, categories without a coefficient, tests that cannot be made,
        replicates without a fit.
    """

    formula: str
    family: Family
    event: str
    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    tests: pd.DataFrame
    effects: pd.DataFrame
    degrees_of_freedom: int
    base_unweighted: int
    base_weighted: float
    base_effective: float
    left_out: int
    notes: tuple[str, ...]

    @property
    def used(self) -> int:
        """Respondents in the fit."""
        return self.base_unweighted


@dataclass(frozen=True, slots=True, eq=False)
class _Estimates:
    """Coefficients (p,) and effects (K,), with their scores (m, p + K)."""

    value: Floats
    scores: Floats


def regression(
    data: Responses | pd.DataFrame,
    formula: str,
    *,
    family: Family | None = None,
    event: str | int | Sequence[str | int] = (),
    design: SurveyDesign | None = None,
    where: pd.Series | NDArray[np.bool_] | None = None,
    conf_level: float = 0.95,
) -> Regression:
    """Fit a linear or logistic model to a survey.

    Parameters
    ----------
    data : Responses or DataFrame
        All n respondents.
    formula : str
        Such as ``"adopted ~ size * log(staff)"``; see `read_formula`. Names are
        questions, items of grids (``concerns_privacy``), categories of multiple
        response questions (``tools_3``, chosen or not), or columns. Questions with
        codes are categories in the order of the questionnaire; the first that occurs
        is the reference.
    family : {"linear", "logistic"}, optional
        When omitted, logistic if the outcome has two distinct values or an event is
        named, and linear for other numbers. ``"linear"`` takes codes that are numbers
        as scores, and models the probability of an event as it is.
    event : str, int or sequence of them, optional
        Codes of the outcome that are the event. When omitted, the second of two
        values in their order: 1 of 0 and 1, true, or the second category.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.
    where : bool Series or array (n,), optional
        Domain; everyone when omitted.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    Regression
        Coefficients, tests and average marginal effects.

    Raises
    ------
    QuestionError
        A question, event or reference is not there.
    DesignError
        The design contradicts itself or the data.
    EstimationError
        The formula cannot be read; nobody is in the domain; the outcome has one
        value; columns determine each other; there are fewer degrees of freedom than
        coefficients; a logistic model has no finite fit.

    See Also
    --------
    marginal_effects : How effects and their errors are made.

    Notes
    -----
    Coefficients solve the weighted score equations and their covariance is
    linearised [1]_, or that of the replicates. Quantiles and tests have PSUs minus
    strata of the domain, plus 1, minus the number of coefficients, degrees of freedom,
    as ``svyglm`` and ``regTermTest`` of R `survey`.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.

    Examples
    --------
    The coefficient of a category is the difference of two means, 2 and 5.

    >>> firms = pd.DataFrame({"seats": [1, 3, 4, 6], "size": ["s", "s", "t", "t"]})
    >>> found = regression(firms, "seats ~ size")
    >>> found.coefficients[["term", "estimate"]].round(6)
            term  estimate
    0  Intercept       2.0
    1  size[T.t]       3.0
    """
    check_interval("logit", conf_level)
    if family not in (None, *get_args(Family)):
        raise EstimationError(
            f"family {family!r} is not known. Use one of {some(get_args(Family))}."
        )
    resolved = resolve(design, data)
    read = read_formula(formula)
    found = model_variables(data, (*read.outcome_names, *read.predictors))
    domain = model_domain(found, mask_of(where, data), resolved.used)
    events = [event] if isinstance(event, (str, int)) else event
    outcome = _outcome(read, found, domain.inside, family, [str(e) for e in events])
    terms = model_terms(read, found, domain.inside)
    degrees = _degrees(resolved, domain.inside, terms)
    return _result(
        read, outcome, terms, domain, resolved, degrees=degrees, conf_level=conf_level
    )


def _outcome(
    formula: ModelFormula,
    found: Mapping[str, Variable],
    inside: NDArray[np.bool_],
    family: Family | None,
    event: Sequence[str],
) -> Outcome:
    """Take the left side as an outcome."""
    variable = found[formula.outcome_names[0]]
    if formula.outcome in found:
        return outcome_of(variable, inside, family, event)
    if family == "logistic" or event:
        raise EstimationError(
            f"outcome {formula.outcome!r} is arithmetic and has no event. Name the "
            'question alone, or ask for family="linear".'
        )
    return Outcome(left_column(formula, variable, inside), "linear", "")


def _degrees(
    design: ResolvedDesign, inside: NDArray[np.bool_], terms: ModelTerms
) -> int:
    """Count the degrees of freedom that the model leaves."""
    of_design = domain_degrees(design, inside)
    size = len(terms.names)
    if of_design + 1 - size < 1:
        raise EstimationError(
            f"the model has {size} coefficients, and its {int(inside.sum())} "
            f"respondents give {of_design} degrees of freedom (PSUs minus strata): "
            f"{of_design + 1 - size} would be left. Leave out terms, or take a wider "
            "domain."
        )
    return of_design + 1 - size


def _estimates(terms: ModelTerms, outcome: Outcome, weight: Floats) -> _Estimates:
    """Fit the model and average its effects, with the scores of both."""
    y, family = outcome.value, outcome.family
    beta = fit(terms.columns, y, weight, family, terms.names)
    scores = influence(terms.columns, y, weight, family, beta)
    effects = marginal_effects(terms, family, beta, weight, scores)
    return _Estimates(
        np.concatenate([beta, effects.value]), np.hstack([scores, effects.scores])
    )


def _covariance(
    design: ResolvedDesign,
    inside: NDArray[np.bool_],
    terms: ModelTerms,
    outcome: Outcome,
    found: _Estimates,
) -> tuple[Floats, int]:
    """Give the covariance of coefficients and effects, and how many refits failed."""
    lost = 0

    def refit(weight: Floats) -> Floats:
        nonlocal lost
        try:
            return _estimates(terms, outcome, weight[inside]).value
        except EstimationError:
            lost += 1
            return np.full_like(found.value, np.nan)

    scores = np.zeros((inside.size, found.value.size))
    scores[inside] = found.scores
    everyone = np.broadcast_to(inside[:, None], scores.shape)
    return covariance_of(design, scores, refit, everyone), lost


def _lost_replicates(design: ResolvedDesign, lost: int) -> tuple[str, ...]:
    """Note sets of replicate weights without a fit; refuse when hardly any is left."""
    if design.replicates is None or not lost:
        return ()
    every = design.replicates.rscales.size
    if lost * 2 > every:
        raise EstimationError(
            f"the model has no fit in {lost} of {every} sets of replicate weights. "
            "Merge categories or leave out a term."
        )
    return (f"{lost} of {every} sets of replicate weights left out: no fit",)


def _result(
    formula: ModelFormula,
    outcome: Outcome,
    terms: ModelTerms,
    domain: ModelDomain,
    design: ResolvedDesign,
    *,
    degrees: int,
    conf_level: float,
) -> Regression:
    """Fit the model and write it down."""
    weight = design.weight[domain.inside]
    found = _estimates(terms, outcome, weight)
    matrix, lost = _covariance(design, domain.inside, terms, outcome, found)
    frame = estimate_frame(found.value, np.diag(matrix), degrees, conf_level)
    size, names = len(terms.names), list(terms.names)
    coefficients, effects = frame[:size], frame[size:].reset_index(drop=True)
    coefficients = pd.concat([pd.DataFrame({"term": names}), coefficients], axis=1)
    if outcome.family == "logistic":
        coefficients = with_odds(coefficients)
    effects = pd.concat([effect_names(terms), effects], axis=1)
    matrix = matrix[:size, :size]
    tests = term_tests(found.value[:size], matrix, terms.terms, degrees)
    notes = (
        *_lost_replicates(design, lost),
        *untested([coefficients, tests, effects]),
    )
    return Regression(
        formula=formula.text,
        family=outcome.family,
        event=outcome.event,
        coefficients=coefficients,
        covariance=pd.DataFrame(matrix, index=names, columns=names),
        tests=tests,
        effects=effects,
        degrees_of_freedom=degrees,
        base_unweighted=weight.size,
        base_weighted=float(weight.sum()),
        base_effective=float(weight.sum() ** 2 / (weight**2).sum()),
        left_out=int(domain.asked_for.sum()) - weight.size,
        notes=(*domain.notes, *terms.notes, *notes),
    )
