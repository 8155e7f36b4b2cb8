"""What stands in the tables of a wave: rows of the stub, questions in the banner.

A net or summary that the instrument of a wave does not allow is left out, and noted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

import numpy as np

from survey.errors import StudyError
from survey.finding import Finding
from survey.indicators.adoption import stage_nets
from survey.questionnaire.model import Net, Question, Questionnaire, in_language
from survey.responses.bands import as_table_variables, band
from survey.responses.nets import possible_nets
from survey.responses.recode import variables
from survey.responses.scale_rows import Box, scale_rows, scale_scores
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.said import said
from survey.study.model import Study
from survey.study.nets import wanted_nets
from survey.study.row_problems import allowed_summaries
from survey.tabulation.lines import Summary


def nets_of(
    study: Study, question: Question, words: Mapping[str, str]
) -> tuple[Net, ...]:
    """Collect the nets of a question that its codes allow.

    Parameters
    ----------
    study : Study
        Names nets and indicators.
    question : Question
        What was asked.
    words : mapping of str to str
        Fixed words in the language of the report.

    Returns
    -------
    tuple of Net
        Those of the indicators first.
    """
    codes = [category.code for category in question.categories]
    named = possible_nets(wanted_nets(study, question.id, words), codes)
    return (*named, *_stage_nets(study, question, named, words))


def _stage_nets(
    study: Study, question: Question, named: Sequence[Net], words: Mapping[str, str]
) -> tuple[Net, ...]:
    """Add who has reached each stage of adoption, where no net says so already."""
    plan = study.indicators.adoption
    if plan is None or plan.question != question.id:
        return ()
    made = stage_nets(
        question,
        plan.in_production,
        plan.using,
        language=study.language,
        further=words["or_further"],
    )
    known = {frozenset(net.codes) for net in named}
    taken = {net.code for net in named}
    return tuple(
        net
        for net in made
        if frozenset(net.codes) not in known and net.code not in taken
    )


def rows_left_out(
    study: Study, questionnaire: Questionnaire, words: Mapping[str, str]
) -> list[Finding]:
    """Report nets and summaries that the instrument of a wave does not allow.

    Parameters
    ----------
    study : Study
        Names nets and indicators.
    questionnaire : Questionnaire
        Instrument of the wave.
    words : mapping of str to str
        Fixed words in the language of the report.

    Returns
    -------
    list of Finding
        One note for every net, and for the summaries of every question.
    """
    found = []
    for question in questionnaire.questions:
        found += _summaries_left_out(study, question)
        kept = nets_of(study, question, words)
        for net in wanted_nets(study, question.id, words):
            if net not in kept:
                message = said(
                    "Net {net!r} needs the codes {codes}, which the instrument of this "
                    "wave does not all have.",
                    net=net.code,
                    codes=tuple(net.codes),
                )
                found.append(
                    Finding("note", "net_left_out", question.id, message, 1, "left out")
                )
    return found


def _summaries_left_out(study: Study, question: Question) -> list[Finding]:
    """Report summaries that the scale of a wave does not allow."""
    kept = allowed_summaries(study, question)
    lost = [s for s in study.summaries.get(question.id, ()) if s not in kept]
    if not lost:
        return []
    message = said(
        "{summaries} of the study: the instrument of this wave has no such numbers or "
        "no scale of enough points.",
        summaries=tuple(lost),
    )
    return [
        Finding("note", "summary_left_out", question.id, message, len(lost), "left out")
    ]


def stub_variables(
    study: Study, responses: Responses, question: Question, words: Mapping[str, str]
) -> tuple[Variable, ...]:
    """Make the rows of a question: nets, boxes, categories, bands.

    Parameters
    ----------
    study : Study
        Names nets, boxes and bands, and the base.
    responses : Responses
        The records used.
    question : Question
        What was asked.
    words : mapping of str to str
        Fixed words in the language of the report.

    Returns
    -------
    tuple of Variable
        One; for a grid one per item.

    Raises
    ------
    QuestionError
        A number is in none of the bands.
    """
    made = variables(
        responses,
        question.id,
        base=study.bases.get(question.id),
        language=study.language,
        nets=nets_of(study, question, words),
    )
    if question.kind == "numeric" and question.id in study.bands:
        return tuple(_banded(study, variable, question, words) for variable in made)
    labels = words["answer_given"], words["no_answer"]
    return tuple(
        _with_boxes(study, variable, question, words)
        for variable in as_table_variables(question, made, labels)
    )


def summaries_of(study: Study, question: Question) -> tuple[str, ...]:
    """Give the lines beneath the shares of a question.

    Parameters
    ----------
    study : Study
        Names them.
    question : Question
        What was asked.

    Returns
    -------
    tuple of {"mean", "median", "sd"}
        Numbers have a mean at least.

    Examples
    --------
    >>> wave = {"id": 1, "file": "f.csv", "questionnaire": "q.yaml"}
    >>> study = Study(name="s", title="S", waves=[wave], summaries={"cost": "median"})
    >>> summaries_of(study, Question(id="cost", kind="numeric", label="Cost"))
    ('mean', 'median')
    """
    wanted = set(allowed_summaries(study, question))
    if question.kind == "numeric":
        wanted.add("mean")
    return tuple(line for line in get_args(Summary) if line in wanted)


def boxes_of(study: Study, question: Question) -> tuple[Box, ...]:
    """Give the boxes of a question that its scale allows.

    Parameters
    ----------
    study : Study
        Names them.
    question : Question
        What was asked.

    Returns
    -------
    tuple of Box
        In the order of the study.
    """
    wanted = allowed_summaries(study, question)
    known: tuple[Box, ...] = get_args(Box)
    return tuple(box for line in wanted for box in known if box == line)


def _with_boxes(
    study: Study, variable: Variable, question: Question, words: Mapping[str, str]
) -> Variable:
    """Add the boxes of a scale as nets."""
    boxes = boxes_of(study, question)
    if not boxes:
        return variable
    scores = scale_scores(variable)
    if question.id in study.top_first:
        scores = -scores
    return scale_rows(variable, boxes, scores, labels={b: words[b] for b in boxes})


def _banded(
    study: Study, variable: Variable, question: Question, words: Mapping[str, str]
) -> Variable:
    """Put numbers into the bands of the study."""
    plan = study.bands[question.id]
    labels = [in_language(label, study.language) for label in plan.labels]
    return band(
        variable,
        plan.edges,
        labels or None,
        closed=plan.closed,
        outside=plan.outside,
        outside_label=words["outside_bands"],
    )


def banner_variables(study: Study, responses: Responses) -> list[Variable]:
    """Make the banner questions that this wave asked; a grid stands for its items.

    Parameters
    ----------
    study : Study
        Names the banner questions.
    responses : Responses
        The records used.

    Returns
    -------
    list of Variable
        Each with the categories that somebody is in, and labels that differ.

    Raises
    ------
    StudyError
        A banner question holds numbers or texts.
    """
    asked = [name for name in study.banner if responses.questionnaire.question(name)]
    return [
        _occupied(variable)
        for name in asked
        for variable in variables(responses, name, language=study.language)
    ]


def _occupied(variable: Variable) -> Variable:
    """Leave the categories that somebody is in, each with a label of its own."""
    if variable.position is not None:
        present = {variable.codes[i] for i in np.unique(variable.position) if i >= 0}
    elif variable.chosen is not None:
        taken = np.asarray(variable.chosen.any(axis=0), dtype=bool)
        present = {c for c, t in zip(variable.codes, taken, strict=True) if t}
    else:
        raise StudyError(
            f"banner: question {variable.name!r} holds numbers or texts. Name a "
            "question with categories."
        )
    rows = tuple(row for row in variable.rows if row.code in present)
    labels = [row.label for row in rows]
    # Cells are looked up by label; two columns of one label would be one.
    named = tuple(
        replace(row, label=f"{row.label} ({row.code})")
        if labels.count(row.label) > 1
        else row
        for row in rows
    )
    return replace(variable, rows=named)
