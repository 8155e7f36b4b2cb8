"""Rows of two waves side by side, as values."""

from dataclasses import dataclass
from typing import Literal

from survey.responses.variable import Variable
from survey.waves.contract import Consequence, QuestionContract

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
