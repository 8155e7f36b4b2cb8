"""What changed between two waves, as values; whoever reads this computes nothing."""

from dataclasses import dataclass
from math import isnan
from typing import Literal

from survey.waves.contract import Consequence

Against = Literal["previous", "first", "year_before"]


@dataclass(frozen=True, slots=True)
class CellChange:
    """The change of one cell between two waves.

    Attributes
    ----------
    question, code, banner, point, statistic : str
        As in ``results.csv``, in the names of the newer wave.
    newer, older : str
        Ids of the waves.
    against : {"previous", "first", "year_before"}
        What the older wave is.
    before, after : float
        Both estimates, as they are compared (on the common base, after a recode);
        NaN where hidden or not comparable.
    difference, std_error, conf_low, conf_high : float
        After less before, in the unit of the statistic (shares: 0.05 is 5 points).
    p_value, p_adjusted : float
        Two-sided; adjusted over all changes of the report against the same wave.
    detectable : float
        Minimum detectable change: at 80 % power and the stricter level.
    level : {0, 1, 2}
        Level of the arrow: 0 none, 1 at the looser level, 2 at the stricter one, by
        the adjusted p-value, and only where the difference is worth marking.
    base_before, base_after : float
        Unweighted bases of the comparison; NaN where hidden.
    overlap : int
        Units that both waves share.
    consequence : Consequence
        Why it may be compared, or not.
    """

    question: str
    code: str
    banner: str
    point: str
    statistic: str
    newer: str
    older: str
    against: Against
    before: float
    after: float
    difference: float
    std_error: float
    conf_low: float
    conf_high: float
    p_value: float
    p_adjusted: float
    detectable: float
    level: int
    base_before: float
    base_after: float
    overlap: int
    consequence: Consequence

    @property
    def hidden(self) -> bool:
        """Whether there is no difference to show."""
        return isnan(self.difference)
