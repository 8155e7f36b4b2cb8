"""Transitions between two waves, as values; whoever reads this computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from survey.wave.result import Cell
from survey.waves.contract import Consequence

Weights = Literal["newer", "older"]
Flow = Literal["new", "kept", "lapsed", "never"]

COMPARABLE: Final = Consequence("comparable")
IN: Final = "in"
OUT: Final = "out"
# A flow is where somebody comes from and goes to.
FLOWS: Final[Mapping[Flow, tuple[str, str]]] = {
    "new": (OUT, IN),
    "kept": (IN, IN),
    "lapsed": (IN, OUT),
    "never": (OUT, OUT),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One way from the older wave to the newer one.

    Attributes
    ----------
    before, after : str
        Codes in the newer wave; ``in`` and ``out`` for a flow.
    of_all : Cell
        Its share of all who are in the table.
    of_before : Cell
        Its share of those who were there before.
    """

    before: str
    after: str
    of_all: Cell
    of_before: Cell


@dataclass(frozen=True, slots=True)
class AttritionRow:
    """How those who answered again differ from those who did not, in one answer.

    Attributes
    ----------
    question, code : str
        Row of the tables of the older wave.
    again, gone : Cell
        Its share among those who answered again, and among the others.
    difference, std_error, conf_low, conf_high : float
        The first less the second; NaN where one of them is hidden.
    """

    question: str
    code: str
    again: Cell
    gone: Cell
    difference: float
    std_error: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class Attrition:
    """Who of the older wave answered again.

    Attributes
    ----------
    respondents : int
        Respondents of the older wave who have an id.
    again : int
        Those whose unit is in the newer wave.
    share : Cell
        Their weighted share.
    rows : tuple of AttritionRow
        How they differed, in the question itself and in those of the banner.
    """

    respondents: int
    again: int
    share: Cell
    rows: tuple[AttritionRow, ...]


@dataclass(frozen=True, slots=True)
class Transitions:
    """Transitions between two waves.

    Attributes
    ----------
    question : str
        In the newer wave.
    newer, older : str
        Ids of the waves.
    weights : {"newer", "older"}
        Wave whose respondents are counted, with their weights and design.
    unit : str
        Column by which units are known again; empty where there is none.
    respondents : int
        Respondents who are in the table.
    mixed : int
        Respondents who are not, because several of their unit answered differently in
        the other wave.
    stages : tuple of Transition
        From every answer to every answer.
    flows : mapping of {"new", "kept", "lapsed", "never"} to Transition
        In and out of the codes that count; empty where there are none.
    attrition : Attrition or None
        Who did not answer again.
    consequence : Consequence
        Why the answers may be compared, or not.
    note : str
        ``hidden: ...`` where too few are in both waves.
    """

    question: str
    newer: str
    older: str
    weights: Weights
    unit: str
    respondents: int = 0
    mixed: int = 0
    stages: tuple[Transition, ...] = ()
    flows: Mapping[Flow, Transition] = field(default_factory=dict)
    attrition: Attrition | None = None
    consequence: Consequence = COMPARABLE
    note: str = ""

    @property
    def hidden(self) -> bool:
        """Whether there is nothing to show."""
        return not self.stages
