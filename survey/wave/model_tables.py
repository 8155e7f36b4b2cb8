"""Tables on the models that respondents of a wave use, beside those of the banner.

Openness by the stated preference is one table under both readings; other questions
stand by openness, among those who say which models are used, unless the few who do not
say it would be known from that. No two questions stand both ways round: what one table
hides, the other would show.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.model_use.values import (
    BETTER,
    OPENNESS,
    ModelUse,
)
from survey.responses.variable import Variable
from survey.stub import banner_variables
from survey.study.model import Study
from survey.tabulation.layout import CELL_COLUMNS, Crosstab, TableOptions
from survey.tabulation.tabulate import tabulate
from survey.wave.model_use import ModelsOfWave, openness_places
from survey.wave.result import OTHER_SHARES, Key, QuestionResult, marks_of

Bools = NDArray[np.bool_]


def model_use(
    study: Study,
    models: ModelsOfWave | None,
    questions: Sequence[QuestionResult],
    design: ResolvedDesign,
    options: TableOptions,
) -> ModelUse | None:
    """Tabulate the openness of the models in use by preference, and others by it.

    Parameters
    ----------
    study : Study
        Names preference, adoption, barriers, and what else is compared.
    models : ModelsOfWave or None
        From `models_of_wave`.
    questions : sequence of QuestionResult
        Of the wave.
    design : ResolvedDesign
        Weights and design of the records used.
    options : TableOptions
        As for the tables of the study.

    Returns
    -------
    ModelUse or None
        None where the wave does not say which models are used.
    """
    if models is None:
        return None
    used = models.named.used
    openness = _variables(questions, [OPENNESS])[0]
    shown: list[Variable] = []
    apart: list[str] = []
    for name in _compared(study, questions):
        stub = _variables(questions, [name])
        if any((v.base & openness.base & design.used).any() for v in stub):
            shown += _held(stub, openness.base, design.used, options.min_base)
        else:
            apart.append(name)
    moved = models.best < openness_places(used.lowest)
    below = openness_places(used.lowest) > 0
    rated = used.lowest.any(axis=1)
    base = used.base & design.used
    entries = models.catalogue.entries
    named = (entries[name] for name in sorted(models.named.entries))
    return ModelUse(
        catalogue=models.catalogue,
        texts=models.named.texts,
        varying=tuple(entry.name for entry in named if entry.varies),
        moved=int((moved & base).sum()),
        beside_unknown=int((below & rated & used.unknown & base).sum()),
        by_preference=_by_preference(study, models, openness, design, options),
        by_openness=_crossed(study, models, OPENNESS, shown, design, options),
        apart=tuple(apart),
    )


def published_model_cells(use: ModelUse | None) -> list[pd.DataFrame]:
    """Give the cells of the models in use that no other table has.

    Parameters
    ----------
    use : ModelUse or None
        Models in use of a wave.

    Returns
    -------
    list of DataFrame
        Columns of ``results.csv`` without the wave. Under the banner
        ``models_openness``, Total is everyone who says which models are used, or all
        who answered, where so few do not say it that they would be known.
    """
    frames = []
    for crosstab in (use.by_preference, use.by_openness) if use else ():
        if use is not None and crosstab is not None:
            cells = crosstab.cells
            # The Total of openness stands in the tables of the study.
            own = cells["banner"].ne("") | cells["question"].ne(OPENNESS)
            frame = cells.loc[own, [*CELL_COLUMNS]].copy()
            if crosstab is use.by_openness:
                frame["banner"] = OPENNESS
            frame["note"] = _with_marks(frame, marks_of(crosstab))
            frames.append(frame)
    return frames


def _with_marks(
    frame: pd.DataFrame, marks: Mapping[Key, Mapping[str, str]]
) -> list[str]:
    """Add marks against the rest and Total to the notes."""
    columns = ("question", "code", "banner", "point", "statistic", "note")
    rows = zip(*(frame[name].astype(str).tolist() for name in columns), strict=True)
    notes = []
    for *key, statistic, note in rows:
        question, code, banner, point = key
        found = marks.get((question, code, banner, point), {})
        told = [] if statistic in OTHER_SHARES else [*found.items()]
        said_so = (f"against {name} {mark}" for name, mark in told)
        notes.append("; ".join(filter(None, (note, *said_so))))
    return notes


def _compared(study: Study, questions: Sequence[QuestionResult]) -> list[str]:
    """Name the questions that are shown by openness, as far as the wave asked."""
    plan, models = study.indicators, study.models
    wanted = [plan.adoption.question] if plan.adoption else []
    wanted += [barriers.question for barriers in plan.barriers]
    wanted += models.compare if models else ()
    asked = {result.question.id for result in questions}
    # These are columns where openness is in the rows.
    across = {*study.banner, plan.preference.overall if plan.preference else ""}
    return [name for name in dict.fromkeys(wanted) if name in asked - across]


def _variables(
    questions: Sequence[QuestionResult], names: Sequence[str]
) -> list[Variable]:
    """Give the variables of some questions, with their nets."""
    by_id = {result.question.id: result.variables for result in questions}
    return [variable for name in names for variable in by_id[name]]


def _held(
    stub: Sequence[Variable], base: Bools, used: Bools, min_base: int
) -> list[Variable]:
    """Hold the items of a question to those who say which models are used.

    Few others would be known as the difference of two columns of Total: then all who
    answered stay.
    """
    others = (int((v.base & ~base & used).sum()) for v in stub)
    if any(0 < number < min_base for number in others):
        return list(stub)
    return [_within(variable, variable.base & base) for variable in stub]


def _within(variable: Variable, held: Bools) -> Variable:
    """Leave the answers of some respondents."""
    position, chosen = variable.position, variable.chosen
    return replace(
        variable,
        base=held,
        position=None if position is None else np.where(held, position, -1),
        chosen=None if chosen is None else chosen & held[:, None],
    )


def _by_preference(
    study: Study,
    models: ModelsOfWave,
    openness: Variable,
    design: ResolvedDesign,
    options: TableOptions,
) -> Crosstab | None:
    """Tabulate both readings of openness by the stated preference, if there is one."""
    plan = study.indicators.preference
    # In the banner of the study, its table alone says what is hidden.
    banner = plan.overall if plan and plan.overall not in study.banner else ""
    base = openness.base
    places = np.where(base, models.best, -1)
    better = replace(openness, name=BETTER, position=places)
    return _crossed(study, models, banner, [openness, better], design, options)


def _crossed(
    study: Study,
    models: ModelsOfWave,
    banner: str,
    stub: Sequence[Variable],
    design: ResolvedDesign,
    options: TableOptions,
) -> Crosstab | None:
    """Tabulate variables by one question, or in Total alone where it was not asked."""
    if not stub:
        return None
    across = study.model_copy(update={"banner": (banner,)})
    found = banner_variables(across, models.responses)
    return tabulate(stub, [v for v in found if v.rows], design, options)
