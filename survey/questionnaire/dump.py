"""Write a questionnaire as YAML that a person can read and edit.

What has its default value is left out; what is written loads back to the same value.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from survey.questionnaire.model import Part, Questionnaire

_WIDTH: Final = 88
_LONG: Final = 76
_CODES: Final = {"code", "counted_value", "expected"}
_CODE_LISTS: Final = {"aliases", "complete", "screened_out"}
_TEXTS: Final = {"label", "wording", "title", "unit"}
_PLAIN_NUMBER = re.compile(r"0|-?[1-9]\d{0,15}")
_ONE_LINE: Final = {"categories", "items"}
_QUESTION: Final = "  - id: "
_KIND: Final = "    kind: "


class _Dumper(yaml.SafeDumper):
    """Indents lists, and never writes anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - signature of PyYAML
        """Indent the entries of a list under their key."""
        super().increase_indent(flow, False)  # noqa: FBT003 - signature of PyYAML

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - signature of PyYAML
        """Write every value in full."""
        return True


class _Folded(str):
    """A long text, written as a folded block."""

    __slots__ = ()


class _Line(dict[str | int, Any]):
    """A mapping that is written on one line."""

    __slots__ = ()


def _folded(dumper: _Dumper, text: _Folded) -> yaml.ScalarNode:
    """Write a long text over several lines."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=">")


def _line(dumper: _Dumper, entry: _Line) -> yaml.MappingNode:
    """Write a short mapping on one line."""
    return dumper.represent_mapping(
        "tag:yaml.org,2002:map", entry.items(), flow_style=True
    )


_Dumper.add_representer(_Folded, _folded)
_Dumper.add_representer(_Line, _line)


def dump_questionnaire(
    questionnaire: Questionnaire,
    *,
    comment: str = "",
    notes: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Write a questionnaire as YAML.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to write.
    comment : str, default ""
        Text above the first key; a ``#`` is put before each of its lines.
    notes : mapping of question id to sequence of str, optional
        Comments below the kind of a question. One that is a key with its value
        becomes part of the question when its ``#`` is removed.

    Returns
    -------
    str
        UTF-8 text with a line end after the last line. Keys stand in the order of
        the model; categories on one line each.

    Examples
    --------
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "text", "label": "Why?", "column": "q1"}])
    >>> print(dump_questionnaire(asked, comment="A draft."), end="")
    # A draft.
    id: a
    title: A
    questions:
      - id: q1
        kind: text
        label: Why?
        column: q1
    """
    text = dump_mapping(_mapping(questionnaire))
    ids = [question.id for question in questionnaire.questions]
    return as_comment(comment) + with_notes(text, ids, notes or {})


def dump_version(
    keys: Mapping[str, Any],
    changes: Mapping[str, Mapping[str, Any]],
    *,
    comment: str = "",
    notes: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Write a version of a questionnaire: what differs from the one that it extends.

    Parameters
    ----------
    keys : mapping of str to value
        Keys of the file, ``extends`` and ``drop`` among them.
    changes : mapping of question id to mapping
        Keys of questions that differ.
    comment, notes
        As for `dump_questionnaire`.

    Returns
    -------
    str
        UTF-8 text.

    Examples
    --------
    >>> print(dump_version({"extends": "a.yaml", "id": "b"}, {"q1": {"column": "Q1"}}))
    extends: a.yaml
    id: b
    questions:
      - id: q1
        column: Q1
    <BLANKLINE>
    """
    asked = [
        {"id": name, **{key: _value(key, value) for key, value in fields.items()}}
        for name, fields in changes.items()
    ]
    whole = {key: _value(key, value) for key, value in keys.items()}
    text = dump_mapping(whole | {"questions": asked})
    return as_comment(comment) + with_notes(text, list(changes), notes or {})


def dump_mapping(mapping: Mapping[str, Any]) -> str:
    """Write keys and values as YAML in the form of questionnaires.

    Parameters
    ----------
    mapping : mapping of str to value
        Texts, numbers, lists and mappings.

    Returns
    -------
    str
        One key per line or block.

    Examples
    --------
    >>> print(dump_mapping({"id": "a", "languages": ["en"]}), end="")
    id: a
    languages:
      - en
    """
    written: str = yaml.dump(
        dict(mapping),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=_WIDTH,
    )
    return written


def as_comment(text: str) -> str:
    """Put a ``#`` before every line of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Lines with a line end each; empty for an empty text.

    Examples
    --------
    >>> print(as_comment("A draft."), end="")
    # A draft.
    """
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def with_notes(
    text: str, ids: Sequence[str], notes: Mapping[str, Sequence[str]]
) -> str:
    """Put comments below the first two keys of questions.

    Parameters
    ----------
    text : str
        A questionnaire as it was written here.
    ids : sequence of str
        Its questions, in order.
    notes : mapping of question id to sequence of str
        Comments of one line each.

    Returns
    -------
    str
        The same keys and values.
    """
    lines: list[str] = []
    waiting: Sequence[str] = ()
    remaining = iter(ids)
    for line in text.splitlines(keepends=True):
        if line.startswith(_QUESTION):
            lines += waiting
            waiting = [f"    # {note}\n" for note in notes.get(next(remaining), ())]
            lines.append(line)
        elif waiting and not line.startswith(_KIND):
            lines += [*waiting, line]
            waiting = ()
        else:
            lines.append(line)
    return "".join([*lines, *waiting])


def _mapping(part: Part) -> dict[str, Any]:
    """Give the keys of a part that differ from their defaults."""
    set_keys = {
        name: getattr(part, name)
        for name, field in type(part).model_fields.items()
        if field.is_required()
        or getattr(part, name) != field.get_default(call_default_factory=True)
    }
    return {name: _value(name, value) for name, value in set_keys.items()}


def _value(name: str, value: Any) -> Any:
    """Turn the value of one key into what YAML writes."""
    if name in _CODES or (name in _CODE_LISTS and isinstance(value, str)):
        return written_code(value)
    if isinstance(value, tuple):
        return [_value(name, entry) for entry in value]
    if isinstance(value, Part):
        return _Line(_mapping(value)) if name in _ONE_LINE else _mapping(value)
    if name == "columns":
        return _Line([(written_code(code), column) for code, column in value.items()])
    return _text(value) if name in _TEXTS else value


def _text(texts: dict[str, str]) -> Any:
    """Write a text without a language as such, others per language."""
    if set(texts) == {""}:
        return _folding(texts[""])
    return {language: _folding(text) for language, text in texts.items()}


def _folding(text: str) -> str:
    """Mark long texts that a folded block can hold."""
    return (
        _Folded(text) if len(text) > _LONG and text == " ".join(text.split()) else text
    )


def written_code(code: str) -> int | str:
    """Give a code as a number where that reads back as the same text.

    Parameters
    ----------
    code : str
        Code of a category.

    Returns
    -------
    int or str
        What to write.

    Examples
    --------
    >>> written_code("12"), written_code("012")
    (12, '012')
    """
    return int(code) if _PLAIN_NUMBER.fullmatch(code) else code
