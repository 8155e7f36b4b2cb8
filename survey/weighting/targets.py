"""Target files: what the population looks like, who says so, and when.

A target file is YAML with the keys ``population, source, as_of, unit, margins``, or a
table in CSV or XLSX with the same content. Targets that do not add up are refused.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from survey.errors import MarginError, StudyError, some
from survey.questionnaire.model import Text
from survey.weighting.mapping import BETWEEN, BandMap, apply_mapping, target_codes
from survey.weighting.margins import code_text
from survey.weighting.target_tables import TABLES, read_target_table
from survey.yaml_file import YamlFile, read_yaml, validated

Measure = Literal["share", "percent", "count"]

# Targets that sum to less than this are shares.
_COUNTS_FROM = 2.0
# A sum this near to 100 is one of percentages, right or wrong.
_NEAR_100 = 5.0
_SUM_GAP = 1e-6


def _as_list(value: Any) -> Any:
    """Let one text stand for a list of one."""
    return [value] if isinstance(value, (str, dict)) else value


def _as_text(value: Any) -> Any:
    """Take a date or a year as text."""
    return (
        value if value is None or isinstance(value, (bool, dict, list)) else str(value)
    )


def _in_languages(value: Any) -> Any:
    """Let one text stand for all languages."""
    return value if value is None or isinstance(value, (dict, list)) else {"": value}


def _as_number(value: Any) -> Any:
    """Refuse words and truth values where a number is meant."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("write a share or a count, without quotes or signs")  # noqa: TRY004 - pydantic collects ValueError
    return value


def _flat(value: Any) -> Any:
    """Write codes as text, and targets within targets under joined codes."""
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(key, bool):
            # YAML reads the region NO as false.
            raise ValueError(f"code {key} was a word such as yes or no: quote it")  # noqa: TRY004 - pydantic collects ValueError
        code = code_text(key)
        nested = _flat(inner) if isinstance(inner, dict) else {"": inner}
        for rest, target in nested.items():
            joined = f"{code}{BETWEEN}{rest}" if rest else code
            if joined in found:
                raise ValueError(f"code {joined!r} stands here twice: keep one")
            found[joined] = target
    return found


Words = Annotated[
    str,
    BeforeValidator(_as_text),
    StringConstraints(strip_whitespace=True, min_length=1),
]
Worded = Annotated[
    dict[str, Words], BeforeValidator(_in_languages), Field(min_length=1)
]
Code = Annotated[str, Field(min_length=1)]
Number = Annotated[float, BeforeValidator(_as_number), Field(ge=0)]
Size = Annotated[float, BeforeValidator(_as_number), Field(gt=0, lt=math.inf)]
Texts = Annotated[dict[Code, Words], BeforeValidator(_flat)]
Numbers = Annotated[dict[Code, Number], BeforeValidator(_flat)]


class Targets(BaseModel):
    """What the population looks like.

    Attributes
    ----------
    population : mapping of language to str
        Whom the numbers describe; one text stands for all languages.
    source : mapping of language to str
        Who says so.
    as_of : str
        For which date: ``2024-11-30``, ``2024-11``, or in words.
    unit : mapping of language to str
        What was counted, such as ``enterprises``.
    population_size : float, optional
        How many units there are.
    margins : mapping of question to {code: number}
        Shares with sum 1, percentages with sum 100, or counts. A crossed margin is
        called ``size x region`` and has codes such as ``1 x 2``.
    totals : mapping of question to number
        Sums of numbers over the population, such as all employees.
    labels : mapping of question to {code: label}
        What reports print for a code.
    mapping : mapping of question to BandMap
        Which answers belong to which targets, where their codes differ.
    url : str
        Where the source is found; empty when there is no address.
    notes : tuple of mapping of language to str
        What was changed on the way from the source, and what does not fit.
    licence : str
        Terms under which the numbers may be used.
    evidence : {"verbatim", "secondary", "computed"}, optional
        Whether the numbers were seen at the publisher, were quoted by others, or were
        derived from such numbers.
    evidence_note : mapping of language to str
        How far they were checked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    population: Worded
    source: Worded
    as_of: Words
    unit: Worded
    population_size: Size | None = None
    margins: dict[str, Numbers] = {}
    totals: dict[str, Number] = Field(default={}, validate_default=True)
    labels: dict[str, Texts] = {}
    mapping: dict[str, BandMap] = {}
    url: str = ""
    notes: Annotated[tuple[Worded, ...], BeforeValidator(_as_list)] = ()
    licence: str = ""
    evidence: Literal["verbatim", "secondary", "computed"] | None = None
    evidence_note: Text = {}

    @field_validator("margins")
    @classmethod
    def _add_up(
        cls, margins: dict[str, dict[str, float]], info: ValidationInfo
    ) -> dict[str, dict[str, float]]:
        """Refuse margins without targets, and those that do not add up."""
        for name, targets in margins.items():
            _check_crossed(name, targets)
            _check_sum(name, targets, info.data.get("population_size"))
        return margins

    @field_validator("totals")
    @classmethod
    def _of_a_size(
        cls, totals: dict[str, float], info: ValidationInfo
    ) -> dict[str, float]:
        """Refuse totals of a population of unknown size, and no targets at all."""
        if not totals and info.data.get("margins") == {}:
            raise ValueError("the file has no targets: give margins, or totals")
        if totals and info.data.get("population_size", 1) is None:
            raise ValueError(
                "a total needs the size of the population: give population_size"
            )
        return totals

    @field_validator("labels")
    @classmethod
    def _of_targets(
        cls, labels: dict[str, dict[str, str]], info: ValidationInfo
    ) -> dict[str, dict[str, str]]:
        """Refuse labels of codes that have no target."""
        margins = info.data.get("margins", {})
        known = {name: tuple(codes) for name, codes in margins.items()}
        known |= target_codes(margins)
        for name, texts in labels.items() if margins else ():
            if name not in known:
                raise ValueError(
                    f"labels are about {name!r}, and the margins are {some(known)}"
                )
            unknown = [code for code in texts if code not in known[name]]
            if unknown:
                raise ValueError(
                    f"labels of {name!r} name {some(unknown)}, which have no target; "
                    f"the codes are {some(known[name])}"
                )
        return labels

    @field_validator("mapping")
    @classmethod
    def _fits(
        cls, mapping: dict[str, BandMap], info: ValidationInfo
    ) -> dict[str, BandMap]:
        """Refuse a mapping that does not fit the margins."""
        margins = info.data.get("margins")
        try:
            apply_mapping(margins or {}, mapping if margins is not None else {})
        except MarginError as problem:
            raise ValueError(str(problem).rstrip(".")) from None
        return mapping


def _check_crossed(name: str, targets: Mapping[str, float]) -> None:
    """Refuse codes that have more or fewer parts than the name of their margin."""
    wanted = len(name.split(BETWEEN))
    wrong = [c for c in targets if wanted > 1 and len(c.split(BETWEEN)) != wanted]
    if wrong:
        raise ValueError(
            f"margin {name!r} has {wanted} dimensions, and its codes {some(wrong)} do "
            f"not have {wanted} parts; write codes such as "
            f"{BETWEEN.join(['1'] * wanted)!r}"
        )


def _check_sum(name: str, targets: Mapping[str, float], size: float | None) -> None:
    """Refuse a margin without targets, with infinite ones, or that does not add up."""
    total = math.fsum(targets.values())
    if not math.isfinite(total):
        raise ValueError(f"margin {name!r} has a target that is no number")
    if not total > 0:
        raise ValueError(f"margin {name!r} has no target above 0")
    whole = {"share": 1.0, "percent": 100.0, "count": total}[measure(targets, size)]
    if abs(total - whole) > _SUM_GAP * whole:
        count = f"; if they are counts, state population_size: {total:g}"
        raise ValueError(
            f"margin {name!r} sums to {total:.6g}, and "
            f"{'shares' if whole == 1 else 'percentages'} have to sum to {whole:g}; "
            f"correct a target, or divide each by {total / whole:.6g}"
            f"{count if whole > 1 else ''}"
        )


def measure(targets: Mapping[str, float], size: float | None = None) -> Measure:
    """Say whether targets are shares, percentages or counts.

    Parameters
    ----------
    targets : mapping of code to number
        Targets of one margin.
    size : float, optional
        Size of the population, where it is stated.

    Returns
    -------
    {"share", "percent", "count"}
        A sum below 2 is one of shares, and one within 5 of 100 is one of percentages
        unless the population has that size.

    Examples
    --------
    >>> measure({"1": 0.4, "2": 0.6}), measure({"1": 40.0, "2": 60.0})
    ('share', 'percent')
    >>> measure({"1": 40.0, "2": 60.0}, 100)
    'count'
    """
    total = math.fsum(targets.values())
    if total < _COUNTS_FROM:
        return "share"
    if size is not None and abs(total - size) <= _SUM_GAP * total:
        return "count"
    return "percent" if abs(total - 100) < _NEAR_100 else "count"


def load_targets(path: str | Path) -> Targets:
    """Read a target file.

    Parameters
    ----------
    path : str or Path
        YAML in UTF-8, or a table: ``.csv``, ``.tsv`` or ``.xlsx``.

    Returns
    -------
    Targets
        Population, source, date, margins, totals.

    Raises
    ------
    StudyError
        The file is not there, has tabs or unknown keys, or a target is negative, no
        number or does not add up with the others; file and line are named.

    Notes
    -----
    A table has the columns ``margin, code, target`` and, if wanted, ``label``; or one
    column for each dimension of a margin, and ``target``. What YAML says in keys stands
    above a CSV table in lines such as ``# source: register``, and in a sheet ``about``
    with keys and values in a workbook.

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
    table = Path(path).suffix.casefold() in TABLES
    source = read_target_table(path) if table else read_yaml(path, StudyError)
    return validated(Targets, _with_codes(source), StudyError)


def _with_codes(source: YamlFile) -> YamlFile:
    """Find the lines of targets under their codes as text."""
    places = dict(source.places)
    for key, place in source.places.items():
        if len(key) > len(("margins", "size")):
            places[*key[:2], BETWEEN.join(map(code_text, key[2:]))] = place
    return replace(source, places=places)
