"""The page on the data: what was found, and what was done about it."""

from collections.abc import Sequence

from survey.finding import Finding
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
from survey.report.wording import action_text
from survey.said import tell


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
    title, section = first.say("page_data"), first.say("section_method")
    return Page("findings", title, tuple(blocks), section)


def _findings_table(context: Context) -> TableBlock:
    """List the findings of a wave."""
    rows = tuple(
        TableRow(
            context.say(f"severity_{finding.severity}"),
            (
                TableCell(_asked(context, finding)),
                TableCell(tell(finding.said, context.language)),
                TableCell(context.count(finding.count), float(finding.count), "count"),
                TableCell(action_text(finding.action, context.language)),
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
