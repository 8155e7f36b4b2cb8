"""Differences between groups in words: those that hold among all that were tested."""

from survey.report.context import Context, in_sentence
from survey.report.numbers import decimal, p_text
from survey.responses.variable import Row
from survey.wave.result import GroupTest

_MOST_TOLD = 3


def group_sentences(context: Context) -> tuple[str, ...]:
    """Tell the largest differences between groups that hold.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        At most three; of a headline share and banner question, only the group that
        lies highest above and the one that lies furthest below all others.
    """
    told: dict[tuple[str, str, str, bool], GroupTest] = {}
    for test in differences_that_hold(context):
        key = (test.question, test.code, test.banner, test.difference > 0)
        told.setdefault(key, test)
    mirrored = [
        key
        for key in told
        if not key[-1] and _points(context, key[2]) == len(("this", "other"))
    ]
    kept = [test for key, test in told.items() if key not in mirrored]
    return tuple(_sentence(context, test) for test in kept[:_MOST_TOLD])


def differences_that_hold(context: Context) -> list[GroupTest]:
    """Give the differences between groups that hold after adjustment.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    list of GroupTest
        The largest first. Those that the study calls too small to be marked, and
        those that are gone when both shares are rounded, are left out.
    """
    found = [
        test
        for test in context.wave.group_tests
        if test.p_value <= 1 - context.level
        and abs(test.difference) >= context.study.report.min_difference
        and context.percent(test.estimate) != context.percent(test.rest)
    ]
    return sorted(found, key=lambda test: -abs(test.difference))


def group_title(context: Context, question: str, row: Row, banner: str) -> str:
    """Say which group of a figure is higher or lower, where the difference holds.

    Parameters
    ----------
    context : Context
        The wave.
    question : str
        Variable that is shown.
    row : Row
        Its category or net.
    banner : str
        The banner question.

    Returns
    -------
    str
        Title of a figure. The largest group difference above all others comes before
        one below; without any, the title says what is shown.
    """
    texts = {"label": row.label, "banner": in_sentence(context, banner)}
    key = question, row.code, banner
    held = differences_that_hold(context)
    mine = [t for t in held if (t.question, t.code, t.banner) == key]
    if not mine:
        return context.say("title_by", **texts)
    above = [test for test in mine if test.difference > 0]
    kind = "higher" if above else "lower"
    point = (above or mine)[0].point
    return context.say(f"title_group_{kind}", point=point, **texts)


def group_method(context: Context) -> tuple[str, ...]:
    """Say which tests stand behind the differences that are told.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        One text; none where no group was tested.
    """
    plan, tests = context.study.report, context.wave.group_tests
    if not tests:
        return ()
    adjust = "holm" if plan.adjust == "none" else plan.adjust
    text = context.say(
        "method_groups",
        small=plan.small_base,
        n=context.count(len(tests)),
        adjust=context.say(f"adjust_{adjust}"),
        alpha=decimal(1 - context.level, context.language, 2),
    )
    return (text,)


def _sentence(context: Context, test: GroupTest) -> str:
    """Tell one difference."""
    cell = context.wave.cells[test.question, test.code, test.banner, test.point]
    return context.say(
        "said_group",
        label=cell.label,
        banner=in_sentence(context, test.banner),
        point=test.point,
        share=context.percent(test.estimate),
        rest=context.percent(test.rest),
        p=p_text(test.p_value, context.language),
    )


def _points(context: Context, banner: str) -> int:
    """Count the groups of a banner question."""
    return sum(point.banner == banner for point in context.wave.points)
