"""Qualtrics definitions (.qsf): questions, answers and routing of a survey.

What respondents never see is no question: texts, timing, the trash, blocks that no
flow reaches. Rows and columns are named as an export of the answers names them.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from survey.errors import DataFileError
from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.condition import Routed
from survey.importers.definitions.qsf_carried import with_carried
from survey.importers.definitions.qsf_logic import parts, who_is_asked
from survey.importers.definitions.qsf_questions import (
    Element,
    define,
    element_of,
    language_code,
    target_of,
)

_MOST_BYTES: Final = 100_000_000
_NO_QUESTION: Final = {"DB", "Timing", "Meta", "Captcha"}


def read_qsf(path: Path, data: bytes) -> dict[str, QuestionDefinition]:
    """Read the definition of a Qualtrics survey.

    Parameters
    ----------
    path : Path
        The file; only its name is used.
    data : bytes
        Its content.

    Returns
    -------
    dict of question to QuestionDefinition
        In the order of the survey, by export tag; rows that hold several answers and
        columns of a side-by-side table are questions of their own.

    Raises
    ------
    DataFileError
        The file is no such definition, or is larger than 100 MB.

    Examples
    --------
    >>> payload = {"QuestionID": "QID1", "QuestionType": "TE", "Selector": "SL",
    ...            "QuestionText": "<b>Why?</b>", "DataExportTag": "Q1"}
    >>> survey = {"SurveyEntry": {"SurveyLanguage": "EN"},
    ...           "SurveyElements": [{"Element": "SQ", "Payload": payload}]}
    >>> read_qsf(Path("a.qsf"), json.dumps(survey).encode())["Q1"].wording
    {'en': 'Why?'}
    """
    survey = _survey(path, data)
    elements = parts(survey["SurveyElements"])
    language = language_code(survey["SurveyEntry"].get("SurveyLanguage"))
    questions = {
        str(payload.get("QuestionID")): element_of(payload, language)
        for payload in _payloads(elements, "SQ")
        if isinstance(payload, dict)
    }
    questions = {id_: with_carried(e, questions) for id_, e in questions.items()}
    found: dict[str, QuestionDefinition] = {}
    for id_, routed in _routing(elements, questions).items():
        element = questions[id_]
        if element.text("QuestionType") not in _NO_QUESTION:
            tag = id_ if element.tag in found else element.tag
            for definition in define(replace(element, tag=tag), routed):
                found.setdefault(definition.question, definition)
    return found


def _survey(path: Path, data: bytes) -> dict[str, Any]:
    """Parse the file, refusing what is no definition of a survey."""
    if len(data) > _MOST_BYTES:
        raise DataFileError(
            f"{path}: a definition of {len(data) // 1_000_000} MB is not read; the most"
            f" are {_MOST_BYTES // 1_000_000}. Export the survey without its library."
        )
    try:
        survey = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise DataFileError(
            f"{path}: a Qualtrics definition is JSON, and this is not"
            f" ({str(error)[:80]}). In Qualtrics choose Tools, Import/Export, Export"
            " survey."
        ) from None
    entry = survey.get("SurveyEntry") if isinstance(survey, dict) else None
    if not isinstance(entry, dict) or not parts(survey.get("SurveyElements")):
        raise DataFileError(
            f"{path}: this JSON has no SurveyEntry with SurveyElements, so it is no"
            " Qualtrics definition. In Qualtrics choose Tools, Import/Export, Export"
            " survey."
        )
    return dict(survey)


def _payloads(elements: list[dict[str, Any]], kind: str) -> list[Any]:
    """List what the elements of a kind hold."""
    return [
        payload
        for element in elements
        if element.get("Element") == kind
        and isinstance(payload := element.get("Payload"), (dict, list))
    ]


def _routing(
    elements: list[dict[str, Any]], questions: Mapping[str, Element]
) -> dict[str, Routed]:
    """Say who is asked every question that the survey puts."""
    blocks = {
        str(block.get("ID")): parts(block.get("BlockElements"))
        for payload in _payloads(elements, "BL")
        for block in parts(payload)
        if block.get("Type") != "Trash"
    }
    flows = [
        parts(payload.get("Flow"))
        for payload in _payloads(elements, "FL")
        if isinstance(payload, dict)
    ]
    flow = flows[0] if flows else [{"Type": "Block", "ID": id_} for id_ in blocks]
    displays = {id_: e.payload.get("DisplayLogic") for id_, e in questions.items()}
    targets = {id_: target_of(element) for id_, element in questions.items()}
    if not blocks:
        blocks = {"": [{"QuestionID": id_} for id_ in questions]}
        flow = [{"ID": ""}]
    return who_is_asked(flow, blocks, displays, targets)
