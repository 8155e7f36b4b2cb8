"""How a study makes its weights: one recipe, or several that have names.

The first is the weight of all tables; the others stand beside it.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from survey.questionnaire.model import Part, Text
from survey.study.kinds import Margins, Name, Names, one_or_list
from survey.weighting.distances import Distance
from survey.weighting.mapping import BandMap
from survey.weighting.nonresponse import Method
from survey.weighting.policies import Missing, Zero
from survey.weighting.trim_rules import Rule

_LIMITS_SCHEMA = {
    "type": "array",
    "items": {"type": "number", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
}
Limits = Annotated[tuple[float, float], WithJsonSchema(_LIMITS_SCHEMA)]
NonrespondentFlag = Literal["partial", "empty"]


class TrimPlan(Part):
    """How weights are trimmed after they met the margins.

    Attributes
    ----------
    rule : {"absolute", "median", "quantile", "potter"}
        How the limits are read: as weights (mean 1), as multiples of the median, as
        quantiles; Potter's method finds its own.
    upper, lower : float, optional
        Limits.
    """

    rule: Rule = "absolute"
    upper: float | None = Field(default=None, gt=0)
    lower: float | None = Field(default=None, ge=0)


class NonresponsePlan(Part):
    """How the weights make up for records that did not answer.

    Attributes
    ----------
    by : list of str
        Questions that respondents and nonrespondents answered.
    among : list of {"partial", "empty"}
        Flags of `survey check` that make an excluded record a nonrespondent.
    method : {"classes", "propensity"}
        Weights grow inside classes of the answers, or of the propensity to respond.
    classes : int, optional
        Number of classes of the propensity; its inverse itself when null.
    """

    by: Names = Field(min_length=1)
    among: Annotated[
        tuple[NonrespondentFlag, ...],
        Field(min_length=1),
        BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
        WithJsonSchema(one_or_list({"enum": ["partial", "empty"]})),
    ] = ("partial",)
    method: Method = "classes"
    classes: int | None = Field(default=5, ge=2)


class WeightingPlan(Part):
    """One set of weights.

    Attributes
    ----------
    name, label
        Name of the weights, and what a report calls them.
    targets : str
        Target file, relative to the study.
    margins : list of str, or of lists of str
        Margins of the target file; an inner list is a crossed margin.
    totals : list of str
        Numeric questions whose totals the target file has.
    mapping : mapping of margin to bands
        Which question a margin is, and which of its answers belong to which targets.
    base_weight : str, optional
        Column of the export with the weight before.
    missing : {"own_class", "impute", "exclude", "error"}
        Respondents without a target category keep their share of the sample, take
        the category of a respondent like them, get weight 0, or stop the run.
    zero_targets : {"error", "exclude"}
        Respondents in a category whose target is 0 stop the run, or get weight 0.
    distance : {"raking", "linear", "logit"}
        How far a weight is from its base weight.
    limits, weight_limits : (float, float), optional
        Smallest and largest multiple of the base weight, and weight (mean 1).
    trim : TrimPlan, optional
        Trimming after the fit; margins and caps hold both.
    nonresponse : NonresponsePlan, optional
        Adjustment before the fit.
    caps : list of float
        Largest weights under which the report shows the headlines again; two round
        numbers below the largest weight when left out.
    seed : int
        Of the donors that `missing: impute` draws.
    """

    name: Name = "weight"
    label: Text = Field(default_factory=dict)
    targets: Name
    margins: Margins = ()
    totals: Names = ()
    mapping: dict[str, BandMap] = Field(default_factory=dict)
    base_weight: Name | None = None
    missing: Missing = "error"
    zero_targets: Zero = "error"
    distance: Distance = "raking"
    limits: Limits | None = None
    weight_limits: Limits | None = None
    trim: TrimPlan | None = None
    nonresponse: NonresponsePlan | None = None
    caps: tuple[Annotated[float, Field(gt=1)], ...] | None = None
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        """Refuse a plan that meets nothing, and a logit distance without limits."""
        if not self.margins and not self.totals:
            raise ValueError("name at least one margin or total")
        if self.distance == "logit" and self.limits is None:
            raise ValueError("distance: logit needs limits, such as [0.3, 3]")
        return self

    @property
    def calibrated(self) -> bool:
        """Whether the fit is more than raking to margins."""
        limited = self.limits is not None or self.weight_limits is not None
        return bool(self.totals) or limited or self.distance != "raking"

    def columns(self, margin: tuple[str, ...]) -> tuple[str, ...]:
        """Name the questions of a margin."""
        return tuple(self.column(name) for name in margin)

    def column(self, name: str) -> str:
        """Name the question that is one part of a margin."""
        mapped = self.mapping.get(name)
        return mapped.column or name if mapped else name

    def questions(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """List the keys below the plan that name questions, with name and kind."""
        for i, margin in enumerate(self.margins):
            for name in margin:
                yield ("margins", i), self.column(name), "single"
        for i, name in enumerate(self.totals):
            yield ("totals", i), name, "numeric"
        for i, name in enumerate(self.nonresponse.by if self.nonresponse else ()):
            yield ("nonresponse", "by", i), name, "single"


def _plans(value: Any) -> Any:
    """Let one plan stand without a list."""
    return [value] if isinstance(value, dict) else value


def _one_or_several(schema: dict[str, Any]) -> None:
    """Tell an editor that one plan may stand without a list."""
    whole = {key: schema.pop(key) for key in ("type", "items") if key in schema}
    schema["anyOf"] = [whole["items"], whole]


WeightingPlans = Annotated[
    tuple[WeightingPlan, ...],
    BeforeValidator(_plans),
    Field(json_schema_extra=_one_or_several),
]
