"""Notes under tables of changes: what arrows, signs and the smallest change mean."""

from collections.abc import Sequence

from survey.report.change_sentences import total_changes
from survey.report.context import Context
from survey.report.document import TableRow
from survey.report.numbers import decimal, percent
from survey.report.table_notes import small_note
from survey.waves.arrows import levels_of, smallest_of


def change_notes(context: Context, rows: Sequence[TableRow]) -> tuple[str, ...]:
    """Say what arrows, intervals and the smallest change mean.

    Parameters
    ----------
    context : Context
        The newer wave.
    rows : sequence of TableRow
        The table.

    Returns
    -------
    tuple of str
        For the foot of the table.
    """
    plan, language = context.study.report, context.language
    strict, loose = (percent(level, language) for level in levels_of(plan))
    adjust = context.say(f"adjust_{plan.changes.adjust}")
    arrows = context.say(
        "change_note_arrows", strict=strict, loose=loose, adjust=adjust
    )
    smallest = smallest_of(plan)
    if smallest > 0:
        digits = 0 if (100 * smallest).is_integer() else 1
        text = decimal(100 * smallest, language, digits)
        arrows = f"{arrows} {context.say('change_note_least', points=text)}"
    power = percent(plan.changes.power, language)
    level = percent(plan.conf_level, language)
    return (
        arrows,
        *_signs(context, rows),
        context.say("change_note_detectable", power=power, strict=strict),
        context.say("change_note_rounding", level=level),
        _overlap(context),
        small_note(context),
    )


def _signs(context: Context, rows: Sequence[TableRow]) -> tuple[str, ...]:
    """Explain the signs of numbers that were not compared as published."""
    texts = {cell.text[-1:] for row in rows for cell in row.cells}
    texts |= {cell.letters[-1:] for row in rows for cell in row.cells}
    return (context.say("change_note_signs"),) if texts & {"†", "‡"} else ()


def _overlap(context: Context) -> str:
    """Say how many units both waves share."""
    units = max((change.overlap for change in total_changes(context)), default=0)
    if units:
        return context.say("change_note_overlap", n=context.count(units))
    return context.say("change_note_independent")
