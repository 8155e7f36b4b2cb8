"""Policies: respondents without a category, and categories without a population.

A policy is chosen by name. Who is left out has base weight 0 from then on, so that the
policies after it do not count them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.finding import Finding
from survey.responses.misfits import MOST_IDS
from survey.said import Said, counted, said
from survey.weighting.dimensions import Dimension
from survey.weighting.impute import Imputed, impute

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Missing = Literal["own_class", "impute", "exclude", "error"]
Zero = Literal["error", "exclude"]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Respondents on the way to their weights.

    Attributes
    ----------
    dimensions : tuple of Dimension
        Categories of n respondents on every question, the most important one first.
    base_weight : float array (n,)
        Weights; 0 for who is left out.
    index : Index (n,)
        Ids.
    findings : tuple of Finding
        What happened so far.
    """

    dimensions: tuple[Dimension, ...]
    base_weight: Floats
    index: pd.Index
    findings: tuple[Finding, ...] = ()

    @property
    def used(self) -> Bools:
        """Respondents who count (n,)."""
        return self.base_weight > 0


def outside_population(sample: Sample) -> Sample:
    """Leave out respondents who are not in the population.

    Parameters
    ----------
    sample : Sample
        Respondents.

    Returns
    -------
    Sample
        With one finding for each question that says so.
    """
    for dimension in sample.dimensions:
        who = dimension.outside & sample.used
        if who.any():
            message = counted(
                int(who.sum()),
                "{count} of {used} respondents is outside the population by the answer "
                "on margin {margin!r}.",
                "{count} of {used} respondents are outside the population by their "
                "answer on margin {margin!r}.",
                used=int(sample.used.sum()),
                margin=dimension.name,
            )
            found = _finding(sample, who, "margin_outside", dimension.name, message)
            sample = _without(sample, who, found)
    return sample


def zero_targets(
    sample: Sample,
    margin: str,
    codes: NDArray[np.object_],
    targets: Mapping[str, float],
    policy: Zero,
) -> Sample:
    """Leave out respondents in categories that the population does not have.

    Parameters
    ----------
    sample : Sample
        Respondents.
    margin : str
        Name, for messages.
    codes : object array (n,)
        Category of every respondent on it.
    targets : mapping of category to number
        Targets of the margin.
    policy : {"error", "exclude"}
        What to do about targets of 0.

    Returns
    -------
    Sample
        With a finding where a target is 0.

    Raises
    ------
    MarginError
        A target is 0 and the policy is ``error``, or no such policy.
    """
    check_policy("zero", policy, get_args(Zero))
    zeros = [code for code, target in targets.items() if not target]
    if not zeros:
        return sample
    who = np.isin(codes, zeros) & sample.used
    message = counted(
        int(who.sum()),
        "Margin {margin!r} has a target of 0 for {codes}, which {count} of {used} "
        "respondents has.",
        "Margin {margin!r} has a target of 0 for {codes}, which {count} of {used} "
        "respondents have.",
        margin=margin,
        codes=tuple(zeros),
        used=int(sample.used.sum()),
    )
    if policy == "error":
        raise MarginError(
            f"{message} Merge such a category with another, or choose for zero: "
            "exclude, which leaves them out."
        )
    found = _finding(sample, who, "zero_target", margin, message)
    return _without(sample, who, found)


def missing_answers(
    sample: Sample, missing: Missing | Mapping[str, Missing], seed: int
) -> Sample:
    """Do what is chosen about respondents without a category.

    Parameters
    ----------
    sample : Sample
        Respondents.
    missing : {"own_class", "impute", "exclude", "error"}, or mapping of question to one
        Policy; ``error`` for questions that a mapping does not name.
    seed : int
        Start of the random numbers.

    Returns
    -------
    Sample
        Imputed answers stand in their place; a class of its own is left missing.

    Raises
    ------
    MarginError
        Answers are missing and the policy is ``error``, or no such policy.
    """
    policies = _policies(sample.dimensions, missing)
    # First who is left out, so that no other count holds them.
    for dimension in sorted(
        sample.dimensions, key=lambda each: policies[each.name] != "exclude"
    ):
        who = dimension.missing & sample.used
        policy = policies[dimension.name]
        if not who.any() or policy == "impute":
            continue
        message = _lacking(dimension.name, who, sample)
        if policy == "error":
            raise MarginError(
                f"{message} Choose for missing: own_class, which lets them keep their "
                "share of the sample, impute, or exclude."
            )
        found = _finding(sample, who, "margin_missing", dimension.name, message)
        if policy == "exclude":
            sample = _without(sample, who, found)
        else:
            found = replace(found, action="kept with their share of the sample")
            sample = replace(sample, findings=(*sample.findings, found))
    fill = np.array([policies[d.name] == "impute" for d in sample.dimensions])
    return _imputed(sample, fill, seed) if fill.any() else sample


def check_policy(kind: str, policy: object, known: Sequence[str]) -> None:
    """Refuse a policy that does not exist.

    Parameters
    ----------
    kind : str
        What it is about.
    policy : str
        Its name.
    known : sequence of str
        Policies that there are.

    Raises
    ------
    MarginError
        There is no such policy.
    """
    if policy not in known:
        raise MarginError(
            f"there is no policy {policy!r} for {kind}. Choose one of {some(known)}."
        )


def _policies(
    dimensions: Sequence[Dimension], missing: Missing | Mapping[str, Missing]
) -> dict[str, Missing]:
    """Give the policy of every question."""
    names = [dimension.name for dimension in dimensions]
    if isinstance(missing, Mapping):
        unknown = [name for name in missing if name not in names]
        if unknown:
            raise MarginError(
                f"policies for missing answers are about {some(unknown)}, and the "
                f"margins are {some(names)}. Correct the names."
            )
        chosen = {name: missing.get(name, "error") for name in names}
    else:
        chosen = dict.fromkeys(names, missing)
    for policy in chosen.values():
        check_policy("missing", policy, get_args(Missing))
    return chosen


def _imputed(sample: Sample, fill: Bools, seed: int) -> Sample:
    """Fill missing answers from donors, and tell how alike these are."""
    missing = np.column_stack([d.missing for d in sample.dimensions])
    if not (missing & fill & sample.used[:, None]).any():
        return sample
    codes = np.column_stack([d.codes for d in sample.dimensions])
    names = [dimension.name for dimension in sample.dimensions]
    done = impute(codes, missing, fill, sample.base_weight, names=names, seed=seed)
    changed = []
    findings = list(sample.findings)
    for k, dimension in enumerate(sample.dimensions):
        who = dimension.missing & sample.used & fill[k]
        if who.any():
            message = said(
                "{lacking} {alike}",
                lacking=_lacking(dimension.name, who, sample),
                alike=_alike(done, who, seed),
            )
            found = _finding(sample, who, "margin_missing", dimension.name, message)
            findings.append(replace(found, action="imputed"))
        filled = np.asarray(done.codes[:, k])
        changed.append(
            replace(dimension, codes=filled, missing=dimension.missing & ~who)
        )
    return replace(sample, dimensions=tuple(changed), findings=tuple(findings))


def _alike(done: Imputed, who: Bools, seed: int) -> Said:
    """Say on how many of their answers respondents and donors agree."""
    agreed, known = done.agreed[who], done.known[who]
    counts = {
        said("all other margins they answered"): (agreed == known)[known > 0].sum(),
        said("some of them"): ((agreed < known) & (agreed > 0)).sum(),
        said("none"): (agreed == 0).sum(),
    }
    shown = [
        said("{what}: {count}", what=what, count=int(count))
        for what, count in counts.items()
        if count
    ]
    return said(
        "They have the answer of a random donor (seed {seed}) who agrees on {agreed}.",
        seed=str(seed),
        agreed=tuple(shown),
    )


def _lacking(name: str, who: Bools, sample: Sample) -> Said:
    """Say how many respondents have no category."""
    return counted(
        int(who.sum()),
        "{count} of {used} respondents has no target category on margin {margin!r} (no "
        "answer or don't know).",
        "{count} of {used} respondents have no target category on margin {margin!r} "
        "(no answer or don't know).",
        used=int(sample.used.sum()),
        margin=name,
    )


def _finding(
    sample: Sample, who: Bools, check: str, name: str, message: Said
) -> Finding:
    """Count respondents, and name the first ones."""
    ids = tuple(map(str, sample.index[who][:MOST_IDS]))
    return Finding(
        "note", check, name, message, int(who.sum()), "left out (weight 0)", ids
    )


def _without(sample: Sample, who: Bools, found: Finding) -> Sample:
    """Give respondents weight 0, and refuse to leave out everyone."""
    weight = np.where(who, 0.0, sample.base_weight)
    if not weight.any():
        raise MarginError(
            f"{found.message} Nobody is left to weight. Choose another policy, or drop "
            "the margin."
        )
    findings = (*sample.findings, found)
    return replace(sample, base_weight=weight, findings=findings)
