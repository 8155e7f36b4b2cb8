"""From a survey export to published numbers.

Names are loaded when they are first used, so that ``survey --help`` answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey.analysis import analyze
    from survey.checks.check import check
    from survey.errors import SurveyError
    from survey.estimation.contrast import contrast, difference
    from survey.estimation.design import SurveyDesign
    from survey.estimation.estimate import mean, proportion, total
    from survey.estimation.quantile import quantile
    from survey.estimation.ratio import ratio
    from survey.estimation.regression import regression
    from survey.importers.read import read
    from survey.importers.stored import open_data as open  # noqa: A004 - survey.open
    from survey.landscape_report import landscape
    from survey.openness.rate import rate_openness
    from survey.questionnaire.drafting.draft import draft_questionnaire
    from survey.questionnaire.load import load_questionnaire
    from survey.report.files import write
    from survey.responses.bind import bind
    from survey.tabulation.crosstab import crosstab
    from survey.tabulation.rao_scott import rao_scott
    from survey.weighting.calibrate import calibrate
    from survey.weighting.rake import rake
    from survey.weighting.trim import trim_weights
    from survey.weighting.weighting import Weighting

_HOMES = {
    "SurveyDesign": "survey.estimation.design",
    "SurveyError": "survey.errors",
    "Weighting": "survey.weighting.weighting",
    "analyze": "survey.analysis",
    "bind": "survey.responses.bind",
    "calibrate": "survey.weighting.calibrate",
    "check": "survey.checks.check",
    "contrast": "survey.estimation.contrast",
    "crosstab": "survey.tabulation.crosstab",
    "difference": "survey.estimation.contrast",
    "draft_questionnaire": "survey.questionnaire.drafting.draft",
    "landscape": "survey.landscape_report",
    "load_questionnaire": "survey.questionnaire.load",
    "mean": "survey.estimation.estimate",
    "open": "survey.importers.stored",
    "proportion": "survey.estimation.estimate",
    "quantile": "survey.estimation.quantile",
    "rake": "survey.weighting.rake",
    "rao_scott": "survey.tabulation.rao_scott",
    "rate_openness": "survey.openness.rate",
    "ratio": "survey.estimation.ratio",
    "read": "survey.importers.read",
    "regression": "survey.estimation.regression",
    "total": "survey.estimation.estimate",
    "trim_weights": "survey.weighting.trim",
    "write": "survey.report.files",
}

__all__ = [
    "SurveyDesign",
    "SurveyError",
    "Weighting",
    "analyze",
    "bind",
    "calibrate",
    "check",
    "contrast",
    "crosstab",
    "difference",
    "draft_questionnaire",
    "landscape",
    "load_questionnaire",
    "mean",
    "open",
    "proportion",
    "quantile",
    "rake",
    "rao_scott",
    "rate_openness",
    "ratio",
    "read",
    "regression",
    "total",
    "trim_weights",
    "write",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module 'survey' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
