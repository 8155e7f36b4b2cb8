"""What changed since an earlier wave, in sentences; what cannot be compared, with why.

A change is told only where it has an arrow: it holds after adjustment and is large
enough to be worth marking.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from survey.report.cells import TOTAL
from survey.report.change_reasons import because_text, is_compared, question_of
from survey.report.change_words import (
    change_of,
    compared_with,
    in_points,
    interval_text,
    level_text,
    number_text,
    wave_name,
)
from survey.report.context import Context
from survey.report.headlines import Headline
from survey.report.numbers import points
from survey.waves.values import Against, CellChange

_MOST_REASONS = 8
_STRICT = 2
_SEVERAL = 2


def change_sentences(context: Context, found: Sequence[Headline]) -> tuple[str, ...]:
    """Write what changed since the previous wave.

    Parameters
    ----------
    context : Context
        The newer wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    tuple of str
        One sentence for each headline with an arrow, or one that says that there is
        none; then how many other numbers changed.
    """
    known = _known(context, found, "previous")
    told = [_sentence(context, h.label, c) for h, c in known if worth_telling(c)]
    if found and not told:
        told = [_none(context, [change for _, change in known])]
    others = _others(context, [headline.weighted.key[:2] for headline in found])
    return (*told, *others, *_since_others(context, found))


def other_changes(
    context: Context, told: Iterable[tuple[str, str]]
) -> list[CellChange]:
    """Give the changes of Total that are shown, without those told elsewhere.

    Parameters
    ----------
    context : Context
        The newer wave.
    told : iterable of (str, str)
        Variables and rows that are told elsewhere.

    Returns
    -------
    list of CellChange
        Since the previous wave; a net of one answer, and that answer, once.
    """
    codes = {
        (variable.name, row.code): (variable.name, row.codes)
        for result in context.wave.questions
        for variable in result.variables
        for row in variable.rows
    }
    seen = {codes.get(each, each) for each in told}
    found = []
    for change in total_changes(context):
        name = (change.question, change.code)
        counted = codes.get(name, name)
        if not change.hidden and counted not in seen:
            seen.add(counted)
            found.append(change)
    return found


def _known(
    context: Context, found: Sequence[Headline], against: Against
) -> list[tuple[Headline, CellChange]]:
    """Give the headlines that have a change, with it."""
    cells = [(each, each.weighted) for each in found]
    pairs = [(h, change_of(context, c.question, c.code, against)) for h, c in cells]
    return [(h, c) for h, c in pairs if c is not None and not c.hidden]


def _since_others(context: Context, found: Sequence[Headline]) -> Iterator[str]:
    """Write the changes since waves before the previous one."""
    for against, _ in compared_with(context)[1:]:
        for headline, change in _known(context, found, against):
            if worth_telling(change):
                yield _sentence(context, headline.label, change)


def worth_telling(change: CellChange) -> bool:
    """Say whether a change may be a finding.

    Parameters
    ----------
    change : CellChange
        Any change.

    Returns
    -------
    bool
        Whether it has an arrow, and is not nothing when it is rounded.
    """
    rounds_to_nothing = in_points(change) and points(change.difference) == "0"
    return change.level > 0 and not rounds_to_nothing


def reasons_not_compared(context: Context, found: Sequence[Headline]) -> list[str]:
    """List what cannot be compared with the previous wave.

    Parameters
    ----------
    context : Context
        The newer wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    list of str
        Headlines first, then whole questions, each with its reason.
    """
    listed = [
        (each.label, _why(context, change))
        for each in found
        if (change := _of(context, each)) is not None and change.hidden
    ]
    headed = {question_of(context, each.weighted.question) for each in found}
    listed += [pair for pair in _questions(context) if pair[0] not in headed]
    names = {r.question.id: r.question.label for r in context.wave.questions}
    texts = [
        context.say(
            "change_not_comparable",
            label=context.text(names[label]) if label in names else label,
            reason=reason,
        )
        for label, reason in listed
        if reason
    ]
    more = len(texts) - _MOST_REASONS
    if more <= 0:
        return texts
    return [*texts[:_MOST_REASONS], context.say("change_more", n=context.count(more))]


def total_changes(context: Context) -> list[CellChange]:
    """Give the changes of Total since the previous wave.

    Parameters
    ----------
    context : Context
        The newer wave.

    Returns
    -------
    list of CellChange
        Of all rows, in the order of the tables.
    """
    changes = context.waves.changes if context.waves else {}
    found = changes.get((context.wave.wave.id, "previous"), {})
    return [c for c in found.values() if (c.banner, c.point) == ("", TOTAL)]


def _why(context: Context, change: CellChange) -> str:
    """Say what stands in the way; empty where only a base is too small."""
    if is_compared(context, change):
        return ""
    return because_text(context, change.consequence, change.newer, change.older)


def _of(context: Context, headline: Headline) -> CellChange | None:
    """Give the change of a headline since the previous wave."""
    cell = headline.weighted
    return change_of(context, cell.question, cell.code)


def _sentence(context: Context, label: str, change: CellChange) -> str:
    """Write one change."""
    key = "change_said" if change.level == _STRICT else "change_said_weak"
    ends = f"{context.level_interval}: {interval_text(context, change)}"
    if change.consequence.verdict == "common_base":
        label = context.say("change_common_base", label=label)
    text = context.say(
        key if in_points(change) else f"{key}_mean",
        label=label,
        after=level_text(context, change, change.after),
        before=level_text(context, change, change.before),
        wave=wave_name(context, change.older),
        difference=number_text(context, change, change.difference),
        interval=ends,
    )
    return " ".join((text, *_record(context, change)))


def _record(context: Context, change: CellChange) -> Iterator[str]:
    """Say what the number is among earlier ones, beside its change since the last."""
    if context.waves is None or change.against != "previous":
        return
    key = (change.question, change.code, change.banner, change.point)
    found = context.waves.histories.get(key)
    if found is None or change.level < _STRICT:
        return
    rises = change.difference > 0
    beaten = found.higher_than if rises else found.lower_than
    since = found.highest_since if rises else found.lowest_since
    way = "highest" if rises else "lowest"
    if beaten >= _SEVERAL:
        name = wave_name(context, since) if since else ""
        key_said = f"change_{way}_since" if since else f"change_{way}_of_all"
        yield context.say(key_said, wave=name, n=context.count(beaten))
    steps = found.rises if rises else found.falls
    if steps >= _SEVERAL:
        key_said = "change_rises" if rises else "change_falls"
        yield context.say(key_said, n=context.count(steps))
    if found.first_above_half or found.first_below_half:
        side = "above" if found.first_above_half else "below"
        yield context.say(f"change_{side}_half")


def _none(context: Context, known: Sequence[CellChange]) -> str:
    """Say that no headline changed, and what could have been found."""
    wave = _older_name(context)
    least = [c.detectable for c in known if in_points(c) and isfinite(c.detectable)]
    if not least:
        return context.say("change_said_nothing", wave=wave)
    low, high = (points(end).lstrip("+") for end in (min(least), max(least)))
    if low == high:
        return context.say("change_said_none_one", wave=wave, low=low)
    return context.say("change_said_none", wave=wave, low=low, high=high)


def _others(context: Context, told: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Count the changes beyond the headlines."""
    changes = other_changes(context, told)
    if changes:
        yield context.say(
            "change_said_others",
            n=context.count(sum(c.level > 0 for c in changes)),
            all=context.count(len(changes)),
            wave=_older_name(context),
        )


def _older_name(context: Context) -> str:
    """Name the previous wave."""
    older = next((c.older for c in total_changes(context)), "")
    return wave_name(context, older)


def _questions(context: Context) -> Iterator[tuple[str, str]]:
    """List the questions of which nothing can be compared, with the first reason."""
    by_question: dict[str, list[CellChange]] = {}
    for change in total_changes(context):
        name = question_of(context, change.question)
        by_question.setdefault(name, []).append(change)
    for name, changes in by_question.items():
        if not any(is_compared(context, change) for change in changes):
            yield name, _why(context, changes[0])
