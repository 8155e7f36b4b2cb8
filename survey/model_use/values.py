"""What is known of models in use: the catalogue, matches, and steps of the ladder.

A match says how it was made; what is not known is never taken for open.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from survey.openness.values import TIERS, Tier
from survey.tabulation.layout import Crosstab

Level = Literal["id", "alias", "family"]
Origin = Literal["stated", "rated", "members"]
LEVELS: Final[tuple[Level, ...]] = ("id", "alias", "family")
# Questions that are made from the answers about models.
OPENNESS: Final = "models_openness"
USED_TIERS: Final = "models_tiers"
BETTER: Final = "models_openness_best"
CLASS_3: Final = "class_3_up"
BELOW_3: Final = "below_class_3"
UNKNOWN: Final = "unknown"
# Steps of the ladder that count for each answer, the most open one first.
OPENNESS_CODES: Final[Mapping[str, tuple[Tier, ...]]] = {
    CLASS_3: ("I", "II", "III"),
    "open_weights": ("open_weights",),
    "restricted": ("restricted", "unlicensed"),
    "closed": ("closed",),
}
TIER_CODES: Final[Mapping[str, tuple[Tier, ...]]] = {
    "class_1": ("I",),
    "class_2": ("II",),
    "class_3": ("III",),
    **{code: tiers for code, tiers in OPENNESS_CODES.items() if code != CLASS_3},
}
BELOW_CODES: Final = ("open_weights", "restricted", "closed")


@dataclass(frozen=True, slots=True)
class Entry:
    """A model or a family of models.

    Attributes
    ----------
    id, name, maker : str
        Of a model at a hub, the id there.
    family : str
        Family of a model; the own id of a family.
    is_model : bool
        Whether it is one model.
    names : tuple of str
        Names by which an answer may call it; those of a family also inside a text.
    whole : tuple of str
        Names that count only where they are a whole answer, or a whole part of a list.
    lowest, best : str
        Steps of the ladder; they differ where the members do.
    origin : {"stated", "rated", "members"}
        Stated in the catalogue, from a rated record, or from the lowest rated member.
    source, as_of : str
        Where the step comes from, and when that was so.
    """

    id: str
    name: str
    maker: str
    family: str
    is_model: bool
    names: tuple[str, ...]
    whole: tuple[str, ...]
    lowest: Tier
    best: Tier
    origin: Origin
    source: str
    as_of: str

    @property
    def varies(self) -> bool:
        """Whether the step depends on the member."""
        return self.lowest != self.best


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Models and families by id.

    ``files`` are the catalogue and the records that it rates; ``rulesets`` are the
    rules of these ratings, with their editions of the licence list.
    """

    id: str
    as_of: str
    sha256: str
    entries: Mapping[str, Entry]
    not_models: tuple[str, ...]
    files: tuple[Path, ...]
    rulesets: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.files[0].name


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that an answer names, and how that is known."""

    entry: str
    level: Level


@dataclass(frozen=True, slots=True)
class Matches:
    """What a text names.

    ``unmatched`` counts the parts of the text that name nothing known, ``ambiguous``
    those of them whose name belongs to several entries.
    """

    found: tuple[Match, ...]
    unmatched: int = 0
    ambiguous: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """What each of n respondents uses.

    Attributes
    ----------
    base : bool array (n,)
        Who answered the question on models.
    lowest, best : bool array (n, 7)
        Steps of the ladder (`TIERS`) that somebody uses, taking the least and the most
        open member of a family.
    unknown : bool array (n,)
        Who names something that cannot be rated, or does not know.
    """

    base: NDArray[np.bool_]
    lowest: NDArray[np.bool_]
    best: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TextCounts:
    """Respondents with a text about models, by what the text names.

    ``levels`` counts the respondents with a match of each level; ``none`` those whose
    text names nothing known, ``partly`` those whose text names something unknown as
    well, ``ambiguous`` those with a name of several entries.
    """

    texts: int
    levels: Mapping[Level, int]
    partly: int
    none: int
    ambiguous: int


@dataclass(frozen=True, slots=True, eq=False)
class ModelUse:
    """What is known of a wave beside its tables.

    Attributes
    ----------
    catalogue : Catalogue
        What the answers were matched to.
    texts : TextCounts or None
        None where nobody could type a text.
    varying : tuple of str
        Names of the families in use whose members differ.
    moved : int
        Respondents who stand higher with the most open member of each family.
    beside_unknown : int
        Rated respondents below class III who also use something that is not rated.
    by_preference : Crosstab or None
        `models_openness` under both readings by the stated preference.
    by_openness : Crosstab or None
        Other questions by `models_openness`.
    apart : tuple of str
        Questions that nobody answered who says which models are used.
    """

    catalogue: Catalogue
    texts: TextCounts | None
    varying: tuple[str, ...]
    moved: int
    beside_unknown: int
    by_preference: Crosstab | None = None
    by_openness: Crosstab | None = None
    apart: tuple[str, ...] = ()


def step(tier: Tier) -> int:
    """Give the place of a step on the ladder, from closed up.

    Parameters
    ----------
    tier : str
        One of `TIERS`.

    Returns
    -------
    int
        0 for closed.

    Examples
    --------
    >>> step("closed"), step("open_weights") < step("III")
    (0, True)
    """
    return TIERS.index(tier)
