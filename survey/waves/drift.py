"""Weight drift: the weighting of every wave beside that of the former one.

Rules say when an analyst should look again; they state facts, and change nothing.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum
from typing import Final

import pandas as pd

from survey.finding import Finding, Severity
from survey.responses.paradata import times
from survey.said import Said, Wording, said
from survey.study.weights import MadeWeights
from survey.wave.result import WaveResult
from survey.weighting.diagnostics import margin_name, margin_table
from survey.weighting.distribution import largest_weights, weight_summary
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting

_LARGEST: Final = 3
_DAYS_OF_YEAR: Final = 365.25
_DECEMBER: Final = 12
_DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class DriftRules:
    """When a weighting calls for a second look.

    Attributes
    ----------
    efficiency : float, default 10
        Points by which the efficiency fell since the former wave.
    largest : float, default 2
        Times that the largest weight grew since then.
    years : float, default 3
        Years that the targets are older than the answers.
    """

    efficiency: float = 10.0
    largest: float = 2.0
    years: float = 3.0


RULES: Final = DriftRules()


@dataclass(frozen=True, slots=True)
class LargeWeight:
    """One of the largest weights of a wave.

    Attributes
    ----------
    weight : float
        Mean 1.
    cell : tuple of (str, str)
        Margin and code; empty where a category has fewer respondents than the minimum
        base.
    """

    weight: float
    cell: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WeightDrift:
    """The weighting of one wave.

    Attributes
    ----------
    wave, name : str
        Wave, and name of the weights; empty where they come with the export.
    respondents : int
        Respondents whose weight is above 0.
    base_effective, deff, efficiency : float
        Effective base, Kish's design effect, and the former in percent.
    smallest, largest : float
        Weights, with mean 1.
    large : tuple of LargeWeight
        The largest weights with their cells; empty for weights of an export.
    source : Wording or None
        Who says what the population is.
    as_of : str
        For which date; empty without targets.
    targets : tuple of (margin, code, share)
        What the target file says, 0 to 1.
    answered : str
        Day of the last record, ``2025-10-31``; empty where no record has a date.
    """

    wave: str
    name: str
    respondents: int
    base_effective: float
    deff: float
    efficiency: float
    smallest: float
    largest: float
    large: tuple[LargeWeight, ...] = ()
    source: Wording | None = None
    as_of: str = ""
    targets: tuple[tuple[str, str, float], ...] = ()
    answered: str = ""


def weight_drift(
    results: Sequence[WaveResult], min_base: int
) -> tuple[WeightDrift, ...]:
    """Put the weightings of all waves side by side.

    Parameters
    ----------
    results : sequence of WaveResult
        The waves, oldest first.
    min_base : int
        Respondents below which the cell of a weight is not told.

    Returns
    -------
    tuple of WeightDrift
        Wave by wave, the weights of the tables first; with equal weights as well.
    """
    return tuple(
        drift
        for result in results
        for drift in (
            [_of_made(result, made, min_base) for made in result.made]
            or [_of_file(result)]
        )
    )


def _of_made(result: WaveResult, made: MadeWeights, min_base: int) -> WeightDrift:
    """Describe weights that were made here."""
    return replace(
        _described(result, made.plan.name, made.weighting),
        large=tuple(_large(made.weighting, min_base)),
        source=Wording(tuple(made.targets.source.items())),
        as_of=made.targets.as_of,
        targets=tuple(_shares(made.targets)),
    )


def _of_file(result: WaveResult) -> WeightDrift:
    """Describe weights of an export, or equal ones."""
    weight = pd.Series(result.weights / result.weights.mean())
    return _described(result, "", Weighting(weight, weight, (), 0, 0.0))


def _described(result: WaveResult, name: str, weighting: Weighting) -> WeightDrift:
    """Summarise weights."""
    found = weight_summary(weighting)
    return WeightDrift(
        result.wave.id,
        name,
        found.respondents,
        found.base_effective,
        found.deff,
        found.efficiency,
        found.smallest,
        found.largest,
        answered=_answered(result),
    )


def _large(weighting: Weighting, min_base: int) -> Iterator[LargeWeight]:
    """Give the largest weights, with cells of enough respondents."""
    table = margin_table(weighting)
    counts = table.set_index(["margin", "code"])["base_unweighted"]
    names = [margin_name(margin) for margin in weighting.margins]
    for row in largest_weights(weighting, _LARGEST).to_dict("records"):
        cell = tuple((name, str(row[name])) for name in names)
        told = all(int(counts[key]) >= min_base for key in cell)
        yield LargeWeight(float(row["weight"]), cell if told else ())


def _shares(targets: Targets) -> Iterator[tuple[str, str, float]]:
    """List the targets of a file as shares."""
    for margin, numbers in targets.margins.items():
        whole = fsum(numbers.values())
        for code, number in numbers.items():
            yield margin, code, number / whole


def _answered(result: WaveResult) -> str:
    """Give the day of the last record."""
    paradata = result.responses.paradata
    for name in ("finished", "started"):
        last = times(paradata[name]).max() if name in paradata else pd.NaT
        if not pd.isna(last):
            return str(last.date())
    return ""


def drift_findings(
    drifts: Sequence[WeightDrift], rules: DriftRules = RULES
) -> tuple[Finding, ...]:
    """Say where the weighting of a wave calls for a second look.

    Parameters
    ----------
    drifts : sequence of WeightDrift
        From `weight_drift`.
    rules : DriftRules
        When it does.

    Returns
    -------
    tuple of Finding
        Warnings; targets that changed are a note.
    """
    found: list[Finding] = []
    former: dict[str, WeightDrift] = {}
    for now in drifts:
        found += _of_age(now, rules)
        if now.name in former:
            found += _since(former[now.name], now, rules)
        former[now.name] = now
    return tuple(found)


def _of_age(now: WeightDrift, rules: DriftRules) -> Iterator[Finding]:
    """Warn of targets that are much older than the answers."""
    years = age_of(now.as_of, now.answered)
    if years is None or years <= rules.years:
        return
    message = said(
        "The targets of the weights are of {date}, which is {years:.1f} years before "
        "the last answer ({answered}). Look for newer ones.",
        date=now.as_of,
        years=years,
        answered=now.answered,
    )
    yield _finding("warning", "targets_old", now, message)


def _since(
    former: WeightDrift, now: WeightDrift, rules: DriftRules
) -> Iterator[Finding]:
    """Warn of what became worse since the former wave."""
    if former.efficiency - now.efficiency > rules.efficiency:
        message = said(
            "The efficiency of the weights fell from {before:.0%} in wave {wave!r} to "
            "{after:.0%}.",
            before=former.efficiency / 100,
            wave=former.wave,
            after=now.efficiency / 100,
        )
        yield _finding("warning", "weights_efficiency", now, message)
    if now.largest >= rules.largest * former.largest:
        message = said(
            "The largest weight rose from {before:.1f} in wave {wave!r} to {after:.1f} "
            "(the mean is 1).",
            before=former.largest,
            wave=former.wave,
            after=now.largest,
        )
        yield _finding("warning", "weights_largest", now, message)
    if now.as_of and former.as_of and now.targets != former.targets:
        message = said(
            "The targets of the weights are not those of wave {wave!r}: they are of "
            "{after}, and were of {before}.",
            wave=former.wave,
            before=former.as_of,
            after=now.as_of,
        )
        yield _finding("note", "targets_changed", now, message)


def _finding(
    severity: Severity, check: str, now: WeightDrift, message: Said
) -> Finding:
    """Make a finding about the weights of a wave."""
    return Finding(severity, check, now.name, message, now.respondents, wave=now.wave)


def age_of(as_of: str, answered: str) -> float | None:
    """Give the years between the date of targets and the last answer.

    Parameters
    ----------
    as_of : str
        ``2024-11-30``, ``2024-11``, a year, or words that name one year.
    answered : str
        Day of the last answer.

    Returns
    -------
    float or None
        Years; a month or a year counts from its end. None where a date is unknown.

    Examples
    --------
    >>> age_of("2021", "2025-01-01"), age_of("spring", "2025-01-01")
    (3.0, None)
    """
    end = _end_of(as_of)
    if end is None or not answered:
        return None
    days = (date.fromisoformat(answered) - end).days
    return round(days / _DAYS_OF_YEAR, 1)


def _end_of(as_of: str) -> date | None:
    """Give the last day that a date may mean."""
    found = _DAY.search(as_of)
    if found is not None:
        year, month, day = (int(part) for part in found.groups(default="0"))
        last = monthrange(year, month)[1] if 1 <= month <= _DECEMBER else 0
        return date(year, month, day or last) if last and day <= last else None
    years = set(_YEAR.findall(as_of))
    return date(int(years.pop()), _DECEMBER, 31) if len(years) == 1 else None
