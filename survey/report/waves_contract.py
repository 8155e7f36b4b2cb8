"""What can be compared with an earlier wave, question by question, and why not."""

from collections.abc import Iterable

from survey.report.cells import TOTAL
from survey.report.change_words import wave_name
from survey.report.context import Context
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.wave.result import QuestionResult
from survey.waves.contract import (
    Change,
    Consequence,
    QuestionContract,
    Statistic,
    WaveContract,
)

_STATISTICS: tuple[Statistic, ...] = ("share", "net", "mean", "rank")
_HEADS = ("contract_shares", "contract_nets", "contract_means", "contract_ranks")
_DASH = "–"


def contract_with(context: Context, older: str) -> WaveContract | None:
    """Give the contract with an earlier wave.

    Parameters
    ----------
    context : Context
        The newer wave.
    older : str
        Id of the earlier wave.

    Returns
    -------
    WaveContract or None
        None where the two were not compared.
    """
    contracts = context.waves.contracts if context.waves else {}
    return contracts.get((context.wave.wave.id, older))


def contract_table(
    context: Context, contract: WaveContract, older: Context
) -> TableBlock:
    """Write a contract as a table.

    Parameters
    ----------
    context : Context
        The newer wave.
    contract : WaveContract
        With an earlier wave.
    older : Context
        That wave, which alone has the labels of questions that were dropped.

    Returns
    -------
    TableBlock
        The survey as a whole, then every question that differs, is new or was
        dropped: what happened, and what follows for shares, nets, means and ranks.
    """
    whole = [change for change in contract.changes if not change.question]
    dropped = [change for change in contract.changes if change.kind == "dropped"]
    rows = [_whole_row(context, whole)] if whole else []
    for result in context.wave.questions:
        pact = contract.questions.get(result.question.id)
        if pact is None:
            rows.append(_plain_row(context, _label(context, result), "new"))
        elif differs(pact):
            rows.append(_row(context, result, pact))
    for each in dropped:
        former = older.wave.question(each.question)
        label = _label(older, former) if former else each.before or each.question
        rows.append(_plain_row(context, label, "dropped"))
    names = {
        "newer": wave_name(context, contract.newer),
        "older": wave_name(context, contract.older),
    }
    heads = [TableColumn(context.say("contract_happened"))]
    heads += [TableColumn(context.say(head)) for head in _HEADS]
    return TableBlock(
        f"contract_{contract.older}",
        context.say("contract_title", **names),
        context.say("question"),
        tuple(heads),
        tuple(rows),
        (contract_text(context, contract),),
    )


def contract_text(context: Context, contract: WaveContract) -> str:
    """Count what can be compared.

    Parameters
    ----------
    context : Context
        The newer wave.
    contract : WaveContract
        With an earlier wave.

    Returns
    -------
    str
        A sentence.
    """
    found = [
        contract.questions.get(result.question.id) for result in context.wave.questions
    ]
    same = sum(pact is not None and not differs(pact) for pact in found)
    none = sum(pact is None or _lost(pact) for pact in found)
    return context.say(
        "contract_counts",
        same=context.count(same),
        all=context.count(len(found)),
        some=context.count(len(found) - same - none),
        none=context.count(none),
    )


def differs(pact: QuestionContract) -> bool:
    """Say whether anything happened to a question.

    Parameters
    ----------
    pact : QuestionContract
        A question in two waves.

    Returns
    -------
    bool
        False where it is the same.
    """
    return any(change.kind != "same" for change in pact.changes)


def _lost(pact: QuestionContract) -> bool:
    """Say whether nothing of a question can be compared."""
    found = list(pact.consequences.values())
    return bool(found) and all(each.verdict == "not_comparable" for each in found)


def _label(context: Context, result: QuestionResult) -> str:
    """Give the short label of a question."""
    return context.text(result.question.label) or result.question.id


def _whole_row(context: Context, changes: Iterable[Change]) -> TableRow:
    """Make the row of the survey as a whole."""
    blank = (TableCell(""),) * len(_STATISTICS)
    cells = (TableCell(_kinds(context, changes)), *blank)
    return TableRow(context.say("contract_survey"), cells)


def _plain_row(context: Context, label: str, kind: str) -> TableRow:
    """Make the row of a question of one wave only."""
    verdict = TableCell(context.say("verdict_not_comparable"))
    cells = (verdict,) * len(_STATISTICS)
    return TableRow(label, (TableCell(context.say(f"kind_{kind}")), *cells))


def _row(context: Context, result: QuestionResult, pact: QuestionContract) -> TableRow:
    """Make the row of a question that differs."""
    reason = context.text(dict(pact.reason)) if pact.reason else ""
    happened = _kinds(context, pact.changes)
    if reason:
        happened = context.say("contract_accepted", what=happened, reason=reason)
    has = _statistics(context, result)
    verdicts = [
        _verdict(context, pact, statistic) if statistic in has else _DASH
        for statistic in _STATISTICS
    ]
    return TableRow(
        _label(context, result), tuple(map(TableCell, (happened, *verdicts)))
    )


def _statistics(context: Context, result: QuestionResult) -> set[Statistic]:
    """Say which statistics a question has in its tables."""
    has: set[Statistic] = {"share"}
    rows = [row for variable in result.variables for row in variable.rows]
    if any(row.role == "net" for row in rows):
        has.add("net")
    names = [variable.name for variable in result.variables]
    if any((name, "mean", "", TOTAL) in context.wave.cells for name in names):
        has.add("mean")
    if context.wave.ranks.get(result.question.id):
        has.add("rank")
    return has


def _kinds(context: Context, changes: Iterable[Change]) -> str:
    """List the kinds of changes, each once."""
    kinds = dict.fromkeys(change.kind for change in changes if change.kind != "same")
    return "; ".join(context.say(f"kind_{kind}") for kind in kinds)


def _verdict(context: Context, pact: QuestionContract, statistic: Statistic) -> str:
    """Sum up what can be compared of a statistic."""
    found = [each for (kind, _), each in pact.consequences.items() if kind == statistic]
    if not found:
        return _DASH
    verdicts = {_told(pact, each) for each in found}
    if len(verdicts) > 1:
        return context.say("verdict_mixed")
    return context.say(f"verdict_{verdicts.pop()}")


def _told(pact: QuestionContract, each: Consequence) -> str:
    """Give a verdict as it counts: what nobody can carry out is none."""
    refused = each.verdict == "common_base" and not pact.common_base
    return "not_comparable" if refused else each.verdict
