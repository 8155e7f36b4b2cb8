"""Rulesets: which components a class needs, and which licences count for them.

A ruleset is a file of data with an id, which stands in every rating that it made.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict

from survey.errors import ModelFileError
from survey.openness.licence_list import LicenceList, licence_list
from survey.openness.values import Kind, Level

RulesetId = Literal["mot-2025-07", "mof-strict", "mof-paper"]
RULESETS: Final[tuple[str, ...]] = get_args(RulesetId)
Body = Literal["osi", "fsf", "open_data"]
_ALL_BODIES: Final[tuple[Body, ...]] = get_args(Body)
# What a maker who asks for a licence is told: the framework prefers these.
PREFERRED: Final[Mapping[Kind, str]] = {
    "code": "Apache-2.0",
    "data": "CDLA-Permissive-2.0",
    "document": "CC-BY-4.0",
}


class _Data(BaseModel):
    """Part of a ruleset, as its file has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Component(_Data):
    """A component of the framework."""

    name: str
    kind: Kind
    level: Level
    required: bool


class Suitable(_Data):
    """Open licences that are made for a kind of work."""

    ids: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    all_but: tuple[str, ...] = ()


class Ruleset(_Data):
    """What decides a rating.

    Attributes
    ----------
    id : str
        Stands in every rating.
    components : tuple of Component
        In the order of the lists.
    report, paper, weights : str
        The two documents of which one is enough, and the final parameters.
    licences : LicenceList
        Edition that decides what is open.
    suitable : mapping of kind to Suitable
        Licences made for a kind of work.
    needs_suitable : bool
        Whether a licence made for other work does not count.
    approved_by : mapping of kind to tuple of str
        Who has to accept a licence for this kind; any of the three where left out.
    any_licence : frozenset of str
        Components that count under any licence, and without one.
    normalise : bool
        Whether other spellings of licences are understood.
    """

    id: str
    components: tuple[Component, ...]
    report: str
    paper: str
    weights: str
    licences: LicenceList
    suitable: Mapping[Kind, Suitable]
    needs_suitable: bool = False
    approved_by: Mapping[Kind, tuple[Body, ...]] = {}
    any_licence: frozenset[str] = frozenset()
    normalise: bool = False


@cache
def ruleset(name: str) -> Ruleset:
    """Read a ruleset.

    Parameters
    ----------
    name : {"mot-2025-07", "mof-strict", "mof-paper"}
        Its id.

    Returns
    -------
    Ruleset
        Its rules.

    Raises
    ------
    ModelFileError
        There is no such ruleset.

    Examples
    --------
    >>> len(ruleset("mot-2025-07").components)
    17
    """
    if name not in RULESETS:
        known = ", ".join(RULESETS)
        raise ModelFileError(f"No ruleset {name!r}. Choose one of: {known}.")
    data = _read(name)
    data |= _read(data.pop("components"))
    data["licences"] = licence_list(data.pop("licence_list"))
    return Ruleset.model_validate(data)


def approves(rules: Ruleset, kind: Kind, licence: str) -> bool:
    """Tell whether a licence is open, as a ruleset asks for it.

    Parameters
    ----------
    rules : Ruleset
        The rules.
    kind : {"code", "data", "document"}
        What is licensed.
    licence : str
        Id, as it is written.

    Returns
    -------
    bool
        Whether one of those that have to accept it does.
    """
    known = rules.licences
    accepted = {"osi": known.osi, "fsf": known.fsf, "open_data": known.open_data}
    bodies = rules.approved_by.get(kind, _ALL_BODIES)
    return any(licence in accepted[body] for body in bodies)


def suits(rules: Ruleset, kind: Kind, licence: str) -> bool:
    """Tell whether an open licence is made for a kind of work.

    Parameters
    ----------
    rules : Ruleset
        The rules.
    kind : {"code", "data", "document"}
        What is licensed.
    licence : str
        Id of an open licence.

    Returns
    -------
    bool
        As the table of the ruleset has it.
    """
    table = rules.suitable[kind]
    if table.all_but and not licence.startswith(table.all_but):
        return True
    return licence in table.ids or licence.startswith(table.begins)


def _read(name: str) -> Any:
    """Read a file of the folder of rulesets."""
    file = files("survey") / "openness" / "rulesets" / f"{name}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
