"""What is known of one wave: cells to be looked up, and what they rest on.

Whoever reads this computes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.finding import Finding
from survey.indicators.barriers import RankInterval
from survey.indicators.scales import Reliability
from survey.model_use.values import ModelUse
from survey.questionnaire.model import Question, in_language
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.said import Said
from survey.study.model import Wave
from survey.study.weights import MadeWeights, Sample
from survey.tabulation.layout import CELL_COLUMNS, BannerPoint, Crosstab
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting

Key = tuple[str, str, str, str]
# They have the codes of the column percentages.
OTHER_SHARES = ("row_share", "total_share")
VariantKind = Literal["without", "cap", "uncapped", "weights"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One published cell, with the columns of ``results.csv`` but the wave."""

    question: str
    code: str
    label: str
    banner: str
    point: str
    statistic: str
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    deff: float
    count: float
    base_unweighted: float
    base_weighted: float
    base_effective: float
    letters: str
    note: str

    @property
    def key(self) -> Key:
        """Question, code, banner question and point."""
        return (self.question, self.code, self.banner, self.point)

    @property
    def hidden(self) -> bool:
        """Whether the base is too small to show the cell."""
        return self.note.startswith("hidden")

    @property
    def protects(self) -> bool:
        """Whether the cell is hidden only because it would reveal another."""
        return "protects" in self.note

    @property
    def small(self) -> bool:
        """Whether the base is small, but not too small."""
        return self.note.startswith("small")


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """Toplines under other weights.

    Attributes
    ----------
    kind : {"without", "cap", "uncapped", "weights"}
        A margin left out, a largest weight, no limits and no trimming, or other
        weights of the study.
    name : str
        Margin, largest weight, or name of the weights; empty without limits.
    made : MadeWeights or None
        None where the margins cannot be met in this way.
    cells : mapping of (question, code) to Cell
        Total column of the questions with headlines; with other weights, of all.
    problem : Said or None
        Why the margins cannot be met.
    """

    kind: VariantKind
    name: str
    made: MadeWeights | None
    cells: Mapping[tuple[str, str], Cell]
    problem: Said | None = None


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A headline rate of a group against all other respondents.

    `estimate` and `rest` are shares, 0 to 1, of the group and of all others;
    `p_value` is adjusted for all groups and headline rates.
    """

    question: str
    code: str
    banner: str
    point: str
    estimate: float
    rest: float
    p_value: float

    @property
    def difference(self) -> float:
        """Share of the group less that of all others."""
        return self.estimate - self.rest


@dataclass(frozen=True, slots=True, eq=False)
class QuestionResult:
    """A question with the variables that tabulate it: one, or one per grid item."""

    question: Question
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WaveResult:
    """What is known of one wave.

    Attributes
    ----------
    wave : Wave
        As the study names it.
    responses : Responses
        The records used.
    records : int
        Records in the export.
    questions : tuple of QuestionResult
        In the order of the questionnaire.
    crosstab : Crosstab
        All cells, weighted.
    cells : mapping of (question, code, banner, point) to Cell
        The same cells, to be looked up; column percentages only.
    other_shares : mapping of (question, code, banner, point, statistic) to Cell
        Row and total percentages, where the study wants them.
    marks : mapping of (question, code, banner, point) to mapping of str to str
        Marks of the tests against ``rest`` and ``total``, where there are any.
    unweighted : mapping of (question, code) to Cell
        The Total column without weights.
    design : ResolvedDesign
        Weights and design of the records used.
    made : tuple of MadeWeights
        Weights that the study makes; the first are those of all cells.
    variants : tuple of Variant
        Headlines under other weights; empty where the study makes none.
    ranks : mapping of question to mapping of code to RankInterval
        Of the multiple response questions that do not have very many answers.
    bases : mapping of (question, code, base) to Cell
        Total of the barrier questions on the bases ``asked, answered, named`` and
        ``everyone``.
    scales : mapping of question to Reliability
        Of the grids that the study reads as scales.
    findings : tuple of Finding
        About the data, exclusions and weights included.
    group_tests : tuple of GroupTest
        Headline rates of every group against all others; one family.
    units : tuple
        Id of the first-stage unit of every respondent, None where there is none; empty
        where respondents are the units.
    sample : Sample or None
        Records from which weights are made again, with other targets.
    model_use : ModelUse or None
        Models that respondents use, where the study names a catalogue.
    """

    wave: Wave
    responses: Responses
    records: int
    questions: tuple[QuestionResult, ...]
    crosstab: Crosstab
    cells: Mapping[Key, Cell]
    other_shares: Mapping[tuple[str, str, str, str, str], Cell]
    marks: Mapping[Key, Mapping[str, str]]
    unweighted: Mapping[tuple[str, str], Cell]
    design: ResolvedDesign
    made: tuple[MadeWeights, ...]
    variants: tuple[Variant, ...]
    ranks: Mapping[str, Mapping[str, RankInterval]]
    bases: Mapping[tuple[str, str, str], Cell]
    scales: Mapping[str, Reliability]
    findings: tuple[Finding, ...]
    group_tests: tuple[GroupTest, ...] = ()
    units: tuple[object, ...] = ()
    sample: Sample | None = None
    model_use: ModelUse | None = None

    @property
    def weighting(self) -> Weighting | None:
        """The weights of all cells, None where the study makes none."""
        return self.made[0].weighting if self.made else None

    @property
    def targets(self) -> Targets | None:
        """What these weights meet."""
        return self.made[0].targets if self.made else None

    @property
    def points(self) -> tuple[BannerPoint, ...]:
        """Columns of the banner, without Total."""
        return tuple(point for point in self.crosstab.columns if point.banner)

    @property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the records that are in some estimate."""
        return self.design.weight[self.design.used]

    def question(self, question_id: str) -> QuestionResult | None:
        """Give the result of a question, None where the wave did not ask it."""
        found = (q for q in self.questions if q.question.id == question_id)
        return next(found, None)


def cells_of(crosstab: Crosstab) -> list[Cell]:
    """Give the cells of a crosstab one by one.

    Parameters
    ----------
    crosstab : Crosstab
        A table.

    Returns
    -------
    list of Cell
        In its order.
    """
    columns = [crosstab.cells[name].tolist() for name in CELL_COLUMNS]
    return [Cell(*row) for row in zip(*columns, strict=True)]


def marks_of(crosstab: Crosstab) -> dict[Key, dict[str, str]]:
    """Collect the marks against the rest and against Total.

    Parameters
    ----------
    crosstab : Crosstab
        A table.

    Returns
    -------
    dict of (question, code, banner, point) to dict of str to str
        Marks of ``rest`` and ``total``, where there are any.
    """
    names = ("question", "code", "banner", "point", "against_rest", "against_total")
    cells = crosstab.cells
    marked = cells[(cells["against_rest"] != "") | (cells["against_total"] != "")]
    rows = zip(*(marked[name].astype(str).tolist() for name in names), strict=True)
    return {
        (question, code, banner, point): {
            name: mark for name, mark in (("rest", rest), ("total", total)) if mark
        }
        for question, code, banner, point, rest, total in rows
    }


def label_of(wave: Wave, language: str) -> str:
    """Give the name of a wave as a reader sees it.

    Parameters
    ----------
    wave : Wave
        As the study names it.
    language : str
        Language of the report.

    Returns
    -------
    str
        Its label, or its id.
    """
    return in_language(wave.label, language) or wave.id
