"""What a definition of a survey says: the instrument as its platform stores it.

A `.qsf`, `.lss`, XLSForm or Triple-S file tells wording, kind, categories and routing,
which no export of answers does. Nothing here is about answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["", "single", "multiple", "grid", "ranking", "numeric", "text"]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen, or a row of a grid.

    Attributes
    ----------
    code : str
        As exports hold it.
    label : mapping of language to str
        The language is empty where the platform does not say.
    exclusive : bool
        Whether it excludes all others.
    column : str
        Column of the export that stands for it alone; empty where there is none.
    """

    code: str
    label: Mapping[str, str]
    exclusive: bool = False
    column: str = ""


@dataclass(frozen=True, slots=True)
class QuestionDefinition:
    """A question as its platform defines it.

    Attributes
    ----------
    question : str
        Id, as in `ColumnLabel.question`.
    kind : str
        ``single``, ``multiple``, ``grid``, ``ranking``, ``numeric``, ``text``; empty
        where the platform does not say.
    wording : mapping of language to str
        Text without markup.
    categories, items : tuple of Choice
        Answers; rows of a grid. Of a ranking: what is ranked, and the ranks where each
        of them has a column.
    max_choices : int or None
        Largest number of answers.
    asked_if : str
        Routing in the grammar of questionnaires; empty where everyone is asked, or the
        routing cannot be said in it.
    routing : str
        Routing as the platform words it.
    """

    question: str
    kind: Kind = ""
    wording: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()
    max_choices: int | None = None
    asked_if: str = ""
    routing: str = ""
