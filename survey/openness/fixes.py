"""For every component that fails, the shortest change that makes it count.

A change of spelling is shorter than another licence, and that is shorter than the
release of what is kept back.
"""

from collections.abc import Sequence
from typing import Final

from survey.openness.components import (
    counts,
    reads_as_missing,
    resolved,
    state_of,
    understood,
)
from survey.openness.licence_names import spdx_id
from survey.openness.records import ModelRecord
from survey.openness.rulesets import PREFERRED, Ruleset
from survey.openness.values import LEVELS, ComponentRating, Fix, Kind
from survey.said import Said, said

_KINDS: Final[dict[Kind, Said]] = {
    "code": said("code"),
    "data": said("data"),
    "document": said("documents"),
}


def fixes_of(
    record: ModelRecord, components: Sequence[ComponentRating], rules: Ruleset
) -> tuple[Fix, ...]:
    """Say what would make every component count that a class needs.

    Parameters
    ----------
    record : ModelRecord
        The release.
    components : sequence of ComponentRating
        All of the framework.
    rules : Ruleset
        The rules.

    Returns
    -------
    tuple of Fix
        Class III first.
    """
    known = {c.name: c for c in components}
    report, paper = known[rules.report], known[rules.paper]
    neither = not counts(rules, report) and not counts(rules, paper)
    found: list[Fix] = []
    for component in components:
        if not component.required or counts(rules, component):
            continue
        change = _change(record, component, rules)
        if component.name == rules.report:
            if not neither:
                continue
            change = said(
                "One of the two is enough for class III. {first} {second}",
                first=change,
                second=_change(record, paper, rules),
            )
        found.append(Fix(component.name, component.level, change))
    return tuple(sorted(found, key=lambda fix: LEVELS.index(fix.level)))


def _change(record: ModelRecord, component: ComponentRating, rules: Ruleset) -> Said:
    """Give the shortest change for one component."""
    if component.state == "absent" or reads_as_missing(component.licence):
        return _release(record, component, rules)
    if component.state == "unlicensed":
        return said(
            "{component}: give it an open licence, such as {licence}.",
            component=component.name,
            licence=PREFERRED[component.kind],
        )
    meant = spdx_id(component.licence)
    if meant and state_of(rules, component.kind, meant) == "open":
        return said(
            "{component}: write {licence} for {found!r}.",
            component=component.name,
            licence=meant,
            found=component.licence,
        )
    return _replace(component, rules)


def _release(record: ModelRecord, component: ComponentRating, rules: Ruleset) -> Said:
    """Say how to release what is missing."""
    if component.name in rules.any_licence:
        return said(
            "{component}: release it, under any licence or none.",
            component=component.name,
        )
    covering = resolved(record, component.kind, None)
    licence = understood(rules, covering.text)
    if state_of(rules, component.kind, licence) == "open":
        return said(
            "{component}: release it; {licence}, which the record gives for the whole "
            "release or for its kind, covers it.",
            component=component.name,
            licence=licence,
        )
    return said(
        "{component}: release it under an open licence, such as {licence}.",
        component=component.name,
        licence=PREFERRED[component.kind],
    )


def _replace(component: ComponentRating, rules: Ruleset) -> Said:
    """Say which licence to replace, and why."""
    values = {
        "component": component.name,
        "found": component.licence,
        "licence": PREFERRED[component.kind],
    }
    if component.licence not in rules.licences.open_ids:
        if component.inherited_from:
            return said(
                "{component}: {found!r}, which it has from the release, is not open or "
                "not known. Give it an open licence of its own, such as {licence}.",
                **values,
            )
        return said(
            "{component}: replace {found!r}, which is not open or not known, by an "
            "open licence such as {licence}.",
            **values,
        )
    if component.type_appropriate is False and rules.needs_suitable:
        return said(
            "{component}: replace {found!r}, which is open but not made for {kind}, by "
            "a licence such as {licence}.",
            kind=_KINDS[component.kind],
            **values,
        )
    return said(
        "{component}: replace {found!r}, which the Open Source Initiative has not "
        "approved, by a licence such as {licence}.",
        **values,
    )
