"""What a survey has to disclose, item by item, as AAPOR's initiative asks [1]_.

What neither the study file nor the data tell is listed as not stated.

.. [1] American Association for Public Opinion Research, Transparency Initiative,
   disclosure elements.
"""

from collections.abc import Sequence

from survey.report.context import Context, weight_line
from survey.report.document import (
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.methods import exclusions
from survey.report.numbers import decimal, percent
from survey.weighting.diagnostics import deff_kish, effective_base


def disclosure_page(contexts: Sequence[Context]) -> Page:
    """Make the page of what is disclosed about a survey.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    Page
        A table with one row for every item.
    """
    newest = contexts[-1]
    title = newest.say("page_disclosure")
    missing = newest.say("not_stated_draft" if newest.drafted else "not_stated")
    rows = tuple(
        TableRow(newest.say(f"disclosed_{key}"), (TableCell(text or missing),))
        for key, text in _items(contexts).items()
    )
    block = TableBlock(
        "disclosure",
        title,
        newest.say("disclosure_item"),
        (TableColumn(newest.say("disclosure_told")),),
        rows,
    )
    return Page("disclosure", title, (block,), newest.say("section_method"))


def _items(contexts: Sequence[Context]) -> dict[str, str]:
    """Give what is known about each item, empty where nothing is."""
    newest = contexts[-1]
    stated = newest.study.disclosure
    return {
        "sponsor": newest.text(stated.sponsor),
        "conducted_by": newest.text(stated.conducted_by),
        "population": newest.text(stated.population),
        "frame": newest.text(stated.frame),
        "sample": newest.say(f"disclosed_sample_{newest.study.sample}"),
        "mode": newest.text(stated.mode),
        "language": newest.text(stated.language),
        "incentives": newest.text(stated.incentives),
        "dates": _dates(contexts),
        "size": _sizes(contexts),
        "wording": newest.say("disclosed_wording_where"),
        "weighting": _weighting(newest),
        "precision": _precision(newest),
        "quality": f"{exclusions(newest)} {newest.say('disclosed_findings_where')}",
        "limits": _limits(newest),
        "contact": newest.text(stated.contact),
    }


def _dates(contexts: Sequence[Context]) -> str:
    """Say when the waves were in the field."""
    newest = contexts[-1]
    told = [
        _of_wave(context, context.text(context.wave.wave.fielded))
        for context in reversed(contexts)
        if context.wave.wave.fielded
    ]
    return "; ".join(filter(None, [newest.text(newest.study.disclosure.dates), *told]))


def _of_wave(context: Context, text: str) -> str:
    """Put the name of a wave before what is said of it."""
    return f"{context.wave_label}: {text}" if context.wave_label else text


def _sizes(contexts: Sequence[Context]) -> str:
    """Give the records of every wave, the newest first."""
    told = [
        _of_wave(
            context,
            context.say(
                "disclosed_records",
                read=context.count(context.wave.records),
                used=context.count(len(context.wave.responses.frame)),
            ),
        )
        for context in reversed(contexts)
    ]
    return f"{'; '.join(told)}."


def _weighting(context: Context) -> str:
    """Say how the numbers were weighted, and what the weights cost."""
    if not context.weighted:
        return weight_line(context)
    weights = context.wave.weights
    cost = context.say(
        "disclosed_cost",
        deff=decimal(deff_kish(weights), context.language, 2),
        effective=context.count(effective_base(weights)),
        n=context.count(len(weights)),
    )
    return f"{weight_line(context)} {cost}"


def _precision(context: Context) -> str:
    """Say what an interval tells."""
    level = percent(context.level, context.language)
    key = f"disclosed_precision_{context.study.sample}"
    return context.say(key, level=level)


def _limits(context: Context) -> str:
    """Say what the numbers cannot tell."""
    cautions = [context.text(caution) for caution in context.study.cautions]
    return " ".join([context.say("disclosed_limits_all"), *cautions])
