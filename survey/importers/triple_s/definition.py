"""The definition of a Triple-S survey, versions 1.1 to 3.0: variables and their texts.

The XML comes from outside: entities are refused, and sizes, positions and numbers of
codes are bounded before anything is made from them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from survey.errors import DataFileError, some
from survey.importers.labels import tidy

MOST_COLUMNS: Final = 50_000
_LARGEST: Final = 100_000_000
_FURTHEST: Final = 1_000_000
_MOST_CODES: Final = 10_000
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_YES: Final = {"yes", "true", "1", "missing"}
_INTEGER = re.compile(r"[+-]?\d{1,15}")
# Files declare ISO-8859-1 and hold cp1252: quotes and dashes arrive as controls.
_WINDOWS = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)
}


@dataclass(frozen=True, slots=True)
class Value:
    """A code with its text per language, its score, and whether it means missing."""

    code: str
    label: Mapping[str, str]
    score: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Values from `low` to `high`, both included, that have no text."""

    low: str
    high: str
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable.

    Attributes
    ----------
    name, kind : str
        Name, and ``single``, ``multiple``, ``quantity``, ``character``, ``logical``,
        ``date`` or ``time``.
    wording : mapping of language to str
        Text of the interview where there is one, else the label.
    start, finish : int
        Columns from 1, both included; in CSV `start` is the field.
    values, spans : tuple of Value, tuple of Span
        Codes with texts, and values without.
    use, asked_where : str
        ``serial``, ``weight`` or empty; logical variable that says who was asked.
    subfields, width : int
        Of a multiple that is spread; 0 subfields is a string of bits.
    """

    name: str
    kind: str
    wording: Mapping[str, str]
    start: int
    finish: int
    values: tuple[Value, ...] = ()
    spans: tuple[Span, ...] = ()
    use: str = ""
    asked_where: str = ""
    subfields: int = 0
    width: int = 0

    @property
    def choices(self) -> tuple[Value, ...]:
        """Values with texts, then the whole numbers of spans; their code is the text.

        A quantity has the former only.
        """
        known = {value.code for value in self.values}
        if self.kind not in {"single", "multiple"} or _reach(self.spans) > _MOST_CODES:
            return self.values
        free = [code for code in _counted(self.spans) if code not in known]
        return (*self.values, *(Value(code, {"": code}) for code in free))


@dataclass(frozen=True, slots=True)
class Definition:
    """A Triple-S survey.

    Attributes
    ----------
    version, data : str
        Version of the standard; file name of the data where it is given.
    csv : bool
        Whether the data are CSV; fixed columns otherwise.
    skip : int
        Records before that of the first respondent.
    variables : tuple of Variable
        In the order of the definition.
    """

    version: str
    data: str
    csv: bool
    skip: int
    variables: tuple[Variable, ...]


def read_definition(data: bytes, name: str) -> Definition:
    """Read a Triple-S definition.

    Parameters
    ----------
    data : bytes
        Content of the ``.sss`` or ``.xml`` file.
    name : str
        File name, for messages.

    Returns
    -------
    Definition
        Its variables.

    Raises
    ------
    DataFileError
        The XML is damaged or hostile, is a hierarchy, or breaks the standard.

    Notes
    -----
    Versions 1.1 and later differ in what they allow, not in what it means, so all are
    read alike. Missing values are read as attribute ``missing`` of a value or range,
    or as element ``missing``.

    References
    ----------
    Triple-S Group (2011), Triple-S XML Version 2.0, Association for Survey Computing.

    Examples
    --------
    >>> xml = b'''<sss version="2.0"><survey><record ident="A">
    ... <variable ident="1" type="single"><name>use</name><label>Use?</label>
    ... <position start="4"/></variable></record></survey></sss>'''
    >>> (found,) = read_definition(xml, "wave.sss").variables
    >>> found.name, found.kind, found.wording, found.start
    ('use', 'single', {'': 'Use?'}, 4)
    """
    root = _parsed(data, name)
    _refuse_hierarchy(root, name)
    found = root.findall("survey/record")
    if len(found) != 1:
        raise DataFileError(
            f"{name}: the Triple-S definition describes {len(found)} records, and one"
            " is read. Export each of them by itself."
        )
    record = found[0]
    language = (root.get("languages", "").split() or [""])[0]
    elements = record.findall("variable")
    variables = tuple(_variable(element, language, name) for element in elements)
    _check(variables, name)
    return Definition(
        root.get("version", ""),
        record.get("href", ""),
        record.get("format", "").lower() == "csv",
        _whole(record.get("skip", "0"), "skip", name),
        variables,
    )


def _parsed(data: bytes, name: str) -> Any:
    """Parse XML that may be hostile."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(data) > _LARGEST:
        raise DataFileError(
            f"{name}: the definition has {len(data) / 1e6:,.0f} MB, more than the"
            f" {_LARGEST / 1e6:,.0f} MB that are read. Export fewer variables."
        )
    try:
        root = fromstring(data)
    except DefusedXmlException as error:
        raise DataFileError(
            f"{name}: the XML defines entities of its own ({type(error).__name__}),"
            " which are not read. Export the definition again."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DataFileError(
            f"{name}: the Triple-S definition is damaged, or no XML ({error})."
            " Export it again as Triple-S 2.0 or 3.0."
        ) from error
    if root.tag.lower() != "sss":
        raise DataFileError(
            f"{name}: this XML is no Triple-S definition: it begins with <{root.tag}>."
            " Name the .sss or .xml file of the export."
        )
    return root


def _refuse_hierarchy(root: Any, name: str) -> None:
    """Refuse a definition of levels, naming the definition of each of them."""
    levels = [
        f"{level.get('ident', '')}: {level.get('href', '')}"
        for level in root.findall("hierarchy/level")
    ]
    if levels or root.find("hierarchy") is not None:
        raise DataFileError(
            f"{name}: this is a Triple-S hierarchy of {len(levels)} levels"
            f" ({some(levels)}), and a table has one row per respondent. Read the"
            " definition of the level whose records are respondents."
        )


def _check(variables: tuple[Variable, ...], name: str) -> None:
    """Refuse no variables, two of one name, and more columns than a survey has."""
    counts = Counter(variable.name for variable in variables)
    twice = [each for each, count in counts.items() if count > 1]
    if twice or not variables:
        what = f"names variables twice: {some(twice)}" if twice else "has no variables"
        raise DataFileError(f"{name}: the Triple-S definition {what}. Export it again.")
    wide = [v for v in variables if v.kind == "multiple"]
    columns = len(variables) + sum(
        v.subfields or len(v.values) + _reach(v.spans) for v in wide
    )
    if columns > MOST_COLUMNS:
        raise DataFileError(
            f"{name}: the Triple-S definition makes {columns} columns, and a survey has"
            f" at most {MOST_COLUMNS}. Export fewer variables."
        )


def _variable(element: Any, language: str, name: str) -> Variable:
    """Read one variable."""
    own = _plain(element.find("name")) or element.get("ident", "")
    place = f"{name}, variable '{own}'"
    position, spread = element.find("position"), element.find("spread")
    if not own or position is None:
        raise DataFileError(
            f"{place}: a variable needs a name and a position. Export it again."
        )
    start = _whole(position.get("start", ""), "start", place)
    finish = _whole(position.get("finish", str(start)), "finish", place)
    if not 0 < start <= finish <= _FURTHEST:
        raise DataFileError(
            f"{place}: the position runs from {start} to {finish}, and columns count"
            f" from 1 to {_FURTHEST:,}. Export it again."
        )
    sizes = {} if spread is None else spread.attrib
    return Variable(
        name=own,
        kind=element.get("type", "").lower(),
        wording=_texts(element.find("label"), language),
        start=start,
        finish=finish,
        values=tuple(_values(element, language)),
        spans=tuple(_spans(element)),
        use=element.get("use", "").lower(),
        asked_where=_plain(element.find("filter")),
        subfields=_whole(sizes.get("subfields", "0"), "subfields", place),
        width=_whole(sizes.get("width", "0"), "width", place),
    )


def _values(element: Any, language: str) -> Iterator[Value]:
    """Read the codes of a variable and their texts."""
    for value in element.iterfind("values/*"):
        if value.tag in {"value", "missing"} and value.get("code", "").strip():
            yield Value(
                value.get("code").strip(),
                _texts(value, language),
                value.get("score", ""),
                value.tag == "missing" or value.get("missing", "").lower() in _YES,
            )


def _spans(element: Any) -> Iterator[Span]:
    """Read the ranges of a variable."""
    for found in element.iterfind("values/range"):
        low, high = found.get("from", "").strip(), found.get("to", "").strip()
        if low and high:
            yield Span(low, high, found.get("missing", "").lower() in _YES)


def _texts(element: Any, language: str) -> dict[str, str]:
    """Read a text in all its languages; what an interview shows comes first."""
    if element is None:
        return {}
    found = {language: _plain(element)}
    for mode in ("", "interview"):
        for text in element.iterfind("text"):
            spoken = text.get("mode", "")
            if spoken == mode or (not mode and not found.get(_of(text, language))):
                found[_of(text, language)] = _plain(text)
    return {each: text for each, text in found.items() if text}


def _of(text: Any, language: str) -> str:
    """Give the language of a text."""
    return str(text.get(_LANGUAGE) or language)


def _plain(element: Any) -> str:
    """Give the text of an element without its specialised texts, on one line."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        inner = "" if child.tag == "text" else "".join(child.itertext())
        parts += [" ", inner, child.tail or ""]
    return tidy("".join(parts).translate(_WINDOWS))


def _whole(text: str, what: str, place: str) -> int:
    """Read a whole number that is not below 0."""
    if not re.fullmatch(r"\s*\d{1,9}\s*", text):
        raise DataFileError(
            f"{place}: {what} is {text[:40]!r}, and a whole number is needed."
            " Export the definition again."
        )
    return int(text)


def _reach(spans: tuple[Span, ...]) -> int:
    """Count the whole numbers of spans."""
    ends = [_ends(span) for span in spans]
    return sum(high - low + 1 for low, high in ends if low <= high)


def _counted(spans: tuple[Span, ...]) -> Iterator[str]:
    """Give the whole numbers of spans as codes."""
    for span in spans:
        low, high = _ends(span)
        yield from map(str, range(low, high + 1))


def _ends(span: Span) -> tuple[int, int]:
    """Give the ends of a span of whole numbers; an empty one for other values."""
    whole = _INTEGER.fullmatch(span.low) and _INTEGER.fullmatch(span.high)
    return (int(span.low), int(span.high)) if whole else (1, 0)
