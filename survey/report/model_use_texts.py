"""What is said of the models in use: key findings, titles and notes.

A sentence is told only where its base is not small, and claims no more than its
interval.
"""

from survey.model_use.values import BETTER, OPENNESS, ModelUse
from survey.report.context import Context, quoted
from survey.report.model_use_parts import (
    by_preference,
    gap_cells,
    openness_of,
    total_of,
)
from survey.report.numbers import interval
from survey.report.quantifiers import quantifier, quantity_text
from survey.wave.result import Cell


def model_sentences(context: Context) -> tuple[str, ...]:
    """Write the key findings on models in use.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        The most open model in use, and how many who prefer open source use none of
        class III; none where a base is small or hidden.
    """
    use = context.wave.model_use
    if use is None:
        return ()
    same = [context.say("models_note_same")] if use.moved else []
    used = (" ".join((text, *same)) for text in _used(context))
    return (*used, *gap_sentences(context, use))


def gap_sentences(context: Context, use: ModelUse) -> tuple[str, ...]:
    """Write how many who prefer open source use rated models below class III alone.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    tuple of str
        None where the base is small or hidden.
    """
    return tuple(
        " ".join((_gap(context, cell), *_best_gap(context, use, cell)))
        for cell in gap_cells(context, use)
    )


def _used(context: Context) -> list[str]:
    """Write who uses what at best, the most open step first."""
    found = openness_of(context)
    rows = [row for row in found[1].rows if row.role != "net"] if found else []
    pairs = [(row.label, total_of(context, OPENNESS, row.code)) for row in rows]
    cells = [(label, cell) for label, cell in pairs if cell and not cell.small]
    if not cells or len(cells) < len(rows):
        return []
    listed = [
        context.say(
            "said_net",
            label=label,
            share=context.percent(cell.estimate),
            interval=interval(cell.conf_low, cell.conf_high, context.language),
        )
        for label, cell in cells
    ]
    text = context.say(
        "said_models",
        listed=", ".join(listed),
        level=context.percent(context.level),
        base=context.count(cells[0][1].base_unweighted),
    )
    return [text]


def _gap(context: Context, cell: Cell) -> str:
    """Write how many of those who prefer open source use none of class III."""
    asked = context.wave.question(cell.banner)
    question = context.text(asked.question.label) if asked else cell.banner
    return context.say(
        "said_models_gap",
        answer=cell.point,
        question=question,
        share=context.percent(cell.estimate),
        interval=context.interval(cell),
        base=context.count(cell.base_unweighted),
    )


def _best_gap(context: Context, use: ModelUse, cell: Cell) -> list[str]:
    """Write the same share by the most open members, where it is another one."""
    crossed = by_preference(context, use)
    key = (BETTER, cell.code, cell.banner, cell.point)
    better = crossed.wave.cells.get(key) if crossed else None
    if better is None:
        # Where the banner has the preference, the tables have one reading.
        return [context.say("models_note_same")] if use.moved else []
    if better.hidden or better.estimate == cell.estimate:
        return []
    share = context.percent(better.estimate)
    return [
        context.say(
            "said_models_gap_best", share=share, interval=context.interval(better)
        )
    ]


def gap_title(context: Context, use: ModelUse) -> str:
    """Write the finding on preference against use; a fraction needs its interval.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    str
        Title of a figure; the label of the table where no fraction holds.
    """
    cells = gap_cells(context, use)
    if len(cells) == 1:
        (cell,) = cells
        quantity = quantifier(cell.estimate, cell.conf_low, cell.conf_high)
        if quantity:
            words = quantity_text(quantity, context.language)
            return context.say("title_models_gap", answer=cell.point, quantity=words)
    return context.say("models_by_preference")


def catalogue_notes(context: Context, use: ModelUse) -> tuple[str, ...]:
    """Say what the answers were matched to, and by which rules.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    tuple of str
        For the foot of a table, and for the page on methods.
    """
    catalogue = use.catalogue
    parts = {"name": catalogue.id, "file": catalogue.file, "as_of": catalogue.as_of}
    notes = [context.say("models_note_catalogue", **parts)]
    if catalogue.rulesets:
        rules = "; ".join(catalogue.rulesets)
        notes.append(context.say("models_note_rulesets", rulesets=rules))
    return (*notes, context.say("models_note_weights"))


def match_notes(context: Context, use: ModelUse) -> tuple[str, ...]:
    """Say how typed answers were matched.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    tuple of str
        For the foot of a table; none where nobody typed a text, or the base is hidden.
    """
    texts = use.texts
    if texts is None or not texts.texts or _shown_total(context) is None:
        return ()
    levels = {level: context.count(number) for level, number in texts.levels.items()}
    parts = {"texts": texts.texts, "none": texts.none, "partly": texts.partly}
    counts = {name: context.count(number) for name, number in parts.items()}
    notes = [context.say("models_note_texts", **levels, **counts)]
    if texts.ambiguous:
        n = context.count(texts.ambiguous)
        notes.append(context.say("models_note_ambiguous", n=n))
    return tuple(notes)


def _shown_total(context: Context) -> Cell | None:
    """Give a Total cell of the most open model; none where its base is hidden."""
    found = openness_of(context)
    return total_of(context, OPENNESS, found[1].rows[-1].code) if found else None


def reading_notes(context: Context, use: ModelUse) -> tuple[str, ...]:
    """Say what the most open member of every family would change.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    tuple of str
        For the foot of a table; none where its base is hidden.
    """
    total = _shown_total(context)
    if total is None:
        return ()
    notes = []
    if use.varying:
        key = "models_note_varies" if use.moved else "models_note_steady"
        numbers = {
            "moved": context.count(use.moved),
            "n": context.count(total.base_unweighted),
        }
        families = quoted(context, use.varying)
        notes.append(context.say(key, families=families, **numbers))
    if use.beside_unknown:
        n = context.count(use.beside_unknown)
        notes.append(context.say("models_note_unknown", n=n))
    return tuple(notes)


def model_methods(context: Context) -> tuple[str, ...]:
    """Say on the page on methods how the models in use were rated.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        None where the study names no catalogue.
    """
    use = context.wave.model_use
    if use is None:
        return ()
    notes = (*catalogue_notes(context, use), context.say("models_note_same"))
    return (" ".join(notes),)
