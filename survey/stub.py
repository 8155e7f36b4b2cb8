"""What stands in the tables of a wave: nets in the stub, questions in the banner.

A net that needs a code which the instrument of a wave does not have is left out.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from survey.errors import StudyError, some
from survey.finding import Finding
from survey.indicators.adoption import adoption_nets
from survey.indicators.preference import preference_nets
from survey.questionnaire.model import Net, Question, Questionnaire
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.study import Study


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
    known = {category.code for category in question.categories}
    nets = _wanted_nets(study, question, words)
    return tuple(net for net in nets if set(net.codes) <= known)


def _wanted_nets(
    study: Study, question: Question, words: Mapping[str, str]
) -> tuple[Net, ...]:
    """Collect the nets of a question; indicators are nets, too."""
    nets = study.nets.get(question.id, ())
    adoption = study.indicators.adoption
    if adoption and adoption.question == question.id:
        labels = words["in_production"], words["using"]
        nets = (*adoption_nets(adoption.in_production, adoption.using, labels), *nets)
    plan = study.indicators.preference
    if plan and question.id in {plan.overall, plan.dimensions}:
        labels = words["share_open"], words["share_proprietary"]
        nets = (*preference_nets(plan.open, plan.proprietary, labels), *nets)
    return nets


def nets_left_out(
    study: Study, questionnaire: Questionnaire, words: Mapping[str, str]
) -> list[Finding]:
    """Report nets that the instrument of a wave has not all codes for.

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
        One note for every net that is left out.
    """
    found = []
    for question in questionnaire.questions:
        kept = nets_of(study, question, words)
        for net in _wanted_nets(study, question, words):
            if net not in kept:
                message = (
                    f"Net {net.code!r} needs the codes {some(net.codes)}, which the "
                    "instrument of this wave does not all have."
                )
                found.append(
                    Finding("note", "net_left_out", question.id, message, 1, "left out")
                )
    return found


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
