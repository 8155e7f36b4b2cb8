"""Target files: what the population looks like, who says so, and when.

A target file is YAML with the keys ``population, source, as_of, unit, margins`` and,
if wanted, ``url`` and ``notes``.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

from survey.errors import StudyError
from survey.weighting.margins import code_text
from survey.yaml_file import YamlFile, read_yaml, validated


def _as_list(value: Any) -> Any:
    """Let one text stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _as_text(value: Any) -> Any:
    """Take a date or a year as text."""
    return (
        value if value is None or isinstance(value, (bool, dict, list)) else str(value)
    )


def _as_code(value: Any) -> Any:
    """Take a number as the text of a code."""
    return code_text(value) if isinstance(value, (int, float)) else value


def _as_number(value: Any) -> Any:
    """Refuse words and truth values where a number is meant."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("write a share or a count, without quotes or signs")  # noqa: TRY004 - pydantic collects ValueError
    return value


Words = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(strip_whitespace=True, min_length=1),
]
Code = Annotated[str, BeforeValidator(_as_code), Field(min_length=1)]
Number = Annotated[float, BeforeValidator(_as_number), Field(ge=0)]


class Targets(BaseModel):
    """What the population looks like.

    Attributes
    ----------
    population : str
        Whom the numbers describe.
    source, as_of : str
        Who says so, and for which date.
    unit : str
        What was counted, such as ``enterprises``.
    margins : mapping of question to {code: number}
        Shares or counts.
    url : str
        Where the source is found; empty when there is no address.
    notes : tuple of str
        What was changed on the way from the source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    population: Words
    source: Words
    as_of: Words
    unit: Words
    margins: dict[str, dict[Code, Number]] = Field(min_length=1)
    url: str = ""
    notes: Annotated[tuple[Words, ...], BeforeValidator(_as_list)] = ()

    @field_validator("margins")
    @classmethod
    def _filled(
        cls, margins: Mapping[str, Mapping[str, float]]
    ) -> Mapping[str, Mapping[str, float]]:
        """Refuse a margin without targets, or with infinite ones."""
        for name, targets in margins.items():
            if not targets or not math.fsum(targets.values()) > 0:
                raise ValueError(f"margin {name!r} has no target above 0")
            if not math.isfinite(math.fsum(targets.values())):
                raise ValueError(f"margin {name!r} has a target that is no number")
        return margins


def load_targets(path: str | Path) -> Targets:
    """Read a target file.

    Parameters
    ----------
    path : str or Path
        YAML file, UTF-8.

    Returns
    -------
    Targets
        Population, source, date, margins.

    Raises
    ------
    StudyError
        The file is not there, has tabs or unknown keys, or a target is negative or
        no number; file and line are named.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = '''population: firms in Europe
    ... source: register
    ... as_of: 2024
    ... unit: enterprises
    ... margins:
    ...   size: {1: 900, 2: 100}
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "targets.yaml"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     load_targets(path).margins
    {'size': {'1': 900.0, '2': 100.0}}
    """
    source: YamlFile = read_yaml(path, StudyError)
    return validated(Targets, source, StudyError)
