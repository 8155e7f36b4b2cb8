"""Texts of a study and its questionnaire that the language of the report lacks.

Another language stands in for them; a text given without any language fits all.
"""

from collections.abc import Iterator, Mapping

from survey.finding import Finding
from survey.questionnaire.model import Question, Questionnaire
from survey.said import Said, counted
from survey.study.model import Study, Wave

_Named = tuple[str, Mapping[str, str]]


def missing_translations(
    study: Study, wave: Wave, questionnaire: Questionnaire
) -> tuple[Finding, ...]:
    """Count and list the texts that the language of the report lacks.

    Parameters
    ----------
    study : Study
        Its texts are reported with its last wave.
    wave : Wave
        Which wave it is.
    questionnaire : Questionnaire
        Instrument of the wave.

    Returns
    -------
    tuple of Finding
        At most two notes, ``translation_missing``: questions, and texts of the study.

    Examples
    --------
    >>> asked = Questionnaire(id="q", title="Q", questions=[Question(
    ...     id="cost", kind="numeric", label={"en": "Cost"}, wording="Cost?")])
    >>> wave = Wave(id=1, file="f.csv", questionnaire="q.yaml")
    >>> study = Study(name="s", title="S", language="de", waves=[wave])
    >>> [found.message for found in missing_translations(study, wave, asked)]
    ["1 text of the questionnaire has no 'de': 'cost'. Another language stands there."]
    """
    asked = [
        name
        for question in questionnaire.questions
        for name, text in _question_texts(question)
        if _lacks(text, study.language)
    ]
    found = [_finding(asked, _of_questionnaire(asked, study.language))]
    if wave == study.waves[-1]:
        own = [n for n, text in _study_texts(study) if _lacks(text, study.language)]
        found.append(_finding(own, _of_study(own, study.language)))
    return tuple(finding for finding in found if finding.count)


def _lacks(text: Mapping[str, str], language: str) -> bool:
    """Say whether a text is there, but neither in the language nor in none."""
    written = {name for name, words in text.items() if words.strip()}
    return bool(written) and not written & {language, ""}


def _question_texts(question: Question) -> Iterator[_Named]:
    """Give the texts of a question that a report prints."""
    yield question.id, question.label
    yield f"{question.id} wording", question.wording
    yield f"{question.id} unit", question.unit
    for category in question.categories:
        yield f"{question.id} {category.code}", category.label
    for item in question.items:
        yield f"{question.id}[{item.code}]", item.label


def _study_texts(study: Study) -> Iterator[_Named]:
    """Give the texts of a study that a report prints."""
    yield "title", study.title
    yield "subtitle", study.subtitle
    yield "source", study.source
    for number, caution in enumerate(study.cautions, start=1):
        yield f"cautions {number}", caution
    for wave in study.waves:
        yield f"waves {wave.id} label", wave.label
        yield f"waves {wave.id} fielded", wave.fielded
    for name in type(study.disclosure).model_fields:
        yield f"disclosure {name}", getattr(study.disclosure, name)
    yield from _row_texts(study)


def _row_texts(study: Study) -> Iterator[_Named]:
    """Give the labels of rows and numbers that a study adds."""
    for plan in study.weighting:
        yield f"weighting {plan.name}", plan.label
    for name, nets in study.nets.items():
        yield from ((f"nets {name} {net.code}", net.label) for net in nets)
    for name, bands in study.bands.items():
        for number, label in enumerate(bands.labels, start=1):
            yield f"bands {name} {number}", label
    for share in study.indicators.shares:
        yield f"shares {share.question} {share.code}", share.label


def _of_questionnaire(names: list[str], language: str) -> Said:
    """Say which texts of a questionnaire are missing."""
    return counted(
        len(names),
        "{count} text of the questionnaire has no {language!r}: {names}. Another "
        "language stands there.",
        "{count} texts of the questionnaire have no {language!r}: {names}. Another "
        "language stands there.",
        language=language,
        names=tuple(names),
    )


def _of_study(names: list[str], language: str) -> Said:
    """Say which texts of a study are missing."""
    return counted(
        len(names),
        "{count} text of the study has no {language!r}: {names}. Another language "
        "stands there.",
        "{count} texts of the study have no {language!r}: {names}. Another language "
        "stands there.",
        language=language,
        names=tuple(names),
    )


def _finding(names: list[str], message: Said) -> Finding:
    """Make the note on missing texts."""
    return Finding("note", "translation_missing", "", message, len(names))
