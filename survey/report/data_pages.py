"""Pages on the data: what the weights do, and what was found."""

from collections.abc import Sequence

from survey.finding import Finding
from survey.questionnaire.model import Question
from survey.report.context import Context
from survey.report.document import (
    Block,
    Note,
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.methods import weighting_texts
from survey.report.numbers import percent, points
from survey.report.wording import words
from survey.weighting.diagnostics import margin_table


def weighting_page(context: Context) -> Page:
    """Make the page that shows what the weights do.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    Page
        Texts, target and achieved shares.
    """
    blocks: list[Block] = [Note(text) for text in weighting_texts(context)]
    if context.wave.weighting is not None:
        blocks.append(_margins(context))
    return Page(
        "weighting",
        context.say("page_weighting"),
        tuple(blocks),
        context.say("section_method"),
    )


def data_page(contexts: Sequence[Context]) -> Page:
    """Make the page of the findings on the data.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave.

    Returns
    -------
    Page
        One table per wave.
    """
    blocks: list[Block] = []
    for context in reversed(contexts):
        used = len(context.wave.responses.frame)
        numbers = {"read": context.wave.records, "used": used}
        texts = {key: context.count(number) for key, number in numbers.items()}
        blocks.append(Note(context.say("data_intro", **texts)))
        blocks.append(_findings_table(context))
    first = contexts[-1]
    if first.language != "en" and any(c.wave.findings for c in contexts):
        blocks.append(Note(first.say("data_language")))
    title, section = first.say("page_data"), first.say("section_method")
    return Page("findings", title, tuple(blocks), section)


def _margins(context: Context) -> TableBlock:
    """Put target and achieved shares side by side."""
    assert context.wave.weighting is not None
    rows: list[TableRow] = []
    table = margin_table(context.wave.weighting)
    shares = table[["target", "unweighted", "weighted"]].to_numpy(dtype=float)
    names = zip(table["margin"].astype(str), table["code"].astype(str), strict=True)
    current = ""
    for (name, code), values in zip(names, shares.tolist(), strict=True):
        result = context.wave.question(name)
        question = result.question if result else None
        if name != current:
            current = name
            label = context.text(question.label) if question else name
            rows.append(TableRow(label, (), "section"))
        cells = _margin_cells(context, values)
        rows.append(TableRow(_category_label(context, question, code), cells))
    keys = ("target", "share_unweighted", "share_weighted", "difference")
    return TableBlock(
        "weighting",
        context.say("weighting_title", wave=context.wave_label).rstrip(", "),
        context.say("category"),
        tuple(TableColumn(context.say(key)) for key in keys),
        tuple(rows),
    )


def _margin_cells(context: Context, shares: Sequence[float]) -> tuple[TableCell, ...]:
    """Write target, unweighted and weighted share, and what the weights moved."""
    moved = shares[2] - shares[1]
    return (
        *(TableCell(percent(v, context.language, 1), v, "percent") for v in shares),
        TableCell(points(moved), 100 * moved, "points"),
    )


def _category_label(context: Context, question: Question | None, code: str) -> str:
    """Give the label of a code of a margin."""
    if question is not None:
        for category in question.categories:
            if category.code == code:
                return context.text(category.label)
    return context.say("no_answer") if code == "no answer" else code


def _findings_table(context: Context) -> TableBlock:
    """List the findings of a wave."""
    rows = tuple(
        TableRow(
            context.say(f"severity_{finding.severity}"),
            (
                TableCell(_asked(context, finding)),
                TableCell(finding.message),
                TableCell(context.count(finding.count), float(finding.count), "count"),
                TableCell(_done(context, finding)),
            ),
        )
        for finding in context.wave.findings
    )
    keys = ("question", "message", "count", "action")
    title = f"{context.say('page_data')} {context.wave_label}".strip()
    return TableBlock(
        f"findings_{context.wave.wave.id}".rstrip("_"),
        title,
        context.say("severity"),
        tuple(TableColumn(context.say(key)) for key in keys),
        rows,
        () if rows else (context.say("no_findings"),),
    )


def _asked(context: Context, finding: Finding) -> str:
    """Name the question of a finding by its label, where it is one."""
    found = context.wave.responses.questionnaire.question(finding.question)
    return context.text(found.label) if found else finding.question


def _done(context: Context, finding: Finding) -> str:
    """Say what was done about a finding, in the language of the report."""
    key = f"action_{finding.action.replace(' ', '_').replace(',', '')}"
    return words(context.language).get(key, finding.action)
