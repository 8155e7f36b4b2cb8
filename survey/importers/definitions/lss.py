"""LimeSurvey definitions (.lss): questions, answers and routing of a survey.

Texts stood in the rows of questions and answers before version 4 and in tables of
their own since; both are read. Columns are named as an export with codes names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from survey.errors import DataFileError
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.definitions.condition import Routed, all_of
from survey.importers.definitions.lss_questions import Part, define, variables_of
from survey.importers.definitions.piping import plain
from survey.importers.definitions.relevance import Variable, read_relevance

_MOST_BYTES: Final = 50_000_000
_TABLES: Final = (
    "answers",
    "answer_l10ns",
    "conditions",
    "groups",
    "questions",
    "subquestions",
    "question_l10ns",
    "question_attributes",
    "surveys",
)
_NO_QUESTION: Final = {"X"}
_PARTS: Final = {
    "Group": "a group of questions (.lsg)",
    "Question": "a question (.lsq)",
}
_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Survey:
    """Tables of the file, and its languages with the base language first."""

    tables: Mapping[str, list[_Row]]
    languages: tuple[str, ...]


def read_lss(path: Path, data: bytes) -> dict[str, QuestionDefinition]:
    """Read the definition of a LimeSurvey survey.

    Parameters
    ----------
    path : Path
        The file; only its name is used.
    data : bytes
        Its content.

    Returns
    -------
    dict of question to QuestionDefinition
        In the order of the survey, by question code. The two scales of a dual-scale
        array are ``code_1`` and ``code_2``.

    Raises
    ------
    DataFileError
        The file is no such definition, holds a part of a survey only, declares
        entities, or is larger than 50 MB.

    Examples
    --------
    >>> row = "<row><qid>1</qid><type>T</type><title>why</title></row>"
    >>> text = ("<document><LimeSurveyDocType>Survey</LimeSurveyDocType>"
    ...         f"<questions><rows>{row}</rows></questions></document>")
    >>> read_lss(Path("a.lss"), text.encode())["why"].kind
    'text'
    """
    survey = _survey(path, data)
    parts = _parts(survey)
    routing = _routing(survey, parts)
    found: dict[str, QuestionDefinition] = {}
    for id_, part in parts.items():
        if part.type not in _NO_QUESTION:
            for definition in define(part, routing[id_]):
                found.setdefault(definition.question, definition)
    return found


def _survey(path: Path, data: bytes) -> _Survey:
    """Parse the file, refusing what is no definition of a survey."""
    document = _document(path, data)
    kind = (document.findtext("LimeSurveyDocType") or "").strip()
    if kind in _PARTS:
        raise DataFileError(
            f"{path}: this is {_PARTS[kind]} of LimeSurvey, and not the whole survey."
            " In LimeSurvey choose Export, Survey structure (.lss)."
        )
    if kind != "Survey":
        raise DataFileError(
            f"{path}: this XML is no LimeSurvey definition (LimeSurveyDocType is"
            f" {kind[:40]!r}, not 'Survey'). In LimeSurvey choose Export, Survey"
            " structure (.lss)."
        )
    tables = {name: _rows(document, name) for name in _TABLES}
    listed = [(e.text or "").strip() for e in document.iterfind("languages/language")]
    base = [row["language"] for row in tables["surveys"] if row.get("language")]
    return _Survey(tables, tuple(dict.fromkeys([*base[:1], *listed])))


def _document(path: Path, data: bytes) -> Element:
    """Parse XML without entities."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > _MOST_BYTES:
        raise DataFileError(
            f"{path}: a definition of {len(data) // 1_000_000} MB is not read; the most"
            f" are {_MOST_BYTES // 1_000_000}. Export the structure of one survey."
        )
    try:
        document: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DataFileError(
            f"{path}: this is no XML that can be read ({str(error)[:80]})."
            " In LimeSurvey choose Export, Survey structure (.lss)."
        ) from None
    return document


def _rows(document: Element, table: str) -> list[_Row]:
    """List the rows of a table."""
    return [
        {field.tag: (field.text or "").strip() for field in row}
        for row in document.iterfind(f"{table}/rows/row")
    ]


def _parts(survey: _Survey) -> dict[str, Part]:
    """Put every question together with its rows, answers, texts and attributes."""
    tables = survey.tables
    texts = _texts([*tables["questions"], *tables["subquestions"]], "question", "qid")
    texts |= _texts(tables["question_l10ns"], "question", "qid")
    answers = _answers(survey)
    inside: dict[str, list[_Row]] = {}
    for row in sorted(tables["subquestions"], key=_order):
        inside.setdefault(row.get("parent_qid", ""), []).append(row)
    attributes = _attributes(tables["question_attributes"])
    groups = {row.get("gid", ""): _order(row) for row in tables["groups"]}
    rows = sorted(
        tables["questions"],
        key=lambda row: (groups.get(row.get("gid", ""), 0), _order(row)),
    )
    found: dict[str, Part] = {}
    for row in rows:
        id_ = row.get("qid", "")
        if id_ not in found and row.get("title") and row.get("parent_qid", "0") == "0":
            subs = _unique(inside.get(id_, []), texts, survey.languages)
            found[id_] = Part(
                row["title"],
                row.get("type", ""),
                _in_order(texts.get(id_, {}), survey.languages),
                subs,
                answers.get(id_, {}),
                attributes.get(id_, {}),
                other=row.get("other") == "Y",
                mandatory=row.get("mandatory") == "Y",
            )
    return found


def _order(row: _Row) -> int:
    """Give the place of a row of questions, groups or answers."""
    for key in ("question_order", "group_order", "sortorder"):
        text = row.get(key, "")
        if text.isascii() and text.isdecimal():
            return int(text[:9])
    return 0


def _texts(rows: list[_Row], field: str, key: str) -> dict[str, dict[str, str]]:
    """Collect a text in every language."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        text = plain(row.get(field, ""))
        if text:
            found.setdefault(row.get(key, ""), {})[row.get("language", "")] = text
    return found


def _in_order(texts: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Put the base language first."""
    first = [language for language in languages if language in texts]
    return {language: texts[language] for language in dict.fromkeys([*first, *texts])}


def _unique(
    rows: list[_Row], texts: Mapping[str, Mapping[str, str]], languages: tuple[str, ...]
) -> dict[str, tuple[Choice, ...]]:
    """List the subquestions of each scale, once for all languages."""
    found: dict[str, dict[str, Choice]] = {}
    for row in rows:
        label = _in_order(texts.get(row.get("qid", ""), {}), languages)
        code = row.get("title", "")
        scale = found.setdefault(row.get("scale_id") or "0", {})
        if code:
            scale.setdefault(code, Choice(code, label))
    return {scale: tuple(choices.values()) for scale, choices in found.items()}


def _answers(survey: _Survey) -> dict[str, dict[str, tuple[Choice, ...]]]:
    """List the answers of every question, by scale."""
    rows = sorted(survey.tables["answers"], key=_order)
    own = _texts(survey.tables["answer_l10ns"], "answer", "aid")
    found: dict[str, dict[str, dict[str, Choice]]] = {}
    for row in rows:
        scale = found.setdefault(row.get("qid", ""), {})
        codes = scale.setdefault(row.get("scale_id") or "0", {})
        code = row.get("code", "")
        label = dict(codes[code].label) if code in codes else {}
        label |= own.get(row.get("aid", ""), {})
        if plain(row.get("answer", "")):
            label[row.get("language", "")] = plain(row["answer"])
        codes[code] = Choice(code, _in_order(label, survey.languages))
    return {
        id_: {scale: tuple(codes.values()) for scale, codes in scales.items()}
        for id_, scales in found.items()
    }


def _attributes(rows: list[_Row]) -> dict[str, dict[str, dict[str, str]]]:
    """Collect the attributes of every question, by language."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        if row.get("value"):
            named = found.setdefault(row.get("qid", ""), {})
            values = named.setdefault(row.get("attribute", ""), {})
            values[row.get("language", "")] = row["value"]
    return found


def _routing(survey: _Survey, parts: Mapping[str, Part]) -> dict[str, Routed]:
    """Say who is asked every question."""
    tables = survey.tables
    groups = {row.get("gid", ""): row.get("grelevance", "") for row in tables["groups"]}
    sid = next((row["sid"] for row in tables["surveys"] if row.get("sid")), "")
    old: dict[str, list[str]] = {}
    for row in tables["conditions"]:
        said = " ".join(row.get(key, "") for key in ("cfieldname", "method", "value"))
        old.setdefault(row.get("qid", ""), []).append(said)
    variables: dict[str, Variable] = {}
    routing: dict[str, Routed] = {}
    rows = {row.get("qid", ""): row for row in reversed(tables["questions"])}
    for id_, part in parts.items():
        row = rows[id_]
        gid = row.get("gid", "")
        both = [groups.get(gid, ""), row.get("relevance", "")]
        routed = all_of(read_relevance(text, variables) for text in both)
        if not routed.words and id_ in old:
            routed = Routed("", "; ".join(old[id_]))
        routing[id_] = routed
        always = not routed.words
        variables |= variables_of(part, f"{sid}X{gid}X{id_}", always=always)
    return routing
