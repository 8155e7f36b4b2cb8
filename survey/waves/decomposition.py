"""What a change between two waves is made of, adding up exactly.

A change inside segments, of composition, of weighting targets and of the base; each
with the standard error of the design, and hidden where a part would tell a small group.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.measures import measure_of
from survey.responses.variable import Variable
from survey.study.model import Study
from survey.tabulation.small_bases import HIDDEN, base_note
from survey.wave.result import WaveResult
from survey.waves.change_parts import Compared
from survey.waves.change_rows import compared_rows
from survey.waves.contract import Consequence, WaveContract
from survey.waves.decomposition_groups import (
    Segments,
    pooled,
    segments_of,
    together,
)
from survey.waves.decomposition_spread import Estimated, Pair, estimate
from survey.waves.decomposition_terms import TERMS, Side, Term
from survey.waves.decomposition_values import (
    Decomposition,
    Part,
    Segment,
)
from survey.waves.decomposition_waves import Waves, waves_of

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]


def decompositions(
    newer: WaveResult,
    older: WaveResult,
    *,
    contract: WaveContract,
    study: Study,
    rows: Sequence[tuple[str, str]],
    banner: Sequence[str],
) -> tuple[Decomposition, ...]:
    """Take the changes of several rows apart, by the segments of several questions.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves.
    contract : WaveContract
        What can be compared.
    study : Study
        Minimum bases, confidence level, how weights are made.
    rows : sequence of (str, str)
        Question (or item of a grid) and code, as in the tables of the newer wave; the
        code of a mean is ``mean``, and the question of a net preference ends in
        ``:net_preference``.
    banner : sequence of str
        Questions with one answer, each of which gives segments.

    Returns
    -------
    tuple of Decomposition
        Row by row. Nothing is estimated where the contract does not let the row or
        the segments be compared, or a base is too small.

    Raises
    ------
    EstimationError
        There is no such row, or a question of segments has several answers.

    Notes
    -----
    On the common base, with the older wave's targets, a level is the sum of share s
    times level r over segments. The change is the sum of ``(s1 + s2) / 2 (r2 - r1)``,
    inside segments, and of ``(r1 + r2) / 2 (s2 - s1)``, of composition [1]_. The part
    of the targets is the level of the newer wave under its own targets less that under
    the former ones: the same respondents, whose weights went through the recipe of the
    study again. The part of the base is what the published bases add to the common one.

    Segments that are too small in one wave, or hidden in a table, are one segment.
    Standard errors are those of the scores of all terms in the stacked waves, less
    what the margins explain, each set of weights with its own [2]_. With replicate
    weights both waves count as independent.

    References
    ----------
    .. [1] Kitagawa (1955), Journal of the American Statistical Association 50(272),
       1168-1194.
    .. [2] Deville and Särndal (1992), Journal of the American Statistical Association
       87(418), 376-382.
    """
    waves = waves_of(study, newer, older)
    compared = compared_rows(newer, older, contract, study)
    known = {name: segments_of(newer, older, contract, name) for name in banner}
    return tuple(
        _decomposed(waves, *_found(compared, row), known[name], name)
        for row in rows
        for name in banner
    )


def _found(
    compared: Sequence[Compared], row: tuple[str, str]
) -> tuple[Compared, int, str]:
    """Find a row, its place among those that are compared, and its code."""
    name, code = row
    for each in compared:
        if each.name == name and code in [one.code for one in each.rows]:
            codes = [one.code for one in each.compared]
            return each, codes.index(code) if code in codes else -1, code
    raise EstimationError(
        f"There is no row {code!r} of {name!r} in the newer wave. Name a question and "
        "a code of its tables."
    )


def _decomposed(
    waves: Waves,
    compared: Compared,
    place: int,
    code: str,
    segments: Segments | Consequence,
    banner: str,
) -> Decomposition:
    """Take one change apart, or say why not."""
    row = next(each for each in compared.rows if each.code == code)
    blank = _blank(waves, compared, code, banner, row.consequence)
    if place < 0:
        return blank
    if isinstance(segments, Consequence):
        return replace(blank, consequence=segments)
    pair = _pair(waves, compared, place, segments)
    ends = (compared.name, code), (compared.earlier, row.earlier)
    hidden = _hidden(waves, ends, segments, banner)
    least = waves.study.report.min_base
    number = pooled(_counts(pair), hidden, least)
    grouped = _regrouped(pair, number)
    if _total_hidden(waves, ends) or not _is_told(grouped, least):
        return replace(blank, note=base_note(HIDDEN, least))
    found = estimate(grouped, waves.stack, waves.study.report.conf_level)
    return _told(blank, waves, found, grouped, (segments, number))


def _blank(
    waves: Waves, compared: Compared, code: str, banner: str, why: Consequence
) -> Decomposition:
    """Give a decomposition without numbers."""
    row = next(each for each in compared.rows if each.code == code)
    return Decomposition(
        question=compared.name,
        code=code,
        statistic=row.statistic,
        banner=banner,
        newer=waves.newer.wave.id,
        older=waves.older.wave.id,
        before=nan,
        after=nan,
        total=Part("total", nan, nan, nan, nan),
        parts=(),
        segments=(),
        consequence=why,
        problem=waves.problem,
    )


def _pair(waves: Waves, compared: Compared, place: int, segments: Segments) -> Pair:
    """Give a row of both waves as arrays, by all segments."""
    assert compared.newer is not None, "the row is compared"
    assert compared.older is not None, "the row is compared"
    row, size = (compared, place), len(segments.codes)
    newer, older = waves.newer, waves.older
    again = newer.design if waves.again is None else waves.again
    return Pair(
        _side(newer, compared.newer, compared.name, row, (segments.newer, size)),
        _side(older, compared.older, compared.earlier, row, (segments.older, size)),
        newer.design,
        again,
        older.design,
    )


def _side(
    wave: WaveResult,
    variable: Variable,
    name: str,
    row: tuple[Compared, int],
    segments: tuple[Ints, int],
) -> Side:
    """Give a row of one wave on its published and on the common base."""
    compared, place = row
    statistic: Literal["mean", "proportion"] = (
        "mean" if compared.kind == "mean" else "proportion"
    )
    common = measure_of(variable, statistic, wave.design).base
    whole = replace(variable, base=_published_base(wave, name, variable))
    measure = measure_of(whole, statistic, wave.design)
    return Side(measure.value[:, place], measure.base, common, *segments)


def _published_base(wave: WaveResult, name: str, variable: Variable) -> Bools:
    """Give the base on which the tables of a wave show a variable."""
    own = name.partition(":")[0]
    shown = (v for result in wave.questions for v in result.variables if v.name == own)
    return next(shown, variable).base


def _counts(pair: Pair) -> Ints:
    """Count the respondents of every segment on the common base (2, G)."""
    sides = pair.older, pair.newer
    return np.array([np.bincount(s.group[s.common], minlength=s.groups) for s in sides])


def _hidden(
    waves: Waves,
    ends: tuple[tuple[str, str], tuple[str, str]],
    segments: Segments,
    banner: str,
) -> Bools:
    """Say which segments a table of either wave hides."""
    newer, older = ends
    found = []
    for label, earlier in zip(segments.labels, segments.earlier, strict=True):
        after = _cell_hidden(waves.newer, (*newer, banner, label))
        keys = ((*older, segments.earlier_name, old) for old in earlier)
        found.append(after or any(_cell_hidden(waves.older, key) for key in keys))
    return np.array(found)


def _total_hidden(waves: Waves, ends: tuple[tuple[str, str], tuple[str, str]]) -> bool:
    """Say whether a table hides the row as a whole, in one of the waves."""
    pairs = zip((waves.newer, waves.older), ends, strict=True)
    return any(_cell_hidden(wave, (*end, "", "Total")) for wave, end in pairs)


def _cell_hidden(wave: WaveResult, key: tuple[str, str, str, str]) -> bool:
    """Say whether a table hides a cell; one that is not in it is not hidden."""
    cell = wave.cells.get(key)
    return cell is not None and cell.hidden


def _regrouped(pair: Pair, number: Ints) -> Pair:
    """Put the respondents into the segments that are left."""
    size = int(number.max()) + 1
    # Nobody in the common base is in a segment that is no more.
    place = np.maximum(number, 0)
    newer, older = (
        replace(side, group=place[side.group], groups=size)
        for side in (pair.newer, pair.older)
    )
    return replace(pair, newer=newer, older=older)


def _is_told(pair: Pair, least: int) -> bool:
    """Say whether all segments are large enough, and so is what bases have beyond."""
    counts = _counts(pair)
    sides = pair.newer, pair.older
    beyond = [int((side.base & ~side.common).sum()) for side in sides]
    several = counts.shape[1] > 1 and counts.min() >= least
    return bool(several and not any(0 < left < least for left in beyond))


def _told(
    blank: Decomposition,
    waves: Waves,
    found: Estimated,
    pair: Pair,
    placed: tuple[Segments, Ints],
) -> Decomposition:
    """Write the parts of a change down."""
    parts = [_part(found, place, name) for place, name in enumerate(TERMS)]
    kept = [p for p in parts[1:] if p.name != "targets" or waves.again is not None]
    return replace(
        blank,
        before=float(found.before[0]),
        after=float(found.own[0]),
        total=parts[0],
        parts=tuple(kept),
        segments=tuple(_segments(found, pair, *placed)),
    )


def _part(found: Estimated, place: int, name: Term) -> Part:
    """Write one part down."""
    ends = float(found.conf_low[place]), float(found.conf_high[place])
    return Part(
        name, float(found.estimate[place]), float(found.std_error[place]), *ends
    )


def _segments(
    found: Estimated, pair: Pair, segments: Segments, number: Ints
) -> Iterator[Segment]:
    """Write the parts of the segments down."""
    size, first = pair.newer.groups, len(TERMS)
    codes, labels = together(segments.codes, number), together(segments.labels, number)
    bases = _counts(pair)
    for g in range(size):
        share, level = 2 + g, 2 + size + g
        yield Segment(
            codes=codes[g],
            labels=labels[g],
            share_before=float(found.before[share]),
            share_after=float(found.again[share]),
            before=float(found.before[level]),
            after=float(found.again[level]),
            base_before=int(bases[0, g]),
            base_after=int(bases[1, g]),
            within=_part(found, first + g, "within"),
            composition=_part(found, first + size + g, "composition"),
        )
