"""What was asked: the questionnaire as a value.

Codes are texts everywhere (``"1"``, never ``1``); the loader turns YAML numbers
into them. Wording is a mapping of language to text; the language ``""`` stands for
a text given without one.
"""

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue

Kind = Literal["single", "multiple", "grid", "numeric", "text"]
BaseRule = Literal["asked", "answered", "named"]
BASE_RULES: tuple[BaseRule, ...] = get_args(BaseRule)


def _as_code(value: Any) -> Any:
    """Turn a YAML number or date into the text that stands for it."""
    if isinstance(value, bool) or (isinstance(value, float) and not isfinite(value)):
        return value
    return str(value) if isinstance(value, (int, float, date)) else value


def _as_text(value: Any) -> Any:
    """Let a plain text stand for a wording without a language."""
    if isinstance(value, dict):
        return {language: _as_code(text) for language, text in value.items()}
    value = _as_code(value)
    return {"": value} if isinstance(value, str) else value


CODE_SCHEMA: JsonSchemaValue = {"type": ["string", "number"]}
TEXT_SCHEMA: JsonSchemaValue = {
    "anyOf": [
        {"type": ["string", "number"]},
        {"type": "object", "additionalProperties": {"type": "string"}},
    ]
}
Code = Annotated[
    str, BeforeValidator(_as_code), Field(min_length=1), WithJsonSchema(CODE_SCHEMA)
]
Text = Annotated[dict[str, str], BeforeValidator(_as_text), WithJsonSchema(TEXT_SCHEMA)]


class Part(BaseModel):
    """Base of all parts of a file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Category(Part):
    """One answer that can be chosen.

    ``column`` names the export column that stands for this category alone;
    ``aliases`` are other values or labels that stand for it in an export;
    ``specify`` names the column with the text typed beside it; where that is the
    column of the question itself, answers that match no other category belong here.
    Who chose a category with ``screen_out`` does not belong to the survey; who chose
    a ``trap`` did not read.
    """

    code: Code
    label: Text
    exclusive: bool = False
    missing: bool = False
    dont_know: bool = False
    screen_out: bool = False
    trap: bool = False
    column: str | None = None
    aliases: tuple[Code, ...] = ()
    specify: str | None = None


class Item(Part):
    """One row of a grid.

    ``column`` holds its answer, or ``columns`` one column for each code of the scale;
    where all items have the same ``columns``, cells say which item stands at a rank.
    ``reverse`` marks an item that says the contrary of the others; ``expected`` is the
    code that an item asks for to see whether it is read.
    """

    code: Code
    label: Text
    column: str | None = None
    columns: dict[Code, str] = Field(default_factory=dict)
    reverse: bool = False
    expected: Code | None = None


class Net(Part):
    """Several codes of a question taken together; a respondent counts once.

    ``codes`` may name other nets of the question as well.
    """

    code: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
    label: Text
    codes: tuple[Code, ...] = Field(min_length=1)


class Question(Part):
    """One item put to respondents.

    Attributes
    ----------
    id : str
        Name of the question in studies, routing and results.
    kind : {"single", "multiple", "grid", "numeric", "text"}
        A scale is ``single`` or ``grid`` with ``ordered: true``.
    label, wording : text per language
        Short label for tables, and the question as it was put.
    categories, items
        Answers; rows of a grid.
    ordered : bool
        Categories stand in the order of a scale (missing and don't know apart).
    asked_if : str, optional
        Routing, such as ``stage in (3, 4) and size != 9``.
    max_choices : int, optional
        Cap of a multiple response question.
    dont_know_in_base : bool
        Whether "don't know" counts in the base of the percentages.
    base : {"asked", "answered", "named"}
        Base of the percentages: everyone asked, everyone who answered, or (multiple
        response) everyone who named at least one category that is not exclusive.
    column, delimiter, counted_value
        Where the answer is found when it is not found by id or wording; what
        separates several answers in one cell (of a grid: items in order of rank);
        what a column per option holds when the option was chosen (any non-blank value
        where not given).
    specify : str, optional
        Column of a text typed beside the question as a whole, as under a grid.
    trap : bool
        A text question that people do not see: who fills it is a program.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$")]
    kind: Kind
    label: Text
    wording: Text = Field(default_factory=dict)
    categories: tuple[Category, ...] = ()
    items: tuple[Item, ...] = ()
    ordered: bool = False
    asked_if: str | None = None
    max_choices: int | None = Field(default=None, ge=1)
    dont_know_in_base: bool = True
    base: BaseRule = "answered"
    column: str | None = None
    delimiter: str | None = None
    counted_value: Code | None = None
    specify: str | None = None
    trap: bool = False
    unit: Text = Field(default_factory=dict)


class Paradata(Part):
    """Columns of the export that describe the record rather than answers."""

    respondent: str | None = None
    organisation: str | None = None
    started: str | None = None
    finished: str | None = None
    seconds: str | None = None
    status: str | None = None
    language: str | None = None
    weight: str | None = None


class Questionnaire(Part):
    """What was asked in one wave.

    ``complete`` and ``screened_out`` list the values of the status column that
    mean a complete record and a screened-out one; every other value is partial.
    ``personal`` lists columns that identify a person and stay out of every output.
    ``routing`` is ``unknown`` in a draft: the file alone does not tell who was asked.
    """

    id: str
    title: Text
    languages: tuple[str, ...] = ("",)
    paradata: Paradata = Paradata()
    complete: tuple[Code, ...] = ()
    screened_out: tuple[Code, ...] = ()
    personal: tuple[str, ...] = ()
    routing: Literal["stated", "unknown"] = "stated"
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question | None:
        """Give the question with that id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)


def in_language(text: Mapping[str, str], language: str) -> str:
    """Give a text in a language, or in the first one that it has.

    Parameters
    ----------
    text : mapping of language to str
        A wording or label.
    language : str
        Wanted language, such as ``de``.

    Returns
    -------
    str
        The text; empty when there is none in any language.

    Examples
    --------
    >>> in_language({"en": "Costs", "de": "Kosten"}, "de")
    'Kosten'
    >>> in_language({"": "Costs"}, "de")
    'Costs'
    """
    if language in text:
        return text[language]
    return next(iter(text.values()), "")
