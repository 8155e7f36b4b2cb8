"""All waves of a study beside each other: contracts, changes, and what follows.

Every wave is compared in the same way, whether it is the newest or not, so that a
wave that is added leaves the numbers on all others as they were.
"""

from collections.abc import Sequence

from survey.indicators.preference import NET
from survey.questionnaire.model import Questionnaire
from survey.study.model import Study
from survey.wave.group_tests import headline_rates
from survey.wave.result import WaveResult
from survey.waves.change import wave_changes
from survey.waves.change_baselines import baselines
from survey.waves.change_history import histories
from survey.waves.compare import contract_between
from survey.waves.contract import WaveContract
from survey.waves.decomposition import decompositions
from survey.waves.decomposition_values import Decomposition
from survey.waves.drift import drift_findings, weight_drift
from survey.waves.problems import wave_findings
from survey.waves.result import Changes, Waves, by_cell
from survey.waves.transitions import transitions
from survey.waves.transitions_values import Transitions
from survey.waves.values import Against, CellChange

_Contracts = dict[tuple[str, str], WaveContract]


def compare_waves(study: Study, results: Sequence[WaveResult]) -> Waves | None:
    """Compare all waves of a study.

    Parameters
    ----------
    study : Study
        How they are analysed.
    results : sequence of WaveResult
        One per wave, oldest first.

    Returns
    -------
    Waves or None
        None for a single wave.

    Raises
    ------
    StudyError
        A recode or period of the study is wrong, or a wave lacks the ids that the
        study names.
    """
    if len(results) < len(("newer", "older")):
        return None
    by_id = {result.wave.id: result for result in results}
    contracts: _Contracts = {}
    changes: dict[tuple[str, Against], Changes] = {}
    every: list[CellChange] = []
    for newer in results:
        waves = baselines([r.wave for r in results], newer.wave.id)
        for against, older in waves.items():
            pair = (newer, by_id[older])
            found = _changes(study, pair, contracts, against, _inside(results, pair))
            changes[newer.wave.id, against] = by_cell(found)
            every += found
    every += _rest(study, results, contracts)
    last = results[-1], results[-2]
    contract = contracts[last[0].wave.id, last[1].wave.id]
    records = {
        (h.question, h.code, h.banner, h.point): h for h in histories(results, every)
    }
    drift = weight_drift(results, study.report.min_base)
    return Waves(
        contracts,
        changes,
        records,
        _taken_apart(study, *last, contract),
        _panel(study, *last, contract),
        drift,
        (
            *drift_findings(drift),
            *wave_findings(study, [result.responses for result in results]),
        ),
    )


def _changes(
    study: Study,
    pair: tuple[WaveResult, WaveResult],
    contracts: _Contracts,
    against: Against,
    between: Sequence[Questionnaire],
) -> tuple[CellChange, ...]:
    """Compare two waves; columns of the banner with the previous wave alone."""
    newer, older = pair
    names = newer.wave.id, older.wave.id
    targets = [{m.plan.name: m.targets for m in r.made} for r in pair]
    contracts[names] = contract_between(
        newer.responses.questionnaire,
        older.responses.questionnaire,
        names=names,
        study=study,
        targets=(targets[0], targets[1]),
        between=between,
    )
    banner = against == "previous"
    return wave_changes(
        newer, older, contracts[names], study, against=against, banner=banner
    )


def _inside(
    results: Sequence[WaveResult], pair: tuple[WaveResult, WaveResult]
) -> list[Questionnaire]:
    """Give the instruments of the waves between two."""
    ids = [result.wave.id for result in results]
    newer, older = (ids.index(result.wave.id) for result in pair)
    return [r.responses.questionnaire for r in results[older + 1 : newer]]


def _rest(
    study: Study, results: Sequence[WaveResult], contracts: _Contracts
) -> list[CellChange]:
    """Compare the newest wave with those that no table puts beside it."""
    newest = results[-1]
    rest = [
        older
        for older in results[:-1]
        if (newest.wave.id, older.wave.id) not in contracts
    ]
    return [
        change
        for older in rest
        for pair in [(newest, older)]
        for change in _changes(study, pair, contracts, "first", _inside(results, pair))
    ]


def _taken_apart(
    study: Study, newer: WaveResult, older: WaveResult, contract: WaveContract
) -> tuple[Decomposition, ...]:
    """Take the changes of the headlines apart, by the segments of one question."""
    rates = headline_rates(study, newer.questions)
    rows = [(name, code) for name, codes in rates.items() for code in codes]
    if study.indicators.preference:
        rows.append((f"{study.indicators.preference.overall}:{NET}", "mean"))
    known = [row for row in rows if (*row, "", "Total") in newer.cells]
    banner = _segments(study, newer)
    if not known or not banner:
        return ()
    return decompositions(
        newer, older, contract=contract, study=study, rows=known, banner=banner
    )


def _segments(study: Study, newer: WaveResult) -> list[str]:
    """Choose the banner question whose composition may change.

    The composition by a margin is that of the targets, whatever the sample was.
    """
    plan = study.main_weights
    met = {name for m in plan.margins for name in plan.columns(m)} if plan else set()
    single = [
        name
        for name in dict.fromkeys(point.banner for point in newer.points)
        if (asked := newer.question(name)) is not None
        and asked.variables[0].position is not None
    ]
    free = [name for name in single if name not in met]
    return (free or single)[:1]


def _panel(
    study: Study, newer: WaveResult, older: WaveResult, contract: WaveContract
) -> Transitions | None:
    """Say who started, stayed and stopped; None without an indicator of adoption."""
    plan = study.indicators.adoption
    asked = newer.question(plan.question) if plan else None
    if asked is None or older.question(asked.question.id) is None:
        return None
    return transitions(newer, older, contract=contract, study=study)
