"""Choices that a Qualtrics question carries forward from an earlier one.

The file stores only where they come from. The platform puts an ``x`` in front of their
numbers; their texts, translations and codes are those of the question they come from.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from survey.importers.definitions.piping import plain
from survey.importers.definitions.qsf_logic import entries
from survey.importers.definitions.qsf_questions import CARRIED, Element

_LOCATOR = re.compile(r"q://(QID\d+)/(Choice|Answer)Group/\w+")
_MOST_STEPS: Final = 10


def with_carried(element: Element, elements: Mapping[str, Element]) -> Element:
    """Give a question the choices and answers that it carries forward.

    Parameters
    ----------
    element : Element
        A question of the survey.
    elements : mapping of QID to Element
        All questions.

    Returns
    -------
    Element
        As it was where it carries nothing forward, or its source is not known.

    Examples
    --------
    >>> used = Element("Q1", {"Choices": {"1": {"Display": "Chat"}}}, "en")
    >>> locator = "q://QID1/ChoiceGroup/SelectedChoices"
    >>> best = Element("Q2", {"DynamicChoices": {"Locator": locator}}, "en")
    >>> with_carried(best, {"QID1": used}).payload["Choices"]
    {'x1': {'Display': 'Chat'}}
    """
    for part in ("Choice", "Answer"):
        element = _with_part(element, part, elements, _MOST_STEPS)
    return element


def _with_part(
    element: Element, part: str, elements: Mapping[str, Element], steps: int
) -> Element:
    """Carry choices or answers forward, also those that were carried before."""
    dynamic = element.payload.get(f"Dynamic{part}s")
    locator = dynamic.get("Locator") if isinstance(dynamic, dict) else ""
    found = _LOCATOR.fullmatch(str(locator))
    source = elements.get(found[1]) if found else None
    if found is None or source is None or not steps:
        return element
    source = _with_part(source, found[2], elements, steps - 1)
    return replace(element, payload=_payload(element, part, source, found[2]))


def _payload(
    element: Element, part: str, source: Element, group: str
) -> dict[str, Any]:
    """Write the choices of a source into a question, behind its own."""
    payload = dict(element.payload)
    own = dict(entries(payload.get(f"{part}s")))
    ids = [id_ for id_, _ in entries(source.payload.get(f"{group}s"))]
    new = {id_: f"x{id_}" for id_ in ids if f"x{id_}" not in own}
    payload[f"{part}s"] = own | _renamed(source.payload, group, new)
    order = [str(id_) for _, id_ in entries(source.payload.get(f"{group}Order"))]
    shown = [str(id_) for _, id_ in entries(payload.get(f"{part}Order"))]
    shown += [new[id_] for id_ in dict.fromkeys([*order, *ids]) if id_ in new]
    payload[f"{part}Order"] = list(dict.fromkeys(shown))
    payload["RecodeValues"] = _recoded(payload, source.payload, own, new)
    payload["Language"] = _languages(payload, source.payload, part, group, new)
    payload[CARRIED] = (*payload.get(CARRIED, ()), *new.values())
    return payload


def _renamed(
    payload: Mapping[str, Any], group: str, new: Mapping[str, str]
) -> dict[str, Any]:
    """Give the choices of a holder under their new ids."""
    held = dict(entries(payload.get(f"{group}s")))
    return {name: held[id_] for id_, name in new.items() if id_ in held}


def _recoded(
    payload: Mapping[str, Any],
    source: Mapping[str, Any],
    own: Mapping[str, Any],
    new: Mapping[str, str],
) -> dict[str, Any]:
    """Give carried choices the codes of their source, unless another choice has it."""
    recoded = dict(entries(payload.get("RecodeValues")))
    known = dict(entries(source.get("RecodeValues")))
    taken = {plain(recoded.get(id_)) or id_ for id_ in own}
    codes = {name: plain(known.get(id_)) or id_ for id_, name in new.items()}
    return {n: code for n, code in codes.items() if code not in taken} | recoded


def _languages(
    payload: Mapping[str, Any],
    source: Mapping[str, Any],
    part: str,
    group: str,
    new: Mapping[str, str],
) -> dict[str, Any]:
    """Take the translations of carried choices over."""
    texts = dict(entries(payload.get("Language")))
    for language, holder in entries(source.get("Language")):
        mine = texts.get(language) or {}
        if isinstance(holder, dict) and isinstance(mine, dict):
            both = dict(entries(mine.get(f"{part}s"))) | _renamed(holder, group, new)
            texts[language] = {**mine, f"{part}s": both}
    return texts
