"""The R syntax that LimeSurvey writes beside its R data file: names, labels, levels.

Three statements are read and nothing is executed; whatever else stands in the file is
skipped.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from survey.errors import DataFileError
from survey.importers.definitions.piping import plain
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of
from survey.importers.text import decode

_MOST_BYTES: Final = 20_000_000
_MOST_LEVELS: Final = 10_000
_STATEMENT = re.compile(
    r"^[ \t]*(?:attributes\(data\)\$variable\.labels\[(?P<label>\d{1,6})\]\s*<-"
    r"|names\(data\)\[(?P<name>\d{1,6})\]\s*<-"
    r"|data\[\s*,\s*(?P<levels>\d{1,6})\s*\]\s*<-\s*factor\(\s*data\[[^\]\n]*\]\s*,)",
    re.MULTILINE,
)
_VALUE = re.compile(
    r"""\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'"""
    r"|(?P<number>-?\d+(?:\.\d+)?))\s*",
    re.DOTALL,
)
_VECTOR = re.compile(r"\s*,?\s*(levels|labels)\s*=\s*c\(")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS: Final = {"n": " ", "t": " ", "r": " "}


@dataclass(frozen=True, slots=True)
class _Read:
    """A value or a vector, and the place behind it."""

    values: tuple[str, ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Factor:
    """Labels of the levels of a factor, and the place behind it."""

    labels: dict[str, str]
    end: int


@dataclass(frozen=True, slots=True)
class _Syntax:
    """Labels, names and levels by the number of the column."""

    labels: dict[int, str]
    names: dict[int, str]
    levels: dict[int, dict[str, str]]


def read_r_syntax(data: bytes) -> dict[str, ColumnLabel]:
    r"""Read names and labels of columns from LimeSurvey's R syntax.

    Parameters
    ----------
    data : bytes
        Content of ``survey_123_R_syntax_file.R``.

    Returns
    -------
    dict of column to ColumnLabel
        In the order of the columns of the data file. ``[Option] Question`` is taken
        apart; codes are written as in the file.

    Raises
    ------
    DataFileError
        The text holds none of the statements, or is larger than 20 MB.

    Examples
    --------
    >>> text = '''attributes(data)$variable.labels[1] <- "[Cost] Barriers?"
    ... data[, 1] <- factor(data[, 1], levels=c(1,0),labels=c("Yes", "No"))
    ... names(data)[1] <- "why_SQ001"'''
    >>> label = read_r_syntax(text.encode())["why_SQ001"]
    >>> label.question, label.option, label.option_code, label.values
    ('why', 'Cost', 'SQ001', {'1': 'Yes', '0': 'No'})
    """
    if len(data) > _MOST_BYTES:
        raise DataFileError(
            f"R syntax: {len(data) // 1_000_000} MB are not read; the most are"
            f" {_MOST_BYTES // 1_000_000}. Export the syntax of one survey."
        )
    text, _ = decode(data)
    syntax = _statements(text)
    if not syntax.names:
        raise DataFileError(
            "R syntax: no statement 'names(data)[1] <- ...' was found, so this is no"
            " syntax of LimeSurvey. Export the responses as R (syntax file) again."
        )
    return {
        name: replace(
            _label(name, syntax.labels.get(number, "")),
            values=syntax.levels.get(number, {}),
        )
        for number, name in sorted(syntax.names.items())
    }


def _statements(text: str) -> _Syntax:
    """Collect what the statements say, by the number of the column."""
    found = _Syntax({}, {}, {})
    place = 0
    while head := _STATEMENT.search(text, place):
        place = head.end()
        number = int(head[str(head.lastgroup)])
        if head["levels"]:
            factor = _levels(text, place)
            found.levels[number] = factor.labels
            place = factor.end
        elif value := _value(text, place):
            told = found.labels if head["label"] else found.names
            told[number] = value.values[0]
            place = value.end
    return found


def _levels(text: str, place: int) -> _Factor:
    """Read the levels of a factor and their labels; both vectors stand in any order."""
    vectors: dict[str, tuple[str, ...]] = {}
    while (head := _VECTOR.match(text, place)) and head[1] not in vectors:
        read = _vector(text, head.end())
        vectors[head[1]] = read.values
        place = read.end
    codes, labels = vectors.get("levels", ()), vectors.get("labels", ())
    return _Factor(dict(zip(codes, map(plain, labels), strict=False)), place)


def _vector(text: str, place: int) -> _Read:
    """Read values up to the closing bracket."""
    values: list[str] = []
    while len(values) < _MOST_LEVELS and (value := _value(text, place)):
        values += value.values
        place = value.end
        mark = text[place : place + 1]
        place += mark in {",", ")"}
        if mark != ",":
            break
    return _Read(tuple(values), place)


def _value(text: str, place: int) -> _Read | None:
    """Read a text or a number."""
    found = _VALUE.match(text, place)
    if not found:
        return None
    if found["number"] is not None:
        return _Read((found["number"],), found.end())
    raw = found["double"] if found["double"] is not None else found["single"]
    said = _ESCAPED.sub(lambda sign: _CONTROLS.get(sign[1], sign[1]), raw)
    return _Read((said,), found.end())


def _label(name: str, text: str) -> ColumnLabel:
    """Take a label such as ``[Option] Question`` apart."""
    if role_of(name):
        return ColumnLabel(wording=plain(text))
    question, _, code = name.partition("_")
    options, wording = _in_brackets(text)
    if not (code and options):
        return ColumnLabel(name, plain(text))
    if code.endswith("comment"):
        question, options = f"{question}_comment", options[1:] or options
    option = " - ".join(filter(None, map(plain, options)))
    return ColumnLabel(question, plain(wording), option, code)


def _in_brackets(text: str) -> tuple[list[str], str]:
    """Take texts in brackets off the start of a label."""
    options: list[str] = []
    start = depth = 0
    for place, sign in enumerate(text):
        if sign == "[":
            start = start if depth else place + 1
            depth += 1
        elif sign == "]" and depth:
            depth -= 1
            if not depth:
                options.append(text[start:place])
        elif not depth and not sign.isspace():
            return options, text[place:]
    return options, ""
