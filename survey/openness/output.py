"""Ratings as data for other programs: one JSON object or one row per model.

Numbers are not rounded; texts that a reader sees are told in the language asked for.
"""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from survey.openness.components import UNLICENSED
from survey.openness.rulesets import ruleset
from survey.openness.values import (
    LEVELS,
    ComponentRating,
    LevelLists,
    OpennessRating,
)
from survey.said import tell

_BETWEEN: Final = "; "
_LISTS: Final = ("included", "missing", "invalid", "unlicensed", "optional")


def as_data(rating: OpennessRating, language: str = "en") -> dict[str, Any]:
    """Give a rating as values that JSON knows.

    Parameters
    ----------
    rating : OpennessRating
        The rating.
    language : {"en", "de"}, default "en"
        Of fixes and warnings.

    Returns
    -------
    dict
        Among others ``name``, ``class`` (0 to 3) and ``progress`` (percent by class).
    """
    return {
        "name": rating.name,
        "producer": rating.producer,
        "file": rating.file,
        "sha256": rating.sha256,
        "huggingface": rating.huggingface,
        "class": rating.model_class,
        "label": rating.label,
        "tier": rating.tier,
        "progress": {level: rating.progress[level] for level in LEVELS},
        "counts": {
            level: dict(zip(("found", "needed"), rating.counts[level], strict=True))
            for level in LEVELS
        },
        "total_progress": rating.total,
        "lists": {level: _lists(rating.lists[level]) for level in LEVELS},
        "not_type_appropriate": list(rating.not_type_appropriate),
        "components": [_component(component) for component in rating.components],
        "resolved_licences": {
            c.name: c.licence or UNLICENSED
            for c in rating.components
            if c.state != "absent"
        },
        "fixes": [
            {
                "component": fix.component,
                "class": fix.level,
                "change": tell(fix.change, language),
            }
            for fix in rating.fixes
        ],
        "assertions": list(rating.assertions),
        "warnings": [tell(warning, language) for warning in rating.warnings],
        "ruleset": rating.ruleset,
        "licence_list": rating.licence_list,
    }


def as_frame(ratings: Sequence[OpennessRating], language: str = "en") -> pd.DataFrame:
    """Give ratings as a table, one row per model.

    Parameters
    ----------
    ratings : sequence of OpennessRating
        The ratings.
    language : {"en", "de"}, default "en"
        Of fixes and warnings.

    Returns
    -------
    DataFrame
        Class, progress, lists, and the state of every component.
    """
    rows = [_row(rating, language) for rating in ratings]
    return pd.DataFrame(rows, columns=_columns())


def _row(rating: OpennessRating, language: str) -> dict[str, Any]:
    """Give one row."""
    lists = rating.lists["I"]
    return {
        "file": rating.file,
        "name": rating.name,
        "producer": rating.producer,
        "huggingface": rating.huggingface,
        "class": rating.model_class,
        "label": rating.label,
        "tier": rating.tier,
        **{f"progress_{level}": rating.progress[level] for level in LEVELS},
        **{f"found_{level}": rating.counts[level][0] for level in LEVELS},
        **{f"needed_{level}": rating.counts[level][1] for level in LEVELS},
        "total_progress": rating.total,
        **{name: _BETWEEN.join(getattr(lists, name)) for name in _LISTS},
        "not_type_appropriate": _BETWEEN.join(rating.not_type_appropriate),
        "fixes": " ".join(tell(fix.change, language) for fix in rating.fixes),
        "assertions": _BETWEEN.join(rating.assertions),
        "warnings": " ".join(tell(w, language) for w in rating.warnings),
        "ruleset": rating.ruleset,
        "licence_list": rating.licence_list,
        "sha256": rating.sha256,
        **{c.name: c.state for c in rating.components},
    }


def _columns() -> list[str]:
    """Name the columns, also of a table without rows."""
    by_level = ("progress", "found", "needed")
    return [
        *("file", "name", "producer", "huggingface", "class", "label", "tier"),
        *(f"{name}_{level}" for name in by_level for level in LEVELS),
        "total_progress",
        *_LISTS,
        *("not_type_appropriate", "fixes", "assertions", "warnings", "ruleset"),
        *("licence_list", "sha256"),
        *(c.name for c in ruleset("mot-2025-07").components),
    ]


def _component(component: ComponentRating) -> dict[str, Any]:
    """Give one component."""
    return {
        "name": component.name,
        "kind": component.kind,
        "class": component.level,
        "required": component.required,
        "state": component.state,
        "licence": component.licence,
        "inherited_from": component.inherited_from,
        "type_appropriate": component.type_appropriate,
    }


def _lists(lists: LevelLists) -> dict[str, list[str]]:
    """Give the lists of one class."""
    return {name: list(getattr(lists, name)) for name in _LISTS}
