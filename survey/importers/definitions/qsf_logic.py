"""Routing of a Qualtrics survey: display logic, skip logic, branches, ends.

Conditions are evaluated with And before Or, as the platform does (its support page
"Using Logic": And connects statements, Or separates them).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from survey.importers.definitions.condition import (
    Routed,
    all_of,
    any_of,
    compared,
    negated,
)
from survey.importers.definitions.piping import plain
from survey.importers.definitions.routing_text import Operator

# A cell of a matrix is named by its row, then by its answer.
_LOCATOR = re.compile(r"q://(QID\d+)/(\w+)(?:/([^/]+))?(?:/([^/]+))?")
_COUNT = re.compile(r"\d{1,6}")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
_SIZES: Final[dict[str, Operator]] = {
    "GreaterThan": ">",
    "GreaterThanOrEqual": ">=",
    "LessThan": "<",
    "LessThanOrEqual": "<=",
    "EqualTo": "==",
}
_TYPED: Final = {"ChoiceTextEntryValue", "ChoiceNumericEntryValue"}
_MOST_NODES: Final = 100_000
_RANDOM: Final = Routed("", "shown to a part of the respondents, drawn at random")


@dataclass(frozen=True, slots=True)
class Target:
    """A question that logic can refer to.

    Attributes
    ----------
    question : str
        Its id.
    codes : mapping of choice to code
        Code of every choice; empty where the choices are no answers of their own.
    numeric : bool
        Whether its answer is one number.
    rows : mapping of choice to (str, str)
        Question and item of every row of a matrix, whose `codes` are those of its
        answers; no item where a row is a question of its own.
    """

    question: str
    codes: Mapping[str, str]
    numeric: bool
    rows: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Skip:
    """A condition that jumps over questions, and where it ends."""

    kept: Routed
    until: str


def entries(value: object) -> list[tuple[str, Any]]:
    """List what a definition numbers, which it writes as an object or as a list.

    Parameters
    ----------
    value : object
        Part of a definition.

    Returns
    -------
    list of (str, object)
        Number and content; empty for anything else.

    Examples
    --------
    >>> entries(["a"]), entries({"1": "b"}), entries(None)
    ([('0', 'a')], [('1', 'b')], [])
    """
    if isinstance(value, dict):
        return [(str(key), part) for key, part in value.items()]
    if isinstance(value, list):
        return [(str(number), part) for number, part in enumerate(value)]
    return []


def parts(value: object) -> list[dict[str, Any]]:
    """List the objects among the entries of a part.

    Parameters
    ----------
    value : object
        Part of a definition.

    Returns
    -------
    list of dict
        In their order.

    Examples
    --------
    >>> parts({"0": {"a": 1}, "Type": "If"})
    [{'a': 1}]
    """
    return [part for _, part in entries(value) if isinstance(part, dict)]


def read_logic(logic: object, targets: Mapping[str, Target]) -> Routed:
    """Read a logic: sets of expressions.

    Parameters
    ----------
    logic : object
        A ``DisplayLogic`` or ``BranchLogic``.
    targets : mapping of QID to Target
        Questions of the survey.

    Returns
    -------
    Routed
        Who passes; everyone where there is no logic.

    Examples
    --------
    >>> expression = {"LogicType": "Question", "Operator": "Selected",
    ...               "LeftOperand": "q://QID1/SelectableChoice/2"}
    >>> targets = {"QID1": Target("use", {"2": "5"}, numeric=False)}
    >>> read_logic({"0": {"0": expression, "Type": "If"}}, targets).said
    'use == 5'
    """
    sets = []
    for group in parts(logic):
        lines = [
            (str(e.get("Conjuction") or e.get("Conjunction")), _expression(e, targets))
            for e in parts(group)
        ]
        if lines:
            sets.append((str(group.get("Type")), _with_and_first(lines)))
    return _with_and_first(sets) if sets else Routed()


def _with_and_first(lines: Sequence[tuple[str, Routed]]) -> Routed:
    """Join conditions, each with the word before it; And binds tighter than Or."""
    runs: list[list[Routed]] = []
    for word, condition in lines:
        if not runs or word.lower().startswith(("or", "else")):
            runs.append([])
        runs[-1].append(condition)
    return any_of(all_of(run) for run in runs)


def _expression(expression: Mapping[str, Any], targets: Mapping[str, Target]) -> Routed:
    """Read one comparison."""
    locator = str(expression.get("LeftOperand") or expression.get("ChoiceLocator"))
    operator = str(expression.get("Operator") or expression.get("Condition"))
    right = str(expression.get("RightOperand", "")).strip()
    words = plain(expression.get("Description"))
    words = words or f"{locator} {operator} {right}".strip()
    found = _LOCATOR.fullmatch(locator)
    target = targets.get(found[1]) if found else None
    if found is None or target is None:
        return Routed("", words)
    if found[2] == "SelectableChoice":
        return _chosen(target, found[3] or "", found[4] or "", operator, words)
    sign = _SIZES.get(operator)
    bare = not (found[3] or found[4])
    if (
        found[2] in _TYPED
        and bare
        and sign
        and target.numeric
        and _NUMBER.fullmatch(right)
    ):
        return compared(target.question, sign, [right], words)
    return Routed("", words)


def _chosen(
    target: Target, first: str, second: str, operator: str, words: str
) -> Routed:
    """Say that a choice, or an answer in a row, was selected or not."""
    known = target.rows.get(first) if target.rows else (target.question, "")
    code = target.codes.get(second if target.rows else first)
    if known is None or code is None or bool(second) != bool(target.rows):
        return Routed("", words)
    chosen = compared(known[0], "==", [code], words, item=known[1])
    if operator == "Selected":
        return chosen
    return Routed(negated(chosen).said if operator == "NotSelected" else "", words)


def who_is_asked(
    flow: Sequence[Mapping[str, Any]],
    blocks: Mapping[str, Sequence[Mapping[str, Any]]],
    displays: Mapping[str, object],
    targets: Mapping[str, Target],
) -> dict[str, Routed]:
    """Say who is asked every question, following the flow of a survey.

    Parameters
    ----------
    flow : sequence of mapping
        Elements of the survey flow.
    blocks : mapping of block to sequence of mapping
        Elements of every block.
    displays : mapping of QID to object
        Display logic of the questions.
    targets : mapping of QID to Target
        What logic can refer to.

    Returns
    -------
    dict of QID to Routed
        Questions in the order in which they are put; those that no flow reaches are
        left out.

    Examples
    --------
    >>> flow = [{"Type": "Block", "ID": "BL_1"}]
    >>> blocks = {"BL_1": [{"Type": "Question", "QuestionID": "QID1"}]}
    >>> who_is_asked(flow, blocks, {"QID1": None}, {})
    {'QID1': Routed(said='', words='')}
    """
    asked: dict[str, Routed] = {}
    left: list[Routed] = []
    for node, path in _walk(flow, targets):
        if node.get("Type") == "EndSurvey":
            left.append(negated(all_of(path)))
            if not any(step.words for step in path):
                break
        for id_, routed in _in_block(
            blocks.get(str(node.get("ID")), ()), displays, targets, left
        ):
            whole = all_of([*path, *routed])
            asked[id_] = any_of([asked[id_], whole]) if id_ in asked else whole
    return asked


def _walk(
    flow: Sequence[Mapping[str, Any]], targets: Mapping[str, Target]
) -> Iterator[tuple[Mapping[str, Any], tuple[Routed, ...]]]:
    """Go through a flow in order, each element with the conditions around it."""
    todo: list[tuple[Mapping[str, Any], tuple[Routed, ...]]]
    todo = [(node, ()) for node in reversed(flow)]
    for _ in range(_MOST_NODES):
        if not todo:
            return
        node, path = todo.pop()
        yield node, path
        inside = parts(node.get("Flow"))
        if node.get("Type") == "Branch":
            path = (*path, read_logic(node.get("BranchLogic"), targets))
        elif node.get("Type") == "BlockRandomizer" and _draws(node, len(inside)):
            path = (*path, _RANDOM)
        todo.extend((child, path) for child in reversed(inside))


def _draws(node: Mapping[str, Any], inside: int) -> bool:
    """Tell a randomizer that shows a part from one that only shuffles."""
    subset = str(node.get("SubSet", ""))
    return bool(_COUNT.fullmatch(subset)) and int(subset) < inside


def _in_block(
    elements: Sequence[Mapping[str, Any]],
    displays: Mapping[str, object],
    targets: Mapping[str, Target],
    left: list[Routed],
) -> Iterator[tuple[str, tuple[Routed, ...]]]:
    """Give the questions of a block with their conditions; `left` grows by ends."""
    skips: list[_Skip] = []
    for element in elements:
        id_ = str(element.get("QuestionID", ""))
        skips = [skip for skip in skips if skip.until != id_]
        if id_ in displays:
            display = read_logic(displays[id_], targets)
            yield id_, (*left, *(skip.kept for skip in skips), display)
        for line in parts(element.get("SkipLogic")):
            kept = negated(_expression(_as_expression(line), targets))
            until = str(line.get("SkipToDestination", ""))
            if until == "ENDOFSURVEY":
                left.append(kept)
            else:
                skips.append(_Skip(kept, until))


def _as_expression(line: Mapping[str, Any]) -> dict[str, Any]:
    """Give a line of skip logic the keys of an expression."""
    locator = line.get("Locator") or line.get("ChoiceLocator")
    return {"LeftOperand": locator, "Operator": line.get("Condition"), **line}
