"""Rows of two waves side by side: what is compared with what, and what is not.

The contract decides; nothing is compared that it does not allow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey.errors import QuestionError
from survey.indicators.preference import net_preference
from survey.responses.bind import satisfies
from survey.responses.variable import Role, Row, Variable
from survey.study.model import Study
from survey.tabulation.lines import lines_of
from survey.wave.result import QuestionResult, WaveResult
from survey.waves.change_parts import MEAN, NEW, Compared, RowPair, allowed
from survey.waves.contract import (
    Consequence,
    QuestionContract,
    Statistic,
    WaveContract,
)


def compared_rows(
    newer: WaveResult, older: WaveResult, contract: WaveContract, study: Study
) -> list[Compared]:
    """Put the rows of all questions of the newer wave beside those of the older one.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves.
    contract : WaveContract
        What can be compared.
    study : Study
        Names the preference questions.

    Returns
    -------
    list of Compared
        In the order of the newer wave; a question in parts where its rows stand on
        several bases.
    """
    found: list[Compared] = []
    for result in newer.questions:
        pact = contract.questions.get(result.question.id)
        before = older.question(pact.earlier) if pact else None
        for variable in result.variables:
            mine = _Side(newer, older, variable, pact, _before(result, variable, pact))
            partner = None if before is None else _partner(before, mine.earlier)
            found += _of_variable(mine, partner)
            found += _of_score(mine, partner, study, result.question.id)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """A variable of the newer wave, and the name of its partner."""

    newer: WaveResult
    older: WaveResult
    variable: Variable
    contract: QuestionContract | None
    earlier: str


def _before(
    result: QuestionResult, variable: Variable, pact: QuestionContract | None
) -> str:
    """Name the variable in the older wave; empty where there is none."""
    if pact is None:
        return ""
    item = variable.name.removeprefix(f"{result.question.id}_")
    if result.question.kind != "grid" or item == variable.name:
        return pact.earlier
    known = pact.items.get(item, "" if pact.items else item)
    return f"{pact.earlier}_{known}" if known else ""


def _partner(before: QuestionResult, name: str) -> Variable | None:
    """Find the variable of the older wave."""
    return next((each for each in before.variables if each.name == name), None)


def _of_variable(side: _Side, partner: Variable | None) -> Iterator[Compared]:
    """Compare the shares of a variable, and its mean."""
    rows = [_row(side, partner, row) for row in side.variable.rows]
    if partner is not None and side.contract is not None:
        rows += _recoded(side.variable, partner, side.contract)
    for narrowed in (False, True):
        part = [r for r in rows if narrowed == (r.consequence.verdict == "common_base")]
        if part:
            yield _aligned(side, partner, part, narrowed=narrowed)
    if (side.variable.name, MEAN, "", "Total") in side.newer.cells:
        yield _mean(side, partner)


def _row(side: _Side, partner: Variable | None, row: Row) -> RowPair:
    """Find the counterpart of a row."""
    statistic: Statistic = "net" if row.role == "net" else "share"
    pact = side.contract
    if pact is None or partner is None:
        because = NEW if pact is None else Consequence("not_comparable", "items_added")
        return RowPair(row.code, statistic, because)
    because = pact.consequence(statistic, row.code)
    if not allowed(because, pact):
        return RowPair(row.code, statistic, because)
    newer, older = row.codes, _older_codes(row, pact, partner)
    if row.code in pact.rows:
        newer, older = _sides(row.code, pact, side.variable, partner)
    if not newer or not older:
        lost = Consequence("not_comparable", because.because or "options_added")
        return RowPair(row.code, statistic, lost)
    same = newer == row.codes
    earlier = _published(partner, older) if same else ""
    return RowPair(row.code, statistic, because, earlier, newer, older)


def _older_codes(
    row: Row, pact: QuestionContract, partner: Variable
) -> tuple[str, ...]:
    """Give the codes of the older wave that a row stands for."""
    net = [r for r in partner.rows if r.role == "net" and r.code == row.code]
    if row.role == "net" and net:
        return net[0].codes
    known = pact.codes or {code: (code,) for code in partner.codes}
    wanted = {old for code in row.codes for old in known.get(code, ())}
    return tuple(code for code in partner.codes if code in wanted)


def _published(partner: Variable, codes: tuple[str, ...]) -> str:
    """Find the row of the older tables that counts the same codes."""
    fits = [row for row in partner.rows if set(row.codes) == set(codes)]
    own = [row.code for row in fits if row.role != "net"] + [r.code for r in fits]
    return own[0] if own else ""


def _recoded(
    variable: Variable, partner: Variable, pact: QuestionContract
) -> Iterator[RowPair]:
    """Add the rows that exist after an accepted recode alone."""
    if not pact.accepted:
        return
    known = {row.code for row in variable.rows}
    for name in pact.recode:
        newer, older = _sides(name, pact, variable, partner)
        because = pact.consequence("share", name)
        if name not in known and newer and older and allowed(because, pact):
            yield RowPair(name, "net", because, "", newer, older)


def _sides(
    name: str, pact: QuestionContract, variable: Variable, partner: Variable
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the codes of both waves that a row of the contract takes together."""
    mine, theirs = pact.rows.get(name, ((), ()))
    newer = tuple(code for code in variable.codes if code in mine)
    return newer, tuple(code for code in partner.codes if code in theirs)


def _aligned(
    side: _Side, partner: Variable | None, rows: Sequence[RowPair], *, narrowed: bool
) -> Compared:
    """Give both variables the rows that are compared."""
    name, kept = side.variable.name, [row for row in rows if row.compared]
    if partner is None or not kept:
        return Compared(name, side.earlier, "share", tuple(rows))
    newer = _with_rows(side.variable, [(r, r.newer) for r in kept])
    older = _with_rows(partner, [(r, r.older) for r in kept])
    found = Compared(name, side.earlier, "share", tuple(rows), newer, older, narrowed)
    return _on_common_base(found, side) if narrowed else found


def _with_rows(
    variable: Variable, rows: Sequence[tuple[RowPair, tuple[str, ...]]]
) -> Variable:
    """Give a variable other rows."""
    # Items of a multiple response question are tested, its nets are not.
    role: Role = "net" if variable.chosen is None else "category"
    made = tuple(Row(row.code, row.code, codes, role) for row, codes in rows)
    return replace(variable, rows=made)


def _on_common_base(found: Compared, side: _Side) -> Compared:
    """Hold both waves to the routing that both can be held to."""
    pact = side.contract
    assert pact is not None, "a common base stands in a contract"
    assert found.newer is not None, "rows are compared"
    assert found.older is not None, "rows are compared"
    try:
        newer = satisfies(side.newer.responses, pact.common_base)
        older = satisfies(side.older.responses, pact.common_base)
    except (QuestionError, ValueError):
        # A wave without the question of the routing cannot be held to it.
        rows = tuple(
            RowPair(r.code, r.statistic, replace(r.consequence, verdict=_NOT))
            for r in found.rows
        )
        return Compared(found.name, found.earlier, found.kind, rows)
    return replace(
        found,
        newer=replace(found.newer, base=found.newer.base & newer),
        older=replace(found.older, base=found.older.base & older),
    )


_NOT: Literal["not_comparable"] = "not_comparable"


def _mean(side: _Side, partner: Variable | None) -> Compared:
    """Compare the mean of a variable."""
    pact = side.contract
    because = NEW if pact is None else pact.consequence("mean")
    known = (side.earlier, MEAN, "", "Total") in side.older.cells
    pair = None
    if partner is not None and known:
        pair = _numbers(side.variable), _numbers(partner)
    names = side.variable.name, side.earlier
    return _of_numbers(side, names, because, pair)


def _numbers(variable: Variable) -> Variable:
    """Give the numbers whose mean is taken."""
    lines = lines_of(variable, (MEAN,))
    return next(each.variable for each in lines if each.kind == MEAN)


def _of_numbers(
    side: _Side,
    names: tuple[str, str],
    because: Consequence,
    pair: tuple[Variable, Variable] | None,
) -> Compared:
    """Compare a mean; one of merged categories would be of neither wave."""
    pact = side.contract
    if pact is None or because.verdict == "recode" or not allowed(because, pact):
        pair = None
    if pair is None:
        lost = Consequence("not_comparable", because.because or "scale_changed")
        return Compared(*names, "mean", (RowPair(MEAN, MEAN, lost),))
    narrowed = because.verdict == "common_base"
    row = RowPair(MEAN, MEAN, because, MEAN)
    found = Compared(*names, "mean", (row,), *pair, narrowed)
    return _on_common_base(found, side) if narrowed else found


def _of_score(
    side: _Side, partner: Variable | None, study: Study, question: str
) -> Iterator[Compared]:
    """Compare the net preference, a mean of scores."""
    plan, pact = study.indicators.preference, side.contract
    if plan is None or question not in {plan.overall, plan.dimensions}:
        return
    score = net_preference(side.variable, plan.open, plan.proprietary)
    names = score.name, f"{side.earlier}:{score.name.rpartition(':')[2]}"
    because, pair = NEW, None
    if pact is not None and partner is not None:
        because = _worst(pact, (*plan.open, *plan.proprietary))
        sides = [_mapped(pact, c, partner) for c in (plan.open, plan.proprietary)]
        pair = score, net_preference(partner, *sides)
    yield _of_numbers(side, names, because, pair)


def _mapped(
    pact: QuestionContract, codes: Sequence[str], partner: Variable
) -> tuple[str, ...]:
    """Give the codes of the older wave that codes of the newer one stand for."""
    row = Row("", "", tuple(codes))
    return _older_codes(row, pact, partner)


def _worst(pact: QuestionContract, codes: Sequence[str]) -> Consequence:
    """Give the strictest consequence of several shares."""
    order = ("comparable", "common_base", "recode", "not_comparable")
    each = [pact.consequence("share", code) for code in codes]
    return max(each, key=lambda found: order.index(found.verdict))
