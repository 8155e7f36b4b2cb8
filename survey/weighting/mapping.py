"""Mapping: which answers and which targets make up the bands of a margin.

Bands are never guessed from labels. Every target and every answer stands in one band,
or in a list that says why it does not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic.json_schema import WithJsonSchema

from survey.errors import MarginError, some
from survey.finding import Finding
from survey.questionnaire.model import CODE_SCHEMA, Code, Part, Text
from survey.said import Wording, said

BETWEEN = " x "
_TOGETHER = " + "


def _as_list(value: Any) -> Any:
    """Let one code stand for a list of one."""
    return [value] if isinstance(value, (str, int, float)) else value


Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [CODE_SCHEMA, {"type": "array", "items": CODE_SCHEMA}]}),
]
FilledCodes = Annotated[Codes, Field(min_length=1)]


class Band(Part):
    """One category that respondents are weighted by.

    Attributes
    ----------
    targets : tuple of str
        Codes of the target file; their targets are added up.
    codes : tuple of str
        Answers that belong to them.
    label : str
        What reports print; the labels of `targets` when empty.
    note : mapping of language to str
        How the answers differ from the targets, such as ``asked: 1 to 10``.
    """

    targets: FilledCodes
    codes: FilledCodes
    label: str = ""
    note: Text = Field(default_factory=dict)

    @property
    def code(self) -> str:
        """Code of the band: those of its targets."""
        return _TOGETHER.join(self.targets)


class BandMap(Part):
    """How the answers to one question become the categories of a margin.

    Attributes
    ----------
    column : str
        Question or column with the answers; the name of the margin when empty.
    bands : tuple of Band
        Categories to weight by; answers are compared with targets as they are when
        empty.
    unused : tuple of str
        Codes of the target file that no answer stands for. Shares are of the rest.
    missing_codes : tuple of str
        Answers such as "don't know", which have no category.
    outside : tuple of str
        Answers of respondents who are not in the population; their weight is 0.
    """

    column: str = ""
    bands: tuple[Band, ...] = ()
    unused: Codes = ()
    missing_codes: Codes = ()
    outside: Codes = ()

    @field_validator("bands")
    @classmethod
    def _once(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        """Refuse a code in two bands."""
        _check_once("target", [band.targets for band in bands])
        _check_once("answer", [band.codes for band in bands])
        return bands

    @field_validator("unused", "missing_codes", "outside")
    @classmethod
    def _elsewhere(
        cls, codes: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        """Refuse a code that is in a band as well."""
        bands: tuple[Band, ...] = info.data.get("bands", ())
        if info.field_name == "unused":
            _check_once("target", [codes, *(band.targets for band in bands)])
        else:
            others = info.data.get("missing_codes", ())
            given = [codes, *(band.codes for band in bands)]
            _check_once("answer", [*given, others] if others else given)
        return codes


def _check_once(kind: str, lists: Iterable[Sequence[str]]) -> None:
    """Refuse a code that stands in several places."""
    counts = Counter(code for codes in lists for code in codes)
    twice = [code for code, count in counts.items() if count > 1]
    if twice:
        raise ValueError(
            f"{kind} code {some(twice)} stands in several places of the mapping. "
            "Keep one of them"
        )


@dataclass(frozen=True, slots=True)
class Recode:
    """How answers become categories of a margin.

    Attributes
    ----------
    categories : mapping of answer code to category
        Answers that have a category.
    missing, outside : frozenset of str
        Answers without a category, and those of respondents outside the population.
    notes : mapping of category to Wording
        How answers differ from targets.
    """

    categories: Mapping[str, str]
    missing: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    notes: Mapping[str, Wording] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Margins by band, and how answers are recoded to them.

    Attributes
    ----------
    margins : mapping of margin to {category: number}
        Targets by band, in the unit of the file.
    kept : mapping of margin to float
        Part of its sum that is used, 0 to 1.
    recodes : mapping of dimension to Recode
        For each dimension that is mapped.
    labels : mapping of dimension to {category: label}
        What reports print, where the file or the mapping says so.
    findings : tuple of Finding
        Targets that are not used.
    """

    margins: Mapping[str, Mapping[str, float]]
    kept: Mapping[str, float]
    recodes: Mapping[str, Recode]
    labels: Mapping[str, Mapping[str, str]]
    findings: tuple[Finding, ...] = ()


def apply_mapping(
    margins: Mapping[str, Mapping[str, float]],
    mapping: Mapping[str, BandMap],
    labels: Mapping[str, Mapping[str, str]] | None = None,
) -> Mapped:
    """Add up targets by band, and say how answers are recoded.

    Parameters
    ----------
    margins : mapping of margin to {code: number}
        Shares or counts. A crossed margin is called ``size x region`` and has codes
        such as ``1 x 2``.
    mapping : mapping of dimension to BandMap
        Bands of a margin, or of one dimension of crossed margins.
    labels : mapping of dimension to {code: label}, optional
        Labels of target codes.

    Returns
    -------
    Mapped
        Margins by band; those without a mapping as they are.

    Raises
    ------
    MarginError
        The mapping is about a margin that is not there, forgets a target, or names
        one that is not there.

    Examples
    --------
    >>> sizes = BandMap(bands=(Band(targets=("10-19", "20-49"), codes=("2",)),
    ...                        Band(targets=("50+",), codes=("3", "4"))))
    >>> targets = {"size": {"10-19": 50.0, "20-49": 30.0, "50+": 20.0}}
    >>> mapped = apply_mapping(targets, {"size": sizes})
    >>> mapped.margins["size"]
    {'10-19 + 20-49': 80.0, '50+': 20.0}
    >>> mapped.recodes["size"].categories["4"]
    '50+'
    """
    codes = target_codes(margins)
    for name, each in mapping.items():
        _check_targets(name, each, codes)
    place = {name: _places(each, codes[name]) for name, each in mapping.items()}
    banded = {name: _banded(name, margins[name], place) for name in margins}
    kept = {
        name: fsum(banded[name].values()) / fsum(targets.values())
        for name, targets in margins.items()
    }
    return Mapped(
        banded,
        kept,
        {name: _recode(each, place[name]) for name, each in mapping.items()},
        _labels(mapping, labels or {}),
        tuple(
            _unused(name, mapping, share) for name, share in kept.items() if share < 1
        ),
    )


def target_codes(
    margins: Mapping[str, Mapping[str, float]],
) -> dict[str, tuple[str, ...]]:
    """List the codes of every dimension of the margins.

    Parameters
    ----------
    margins : mapping of margin to {code: number}
        Targets.

    Returns
    -------
    dict of dimension to tuple of str
        A crossed margin has several dimensions.

    Examples
    --------
    >>> target_codes({"size x region": {"1 x a": 5.0, "1 x b": 6.0}})
    {'size': ('1',), 'region': ('a', 'b')}
    """
    found: dict[str, dict[str, None]] = {}
    for name, targets in margins.items():
        for code in targets:
            for dimension, part in zip(*_parts(name, code), strict=True):
                found.setdefault(dimension, {})[part] = None
    return {dimension: tuple(codes) for dimension, codes in found.items()}


def _parts(name: str, code: str) -> tuple[list[str], list[str]]:
    """Take a margin and a code of it apart into dimensions and their codes."""
    dimensions = name.split(BETWEEN)
    return dimensions, code.split(BETWEEN) if len(dimensions) > 1 else [code]


def _check_targets(
    name: str, each: BandMap, codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Refuse a mapping that does not fit the targets."""
    if name not in codes:
        raise MarginError(
            f"the mapping is about margin {name!r}, and the targets have "
            f"{some(codes)}. Name one of these."
        )
    named = {*each.unused, *(code for band in each.bands for code in band.targets)}
    unknown = [code for code in named if code not in codes[name]]
    forgotten = [code for code in codes[name] if each.bands and code not in named]
    if unknown:
        raise MarginError(
            f"the mapping of margin {name!r} names targets that are not there: "
            f"{some(sorted(unknown))}. The targets have {some(codes[name])}."
        )
    if forgotten:
        raise MarginError(
            f"the mapping of margin {name!r} forgets targets: {some(forgotten)}. Put "
            "each of them in a band, or list it under 'unused'."
        )


def _places(each: BandMap, codes: Sequence[str]) -> dict[str, str]:
    """Give the category of every target that is used."""
    if not each.bands:
        return {code: code for code in codes if code not in each.unused}
    return {code: band.code for band in each.bands for code in band.targets}


def _banded(
    name: str, targets: Mapping[str, float], place: Mapping[str, Mapping[str, str]]
) -> dict[str, float]:
    """Add up the targets of a margin by band."""
    parts: dict[str, list[float]] = {}
    for code, target in targets.items():
        found = [
            place[dimension].get(part) if dimension in place else part
            for dimension, part in zip(*_parts(name, code), strict=True)
        ]
        if None not in found:
            parts.setdefault(BETWEEN.join(map(str, found)), []).append(target)
    if not any(map(any, parts.values())):
        raise MarginError(
            f"margin {name!r} has no target above 0 once the unused ones are left out. "
            "Leave out fewer, or drop the margin."
        )
    return {code: fsum(numbers) for code, numbers in parts.items()}


def _recode(each: BandMap, place: Mapping[str, str]) -> Recode:
    """Say how the answers of one dimension are recoded."""
    categories = {code: band.code for band in each.bands for code in band.codes}
    return Recode(
        categories if each.bands else place,
        frozenset(each.missing_codes),
        frozenset(each.outside),
        {b.code: Wording(tuple(b.note.items())) for b in each.bands if b.note},
    )


def _labels(
    mapping: Mapping[str, BandMap], labels: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """Give bands the label that the mapping states, or those of their targets."""
    found = {name: dict(texts) for name, texts in labels.items()}
    for name, each in mapping.items():
        known = found.setdefault(name, {})
        for band in each.bands:
            words = [known.get(code, code) for code in band.targets]
            known[band.code] = band.label or _TOGETHER.join(words)
    return found


def _unused(name: str, mapping: Mapping[str, BandMap], kept: float) -> Finding:
    """Say which targets are left out, and what part of the population they are."""
    dimensions = [part for part in name.split(BETWEEN) if part in mapping]
    codes = [code for part in dimensions for code in mapping[part].unused]
    message = said(
        "Margin {margin!r}: the targets {codes} hold {share:.2%} of the population of "
        "the target file and are not used. Shares are of the rest.",
        margin=name,
        codes=tuple(codes),
        share=1 - kept,
    )
    return Finding("note", "targets_unused", name, message, 0, "left out")
