"""Whether answers identify people: columns left out, and values that should be."""

from dataclasses import replace
from typing import Final

from survey.checks.open_answers import text_columns
from survey.finding import Finding
from survey.importers.personal import (
    Personal,
    names_person,
    personal_values,
    without_personal,
)
from survey.questionnaire.model import Question
from survey.responses.table import Responses
from survey.said import Said, counted, said, with_texts

LEFT_OUT: Final = "left out of every output"
_KINDS: Final[dict[Personal, Said]] = {
    "e-mail address": said("e-mail addresses"),
    "IP address": said("IP addresses"),
    "telephone number": said("telephone numbers"),
    "coordinate": said("coordinates"),
}


def personal(responses: Responses) -> list[Finding]:
    """Say what identifies people.

    Parameters
    ----------
    responses : Responses
        Coded answers; the questionnaire lists columns as ``personal``.

    Returns
    -------
    list of Finding
        Named ``personal``: a note that counts the columns listed; a warning for
        every open question with answers that are or hold an e-mail address, a
        telephone number or coordinates, or are IP addresses for the most part; a
        warning for every question whose categories are such values, because tables
        would print them.
    """
    questions = responses.questionnaire.questions
    return [
        *_listed(responses),
        *(
            found
            for name in text_columns(responses)
            for found in _typed(responses, name)
        ),
        *(found for question in questions for found in _categories(question)),
    ]


def masked(finding: Finding) -> Finding:
    """Take e-mail and IP addresses out of a finding.

    Parameters
    ----------
    finding : Finding
        May quote answers, and ids of respondents.

    Returns
    -------
    Finding
        With ``(address)`` in their places.
    """
    return replace(
        finding,
        said=with_texts(finding.said, without_personal),
        respondents=tuple(map(without_personal, finding.respondents)),
    )


def _listed(responses: Responses) -> list[Finding]:
    """Count the columns that the questionnaire calls personal."""
    columns = responses.questionnaire.personal
    if not columns:
        return []
    message = counted(
        len(columns),
        "{count} column identifies a person: {columns}.",
        "{count} columns identify a person: {columns}.",
        columns=tuple(columns),
    )
    return [Finding("note", "personal", "", message, len(columns), LEFT_OUT)]


def _typed(responses: Responses, name: str) -> list[Finding]:
    """Count open answers that identify a person."""
    texts = responses.frame[name].dropna().astype(str)
    counts = texts.value_counts()
    addresses = personal_values(list(map(str, counts.index))) == "IP address"
    found = [
        count for text, count in counts.items() if addresses or names_person(str(text))
    ]
    if not found:
        return []
    message = counted(
        int(sum(found)),
        "{count} answer in {question!r} is or holds an e-mail address, a telephone "
        "number or coordinates. Take it out before you pass answers on; where the "
        "column is no question, list it under 'personal'.",
        "{count} answers in {question!r} are or hold an e-mail address, a telephone "
        "number or coordinates. Take them out before you pass answers on; where the "
        "column is no question, list it under 'personal'.",
        question=name,
    )
    return [Finding("warning", "personal", name, message, int(sum(found)), LEFT_OUT)]


def _categories(question: Question) -> list[Finding]:
    """Report a question whose categories are values that identify people."""
    labels = [text for c in question.categories for text in c.label.values()]
    kind = personal_values(labels)
    if not kind:
        return []
    message = said(
        "The categories of question {question!r} look like {kind}, and tables print "
        "them. Drop the question, and list its column under 'personal'.",
        question=question.id,
        kind=_KINDS[kind],
    )
    return [Finding("warning", "personal", question.id, message, len(labels))]
