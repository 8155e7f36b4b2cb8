"""Plans: which estimates a contrast combines, and how it reads in words.

Domains and categories are found by their code first, then by their label.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from survey.errors import EstimationError, QuestionError, some
from survey.estimation.domains import Domains
from survey.estimation.measures import Measure
from survey.responses.values import shortest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Coefficients = Mapping[str, float] | Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """K contrasts of R rows in C domains.

    Attributes
    ----------
    rows : list of (code, label)
        The S rows of the result.
    texts : list of str
        The K contrasts in words.
    load : float array (K, S, R, C)
        Coefficient of every estimate.
    named : bool array (K, C)
        Domains that take part.
    """

    rows: list[tuple[str, str]]
    texts: list[str]
    load: Floats
    named: Bools


def check_coefficients(coefficients: Coefficients) -> None:
    """Refuse coefficients that cannot be used.

    Parameters
    ----------
    coefficients : mapping of domain, or (domain, category), to number
        What the user gave.

    Raises
    ------
    EstimationError
        There are none, one is no finite number, or keys are of both kinds.
    """
    if not coefficients:
        raise EstimationError("coefficients are empty. Give one for each domain.")
    bad = [key for key, value in coefficients.items() if not _is_number(value)]
    if bad:
        raise EstimationError(
            f"{len(bad)} of {len(coefficients)} coefficients are missing, infinite or "
            f"no numbers ({some(bad)}). Give numbers."
        )
    times = Counter(map(str, coefficients))
    twice = [text for text, number in times.items() if number > 1]
    if twice:
        raise EstimationError(
            f"coefficients name {some(twice)} twice, as a number and as text. "
            "Name it once."
        )
    if len({isinstance(key, tuple) for key in coefficients}) > 1:
        raise EstimationError(
            "coefficients mix domains with pairs of domain and category. "
            "Give all keys as pairs."
        )


def _is_number(value: object) -> bool:
    """Say whether a coefficient can be multiplied with."""
    return isinstance(value, Real) and bool(np.isfinite(float(value)))


def plan_of(
    coefficients: Coefficients, measure: Measure, domains: Domains, *, crossed: bool
) -> Plan:
    """Read coefficients as a plan.

    Parameters
    ----------
    coefficients : mapping of domain, or (domain, category), to number
        Codes or labels, checked by `check_coefficients`.
    measure : Measure
        R rows.
    domains : Domains
        C domains.
    crossed : bool
        Whether domains were asked for; without them plain keys are categories.

    Returns
    -------
    Plan
        One contrast.

    Raises
    ------
    QuestionError
        There is no such domain or category, or several have that label.
    EstimationError
        Categories are asked for and there are only numbers.

    Examples
    --------
    >>> one = np.ones((2, 1), dtype=bool)
    >>> domains = Domains(("1", "2"), ("small", "large"), np.eye(2) > 0)
    >>> measure = Measure([("", "cost")], np.ones((2, 1)), np.ones(2, bool), "mean")
    >>> plan = plan_of({"1": 1, "large": -1}, measure, domains, crossed=True)
    >>> plan.texts, plan.load.ravel().tolist()
    (['small - large'], [1.0, -1.0])
    """
    cells = [(*k, v) for k, v in coefficients.items() if isinstance(k, tuple)]
    if cells:
        return _across(cells, measure, domains)
    plain = {str(key): value for key, value in coefficients.items()}
    if crossed:
        return _of_domains(plain, measure, domains)
    return _of_categories(plain, measure, domains)


def pairs_of(of: tuple[str, str] | None, domains: Domains) -> list[tuple[int, int]]:
    """Give the pairs of domains that are compared.

    Parameters
    ----------
    of : (str, str) or None
        Two domains; None is every domain and the first one.
    domains : Domains
        C domains.

    Returns
    -------
    list of (int, int)
        Positions of the two sides.

    Raises
    ------
    QuestionError
        There is no such domain, or several have that label.
    EstimationError
        There are fewer than two domains.
    """
    if of is not None:
        return [(_domain(of[0], domains), _domain(of[1], domains))]
    if len(domains.codes) < 2:  # noqa: PLR2004 - a difference has two sides
        raise EstimationError(
            f"there is only the domain {some(domains.labels)}, and a difference needs "
            "two. Name another question as `by`."
        )
    return [(place, 0) for place in range(1, len(domains.codes))]


def plan_of_pairs(
    pairs: Sequence[tuple[int, int]], measure: Measure, domains: Domains
) -> Plan:
    """Take differences of domains, category by category.

    Parameters
    ----------
    pairs : sequence of (int, int)
        Positions of the domains on both sides.
    measure : Measure
        R rows.
    domains : Domains
        C domains.

    Returns
    -------
    Plan
        One contrast for each pair.
    """
    rows, count = len(measure.rows), len(domains.codes)
    load = np.zeros((len(pairs), rows, rows, count))
    named = np.zeros((len(pairs), count), dtype=bool)
    for k, (one, two) in enumerate(pairs):
        load[k, range(rows), range(rows), one] += 1
        load[k, range(rows), range(rows), two] -= 1
        named[k, [one, two]] = True
    texts = [f"{domains.labels[i]} - {domains.labels[j]}" for i, j in pairs]
    return Plan(measure.rows, texts, load, named)


def _of_domains(
    coefficients: Mapping[str, float], measure: Measure, domains: Domains
) -> Plan:
    """Combine domains, category by category."""
    rows, count = len(measure.rows), len(domains.codes)
    load = np.zeros((1, rows, rows, count))
    named = np.zeros((1, count), dtype=bool)
    parts = []
    for key, value in coefficients.items():
        c = _domain(key, domains)
        load[0, range(rows), range(rows), c] += value
        named[0, c] = True
        parts.append((domains.labels[c], value))
    return Plan(measure.rows, [_words(parts)], load, named)


def _of_categories(
    coefficients: Mapping[str, float], measure: Measure, domains: Domains
) -> Plan:
    """Combine the categories of all respondents."""
    if not measure.rows[0][0]:
        raise EstimationError(
            f"the {measure.statistic} of numbers is one number, and there is nothing "
            "to combine. Name domains with `by`."
        )
    total = domains.labels[0]
    cells = [(total, category, value) for category, value in coefficients.items()]
    plan = _across(cells, measure, domains)
    rows = [measure.rows[_category(category, measure)] for category in coefficients]
    values = list(coefficients.values())
    code, label = (
        _words(list(zip(texts, values, strict=True)))
        for texts in zip(*rows, strict=True)
    )
    return Plan([(code, label)], [total], plan.load, plan.named)


def _across(
    cells: Sequence[tuple[str, str, float]], measure: Measure, domains: Domains
) -> Plan:
    """Combine categories of domains in one row."""
    load = np.zeros((1, 1, len(measure.rows), len(domains.codes)))
    named = np.zeros((1, len(domains.codes)), dtype=bool)
    parts = []
    for domain, category, value in cells:
        c, r = _domain(domain, domains), _category(category, measure)
        load[0, 0, r, c] += value
        named[0, c] = True
        parts.append((f"{domains.labels[c]}: {measure.rows[r][1]}", value))
    return Plan([("", "")], [_words(parts)], load, named)


def _domain(key: str, domains: Domains) -> int:
    """Find a domain."""
    return _place(key, domains.codes, domains.labels, "domain")


def _category(key: str, measure: Measure) -> int:
    """Find a category."""
    codes, labels = zip(*measure.rows, strict=True)
    return _place(key, codes, labels, "category")


def _place(key: str, codes: Sequence[str], labels: Sequence[str], what: str) -> int:
    """Find a domain or category by its code, then by its label."""
    text = str(key)
    if text in codes:
        return list(codes).index(text)
    found = [i for i, label in enumerate(labels) if label == text]
    if len(found) == 1:
        return found[0]
    known = [
        code if code == label else f"{code} ({label})"
        for code, label in zip(codes, labels, strict=True)
    ]
    problem = f"{len(found)} have the label" if found else "there is no"
    raise QuestionError(
        f"{what}: {problem} {text!r}. Give one of the codes {some(known, 40)}."
    )


def _words(parts: Sequence[tuple[str, float]]) -> str:
    """Write a linear combination: ``0.5 small + 0.5 medium - large``."""
    texts = []
    for name, value in parts:
        size = "" if abs(value) == 1 else f"{shortest(abs(float(value)))} "
        texts.append(f"{'-' if value < 0 else '+'} {size}{name}")
    return " ".join(texts).removeprefix("+ ")
