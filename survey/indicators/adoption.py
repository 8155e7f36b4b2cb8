"""Adoption: share in production, share using at all, as nets of the stage question."""

from collections.abc import Sequence

from survey.questionnaire.model import Category, Net, Question, in_language

IN_PRODUCTION = "in_production"
USING = "using"
REACHED = "reached_"


def adoption_nets(
    in_production: Sequence[str],
    using: Sequence[str],
    labels: tuple[str, str],
) -> tuple[Net, Net]:
    """Give the two adoption rates as nets of the question on the stage.

    Parameters
    ----------
    in_production, using : sequence of str
        Codes of the stage question that count; `using` includes `in_production`.
    labels : (str, str)
        What the two rates are called.

    Returns
    -------
    (Net, Net)
        ``in_production`` and ``using``.

    Examples
    --------
    >>> adoption_nets(["5"], ["4", "5"], ("In production", "Using"))[1].codes
    ('4', '5')
    """
    return (
        Net(code=IN_PRODUCTION, label={"": labels[0]}, codes=tuple(in_production)),
        Net(code=USING, label={"": labels[1]}, codes=tuple(using)),
    )


def stage_nets(
    question: Question,
    in_production: Sequence[str],
    using: Sequence[str],
    *,
    language: str = "",
    further: str = "{label}",
) -> tuple[Net, ...]:
    """Give, for every stage, who has reached it or is further.

    Parameters
    ----------
    question : Question
        The question on the stage.
    in_production, using : sequence of str
        Codes that count as adopted.
    language : str
        Language of the labels.
    further : str
        How a stage and those after it are called: ``{label} or further``.

    Returns
    -------
    tuple of Net
        One for each stage between the first and the last, named ``reached_CODE``, the
        widest first: the first stage is everyone's, the last is its own category.
        None where the answers are not ordered, or do not end in those that count.

    Examples
    --------
    >>> steps = [{"code": i, "label": f"Stage {i}"} for i in (1, 2, 3, 4)]
    >>> stage = Question(id="stage", kind="single", label="Stage", ordered=True,
    ...                  categories=steps)
    >>> [(net.code, net.codes)
    ...  for net in stage_nets(stage, ["4"], ["3", "4"])]
    [('reached_2', ('2', '3', '4')), ('reached_3', ('3', '4'))]
    """
    stages = stages_of(question, in_production, using)
    codes = [stage.code for stage in stages]
    return tuple(
        Net(
            code=f"{REACHED}{_plain(stage.code)}",
            label={"": further.format(label=in_language(stage.label, language))},
            codes=tuple(codes[place:]),
        )
        for place, stage in enumerate(stages[:-1])
        if place
    )


def stages_of(
    question: Question, in_production: Sequence[str], using: Sequence[str]
) -> tuple[Category, ...]:
    """Give the stages of adoption in their order.

    Parameters
    ----------
    question : Question
        The question on the stage.
    in_production, using : sequence of str
        Codes that count as adopted.

    Returns
    -------
    tuple of Category
        The least advanced first; empty where the answers are not ordered, or do not
        end in those that count.

    Examples
    --------
    >>> steps = [{"code": i, "label": f"Stage {i}"} for i in (3, 2, 1)]
    >>> stage = Question(id="stage", kind="single", label="Stage", ordered=True,
    ...                  categories=steps)
    >>> [c.code for c in stages_of(stage, ["3"], ["2", "3"])]
    ['1', '2', '3']
    """
    steps = [c for c in question.categories if not (c.dont_know or c.missing)]
    if not question.ordered or question.kind != "single":
        return ()
    for ordered in (steps, steps[::-1]):
        codes = [step.code for step in ordered]
        ends = (codes[-len(set(wanted)) :] for wanted in (in_production, using))
        if all(
            set(end) == set(wanted)
            for end, wanted in zip(ends, (in_production, using), strict=True)
        ):
            return tuple(ordered)
    return ()


def _plain(code: str) -> str:
    """Make a code fit for the name of a net."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in code)
