"""How changes between waves are tested and marked, and when a wave was."""

from typing import Annotated

from pydantic import Field, field_validator

from survey.questionnaire.model import Code, Part
from survey.study.kinds import Name
from survey.tabulation.adjustment import Adjust

_PERIOD = r"^\d{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$"
# A year, a month (2025-06) or a quarter (2025-Q2).
Period = Annotated[Code, Field(pattern=_PERIOD)]


class ChangePlan(Part):
    """How changes between waves are tested and marked.

    Attributes
    ----------
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment for many tests, over all changes against the same wave.
    levels : (float, float), optional
        Levels of the arrows; those of the letters when omitted.
    min_difference : float, optional
        Smallest change of a share that has an arrow: 0.05 for 5 points; that of the
        letters when omitted.
    power : float
        Chance with which the minimum detectable change would be found.
    unit : str, optional
        Column whose ids are the same in all waves, for the units that are in several;
        ``none`` says that the samples are independent. Without it the unit of the
        design, the organisation or the respondent is looked up, unless the ids of a
        wave merely number its records.
    """

    adjust: Adjust = "bh"
    levels: tuple[float, float] | None = None
    min_difference: float | None = Field(default=None, ge=0, lt=1)
    power: float = Field(default=0.8, gt=0, lt=1)
    unit: Name | None = None

    @field_validator("levels")
    @classmethod
    def _in_order(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        """Put the stricter level first, and refuse what is none."""
        if value is None:
            return None
        if not all(0 < level < 1 for level in value):
            raise ValueError("levels are between 0 and 1, such as [0.05, 0.10]")
        return (min(value), max(value))
