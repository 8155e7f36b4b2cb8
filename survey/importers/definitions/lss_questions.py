"""What the questions of a LimeSurvey survey are in an export of its answers.

Codes and columns follow the type of a question: ``barriers[SQ001]`` for a
subquestion, ``[SQ001][1]`` for a dual scale, ``[1]`` for a rank.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from survey.importers.definition import Choice, Kind, QuestionDefinition
from survey.importers.definitions.condition import Routed
from survey.importers.definitions.piping import beside, plain
from survey.importers.definitions.relevance import Variable

_SCALES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "5": tuple((str(n), str(n)) for n in range(1, 6)),
    "A": tuple((str(n), str(n)) for n in range(1, 6)),
    "B": tuple((str(n), str(n)) for n in range(1, 11)),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
    "Y": (("Y", "Yes"), ("N", "No")),
    "G": (("F", "Female"), ("M", "Male")),
}
_SINGLE: Final = "L!O5YG"
_GRIDS: Final = "FABCEH"
_MULTIPLE: Final = "MP"
_FREE: Final[dict[str, Kind]] = {
    "N": "numeric",
    "S": "text",
    "T": "text",
    "U": "text",
    "K": "numeric",
    "Q": "text",
}
_MOST_CELLS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A question with what belongs to it.

    Attributes
    ----------
    title, type : str
        Question code, and LimeSurvey's letter for its type.
    wording : mapping of language to str
        Text, the base language first.
    rows, answers : mapping of scale to tuple of Choice
        Subquestions and answers; scale ``0``, and ``1`` where there are two.
    attributes : mapping of attribute to mapping of language to str
        Settings that are filled.
    other, mandatory : bool
        Whether there is an answer "other", and whether an answer is required.
    """

    title: str
    type: str
    wording: Mapping[str, str]
    rows: Mapping[str, tuple[Choice, ...]]
    answers: Mapping[str, tuple[Choice, ...]]
    attributes: Mapping[str, Mapping[str, str]]
    other: bool = False
    mandatory: bool = False


def define(part: Part, routed: Routed) -> list[QuestionDefinition]:
    """Define the questions that a question of LimeSurvey is in an export.

    Parameters
    ----------
    part : Part
        The question.
    routed : Routed
        Who is asked.

    Returns
    -------
    list of QuestionDefinition
        Two for a dual scale, one for every row of a table of checkboxes.

    Examples
    --------
    >>> part = Part("use", "Y", {"en": "Do you use AI?"}, {}, {}, {})
    >>> [category.code for category in define(part, Routed())[0].categories]
    ['Y', 'N']
    """
    special: dict[str, Callable[[Part], list[QuestionDefinition]]] = {
        "1": _dual_scale,
        "R": _ranking,
        ":": _table,
        ";": _table,
    }
    found = special.get(part.type, _common)(part)
    return [replace(d, asked_if=routed.said, routing=routed.words) for d in found]


def variables_of(part: Part, sgqa: str, *, always: bool) -> dict[str, Variable]:
    """List what expressions can name of a question.

    Parameters
    ----------
    part : Part
        The question.
    sgqa : str
        Its name by numbers of survey, group and question, such as ``1X2X3``.
    always : bool
        Whether everyone is asked.

    Returns
    -------
    dict of name to Variable
        By question code and by numbers.

    Examples
    --------
    >>> part = Part("use", "Y", {}, {}, {}, {})
    >>> sorted(variables_of(part, "1X2X3", always=True))
    ['1X2X3', 'use']
    """
    bare = Variable(part.title, "code", (), part.mandatory, always)
    codes = tuple(category.code for category in _categories(part))
    named: dict[str, Variable] = {}
    if part.type in _SINGLE:
        named[""] = replace(bare, codes=codes)
    elif part.type == "N":
        named[""] = replace(bare, role="number")
    for row in part.rows.get("0", ()):
        if part.type in _MULTIPLE:
            named[row.code] = replace(bare, role="chosen", codes=(row.code,))
        elif part.type in _GRIDS:
            named[row.code] = replace(bare, codes=codes, item=row.code)
    by_code = {f"{part.title}_{c}".rstrip("_"): v for c, v in named.items()}
    return by_code | {f"{sgqa}{code}": v for code, v in named.items()}


def _common(part: Part) -> list[QuestionDefinition]:
    """Define a question of which an export makes one."""
    bare = QuestionDefinition(part.title, wording=part.wording)
    if part.type in _SINGLE:
        return [replace(bare, kind="single", categories=_categories(part))]
    if part.type in _MULTIPLE:
        most = _most(part)
        chosen = _multiple(part)
        return [replace(bare, kind="multiple", categories=chosen, max_choices=most)]
    items = _with_columns(part, part.rows.get("0", ()))
    if part.type in _GRIDS:
        return [replace(bare, kind="grid", categories=_categories(part), items=items)]
    return [replace(bare, kind=_FREE.get(part.type, ""), items=items)]


def _categories(part: Part) -> tuple[Choice, ...]:
    """List the answers of a question, built in or its own."""
    fixed = _SCALES.get(part.type)
    if fixed:
        return tuple(Choice(code, {"": label}) for code, label in fixed)
    own = part.answers.get("0", ())
    other = part.other and part.type in "L!"
    return (*own, Choice("-oth-", _other_label(part))) if other else own


def _other_label(part: Part) -> dict[str, str]:
    """Give the text of the answer "other"."""
    texts = part.attributes.get("other_replace_text", {})
    own = {language: plain(text) for language, text in texts.items() if plain(text)}
    return own or {"": "Other"}


def _multiple(part: Part) -> tuple[Choice, ...]:
    """List the answers of a multiple response, with their columns."""
    alone = ";".join(part.attributes.get("exclude_all_others", {}).values())
    exclusive = set(alone.replace(",", ";").split(";"))
    choices = list(part.rows.get("0", ()))
    if part.other:
        choices.append(Choice("other", _other_label(part)))
    return tuple(
        replace(choice, exclusive=choice.code in exclusive)
        for choice in _with_columns(part, tuple(choices))
    )


def _with_columns(part: Part, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Name the columns of subquestions."""
    return tuple(
        replace(choice, column=f"{part.title}[{choice.code}]") for choice in choices
    )


def _dual_scale(part: Part) -> list[QuestionDefinition]:
    """Define an array with two scales as two grids."""
    found = []
    for number, scale in enumerate(("0", "1"), 1):
        items = tuple(
            replace(row, column=f"{part.title}[{row.code}][{number}]")
            for row in part.rows.get("0", ())
        )
        heads = part.attributes.get(f"dualscale_header{'AB'[number - 1]}", {})
        wording = {
            language: " - ".join(filter(None, (text, plain(heads.get(language, "")))))
            for language, text in part.wording.items()
        }
        found.append(
            QuestionDefinition(
                f"{part.title}_{number}",
                "grid",
                wording,
                part.answers.get(scale, ()),
                items,
            )
        )
    return found


def _ranking(part: Part) -> list[QuestionDefinition]:
    """Define a ranking: each rank has a column, which says what was put there."""
    answers = part.answers.get("0", ()) or part.rows.get("0", ())
    most = _most(part)
    ranks = tuple(
        Choice(str(rank), {"": f"Rank {rank}"}, column=f"{part.title}[{rank}]")
        for rank in range(1, min(most or len(answers), len(answers)) + 1)
    )
    return [QuestionDefinition(part.title, "ranking", part.wording, answers, ranks)]


def _table(part: Part) -> list[QuestionDefinition]:
    """Define a table of texts, numbers or checkboxes."""
    rows, columns = part.rows.get("0", ()), part.rows.get("1", ())
    if len(rows) * len(columns) > _MOST_CELLS:
        return [QuestionDefinition(part.title, "", part.wording)]
    checked = part.attributes.get("multiflexible_checkbox", {})
    if "1" in checked.values():
        return [
            QuestionDefinition(
                f"{part.title}_{row.code}",
                "multiple",
                beside(part.wording, row.label),
                tuple(_cell(part, row, column).named for column in columns),
            )
            for row in rows
        ]
    kind: Kind = "text" if part.type == ";" else "numeric"
    cells = tuple(_cell(part, row, column).whole for row in rows for column in columns)
    return [QuestionDefinition(part.title, kind, part.wording, items=cells)]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a table: as an answer of its row, and as an item of its own."""

    named: Choice
    whole: Choice


def _cell(part: Part, row: Choice, column: Choice) -> _Cell:
    """Name a cell of a table."""
    code = f"{row.code}_{column.code}"
    name = f"{part.title}[{code}]"
    whole = Choice(code, beside(row.label, column.label), column=name)
    return _Cell(replace(column, column=name), whole)


def _most(part: Part) -> int | None:
    """Give the largest number of answers."""
    texts = [text.strip() for text in part.attributes.get("max_answers", {}).values()]
    numbers = [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) < 4]  # noqa: PLR2004 - at most 999
    return next((number for number in numbers if number > 0), None)
