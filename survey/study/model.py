"""questionnaires/*.study.yaml -> Study: how the waves of a survey are analysed."""

from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue

from survey.checks.check import Flag
from survey.estimation.design import LonelyPsu
from survey.estimation.intervals import IntervalMethod
from survey.estimation.replicates import Method
from survey.questionnaire.model import BaseRule, Code, Net, Part, Text
from survey.responses.bands import Closed, Outside
from survey.study.change_plan import ChangePlan, Period
from survey.study.disclosure import Disclosure
from survey.study.kinds import (
    CODES_SCHEMA,
    Codes,
    Margins,
    Name,
    Names,
    Reason,
    Recodes,
    SummaryLines,
    as_list,
    one_or_list,
)
from survey.study.landscape_plan import LandscapePlan, ListingPlan
from survey.study.models_plan import ModelsPlan
from survey.study.weight_plans import WeightingPlan, WeightingPlans
from survey.tabulation.adjustment import Adjust, Family
from survey.tabulation.association import Statistic

Language = Literal["en", "de"]


class Wave(Part):
    """One wave: its export and its instrument, paths relative to the study file.

    ``companions`` are other files of the same export: the text twin of a numeric one,
    or a definition of the survey. ``targets`` is the target file of the wave, where it
    has its own; of several named weights, a mapping of name to file. ``period`` is
    the year, month (``2025-06``) or quarter (``2025-Q2``) of the wave.
    """

    id: Code
    file: str
    companions: tuple[str, ...] = ()
    questionnaire: str
    layout: str | None = None
    label: Text = Field(default_factory=dict)
    fielded: Text = Field(default_factory=dict)
    period: Period | None = None
    targets: str | dict[str, str] | None = None
    recodes: dict[str, Recodes] = Field(default_factory=dict)
    comparable: dict[str, Reason] = Field(default_factory=dict)


class DesignPlan(Part):
    """How respondents were drawn: names of paradata, questions, or export columns.

    Attributes
    ----------
    weight : str, optional
        Final weight that the export brings. Leave it out under `weighting`, which
        makes the weights; there, such a column is the ``base_weight``.
    strata, psu, fpc : str or list of str
        Stratum, primary sampling unit (``organisation``) and finite population
        correction; a list has one name for each stage of sampling. A record without
        a PSU is its own.
    lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
        What to do with a stratum that has one PSU; see `SurveyDesign`.
    calibration : list of str, or of lists of str
        Columns whose weighted shares are population figures, because the weights of
        the export were raked to them; an inner list is a crossed margin.
    replicate_weights : str or list of str
        Columns with replicate weights, or a pattern such as ``repwt*``, in the order
        of the export. They take the place of `strata`, `psu` and `fpc`.
    method : {"jk1", "jkn", "brr", "fay", "bootstrap", "sdr"}
        How the replicate weights were made; without them, how to make them here.
    combined : bool
        Whether replicate weights contain the weight; false when they are factors.
    scale, rscales, rho
        Factor of the sum of squares, factors of the replicates, Fay's coefficient.
    mse : bool
        Whether replicates are compared with the estimate, and not with their mean.
    replicates, seed : int
        Number and seed of bootstrap replicates made here.
    """

    weight: Name | None = None
    strata: Names = ()
    psu: Names = ()
    fpc: Names = ()
    lonely_psu: LonelyPsu = "fail"
    calibration: Margins = ()
    replicate_weights: Names = ()
    method: Method | None = None
    combined: bool = True
    scale: float | None = Field(default=None, gt=0)
    rscales: tuple[Annotated[float, Field(ge=0)], ...] = ()
    rho: float = Field(default=0.0, ge=0, lt=1)
    mse: bool = False
    replicates: int = Field(default=500, ge=2)
    seed: int = Field(default=0, ge=0)


class Adoption(Part):
    """The question on the stage of adoption, and what counts as adopted."""

    question: str
    in_production: Codes
    using: Codes


class Barriers(Part):
    """A multiple response question whose categories are ranked."""

    question: str


class Preference(Part):
    """Open versus proprietary, overall and by dimension (a grid)."""

    overall: str
    dimensions: str | None = None
    open: Codes
    proprietary: Codes
    neutral: Annotated[
        tuple[Code, ...], BeforeValidator(as_list), WithJsonSchema(CODES_SCHEMA)
    ] = ()


class Share(Part):
    """The share of one answer or net of a question; ``label`` names it."""

    question: str
    code: Code
    label: Text = Field(default_factory=dict)


class Indicators(Part):
    """Headline indicators; each may be left out.

    ``shares`` are any other shares that stand among the headlines.
    ``scales`` are grids whose items are read as one scale: the report gives their
    reliability.
    """

    adoption: Adoption | None = None
    barriers: tuple[Barriers, ...] = ()
    preference: Preference | None = None
    shares: tuple[Share, ...] = ()
    scales: tuple[str, ...] = ()


def _or_edges_alone(schema: JsonSchemaValue) -> None:
    """Let a list of limits stand for bands in an editor as well."""
    whole = dict(schema)
    schema.clear()
    alone = {"type": "array", "items": {"type": "number"}, "minItems": 2}
    schema["anyOf"] = [alone, whole]


class Bands(Part):
    """Bands of a numeric question: a list of limits, or these keys.

    ``edges`` are one more than the bands, rising; ``-.inf`` and ``.inf`` leave an end
    open. ``labels`` names every band. ``closed`` says which limit a band holds.
    Numbers in no band are an error, or with ``outside: row`` a row of their own.
    """

    model_config = ConfigDict(json_schema_extra=_or_edges_alone)

    edges: tuple[float, ...] = Field(min_length=2)
    labels: tuple[Text, ...] = ()
    closed: Closed = "left"
    outside: Outside = "error"

    @model_validator(mode="before")
    @classmethod
    def _edges_alone(cls, value: Any) -> Any:
        """Let a list of limits stand alone."""
        return {"edges": value} if isinstance(value, list) else value

    @field_serializer("edges", when_used="json")
    def _as_json(self, edges: tuple[float, ...]) -> list[float | str]:
        """Write an open end as a text, because JSON has no such number."""
        return [edge if isfinite(edge) else str(edge) for edge in edges]


class ReportPlan(Part):
    """How numbers are shown.

    Attributes
    ----------
    min_base, small_base : int
        Respondents below which a column is hidden, and marked.
    conf_level, interval
        Confidence level, and method for the intervals of shares.
    levels : (float, float)
        Levels of the letters: a capital at the stricter one.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment of the letters for many tests.
    family : {"row", "banner", "question", "table"}
        What is adjusted together: a row by one banner question, all rows of a
        question by it, a question by the whole banner, or all questions.
    min_difference : float
        Smallest difference of shares that is marked: 0.05 for 5 points.
    against : {"rest", "total"} or a list
        What every column is tested against beside the other columns.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Test of association under the tables: Rao and Scott's with the second and
        the first order correction, Wald's, and Wald's with adjusted degrees of
        freedom.
    percent : {"column", "row", "total"} or a list
        Percentages in the tables; those of the column always stand.
    style : str
        File with colours, fonts and logo of the house, relative to the study.
    template : str
        Presentation whose master the slides take, relative to the study.
    changes : ChangePlan
        How changes between waves are tested and marked.
    """

    min_base: int = Field(default=30, ge=1)
    small_base: int = Field(default=100, ge=1)
    conf_level: float = Field(default=0.95, gt=0, lt=1)
    interval: IntervalMethod = "logit"
    levels: tuple[float, float] = (0.05, 0.10)
    adjust: Adjust = "none"
    family: Family = "row"
    min_difference: float = Field(default=0.0, ge=0, lt=1)
    against: Annotated[
        tuple[Literal["rest", "total"], ...],
        BeforeValidator(as_list),
        WithJsonSchema(one_or_list({"enum": ["rest", "total"]})),
    ] = ()
    statistic: Statistic = "F"
    percent: Annotated[
        tuple[Literal["column", "row", "total"], ...],
        BeforeValidator(as_list),
        WithJsonSchema(one_or_list({"enum": ["column", "row", "total"]})),
    ] = ("column",)
    style: str = ""
    template: str = ""
    changes: ChangePlan = ChangePlan()

    @field_validator("levels")
    @classmethod
    def _in_order(cls, value: tuple[float, float]) -> tuple[float, float]:
        """Put the stricter level first."""
        return (min(value), max(value))

    @field_validator("percent", "against")
    @classmethod
    def _each_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Take a word that stands twice once."""
        return tuple(dict.fromkeys(value))


class Study(Part):
    """How the waves of a survey are analysed.

    ``sample`` is ``opt_in`` when respondents chose themselves: then no margin of
    error is claimed. ``bases`` states the base of a question where it differs from
    the questionnaire. ``nets`` may name codes and other nets of the question.

    ``summaries`` lists rows beside the answers of a question: the boxes ``top1`` to
    ``top3`` and ``bottom1`` to ``bottom3`` of an ordered scale, and ``mean``,
    ``median`` and ``sd`` of a scale or of numbers. ``top_first`` lists the questions
    whose scale begins with its top (Strongly agree first). ``bands`` gives numeric
    questions their limits. ``landscape`` names listings of models, which are a section
    of the report. ``models`` says which models respondents use, and how open they are.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    title: Text
    subtitle: Text = Field(default_factory=dict)
    language: Language = "en"
    sample: Literal["opt_in", "probability"] = "opt_in"
    source: Text = Field(default_factory=dict)
    cautions: tuple[Text, ...] = ()
    waves: tuple[Wave, ...] = Field(min_length=1)
    exclude: tuple[Flag, ...] = ("screened_out", "empty", "duplicate")
    weighting: WeightingPlans = ()
    design: DesignPlan = DesignPlan()
    banner: tuple[str, ...] = ()
    nets: dict[str, tuple[Net, ...]] = Field(default_factory=dict)
    bases: dict[str, BaseRule] = Field(default_factory=dict)
    summaries: dict[str, SummaryLines] = Field(default_factory=dict)
    top_first: tuple[str, ...] = ()
    bands: dict[str, Bands] = Field(default_factory=dict)
    indicators: Indicators = Indicators()
    report: ReportPlan = ReportPlan()
    disclosure: Disclosure = Disclosure()
    landscape: LandscapePlan | None = None
    models: ModelsPlan | None = None

    @property
    def main_weights(self) -> WeightingPlan | None:
        """The weights of all tables, None where the study makes none."""
        return self.weighting[0] if self.weighting else None

    @property
    def listings(self) -> tuple[ListingPlan, ...]:
        """The listings of models that a section of the report is about."""
        return self.landscape.listings if self.landscape else ()


def target_file(plan: WeightingPlan, wave: Wave) -> str:
    """Name the target file of a wave.

    Parameters
    ----------
    plan : WeightingPlan
        The weights.
    wave : Wave
        May have a target file of its own.

    Returns
    -------
    str
        Path, relative to the study.
    """
    own = wave.targets
    if isinstance(own, dict):
        own = own.get(plan.name)
    return own or plan.targets
