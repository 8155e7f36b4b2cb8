"""What the questions of a Qualtrics survey are in an export of its answers.

A matrix with one answer per row is a grid; a row with several answers, and a column of
a side-by-side table, are questions of their own, as their columns are named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from survey.importers.definition import Choice, Kind, QuestionDefinition
from survey.importers.definitions.condition import Routed
from survey.importers.definitions.piping import beside, plain
from survey.importers.definitions.qsf_logic import Target, entries

# Key under which choices that came from another question are listed by their ids.
CARRIED: Final = "carried forward"
_MANY: Final = ("MA", "MSB")
_YES: Final = {True, "true", "on", "1"}


@dataclass(frozen=True, slots=True)
class Element:
    """A question of the file: its export tag, what it holds, and the base language."""

    tag: str
    payload: Mapping[str, Any]
    language: str

    def text(self, key: str) -> str:
        """Give a field as text."""
        value = self.payload.get(key)
        return value if isinstance(value, str) else ""


def element_of(payload: Mapping[str, Any], language: str) -> Element:
    """Name a question by its export tag.

    Parameters
    ----------
    payload : mapping
        What the file holds of it.
    language : str
        Base language of the survey.

    Returns
    -------
    Element
        Its QID where it has no tag.

    Examples
    --------
    >>> element_of({"QuestionID": "QID7"}, "en").tag
    'QID7'
    """
    tag = plain(payload.get("DataExportTag"))
    return Element(tag or str(payload.get("QuestionID")), payload, language)


def target_of(element: Element) -> Target:
    """Say what logic can refer to in a question.

    Parameters
    ----------
    element : Element
        The question.

    Returns
    -------
    Target
        Codes for questions with choices, and matrices with answers to choose.

    Examples
    --------
    >>> payload = {"QuestionType": "MC", "Choices": {"1": {"Display": "Yes"}}}
    >>> dict(target_of(Element("Q1", payload, "en")).codes)
    {'1': '1'}
    """
    if element.text("QuestionType") == "Matrix":
        return _matrix_target(element)
    single = element.text("QuestionType") == "MC"
    codes = _codes(element.payload) if single else {}
    return Target(element.tag, codes, _is_number(element.payload))


def _matrix_target(element: Element) -> Target:
    """Say what logic can refer to in a matrix: an answer in a row."""
    made = _matrix(element)
    rows = _rows(element)
    if all(d.kind == "multiple" for d in made):
        named = {row.code: (row.column, "") for row in rows}
    elif made[0].kind == "grid":
        named = {row.code: (element.tag, row.code) for row in rows}
    else:
        return Target(element.tag, {}, numeric=False)
    codes = _codes(element.payload, "Answer")
    return Target(element.tag, codes, numeric=False, rows=named)


def _is_number(payload: Mapping[str, Any]) -> bool:
    """Tell a text field that takes numbers only."""
    rules = _settings(payload)
    known = "ValidNumber" in {rules.get("ContentType"), rules.get("Type")}
    return payload.get("QuestionType") == "TE" and known


def _settings(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the rules of validation."""
    validation = payload.get("Validation")
    settings = validation.get("Settings") if isinstance(validation, dict) else None
    return settings if isinstance(settings, dict) else {}


def define(element: Element, routed: Routed) -> list[QuestionDefinition]:
    """Define the questions that an element is in an export.

    Parameters
    ----------
    element : Element
        A question of the survey.
    routed : Routed
        Who is asked.

    Returns
    -------
    list of QuestionDefinition
        One, or one for every row or column that is a question of its own.

    Examples
    --------
    >>> element = Element("Q1", {"QuestionType": "TE", "QuestionText": "Why?"}, "en")
    >>> [(d.question, d.kind, d.wording) for d in define(element, Routed())]
    [('Q1', 'text', {'en': 'Why?'})]
    """
    kinds: dict[str, Callable[[Element], list[QuestionDefinition]]] = {
        "MC": _choices,
        "Matrix": _matrix,
        "SBS": _side_by_side,
        "TE": _text,
        "RO": _ranking,
        "Slider": _numbers,
        "CS": _numbers,
    }
    define = kinds.get(element.text("QuestionType"), _other)
    return [
        replace(definition, asked_if=routed.said, routing=routed.words)
        for definition in define(element)
    ]


def _other(element: Element, kind: Kind = "") -> list[QuestionDefinition]:
    """Define a question of which only the wording is known."""
    return [QuestionDefinition(element.tag, kind, _wording(element, "QuestionText"))]


def _choices(element: Element) -> list[QuestionDefinition]:
    """Define a question with choices."""
    many = element.text("Selector").startswith(_MANY)
    categories = _listed(element, "Choices", _codes(element.payload), columns=many)
    kind: Kind = "multiple" if many else "single"
    (bare,) = _other(element, kind)
    most = _most(element.payload) if many else None
    return [replace(bare, categories=categories, max_choices=most)]


def _ranking(element: Element) -> list[QuestionDefinition]:
    """Define a ranking: every choice has a column with its rank."""
    (bare,) = _other(element, "ranking")
    codes = _codes(element.payload)
    return [replace(bare, categories=_listed(element, "Choices", codes, columns=True))]


def _numbers(element: Element) -> list[QuestionDefinition]:
    """Define sliders and sums: every choice has a column with its number."""
    (bare,) = _other(element, "numeric")
    codes = _codes(element.payload)
    return [replace(bare, items=_listed(element, "Choices", codes, columns=True))]


def _text(element: Element) -> list[QuestionDefinition]:
    """Define a text field, or a form of several."""
    kind: Kind = "numeric" if _is_number(element.payload) else "text"
    (bare,) = _other(element, kind)
    if element.text("Selector") != "FORM":
        return [bare]
    codes = _codes(element.payload)
    return [replace(bare, items=_listed(element, "Choices", codes, columns=True))]


def _side_by_side(element: Element) -> list[QuestionDefinition]:
    """Define the columns of a side-by-side table, each as a matrix of its rows."""
    inherited = {
        key: element.payload[key]
        for key in ("Choices", "ChoiceOrder", "Language")
        if key in element.payload
    }
    found = []
    for number, column in entries(element.payload.get("AdditionalQuestions")):
        if isinstance(column, dict):
            payload = {**inherited, **column, "ChoiceDataExportTags": False}
            payload["Choices"] = column.get("Choices") or inherited.get("Choices")
            child = replace(element, tag=f"{element.tag}#{number}", payload=payload)
            found += [
                replace(d, wording=beside(_wording(element, "QuestionText"), d.wording))
                for d in _matrix(child)
            ]
    return found


def _matrix(element: Element) -> list[QuestionDefinition]:
    """Define a matrix: a grid, a question per row, or a field per cell."""
    rows = _rows(element)
    (bare,) = _other(element)
    selector = element.text("Selector")
    answers = _listed(element, "Answers", _codes(element.payload, "Answer"))
    if selector in {"TE", "CS"}:
        kind: Kind = "text" if selector == "TE" else "numeric"
        return [replace(bare, kind=kind, items=_cells(rows, answers))]
    if selector not in {"", "Likert", "Bipolar"}:
        return [replace(bare, items=rows)]
    if element.text("SubSelector").startswith("MultipleAnswer"):
        return [_row(bare, row, answers) for row in rows]
    return [replace(bare, kind="grid", categories=answers, items=rows)]


def _rows(element: Element) -> tuple[Choice, ...]:
    """List the rows of a matrix, with the tags that they have in an export."""
    own = dict(entries(element.payload.get("ChoiceDataExportTags")))
    codes = {id_: id_ for id_, _ in entries(element.payload.get("Choices"))}
    rows = _listed(element, "Choices", codes, columns=True)
    return tuple(replace(r, column=plain(own.get(r.code)) or r.column) for r in rows)


def _row(
    bare: QuestionDefinition, row: Choice, answers: tuple[Choice, ...]
) -> QuestionDefinition:
    """Define a row of a matrix in which several answers can be chosen."""
    return replace(
        bare,
        question=row.column,
        kind="multiple",
        wording=beside(bare.wording, row.label),
        categories=tuple(
            replace(answer, column=f"{row.column}_{answer.code}") for answer in answers
        ),
    )


def _cells(rows: tuple[Choice, ...], answers: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """List the cells of a matrix of fields."""
    return tuple(
        Choice(
            f"{row.code}_{answer.code}",
            beside(row.label, answer.label),
            column=f"{row.column}_{answer.code}",
        )
        for row in rows
        for answer in answers
    )


def _codes(payload: Mapping[str, Any], part: str = "Choice") -> dict[str, str]:
    """Give every choice or answer the code that it has in an export."""
    recoded = dict(entries(payload.get("RecodeValues")))
    return {
        id_: plain(recoded.get(id_)) or id_
        for id_, _ in entries(payload.get(f"{part}s"))
    }


def _listed(
    element: Element, part: str, codes: Mapping[str, str], *, columns: bool = False
) -> tuple[Choice, ...]:
    """List choices or answers in the order in which they are shown."""
    shown = dict(entries(element.payload.get(part)))
    order = [str(id_) for _, id_ in entries(element.payload.get(f"{part[:-1]}Order"))]
    ids = [id_ for id_ in dict.fromkeys([*order, *shown]) if id_ in shown]
    carried = element.payload.get(CARRIED, ())
    return tuple(
        Choice(
            codes[id_],
            _label(element, part, id_),
            _is_exclusive(shown[id_]),
            f"{element.tag}_{id_ if id_ in carried else codes[id_]}" if columns else "",
        )
        for id_ in ids
    )


def _is_exclusive(choice: object) -> bool:
    """Tell whether a choice excludes all others."""
    value = choice.get("ExclusiveAnswer") if isinstance(choice, dict) else None
    return isinstance(value, (bool, str, int)) and value in _YES


def _label(element: Element, part: str, id_: str) -> dict[str, str]:
    """Give the text of a choice in every language."""
    texts = {element.language: element.payload}
    texts |= _languages(element.payload)
    found = {}
    for language, holder in texts.items():
        choice = dict(entries(holder.get(part))).get(id_)
        text = plain(choice.get("Display")) if isinstance(choice, dict) else ""
        if text:
            found[language] = text
    return found


def _wording(element: Element, key: str) -> dict[str, str]:
    """Give a text of a question in every language."""
    texts = {element.language: element.payload} | _languages(element.payload)
    worded = {language: plain(holder.get(key)) for language, holder in texts.items()}
    return {language: text for language, text in worded.items() if text}


def _languages(payload: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give the translations of a question."""
    return {
        language_code(language): holder
        for language, holder in entries(payload.get("Language"))
        if isinstance(holder, dict)
    }


def language_code(language: object) -> str:
    """Give a language as questionnaires write it.

    Parameters
    ----------
    language : object
        Such as ``EN`` or ``PT-BR``.

    Returns
    -------
    str
        Small letters; empty where it is no text.

    Examples
    --------
    >>> language_code("PT-BR")
    'pt-br'
    """
    return language.lower() if isinstance(language, str) else ""


def _most(payload: Mapping[str, Any]) -> int | None:
    """Give the largest number of answers."""
    most = str(_settings(payload).get("MaxChoices", ""))
    return int(most) if most.isdecimal() and 0 < len(most) <= len("999") else None
