"""What a set of weights does to each category of its margins, and what may be told.

A category of a single margin is a row of the tables anyway. The respondents of a
crossed one are told where all categories have enough of them, or a table does so.
"""

from dataclasses import dataclass

from survey.report.context import Context, margin_name
from survey.study.weights import MadeWeights
from survey.weighting.categories import OWN_CLASS
from survey.weighting.diagnostics import margin_table
from survey.weighting.mapping import BETWEEN

_COLUMNS = (
    *("margin", "code", "target", "unweighted", "weighted"),
    *("base_unweighted", "base_effective"),
)


@dataclass(frozen=True, slots=True)
class MarginLine:
    """One category of a margin.

    Attributes
    ----------
    margin, code : str
        As the weights know them; those of a crossed margin are joined.
    label : str
        What a reader sees.
    hidden : bool
        Whether a report tells only what is known of the population.
    target, unweighted, weighted : float
        Shares of the population, of the respondents, and of their weights, 0 to 1.
    respondents : int
        Respondents whose weight is above 0.
    base_effective : float
        Their effective base.
    """

    margin: str
    code: str
    label: str
    hidden: bool
    target: float
    unweighted: float
    weighted: float
    respondents: int
    base_effective: float


def margin_lines(context: Context, made: MadeWeights) -> tuple[MarginLine, ...]:
    """Put target, unweighted and weighted share of every category side by side.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.

    Returns
    -------
    tuple of MarginLine
        Margin by margin.
    """
    table = margin_table(made.weighting)
    rows = list(zip(*(table[name].tolist() for name in _COLUMNS), strict=True))
    small = {m for m, code, *_, n, _ in rows if _is_small(context, m, code, n)}
    return tuple(
        MarginLine(
            margin,
            code,
            category_label(context, made, margin, code),
            margin in small and not _is_told(context, margin, code),
            *numbers,
        )
        for margin, code, *numbers in rows
    )


def margin_label(context: Context, margin: str) -> str:
    """Give the head of a margin.

    Parameters
    ----------
    context : Context
        The wave.
    margin : str
        Question, or questions of a crossed margin, joined.

    Returns
    -------
    str
        Such as ``Size`` or ``Size × region``.
    """
    found = context.wave.question(margin)
    if found is not None:
        return context.text(found.question.label)
    name = margin_name(context, margin.split(BETWEEN))
    return name[:1].upper() + name[1:]


def category_label(context: Context, made: MadeWeights, margin: str, code: str) -> str:
    """Give the label of a category of a margin.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        The weights, with the labels of their target file.
    margin, code : str
        As the weights know them.

    Returns
    -------
    str
        The label of the question in the language of the report; that of the target
        file where bands are no answers.
    """
    if code == OWN_CLASS:
        return context.say("no_answer")
    single = context.wave.question(margin) is not None
    names = [margin] if single else margin.split(BETWEEN)
    codes = [code] if single else code.split(BETWEEN)
    # A category of a file with other names may have fewer parts.
    pairs = zip(names, codes, strict=False)
    asked = [_asked_label(context, made, *pair) for pair in pairs]
    if len(asked) == len(names) and all(asked):
        return " × ".join(asked)
    return made.labels.get(margin, {}).get(code, code)


def _asked_label(context: Context, made: MadeWeights, name: str, code: str) -> str:
    """Give the label of an answer; empty where the code is a band of the targets."""
    maps = {**made.targets.mapping, **made.plan.mapping}
    # A mapping without bands compares answers with targets as they are.
    mapped = any(name in (of, m.column) for of, m in maps.items() if m.bands)
    result = context.wave.question(name)
    if mapped or result is None:
        return ""
    labels = {c.code: context.text(c.label) for c in result.question.categories}
    return labels.get(code, "")


def _is_small(context: Context, margin: str, code: str, respondents: int) -> bool:
    """Say whether a category keeps its margin from being told in full."""
    if context.wave.question(margin) is None:
        # No table has its rows, so that they could complete columns that are hidden.
        return code != OWN_CLASS and respondents < context.study.report.min_base
    cells = context.wave.unweighted
    return any(cell.hidden for (name, _), cell in cells.items() if name == margin)


def _is_told(context: Context, margin: str, code: str) -> bool:
    """Say whether a table by banner tells a category of a crossed margin."""
    names, codes = margin.split(BETWEEN), code.split(BETWEEN)
    if len(names) != len(codes) or len(names) != len(("stub", "banner")):
        return False
    labels = {(p.banner, p.code): p.label for p in context.wave.points}
    pairs = list(zip(names, codes, strict=True))
    for (stub, answer), across in (pairs, pairs[::-1]):
        key = (stub, answer, across[0], labels.get(across, ""))
        cell = context.wave.cells.get(key)
        if cell is not None and not cell.hidden:
            return True
    return False
