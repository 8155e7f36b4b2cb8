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


def of_either_wave(value: object) -> object:
    """Let codes without a wave stand for those of either wave.

    Parameters
    ----------
    value : object
        As it stands in the file.

    Returns
    -------
    object
        A mapping of wave to codes, where a code or a list was given.

    Examples
    --------
    >>> of_either_wave(["a", "b"]), of_either_wave({2024: ["a"]})
    ({'': ['a', 'b']}, {2024: ['a']})
    """
    if isinstance(value, (str, int, list, tuple)):
        return {"": value}
    return value


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
# Codes of either wave stand under no wave.
Together = Annotated[
    dict[Annotated[str, BeforeValidator(str)], Codes],
    BeforeValidator(of_either_wave),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                *CODES_SCHEMA["anyOf"],
                {"type": "object", "additionalProperties": CODES_SCHEMA},
            ]
        }
    ),
]
Recodes = Annotated[dict[Code, Together], Field(min_length=1)]
Reason = Annotated[Text, Field(min_length=1)]
