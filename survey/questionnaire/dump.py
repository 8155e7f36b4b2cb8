"""Write a questionnaire as YAML that a person can read and edit.

What has its default value is left out; what is written loads back to the same value.
"""

import re
from typing import Any, Final

import yaml

from survey.questionnaire.model import Part, Questionnaire

_WIDTH: Final = 88
_LONG: Final = 76
_CODES: Final = {"code", "counted_value"}
_CODE_LISTS: Final = {"aliases", "complete", "screened_out"}
_TEXTS: Final = {"label", "wording", "title", "unit"}
_PLAIN_NUMBER = re.compile(r"0|-?[1-9]\d{0,15}")
_ONE_LINE: Final = {"categories", "items"}


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


class _Line(dict[str, Any]):
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


def dump_questionnaire(questionnaire: Questionnaire, *, comment: str = "") -> str:
    """Write a questionnaire as YAML.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to write.
    comment : str, default ""
        Text above the first key; a ``#`` is put before each of its lines.

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
    text = yaml.dump(
        _mapping(questionnaire),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=_WIDTH,
    )
    lines = comment.splitlines() if comment else []
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + text


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
        return _code(value)
    if isinstance(value, tuple):
        return [_value(name, entry) for entry in value]
    if isinstance(value, Part):
        return _Line(_mapping(value)) if name in _ONE_LINE else _mapping(value)
    if name == "columns":
        return _Line({_code(code): column for code, column in value.items()})
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


def _code(code: str) -> Any:
    """Write a code without quotes where it reads back as the same text."""
    return int(code) if _PLAIN_NUMBER.fullmatch(code) else code
