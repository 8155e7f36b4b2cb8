"""The page on the data: what was found, and what was done about it."""

import re
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
from survey.report.wording import words


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
    key = re.sub(r"\W+", "_", f"action {finding.action}").strip("_")
    return words(context.language).get(key, finding.action)
