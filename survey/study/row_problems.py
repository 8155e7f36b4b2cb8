"""What a study wants in the rows of a table, and the question cannot give."""

from collections.abc import Iterator
from itertools import pairwise
from typing import get_args

from survey.errors import some
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.scale_rows import Box
from survey.study.model import Bands, Study
from survey.tabulation.lines import Summary
from survey.yaml_file import YamlFile

_SCALES = ("single", "grid")


def row_problems(
    study: Study, source: YamlFile, questionnaire: Questionnaire
) -> Iterator[str]:
    """Find summaries and bands that a question cannot have.

    Parameters
    ----------
    study : Study
        The study; its questions are known to be there.
    source : YamlFile
        Its file, for the lines.
    questionnaire : Questionnaire
        The newest one.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    for question in questionnaire.questions:
        if question.id in study.summaries:
            place = source.place(("summaries", question.id))
            for problem in _summary_problems(study, question):
                yield f"{place}: {problem}"
        if question.id in study.bands:
            place = source.place(("bands", question.id))
            for problem in _band_problems(question, study.bands[question.id]):
                yield f"{place}: {problem}"
        if question.id in study.top_first and not question.ordered:
            place = source.place(("top_first", study.top_first.index(question.id)))
            yield f"{place}: {_not_ordered(question, 'top')}"


def allowed_summaries(study: Study, question: Question) -> tuple[str, ...]:
    """Give the summaries of a question that it can have.

    Parameters
    ----------
    study : Study
        Names them.
    question : Question
        What was asked.

    Returns
    -------
    tuple of str
        Those of `study` in their order.

    Examples
    --------
    >>> wave = {"id": 1, "file": "f.csv", "questionnaire": "q.yaml"}
    >>> study = Study(name="s", title="S", waves=[wave],
    ...               summaries={"cost": ["top2", "mean"]})
    >>> allowed_summaries(study, Question(id="cost", kind="numeric", label="Cost"))
    ('mean',)
    """
    wanted = study.summaries.get(question.id, ())
    if question.kind == "numeric":
        return tuple(line for line in wanted if line in get_args(Summary))
    if question.kind not in _SCALES or not question.ordered:
        return ()
    points = _points(question)
    return tuple(
        line
        for line in wanted
        if line in get_args(Summary) or int(line[-1]) < len(points)
    )


def _points(question: Question) -> list[str]:
    """List the codes of the scale of a question."""
    return [
        category.code
        for category in question.categories
        if not (category.missing or category.dont_know or category.exclusive)
    ]


def _summary_problems(study: Study, question: Question) -> Iterator[str]:
    """Find summaries that the question cannot have, or whose names it has used."""
    wanted = study.summaries[question.id]
    lost = [s for s in wanted if s not in allowed_summaries(study, question)]
    if lost and question.kind in _SCALES and question.ordered:
        yield (
            f"{some(lost)} would hold all {len(_points(question))} points of the scale "
            f"of {question.id!r}. Ask for a smaller box."
        )
    elif lost and question.kind in _SCALES:
        yield _not_ordered(question, some(lost))
    elif lost:
        yield (
            f"question {question.id!r} is {question.kind} and has no {some(lost)}. "
            f"Numbers have {some(get_args(Summary))}; boxes ({some(get_args(Box))}) "
            "are of ordered scales."
        )
    names = [category.code for category in question.categories]
    names += [net.code for net in study.nets.get(question.id, ())]
    used = [line for line in wanted if line in names]
    if used:
        yield (
            f"question {question.id!r} has a code or net {some(used)} already. Give "
            "that another name, or leave the summary out."
        )
    twice = sorted({line for line in wanted if wanted.count(line) > 1})
    if twice:
        yield f"{some(twice)} stands twice. Remove one."


def _not_ordered(question: Question, what: str) -> str:
    """Say that a question is no scale."""
    return (
        f"question {question.id!r} is no ordered scale and has no {what}. Write "
        "'ordered: true' in the questionnaire if its answers stand in order."
    )


def _band_problems(question: Question, plan: Bands) -> Iterator[str]:
    """Find limits that make no bands."""
    if question.kind != "numeric":
        yield (
            f"question {question.id!r} is {question.kind}, and bands are of numbers. "
            "Name a numeric question, or make nets of its codes."
        )
    if not all(low < high for low, high in pairwise(plan.edges)):
        yield (
            f"the limits {some(plan.edges)} do not rise. Give each larger than the one "
            "before."
        )
    if plan.labels and len(plan.labels) != len(plan.edges) - 1:
        yield (
            f"{len(plan.edges) - 1} bands and {len(plan.labels)} labels. Give one "
            "label for every band."
        )
