"""The glossary: every term of the trade that the report uses, and no other."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Protocol

from survey.report.document import (
    Block,
    ChartBlock,
    Note,
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.wording import words

_TERM: Final = "term_"
_MEANS: Final = "means_"
_MARKS: Final = "marks_"
_SORTED_AS: Final = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


class Speaker(Protocol):
    """What knows the language of a report, such as a wave or a landscape."""

    @property
    def language(self) -> str:
        """Language of the report."""

    def say(self, key: str, **values: object) -> str:
        """Give a fixed text."""


def glossary_page(
    context: Speaker, pages: Sequence[Page], terms: Collection[str] | None = None
) -> Page:
    """Make the page that explains the terms of a report.

    Parameters
    ----------
    context : Speaker
        For the language.
    pages : sequence of Page
        All other pages.
    terms : collection of str, optional
        Names of the terms to choose from; all when omitted.

    Returns
    -------
    Page
        A table of terms in the order of the alphabet, each with its meaning.
    """
    title = context.say("page_glossary")
    rows = tuple(
        TableRow(term, (TableCell(meaning),))
        for term, meaning in _terms(context.language, pages, terms)
    )
    block = TableBlock(
        "glossary",
        title,
        context.say("glossary_term"),
        (TableColumn(context.say("glossary_meaning")),),
        rows,
    )
    return Page("glossary", title, (block,), context.say("section_method"))


def _terms(
    language: str, pages: Sequence[Page], terms: Collection[str] | None
) -> list[tuple[str, str]]:
    """Give the terms that some page uses, with their meanings."""
    fixed = words(language)
    text = "\n".join(said(pages)).casefold()
    used = [
        key.removeprefix(_TERM)
        for key in fixed
        if key.startswith(_TERM) and _is_used(fixed, key.removeprefix(_TERM), text)
    ]
    if not _has_nets(pages):
        used = [name for name in used if name != "net"]
    if terms is not None:
        used = [name for name in used if name in terms]
    pairs = [(fixed[_TERM + name], fixed[_MEANS + name]) for name in used]
    return sorted(pairs, key=lambda pair: pair[0].casefold().translate(_SORTED_AS))


def _is_used(fixed: Mapping[str, str], name: str, text: str) -> bool:
    """Say whether a word that belongs to a term begins somewhere in a text."""
    marks = [re.escape(mark) for mark in fixed[_MARKS + name].casefold().split(" | ")]
    return re.search(rf"(?<!\w)(?:{'|'.join(marks)})", text) is not None


def _has_nets(pages: Sequence[Page]) -> bool:
    """Say whether a table has a row of several answers together."""
    return any(
        row.role == "net"
        for page in pages
        for block in page.blocks
        if isinstance(block, TableBlock)
        for row in block.rows
    )


def said(pages: Sequence[Page]) -> Iterator[str]:
    """Give what a report says in its own words, without labels and wordings.

    Parameters
    ----------
    pages : sequence of Page
        Pages of a report.

    Yields
    ------
    str
        Notes, heads, feet.
    """
    for page in pages:
        for block in page.blocks:
            yield from _said_by(block)


def _said_by(block: Block) -> Iterator[str]:
    """Give the texts of a block."""
    if isinstance(block, Note):
        yield from (block.text, *block.points)
    elif isinstance(block, ChartBlock):
        yield from (block.side_head, *block.footer)
    else:
        yield from (column.label for column in block.columns if not column.group)
        yield from (row.label for row in block.rows if row.role != "category")
        yield from block.notes
