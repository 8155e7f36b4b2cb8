"""A number through the waves: what it was in each, as far as it can be compared.

A number of an earlier wave is found through the changes from wave to wave. Where one
of them was not compared, no number before it stands beside this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from survey.report.cells import TOTAL
from survey.report.change_reasons import is_compared, question_of, reason_text
from survey.report.context import Context
from survey.wave.result import Cell
from survey.waves.contract import QuestionContract
from survey.waves.values import CellChange

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """A number in one wave.

    Attributes
    ----------
    cell : Cell or None
        Of Total, as the wave published it; None where it cannot be compared.
    linked : bool
        Whether it was compared, as it stands, with the wave before.
    reason : str
        Why it cannot be compared with the newest wave; empty where it can.
    """

    cell: Cell | None
    linked: bool = False
    reason: str = ""


Trail = tuple[Step, ...]


def trail(contexts: Sequence[Context], question: str, code: str) -> Trail:
    """Follow a number of the newest wave through all waves.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    question, code : str
        Variable and row of the newest wave.

    Returns
    -------
    tuple of Step
        One for each wave, oldest first.
    """
    total = "", TOTAL
    cell = contexts[-1].wave.cells.get((question, code, *total))
    found, reason = [Step(cell)], ""
    for newer, older in zip(contexts[:0:-1], contexts[-2::-1], strict=True):
        change = None if reason else _change(newer, question, code)
        if not reason:
            reason = _why_not(newer, older, change)
        if reason or change is None:
            found.append(Step(None, reason=reason))
            continue
        before, question, code = _earlier(newer, older, change)
        if before is None or not _as_published(cell, before, change):
            reason = _other_form(newer, change)
            found.append(Step(None, reason=reason))
            continue
        linked = not change.hidden
        found[-1] = Step(found[-1].cell, linked, found[-1].reason)
        found.append(Step(before))
        cell = before
    return tuple(reversed(found))


def _change(newer: Context, question: str, code: str) -> CellChange | None:
    """Give the change of Total since the wave before."""
    if newer.waves is None:
        return None
    changes = newer.waves.changes.get((newer.wave.wave.id, "previous"), {})
    return changes.get((question, code, "", TOTAL))


def _why_not(newer: Context, older: Context, change: CellChange | None) -> str:
    """Say why a number has none before it; empty where it has."""
    if change is None:
        names = {"newer": newer.wave_label, "older": older.wave_label}
        when = newer.say("change_when", **names)
        reason = newer.say("because_new", when=when)
        return newer.say("not_comparable", reason=reason)
    if is_compared(newer, change):
        return ""
    return reason_text(newer, change.consequence, change.newer, change.older)


def _other_form(newer: Context, change: CellChange) -> str:
    """Say that a number was compared, but not as both waves published it."""
    verdict = change.consequence.verdict
    kind = verdict if verdict in ("common_base", "recode") else "other"
    return newer.say(f"trend_{kind}")


def _earlier(
    newer: Context, older: Context, change: CellChange
) -> tuple[Cell | None, str, str]:
    """Find the cell of the older wave, with its variable and row."""
    assert newer.waves is not None, "a change comes from several waves"
    pair = newer.waves.contracts[change.newer, change.older]
    question = question_of(newer, change.question)
    pact = pair.questions.get(question)
    if pact is None:
        return None, "", ""
    name = _name_before(change.question, question, pact)
    before = pact.codes.get(change.code, ())
    codes = [change.code, *before] if len(before) != 1 else [before[0], change.code]
    for code in codes:
        cell = older.wave.cells.get((name, code, "", TOTAL))
        if cell is not None and (cell.hidden or _is_before(cell, change)):
            return cell, name, code
    return None, name, change.code


def _name_before(name: str, question: str, pact: QuestionContract) -> str:
    """Give the name that a variable has in the older wave."""
    own, colon, score = name.partition(":")
    item = own.removeprefix(f"{question}_")
    if own == question:
        return f"{pact.earlier}{colon}{score}"
    return f"{pact.earlier}_{pact.items.get(item, item)}{colon}{score}"


def _is_before(cell: Cell, change: CellChange) -> bool:
    """Say whether a cell is the one that was compared."""
    return change.hidden or isclose(cell.estimate, change.before, abs_tol=_SAME)


def _as_published(after: Cell | None, before: Cell, change: CellChange) -> bool:
    """Say whether a change is that of two published cells."""
    if change.consequence.verdict == "common_base":
        return False
    if before.hidden or change.hidden or after is None or after.hidden:
        return True
    return _is_before(before, change) and isclose(
        after.estimate, change.after, abs_tol=_SAME
    )
