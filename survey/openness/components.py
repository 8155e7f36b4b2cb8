"""The state of every component: its licence, and whether that is open.

The licence of a component is its own, else that of the release for its kind, else that
of the distribution. A component that says that it has none inherits none.
"""

from dataclasses import dataclass
from typing import Final

from survey.openness.licence_names import spdx_id
from survey.openness.records import DISTRIBUTION, ModelRecord
from survey.openness.rulesets import Component, Ruleset, approves, suits
from survey.openness.values import ComponentRating, Kind, State

UNLICENSED: Final = "unlicensed"
_NOT_RELEASED: Final = "not include"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as it applies to a component, and the part of the release it is of."""

    text: str
    part: str = ""


def resolved(record: ModelRecord, kind: Kind, own: str | None) -> Licence:
    """Give the licence that applies to a component.

    Parameters
    ----------
    record : ModelRecord
        The release.
    kind : {"code", "data", "document"}
        Of the component.
    own : str or None
        Its own licence; None where it is not said.

    Returns
    -------
    Licence
        Its text is empty where there is none.

    Examples
    --------
    >>> release = ModelRecord("m", "p", {}, {"data": "", "distribution": "MIT"})
    >>> resolved(release, "data", None), resolved(release, "data", "unlicensed").text
    (Licence(text='MIT', part='distribution'), 'unlicensed')
    """
    if own is not None:
        return Licence(own or UNLICENSED)
    for part in (kind, DISTRIBUTION):
        if record.licences.get(part):
            return Licence(record.licences[part], part)
    return Licence("")


def understood(rules: Ruleset, text: str) -> str:
    """Give the SPDX id that a licence stands for, where the ruleset asks for that.

    Parameters
    ----------
    rules : Ruleset
        The rules.
    text : str
        A licence, as it is written.

    Returns
    -------
    str
        The id of an open licence, or the text as it is.
    """
    if not rules.normalise or text in rules.licences.open_ids:
        return text
    found = spdx_id(text)
    if not found:
        return UNLICENSED if text and found == "" else text
    return found if found in rules.licences.open_ids else text


def state_of(rules: Ruleset, kind: Kind, licence: str) -> State:
    """Give the state of a listed component.

    Parameters
    ----------
    rules : Ruleset
        The rules.
    kind : {"code", "data", "document"}
        Of the component.
    licence : str
        As resolved and understood.

    Returns
    -------
    {"open", "unlicensed", "invalid"}
        The state.
    """
    if licence in ("", UNLICENSED):
        return "unlicensed"
    if not approves(rules, kind, licence):
        return "invalid"
    fits = not rules.needs_suitable or suits(rules, kind, licence)
    return "open" if fits else "invalid"


def component_ratings(
    record: ModelRecord, rules: Ruleset
) -> tuple[ComponentRating, ...]:
    """Rate every component of the framework.

    Parameters
    ----------
    record : ModelRecord
        The release.
    rules : Ruleset
        The rules.

    Returns
    -------
    tuple of ComponentRating
        In the order of the ruleset.
    """
    return tuple(_rated(record, rules, component) for component in rules.components)


def counts(rules: Ruleset, component: ComponentRating) -> bool:
    """Tell whether a component counts.

    Parameters
    ----------
    rules : Ruleset
        The rules.
    component : ComponentRating
        As rated.

    Returns
    -------
    bool
        True where it is open, or listed and free to have any licence.
    """
    if component.name in rules.any_licence:
        return component.state != "absent"
    return component.state == "open"


def reads_as_missing(licence: str) -> bool:
    """Tell whether a licence says in words that the component was not released.

    Parameters
    ----------
    licence : str
        As resolved.

    Returns
    -------
    bool
        The tool takes such a component as listed, with a licence that is not open.

    Examples
    --------
    >>> reads_as_missing("Component not included"), reads_as_missing("MIT")
    (True, False)
    """
    return _NOT_RELEASED in licence.casefold()


def _rated(
    record: ModelRecord, rules: Ruleset, component: Component
) -> ComponentRating:
    """Rate one component."""
    name, kind = component.name, component.kind
    asserted = {a.component: a for a in record.assertions}
    if name in record.components:
        found = resolved(record, kind, record.components[name])
    elif name in asserted:
        found = _asserted(record, rules, asserted[name].inside, kind)
    else:
        return ComponentRating(
            name, kind, component.level, component.required, "absent"
        )
    licence = understood(rules, found.text)
    known = licence in rules.licences.open_ids
    return ComponentRating(
        name=name,
        kind=kind,
        level=component.level,
        required=component.required,
        state=state_of(rules, kind, licence),
        licence="" if licence == UNLICENSED else licence,
        inherited_from=found.part,
        type_appropriate=suits(rules, kind, licence) if known else None,
    )


def _asserted(record: ModelRecord, rules: Ruleset, inside: str, kind: Kind) -> Licence:
    """Give the licence of a component that is stated to be part of another."""
    if not inside:
        return resolved(record, kind, None)
    outer = next(c for c in rules.components if c.name == inside)
    return resolved(record, outer.kind, record.components[inside])
