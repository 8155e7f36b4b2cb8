"""The weights and the design of a wave, from the columns that the study names.

A name is looked up among the paradata, then the answers, then the columns of the
export. A record without a PSU is its own.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import pandas as pd

from survey.errors import StudyError, some
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.importers.raw import RawTable
from survey.responses.table import Responses
from survey.responses.values import as_text
from survey.study.model import DesignPlan, Study
from survey.weighting.weighting import Weighting

_WEIGHT = "weight"


def export_columns(
    study: Study, raw: RawTable, bound: Responses, responses: Responses
) -> pd.DataFrame:
    """Take the columns of an export that the design of a study may mean.

    Parameters
    ----------
    study : Study
        Names columns and patterns.
    raw : RawTable
        The export.
    bound : Responses
        All its records, in the same order.
    responses : Responses
        The n records used.

    Returns
    -------
    DataFrame
        Texts, n rows with the index of `responses`.
    """
    wanted = [*_named(study.design)]
    wanted += [plan.base_weight for plan in study.weighting if plan.base_weight]
    kept = bound.frame.index.get_indexer(responses.frame.index)
    columns = {
        str(name): as_text(raw.frame[name]).iloc[kept].to_numpy()
        for name in raw.frame.columns
        if any(_matches(str(name), each) for each in wanted)
    }
    return pd.DataFrame(columns, index=responses.frame.index)


def design_of(
    study: Study,
    responses: Responses,
    weighting: Weighting | None,
    export: pd.DataFrame,
) -> ResolvedDesign:
    """Resolve the design of a study for one wave.

    Parameters
    ----------
    study : Study
        Names the columns.
    responses : Responses
        The n records used.
    weighting : Weighting or None
        Weights that were made here.
    export : DataFrame
        From `export_columns`.

    Returns
    -------
    ResolvedDesign
        Arrays over n respondents.

    Raises
    ------
    StudyError
        There is no such column.
    DesignError
        The columns contradict each other.
    """
    data = _design_frame(study.design, responses, export)
    design = _survey_design(study.design, data, weighting)
    return resolve(design, data)


def first_units(
    study: Study, responses: Responses, export: pd.DataFrame
) -> tuple[object, ...]:
    """Give the id of the first-stage unit of every respondent, as the design has it.

    Parameters
    ----------
    study, responses, export
        As for `design_of`.

    Returns
    -------
    tuple (n,)
        Ids, None where there is none; empty where respondents are the units.
    """
    if not study.design.psu:
        return ()
    column = study_column(responses, export, study.design.psu[0])
    return tuple(column.where(column.notna(), None))


def without_weights(
    study: Study, responses: Responses, design: ResolvedDesign, export: pd.DataFrame
) -> ResolvedDesign:
    """Give the same respondents and PSUs equal weights.

    Parameters
    ----------
    study, responses, export
        As for `design_of`.
    design : ResolvedDesign
        The design with weights.

    Returns
    -------
    ResolvedDesign
        Respondents with a weight count 1, others are in no estimate. Replicates of
        the export keep their factors.
    """
    made = study.main_weights
    base = made.base_weight if made else study.design.weight
    plan = study.design.model_copy(update={"weight": base, "calibration": ()})
    data = _design_frame(plan, responses, export)
    equal = design.used.astype(float)
    if plan.replicate_weights:
        plan, data = _as_factors(plan, data)
    plan = plan.model_copy(update={"weight": _WEIGHT})
    return resolve(_survey_design(plan, data, None), data.assign(**{_WEIGHT: equal}))


def _as_factors(
    plan: DesignPlan, data: pd.DataFrame
) -> tuple[DesignPlan, pd.DataFrame]:
    """Turn replicate weights into multiples of the weight that they are of."""
    given = resolve(_survey_design(plan, data, None), data)
    assert given.replicates is not None, "replicate weights are given"
    factor = given.replicates.factor[given.cell]
    names = tuple(f"factor {i}" for i in range(factor.shape[1]))
    changed = plan.model_copy(update={"replicate_weights": names, "combined": False})
    return changed, pd.DataFrame(factor, index=data.index, columns=list(names))


def _survey_design(
    plan: DesignPlan, data: pd.DataFrame, weighting: Weighting | None
) -> SurveyDesign:
    """Turn the plan into a design over a frame of its columns."""
    # One record has no variance, and nothing of it is shown; that is no reason to stop.
    lonely = "certainty" if len(data) == 1 else plan.lonely_psu
    replicates = list(_expanded(plan.replicate_weights, data))
    return SurveyDesign(
        weight=weighting if weighting is not None else plan.weight,
        strata=list(plan.strata) or None,
        psu=list(plan.psu) or None,
        fpc=list(plan.fpc) or None,
        lonely_psu=lonely,
        calibration=[m[0] if len(m) == 1 else m for m in plan.calibration],
        replicate_weights=replicates or None,
        method=plan.method,
        combined=plan.combined,
        scale=plan.scale,
        rscales=plan.rscales or None,
        rho=plan.rho,
        replicates=plan.replicates,
        seed=plan.seed,
        mse=plan.mse,
    )


def _design_frame(
    plan: DesignPlan, responses: Responses, export: pd.DataFrame
) -> pd.DataFrame:
    """Put the columns of a design together, under the names of the study."""
    names = [name for name in _named(plan) if not _is_pattern(name)]
    columns = {name: study_column(responses, export, name) for name in names}
    patterns = [name for name in plan.replicate_weights if _is_pattern(name)]
    for pattern in patterns:
        found = [name for name in export.columns if _matches(name, pattern)]
        if not found:
            raise StudyError(
                f"No column of the export matches {pattern!r}, which the design names "
                "under 'replicate_weights'. Correct the pattern."
            )
        columns |= {name: export[name] for name in found}
    own = pd.Series("record " + responses.frame.index, index=responses.frame.index)
    for name in plan.psu:
        columns[name] = columns[name].where(columns[name].notna(), own)
    return pd.DataFrame(columns, index=responses.frame.index)


def _expanded(wanted: Sequence[str], data: pd.DataFrame) -> Iterator[str]:
    """Put the columns that match a pattern in its place."""
    for name in wanted:
        yield from (str(c) for c in data.columns if _matches(str(c), name))


def _named(plan: DesignPlan) -> Iterator[str]:
    """List the columns and patterns that a design names."""
    if plan.weight:
        yield plan.weight
    yield from (*plan.strata, *plan.psu, *plan.fpc, *plan.replicate_weights)
    for margin in plan.calibration:
        yield from margin


def _is_pattern(name: str) -> bool:
    """Say whether a name stands for several columns."""
    return "*" in name or "?" in name


def _matches(column: str, wanted: str) -> bool:
    """Say whether a column is meant by a name or a pattern."""
    if not _is_pattern(wanted):
        return column == wanted
    return fnmatchcase(column, wanted.replace("[", "[[]"))


def study_column(responses: Responses, export: pd.DataFrame, name: str) -> pd.Series:
    """Find a column that a study names.

    Parameters
    ----------
    responses : Responses
        Paradata and answers.
    export : DataFrame
        From `export_columns`.
    name : str
        Looked up among the paradata, then the answers, then the export.

    Returns
    -------
    Series (n,)
        As it is stored.

    Raises
    ------
    StudyError
        There is no such column.
    """
    for table in (responses.paradata, responses.frame, export):
        if name in table:
            return table[name].astype(object)
    known = [*responses.paradata.columns, *responses.frame.columns[:20]]
    raise StudyError(
        f"There is no column {name!r}, which the design or weighting of the study "
        f"names. Paradata and answers: {some(map(str, known), 20)}. Name one of "
        "these, or a column of the export as it is spelled there."
    )
