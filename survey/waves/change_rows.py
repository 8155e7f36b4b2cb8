"""Rows of two waves side by side: what is compared with what, and what is not.

The contract decides; nothing is compared that it does not allow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey.errors import QuestionError
from survey.indicators.preference import net_preference
from survey.responses.bind import satisfies
from survey.responses.variable import Row, Variable
from survey.study.model import Study
from survey.tabulation.lines import lines_of
from survey.wave.result import QuestionResult, WaveResult
from survey.waves.contract import (
    Consequence,
    QuestionContract,
    Statistic,
    WaveContract,
)

Kind = Literal["share", "mean"]
MEAN = "mean"
NEW = Consequence("not_comparable", "new")


@dataclass(frozen=True, slots=True)
class RowPair:
    """One row in two waves.

    Attributes
    ----------
    code, statistic : str
        As in ``results.csv`` of the newer wave.
    consequence : Consequence
        Whether the row is compared.
    earlier : str
        Code of the same row in the tables of the older wave; empty where it has to be
        tabulated anew.
    newer, older : tuple of str
        Codes that count in both waves; empty for a mean, or where nothing is compared.
    """

    code: str
    statistic: str
    consequence: Consequence
    earlier: str = ""
    newer: tuple[str, ...] = ()
    older: tuple[str, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.earlier or self.older)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Rows of one question that are compared on one base.

    Attributes
    ----------
    name, earlier : str
        Name of the variable in the tables of the newer and of the older wave.
    kind : {"share", "mean"}
        What is estimated.
    rows : tuple of RowPair
        R rows; those that are not compared have no counterpart in the variables.
    newer, older : Variable or None
        The rows that are compared, in the same order and under the same codes.
    narrowed : bool
        Whether the base is the common one.
    """

    name: str
    earlier: str
    kind: Kind
    rows: tuple[RowPair, ...]
    newer: Variable | None = None
    older: Variable | None = None
    narrowed: bool = False

    @property
    def fresh(self) -> bool:
        """Whether it has to be tabulated anew."""
        return self.narrowed or any(r.compared and not r.earlier for r in self.rows)

    @property
    def compared(self) -> tuple[RowPair, ...]:
        """Rows that are compared."""
        return tuple(row for row in self.rows if row.compared)


def allowed(consequence: Consequence, contract: QuestionContract) -> bool:
    """Say whether a contract lets a statistic be compared.

    Parameters
    ----------
    consequence : Consequence
        Of the statistic.
    contract : QuestionContract
        May have an accepted recode, and a common base.

    Returns
    -------
    bool
        False for a recode that nobody accepted.

    Examples
    --------
    >>> contract = QuestionContract("q", "q", ())
    >>> allowed(Consequence("recode", "options_merged"), contract)
    False
    """
    return {
        "comparable": True,
        "recode": contract.accepted and bool(contract.recode),
        "common_base": bool(contract.common_base),
        "not_comparable": False,
    }[consequence.verdict]


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
    if because.verdict == "recode":
        together = pact.recode.get(row.code, ())
        newer = tuple(code for code in side.variable.codes if code in together)
        older = tuple(code for code in partner.codes if code in together)
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
    for name, together in pact.recode.items():
        newer = tuple(code for code in variable.codes if code in together)
        older = tuple(code for code in partner.codes if code in together)
        if name not in known and newer and older:
            reasons = [c for c in pact.changes if c.kind != "same"]
            because = Consequence("recode", reasons[0].kind if reasons else "")
            yield RowPair(name, "net", because, "", newer, older)


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
    made = tuple(Row(row.code, row.code, codes, "net") for row, codes in rows)
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
    name, pact = side.variable.name, side.contract
    because = NEW if pact is None else pact.consequence("mean")
    known = (side.earlier, MEAN, "", "Total") in side.older.cells
    if pact is None or partner is None or not known or not allowed(because, pact):
        lost = because
        if because.verdict != "not_comparable" and pact is not None and not known:
            lost = Consequence("not_comparable", because.because or "scale_changed")
        return Compared(name, side.earlier, "mean", (RowPair(MEAN, MEAN, lost),))
    if because.verdict == "recode":
        # Numbers of categories that were merged are not numbers of either wave.
        lost = Consequence("not_comparable", because.because)
        return Compared(name, side.earlier, "mean", (RowPair(MEAN, MEAN, lost),))
    narrowed = because.verdict == "common_base"
    found = Compared(
        name,
        side.earlier,
        "mean",
        (RowPair(MEAN, MEAN, because, MEAN),),
        _numbers(side.variable),
        _numbers(partner),
        narrowed,
    )
    return _on_common_base(found, side) if narrowed else found


def _numbers(variable: Variable) -> Variable:
    """Give the numbers whose mean is taken."""
    lines = lines_of(variable, (MEAN,))
    return next(each.variable for each in lines if each.kind == MEAN)


def _of_score(
    side: _Side, partner: Variable | None, study: Study, question: str
) -> Iterator[Compared]:
    """Compare the net preference, a mean of scores."""
    plan, pact = study.indicators.preference, side.contract
    if plan is None or question not in {plan.overall, plan.dimensions}:
        return
    score = net_preference(side.variable, plan.open, plan.proprietary)
    because = NEW if pact is None else _worst(pact, (*plan.open, *plan.proprietary))
    row = RowPair(MEAN, MEAN, because)
    earlier = f"{side.earlier}:{score.name.rpartition(':')[2]}"
    if pact is None or partner is None or not allowed(because, pact):
        yield Compared(score.name, earlier, "mean", (row,))
        return
    if because.verdict == "recode":
        row = RowPair(MEAN, MEAN, Consequence("not_comparable", because.because))
        yield Compared(score.name, earlier, "mean", (row,))
        return
    sides = [_mapped(pact, codes, partner) for codes in (plan.open, plan.proprietary)]
    before = net_preference(partner, *sides)
    narrowed = because.verdict == "common_base"
    row = replace(row, earlier=MEAN)
    found = Compared(score.name, earlier, "mean", (row,), score, before, narrowed)
    yield _on_common_base(found, side) if narrowed else found


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
