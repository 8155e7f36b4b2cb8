"""Categories: every respondent on every margin, with shares and labels.

A class of respondents without a category keeps its share of the sample, and the shares
of the population fill the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from survey.errors import MarginError
from survey.finding import Finding
from survey.said import said
from survey.weighting.dimensions import Dimension
from survey.weighting.mapping import BETWEEN, Mapped
from survey.weighting.policies import Sample
from survey.weighting.targets import Targets, measure

Texts = NDArray[np.object_]

OWN_CLASS = "no answer"
# Published counts of one population differ by what is rounded or not classified.
_AGREE = 1e-3


@dataclass(frozen=True, slots=True)
class Plan:
    """One margin.

    Attributes
    ----------
    name : str
        What it is called among the respondents, ``q4`` or ``q4 x region``.
    target : str
        What the target file calls it.
    dimensions : tuple of str
        Its questions or columns.
    """

    name: str
    target: str
    dimensions: tuple[str, ...]


def joined(sample: Sample, plan: Plan) -> Texts:
    """Give the category of every respondent on a margin.

    Parameters
    ----------
    sample : Sample
        n respondents.
    plan : Plan
        The margin.

    Returns
    -------
    object array (n,)
        Texts, such as ``1 x north``; empty where a part of it is missing.
    """
    parts = _parts(sample, plan)
    codes = parts[0].codes
    for part in parts[1:]:
        codes = codes + BETWEEN + part.codes
    lacking = np.logical_or.reduce([part.missing | part.outside for part in parts])
    return np.where(lacking, "", codes)


def categories(
    sample: Sample, plan: Plan, targets: Mapping[str, float]
) -> tuple[Texts, Mapping[object, float]]:
    """Give categories and shares, with a class for who has no category.

    Parameters
    ----------
    sample : Sample
        n respondents.
    plan : Plan
        The margin.
    targets : mapping of category to number
        Above 0.

    Returns
    -------
    object array (n,), mapping of category to share
        The class is called `OWN_CLASS` and keeps its share of the sample by base
        weight; where the targets have such a category, its target holds.

    Raises
    ------
    MarginError
        Nobody has a category.
    """
    codes, used = joined(sample, plan), sample.used
    without = (codes == "") & used
    _check_own(plan.name, codes, without, targets)
    # A respondent without weight needs some category, and it does not matter which.
    known = np.isin(codes, list(targets))
    codes = np.where(known | used, codes, next(iter(targets)))
    codes = np.where(without, OWN_CLASS, codes)
    if (without | ~used).all():
        raise MarginError(
            f"nobody has a category on margin {plan.name!r}. Drop the margin."
        )
    weight = sample.base_weight
    share = float(weight[without].sum() / weight.sum())
    if OWN_CLASS in targets:
        share = 0.0
    total = fsum(targets.values())
    shares: dict[object, float] = {
        code: value / total * (1 - share) for code, value in targets.items()
    }
    return codes, {**shares, OWN_CLASS: share} if share else shares


def _check_own(
    margin: str, codes: Texts, without: NDArray[np.bool_], targets: Mapping[str, float]
) -> None:
    """Refuse an answer that has the name of the class of no answer, and no target."""
    count = int((codes == OWN_CLASS).sum())
    if count and without.any() and OWN_CLASS not in targets:
        raise MarginError(
            f"margin {margin!r} has the answer {OWN_CLASS!r} {count} times, and those "
            "who have none become a class of this name. List it under missing_codes in "
            "the mapping of the target file."
        )


def labels(
    sample: Sample, plan: Plan, mapped: Mapped, codes: Iterable[object]
) -> dict[str, str]:
    """Give every category of a margin a label.

    Parameters
    ----------
    sample : Sample
        Questions with their labels.
    plan : Plan
        The margin.
    mapped : Mapped
        Labels of the target file.
    codes : iterable of str
        Categories.

    Returns
    -------
    dict of category to str
        The code itself where nothing labels it.
    """
    own = mapped.labels.get(plan.target, {})
    parts = _parts(sample, plan)
    found = {}
    for code in map(str, codes):
        words = code.split(BETWEEN) if len(parts) > 1 else [code]
        # The class of who has no category is no crossing.
        pairs = zip(parts, words, strict=False)
        text = BETWEEN.join(part.labels.get(word, word) for part, word in pairs)
        found[code] = own.get(code, text)
    return found


def misfits(sample: Sample) -> list[Finding]:
    """Say where answers differ from targets, and how many respondents that concerns.

    Parameters
    ----------
    sample : Sample
        Questions with the notes of their bands.

    Returns
    -------
    list of Finding
        One for each note.
    """
    return [
        Finding(
            "note",
            "band_misfit",
            dimension.name,
            said(
                "Margin {margin!r}, target {target!r}: {note}",
                margin=dimension.name,
                target=code,
                note=note,
            ),
            int(((dimension.codes == code) & sample.used).sum()),
        )
        for dimension in sample.dimensions
        for code, note in dimension.notes.items()
    ]


def population(
    plans: Sequence[Plan], mapped: Mapped, targets: Targets
) -> tuple[float | None, tuple[Finding, ...]]:
    """Give the size of the population.

    Parameters
    ----------
    plans : sequence of Plan
        Margins.
    mapped : Mapped
        Their targets by band.
    targets : Targets
        The target file.

    Returns
    -------
    float or None, tuple of Finding
        What the file states, or the sum of the counts, in both cases less unused
        targets; None, with a finding, where the margins differ by more than 0.1 %.
    """
    sizes = {}
    for plan in plans:
        if targets.population_size is not None:
            sizes[plan.name] = targets.population_size * mapped.kept[plan.target]
        elif measure(targets.margins[plan.target]) == "count":
            sizes[plan.name] = fsum(mapped.margins[plan.target].values())
    other = _not_as_stated(plans, targets)
    if not sizes:
        return targets.population_size, other
    largest = max(sizes.values())
    if largest - min(sizes.values()) <= _AGREE * largest:
        return next(iter(sizes.values())), other
    shown = (said("{margin}: {size:,.0f}", margin=m, size=n) for m, n in sizes.items())
    message = said(
        "Targets count populations of different size ({sizes}).", sizes=tuple(shown)
    )
    found = Finding("note", "populations_differ", "", message, 0, "size left open")
    return None, (*other, found)


def _not_as_stated(plans: Sequence[Plan], targets: Targets) -> tuple[Finding, ...]:
    """Say which counts do not add up to the size that the target file states."""
    stated = targets.population_size
    sums = {p.name: fsum(targets.margins[p.target].values()) for p in plans}
    counts = {p.name for p in plans if measure(targets.margins[p.target]) == "count"}
    return tuple(
        Finding(
            "note",
            "populations_differ",
            name,
            said(
                "Margin {margin!r} counts {counted:,.0f}, and the target file states a "
                "population of {stated:,.0f}.",
                margin=name,
                counted=sums[name],
                stated=stated,
            ),
            0,
            "shares are of the counts",
        )
        for name in sums
        if stated and name in counts and abs(sums[name] - stated) > _AGREE * stated
    )


def _parts(sample: Sample, plan: Plan) -> list[Dimension]:
    """Give the dimensions of a margin in their order."""
    known = {dimension.name: dimension for dimension in sample.dimensions}
    return [known[name] for name in plan.dimensions]
