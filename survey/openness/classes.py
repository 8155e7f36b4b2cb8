"""Classes, progress and lists, from the states of the components.

Classes nest: a class needs all that the lower ones need, and its progress is 0 until
they are met. Research paper or technical report: one of the two is enough for class
III; class I needs the paper.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from survey.openness.components import counts, reads_as_missing
from survey.openness.rulesets import Ruleset
from survey.openness.values import (
    LEVELS,
    ComponentRating,
    Level,
    LevelLists,
    State,
    Tier,
)

LABELS: Final[Mapping[int, str]] = {
    0: "Unclassified",
    1: "Class I - Open Science Model",
    2: "Class II - Open Tooling Model",
    3: "Class III - Open Model",
}
_TIER_OF_CLASS: Final[Mapping[int, Tier]] = {1: "I", 2: "II", 3: "III"}
_TIER_OF_WEIGHTS: Final[Mapping[State, Tier]] = {
    "open": "open_weights",
    "unlicensed": "unlicensed",
    "invalid": "restricted",
    "absent": "closed",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a release is.

    Attributes
    ----------
    counts : mapping of level to (int, int)
        Components that count, and how many the class needs.
    percent : mapping of level to float
        0 to 100; 0 where a lower class is not met.
    model_class : int
        1, 2, 3, or 0.
    """

    counts: Mapping[Level, tuple[int, int]]
    percent: Mapping[Level, float]
    model_class: int


def progress_of(components: Iterable[ComponentRating], rules: Ruleset) -> Progress:
    """Say how far a release is.

    Parameters
    ----------
    components : iterable of ComponentRating
        All of the framework.
    rules : Ruleset
        The rules.

    Returns
    -------
    Progress
        By class, with the class that is reached.
    """
    required = [c for c in components if c.required]
    counted = {c.name for c in required if counts(rules, c)}
    report, paper = rules.report in counted, rules.paper in counted
    needed = {level: _needed(required, level, rules) for level in LEVELS}
    found = {
        level: len(counted & names) + (report or paper)
        for level, names in needed.items()
    }
    size = {level: len(names) + 1 for level, names in needed.items()}
    # Class I has both documents in its list; a paper in the place of a report is one.
    found["I"] += report and paper
    size["I"] += report or not paper
    tally = {level: (int(found[level]), int(size[level])) for level in LEVELS}
    return _reached(tally)


def lists_of(
    components: Iterable[ComponentRating], rules: Ruleset, level: Level
) -> LevelLists:
    """List what counts for a class, and what stands in the way.

    Parameters
    ----------
    components : iterable of ComponentRating
        All of the framework.
    rules : Ruleset
        The rules.
    level : {"I", "II", "III"}
        The class.

    Returns
    -------
    LevelLists
        Names in the order of the ruleset; a paper in the place of a report is last.
    """
    known = {c.name: c for c in components}
    inside = [c for c in known.values() if _asks(level, c.level)]
    report, paper = known[rules.report], known[rules.paper]
    replaced = not counts(rules, report) and paper.state != "absent"
    if replaced and paper not in inside:
        inside.append(paper)
    needed = [c for c in inside if c.required]
    failed = [c for c in inside if not counts(rules, c)]
    return LevelLists(
        included=_names(c for c in needed if counts(rules, c)),
        missing=_names(
            c
            for c in needed
            if c.state == "absent" and not (replaced and c.name == rules.report)
        ),
        invalid=_names(c for c in failed if c.state == "invalid"),
        unlicensed=_names(c for c in failed if c.state == "unlicensed"),
        optional=_names(c for c in inside if not c.required and counts(rules, c)),
    )


def tier_of(
    components: Iterable[ComponentRating], rules: Ruleset, model_class: int
) -> Tier:
    """Give the step of the ladder from closed to open.

    Parameters
    ----------
    components : iterable of ComponentRating
        All of the framework.
    rules : Ruleset
        The rules.
    model_class : int
        1, 2, 3, or 0.

    Returns
    -------
    str
        The class, else what is known of the final parameters.
    """
    if model_class:
        return _TIER_OF_CLASS[model_class]
    weights = next(c for c in components if c.name == rules.weights)
    if reads_as_missing(weights.licence):
        return "closed"
    if weights.type_appropriate is not None:
        # Open, though a ruleset may ask for more.
        return "open_weights"
    return _TIER_OF_WEIGHTS[weights.state]


def _reached(tally: Mapping[Level, tuple[int, int]]) -> Progress:
    """Give percentages, each 0 until the class below is met, and the class."""
    percent: dict[Level, float] = {}
    model_class, open_so_far = 0, True
    for place, level in enumerate(LEVELS):
        found, size = tally[level]
        percent[level] = found / size * 100 if open_so_far else 0.0
        open_so_far = open_so_far and found == size
        if open_so_far:
            model_class = 3 - place
    return Progress(tally, percent, model_class)


def _needed(
    required: Iterable[ComponentRating], level: Level, rules: Ruleset
) -> frozenset[str]:
    """Names that a class needs, without the two documents of which one may do."""
    documents = (rules.report, rules.paper)
    return frozenset(
        c.name for c in required if _asks(level, c.level) and c.name not in documents
    )


def _asks(level: Level, lowest: Level) -> bool:
    """Tell whether a class asks for what a lower one needs."""
    return LEVELS.index(lowest) <= LEVELS.index(level)


def _names(components: Iterable[ComponentRating]) -> tuple[str, ...]:
    """Give names."""
    return tuple(c.name for c in components)
