"""Kinds of values in a study file: names, codes and lists that may be one value."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from survey.questionnaire.model import CODE_SCHEMA, Code, Text
from survey.responses.scale_rows import Box
from survey.tabulation.lines import Summary

SummaryLine = Literal[Box, Summary]


def as_list(value: object) -> object:
    """Let a single value stand for a list of one.

    Parameters
    ----------
    value : object
        As it stands in the file.

    Returns
    -------
    object
        A list, where a text or number was given.

    Examples
    --------
    >>> as_list("size"), as_list(["size"])
    (['size'], ['size'])
    """
    return [value] if isinstance(value, (str, int)) else value


def one_or_list(single: JsonSchemaValue) -> JsonSchemaValue:
    """Give the schema of a value that may stand without brackets.

    Parameters
    ----------
    single : dict
        Schema of one value.

    Returns
    -------
    dict
        Schema of one value, or of a list of them.

    Examples
    --------
    >>> one_or_list({"type": "string"})["anyOf"][0]
    {'type': 'string'}
    """
    return {"anyOf": [single, {"type": "array", "items": single, "minItems": 1}]}


CODES_SCHEMA = one_or_list(CODE_SCHEMA)
NAMES_SCHEMA = one_or_list({"type": "string"})
Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(as_list),
    Field(min_length=1),
    WithJsonSchema(CODES_SCHEMA),
]
Name = Annotated[str, Field(min_length=1)]
Names = Annotated[
    tuple[Name, ...],
    BeforeValidator(as_list),
    Field(min_length=1),
    WithJsonSchema(NAMES_SCHEMA),
]
SummaryLines = Annotated[
    tuple[SummaryLine, ...],
    BeforeValidator(as_list),
    Field(min_length=1),
    WithJsonSchema(
        one_or_list({"enum": [*get_args(Box), *get_args(Summary)]}),
    ),
]
Margins = Annotated[
    tuple[Names, ...],
    BeforeValidator(as_list),
    WithJsonSchema(one_or_list(NAMES_SCHEMA)),
]
WavesAndCodes = Annotated[dict[Code, Codes], Field(min_length=1)]
Recodes = Annotated[dict[Code, Codes | WavesAndCodes], Field(min_length=1)]
Reason = Annotated[Text, Field(min_length=1)]
