"""The figure of openness: which components models release, and under which licence."""

from collections.abc import Sequence
from typing import Final

from survey.openness.components import counts
from survey.openness.rulesets import ruleset
from survey.openness.values import ComponentRating, OpennessRating
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.wording import say

# More rows are hard to read on one sheet.
MOST_MODELS: Final = 40
_MOST_TOLD: Final = 8
_STATES: Final = ("open", "unlicensed", "invalid", "absent", "optional")
_MARKS: Final = {
    "open": "✓",
    "unlicensed": "?",
    "invalid": "×",
    "absent": "–",
    "optional": "",
}


def openness_chart(
    ratings: Sequence[OpennessRating], language: str = "en"
) -> ChartBlock:
    """Draw a field per model and component, with the state of its licence.

    Parameters
    ----------
    ratings : sequence of OpennessRating
        At least one, all by one ruleset.
    language : {"en", "de"}, default "en"
        Of the texts; components have the names of the framework.

    Returns
    -------
    ChartBlock
        Of the kind ``states``; the most open models come first. Of more than 40
        models the first 40 are drawn, and the subtitle says so.
    """
    ordered = sorted(ratings, key=lambda r: (-r.total, -_open(r), r.name, r.file))
    drawn = ordered[:MOST_MODELS]
    return ChartBlock(
        name="openness",
        kind="states",
        title=_title(drawn, len(ordered), language),
        subtitle=_subtitle(len(drawn), len(ordered), language),
        series=tuple(
            ChartSeries(c.name, group=say(language, "openness_level", level=c.level))
            for c in drawn[0].components
        ),
        rows=tuple(ChartRow(r.name, _fields(r)) for r in drawn),
        footer=_footer(drawn[0], language),
        alt=_alt(drawn, len(ordered), language),
        legend=_legend(drawn[0], language),
        language=language,
    )


def asks_for_more(rating: OpennessRating) -> bool:
    """Tell whether a licence can be open and yet not count.

    Parameters
    ----------
    rating : OpennessRating
        By any ruleset.

    Returns
    -------
    bool
        By its ruleset.
    """
    rules = ruleset(rating.ruleset)
    return rules.needs_suitable or bool(rules.approved_by)


def _legend(rating: OpennessRating, language: str) -> tuple[ChartSeries, ...]:
    """Name the states, as the ruleset means them."""
    named = {"invalid": "refused"} if asks_for_more(rating) else {}
    if ruleset(rating.ruleset).any_licence:
        named["open"] = "accepted"
    return tuple(
        ChartSeries(
            say(language, f"openness_state_{named.get(state, state)}"), f"state:{state}"
        )
        for state in _STATES
    )


def _fields(rating: OpennessRating) -> tuple[ChartValue, ...]:
    """Give the places of the states in the legend, with their marks."""
    # A report whose place the paper takes fails no class, and has no fix.
    failed = {fix.component for fix in rating.fixes}
    rules = ruleset(rating.ruleset)
    return tuple(
        _field(c, counted=counts(rules, c), needed=c.name in failed)
        for c in rating.components
    )


def _field(component: ComponentRating, *, counted: bool, needed: bool) -> ChartValue:
    """Give the place of one state, and its mark."""
    state: str = "open" if counted else component.state
    if state == "absent" and not needed:
        state = "optional"
    return ChartValue(float(_STATES.index(state)), _MARKS[state])


def _title(drawn: Sequence[OpennessRating], count: int, language: str) -> str:
    """Name the one model and its step, or say how many there are."""
    if count == 1:
        return say(
            language,
            "openness_chart_title_one",
            name=drawn[0].name,
            tier=_tier(drawn[0], language),
        )
    return say(language, "openness_chart_title", count=count)


def _subtitle(shown: int, count: int, language: str) -> str:
    """Say what is drawn, and how much of it."""
    text = say(language, "openness_chart_subtitle")
    if shown == count:
        return text
    more = say(language, "openness_chart_more", shown=shown, count=count)
    return f"{text}. {more}"


def _footer(rating: OpennessRating, language: str) -> tuple[str, ...]:
    """Say by which rules, and what a class does not say."""
    rules = say(
        language,
        "openness_chart_footer",
        ruleset=rating.ruleset,
        list=rating.licence_list,
    )
    return rules, say(language, "openness_chart_meaning")


def _alt(drawn: Sequence[OpennessRating], count: int, language: str) -> str:
    """Tell the first models in words."""
    told = [
        say(
            language,
            "openness_chart_alt_model",
            name=r.name,
            tier=_tier(r, language),
            open=_open(r),
            count=len(r.components),
        )
        for r in drawn[:_MOST_TOLD]
    ]
    rest = count - len(told)
    if rest:
        told.append(say(language, "openness_chart_alt_rest", count=rest))
    return " ".join(told)


def _tier(rating: OpennessRating, language: str) -> str:
    """Name the step of the ladder."""
    return say(language, f"openness_tier_{rating.tier}")


def _open(rating: OpennessRating) -> int:
    """Count open components."""
    return sum(c.state == "open" for c in rating.components)
