"""JSON Schemas of the files that a person edits, so that an editor completes them."""

import json
from typing import Any

from survey.model_use.catalogue import CatalogueFile
from survey.questionnaire.model import Part, Questionnaire
from survey.study.model import Study

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, str]:
    """Write the JSON Schemas of questionnaires, studies and catalogues of models.

    Returns
    -------
    dict of file name to str
        ``models.schema.json``, ``questionnaire.schema.json`` and
        ``study.schema.json``. A version of a questionnaire gives only what it changes,
        so no key but the id of a question is required there.

    Examples
    --------
    >>> sorted(schemas())
    ['models.schema.json', 'questionnaire.schema.json', 'study.schema.json']
    """
    questionnaire = _schema(Questionnaire)
    questionnaire["properties"] |= {
        "extends": {"type": "string"},
        "drop": {"type": "array", "items": {"type": "string"}},
    }
    questionnaire["required"] = []
    questionnaire["$defs"]["Question"]["required"] = ["id"]
    return {
        "models.schema.json": _text(_schema(CatalogueFile)),
        "questionnaire.schema.json": _text(questionnaire),
        "study.schema.json": _text(_schema(Study)),
    }


def _schema(model: type[Part]) -> dict[str, Any]:
    """Give the schema of a model as an editor takes it."""
    return {"$schema": DIALECT, **model.model_json_schema()}


def _text(schema: dict[str, Any]) -> str:
    """Write a schema in the same order and form every time."""
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
