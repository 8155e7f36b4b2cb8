"""One fit as a study or a command states it: rake or calibrate, then trim."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from survey.errors import WeightingError
from survey.weighting.calibrate import calibrate
from survey.weighting.distances import Distance, Limits
from survey.weighting.prepare import WeightingInput
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights
from survey.weighting.trim_rules import Rule
from survey.weighting.weighting import Weighting


@dataclass(frozen=True, slots=True)
class Trim:
    """A rule for trimming, and its limits; see `trim_weights`."""

    rule: Rule = "absolute"
    upper: float | None = None
    lower: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How weights are fitted; see `calibrate`.

    Attributes
    ----------
    distance : {"raking", "linear", "logit"}
        How far a weight is from its base weight.
    limits, weight_limits : (float, float), optional
        Smallest and largest multiple of the base weight, and weight.
    trim : Trim, optional
        What follows; not together with limits.
    """

    distance: Distance = "raking"
    limits: Limits | None = None
    weight_limits: Limits | None = None
    trim: Trim | None = None

    @property
    def bounded(self) -> bool:
        """Whether the fit has limits."""
        return self.limits is not None or self.weight_limits is not None


def fit_weights(
    given: WeightingInput,
    fit: Fit,
    numbers: pd.DataFrame | None = None,
    totals: Mapping[str, float] | None = None,
) -> Weighting:
    """Fit weights to targets, and trim them.

    Parameters
    ----------
    given : WeightingInput
        Categories of n respondents, and targets.
    fit : Fit
        How it is done.
    numbers : DataFrame (n, K), optional
        Numbers whose totals are known.
    totals : mapping of column to number, optional
        These totals.

    Returns
    -------
    Weighting
        Weights that meet all targets.

    Raises
    ------
    WeightingError
        Trimming and limits are both wanted, or the targets cannot be met.

    Examples
    --------
    >>> from survey.weighting.prepare import frame_input
    >>> from survey.weighting.targets import Targets
    >>> firms = pd.DataFrame({"size": ["s", "s", "s", "l"]})
    >>> targets = Targets(population="firms", source="register", as_of="2024",
    ...     unit="firms", margins={"size": {"s": 0.6, "l": 0.4}})
    >>> fit_weights(frame_input(firms, targets), Fit()).weight.round(9).tolist()
    [0.8, 0.8, 0.8, 1.6]
    """
    if fit.trim is not None and fit.bounded:
        raise WeightingError(
            "trimming fits the weights again, and would not keep the limits. Give "
            "limits, or a rule for trimming."
        )
    if fit.distance == "raking" and not (totals or fit.bounded):
        made = rake(given.codes, given.margins, base_weight=given.start)
    else:
        found = [given.codes] if numbers is None else [given.codes, numbers]
        made = calibrate(
            pd.concat(found, axis=1),
            given.margins,
            totals or None,
            population=given.population,
            distance=fit.distance,
            base_weight=given.start,
            limits=fit.limits,
            weight_limits=fit.weight_limits,
        )
    if fit.trim is None:
        return made
    return trim_weights(
        made,
        upper=fit.trim.upper,
        lower=fit.trim.lower,
        rule=fit.trim.rule,
        distance=fit.distance,
    )
