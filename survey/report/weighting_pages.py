"""Pages on weighting: one for every set of weights, the last wave beside this one."""

from collections.abc import Sequence

from survey.report.by_weights import weights_toplines
from survey.report.context import Context
from survey.report.document import Block, Note, Page
from survey.report.weighting_charts import bins_of, histogram_chart, histogram_of
from survey.report.weighting_costs import cost_text, efficiency_text
from survey.report.weighting_tables import (
    figures_table,
    histogram_table,
    largest_table,
    margins_table,
    totals_table,
)
from survey.report.weighting_texts import (
    fit_text,
    recipe_texts,
    targets_text,
    weights_label,
)
from survey.study.weights import MadeWeights


def weighting_pages(contexts: Sequence[Context]) -> tuple[Page, ...]:
    """Make the pages that show what the weights do.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    tuple of Page
        One for every set of weights of the newest wave; one that says so where the
        study makes none.
    """
    newest = contexts[-1]
    if not newest.wave.made:
        return (_plain_page(contexts[-2:]),)
    sets = range(len(newest.wave.made))
    return tuple(_page(contexts[-2:], number) for number in sets)


def _plain_page(contexts: Sequence[Context]) -> Page:
    """Make the page of weights that are a column of the export, or of none."""
    context = contexts[-1]
    blocks: list[Block] = [Note(context.say("no_weighting"))]
    if context.weighted:
        blocks = [
            Note(cost_text(context, "weighting_file_text", None)),
            *_caution(context, None),
            figures_table([(c, None) for c in contexts[::-1]], "weights_figures"),
        ]
    return _titled(context, "weighting", context.say("page_weighting"), blocks)


def _page(contexts: Sequence[Context], number: int) -> Page:
    """Make the page of one set of weights."""
    context = contexts[-1]
    sets = context.wave.made
    made = sets[number]
    ending = f"_{made.plan.name}" if number else ""
    pairs = list(_by_wave(contexts, made.plan.name))
    blocks: list[Block] = [
        Note(fit_text(context, made)),
        *_caution(context, made),
        Note("", recipe_texts(context, made)),
        Note(targets_text(context, made), tuple(map(context.text, made.targets.notes))),
        figures_table(pairs, f"weights_figures{ending}"),
    ]
    if made.weighting.margins:
        blocks.append(margins_table(pairs, f"weighting{ending}"))
    if made.weighting.totals:
        blocks.append(totals_table(context, made, f"weights_totals{ending}"))
    blocks += _distribution(context, made, number)
    blocks.append(largest_table(context, made, f"weights_largest{ending}"))
    if len(sets) > 1 and number == len(sets) - 1:
        blocks.append(weights_toplines(context))
    label = weights_label(context, made.plan)
    title = context.say("page_weighting")
    if len(sets) > 1:
        title = context.say("page_weighting_of", label=label)
    return _titled(context, f"weighting{ending}", title, blocks)


def _by_wave(
    contexts: Sequence[Context], name: str
) -> Sequence[tuple[Context, MadeWeights]]:
    """Give the weights of one name in every wave, the newest wave first."""
    return [
        (context, made)
        for context in reversed(contexts)
        for made in context.wave.made
        if made.plan.name == name
    ]


def _distribution(context: Context, made: MadeWeights, number: int) -> list[Block]:
    """Show how the weights are distributed, unless all are the same."""
    found = histogram_of(made.weighting)
    if found is None:
        return []
    # Names of weights are no names of files.
    name = f"weights_histogram_{number + 1}" if number else "weights_histogram"
    return [
        histogram_chart(context, found, name),
        histogram_table(context, bins_of(context, found), name),
    ]


def _caution(context: Context, made: MadeWeights | None) -> list[Block]:
    """Warn where the weights cost much."""
    text = efficiency_text(context, made)
    return [Note(text, (), "caution")] if text else []


def _titled(context: Context, name: str, title: str, blocks: Sequence[Block]) -> Page:
    """Put blocks on a page of the section on method."""
    return Page(name, title, tuple(blocks), context.say("section_method"))
