"""How open a model is: what a rating says of a release and of its components.

The framework is that of White et al. (2024), the Model Openness Framework; which of
its readings applies is the matter of a ruleset, and stands in every rating.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from survey.said import Said

Level = Literal["I", "II", "III"]
State = Literal["open", "unlicensed", "invalid", "absent"]
Kind = Literal["code", "data", "document"]
# From closed to open: the ladder that tells models below class III apart.
Tier = Literal["closed", "restricted", "unlicensed", "open_weights", "III", "II", "I"]
LEVELS: Final[tuple[Level, ...]] = ("III", "II", "I")
TIERS: Final[tuple[Tier, ...]] = (
    "closed",
    "restricted",
    "unlicensed",
    "open_weights",
    "III",
    "II",
    "I",
)


@dataclass(frozen=True, slots=True)
class ComponentRating:
    """One of the components of the framework, in one release.

    Attributes
    ----------
    name : str
        As the framework names it (``Model card``).
    kind : {"code", "data", "document"}
        What it is.
    level : {"I", "II", "III"}
        Lowest class that asks for it.
    required : bool
        False for components that no class needs.
    state : {"open", "unlicensed", "invalid", "absent"}
        ``invalid`` has a licence that is not open or not known.
    licence : str
        As resolved; empty where there is none.
    inherited_from : str
        ``code``, ``data``, ``document`` or ``distribution`` where the release gives
        the licence; empty where the component does.
    type_appropriate : bool or None
        Whether an open licence is made for this kind; None where it is not open.
    """

    name: str
    kind: Kind
    level: Level
    required: bool
    state: State
    licence: str = ""
    inherited_from: str = ""
    type_appropriate: bool | None = None


@dataclass(frozen=True, slots=True)
class LevelLists:
    """Names of the components that count for one class, lower classes included."""

    included: tuple[str, ...]
    missing: tuple[str, ...]
    invalid: tuple[str, ...]
    unlicensed: tuple[str, ...]
    optional: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fix:
    """The shortest change that makes a component count."""

    component: str
    level: Level
    change: Said


@dataclass(frozen=True, slots=True)
class OpennessRating:
    """How open one release is.

    Attributes
    ----------
    file, sha256 : str
        Where the record came from, and its hash; empty for records made in memory.
    name, producer, huggingface : str
        Of the release; ``huggingface`` is the id at the hub where the record has it.
    model_class : int
        1, 2, 3, or 0: below class III.
    label : str
        ``Class I - Open Science Model``, and so on; ``Unclassified``.
    tier : str
        Step of the ladder.
    progress : mapping of {"III", "II", "I"} to float
        Percent, 0 to 100.
    counts : mapping of {"III", "II", "I"} to (int, int)
        Components that count, and how many the class needs.
    total : float
        Mean of the three percentages.
    components : tuple of ComponentRating
        All of the framework, in its order.
    lists : mapping of {"III", "II", "I"} to LevelLists
        What counts, and what stands in the way.
    not_type_appropriate : tuple of str
        Open components whose licence is made for another kind of work.
    fixes : tuple of Fix
        For every component that fails, class III first.
    assertions : tuple of str
        What the author of the record states and no rule can see, with the reason.
    warnings : tuple of Said
        What a reader of the rating should know.
    ruleset, licence_list : str
        Which rules were applied, and which edition of the licence list.
    """

    file: str
    sha256: str
    name: str
    producer: str
    huggingface: str
    model_class: int
    label: str
    tier: Tier
    progress: Mapping[Level, float]
    counts: Mapping[Level, tuple[int, int]]
    total: float
    components: tuple[ComponentRating, ...]
    lists: Mapping[Level, LevelLists]
    not_type_appropriate: tuple[str, ...]
    fixes: tuple[Fix, ...]
    assertions: tuple[str, ...]
    warnings: tuple[Said, ...]
    ruleset: str
    licence_list: str
