"""Options of a table, what a table of few respondents says, and what is hidden."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from survey.errors import DesignError, EstimationError, QuestionError
from survey.estimation.design import SurveyDesign
from survey.questionnaire.model import Net
from survey.tabulation.crosstab import crosstab
from survey.tabulation.layout import Crosstab

N = 480
RANDOM = np.random.default_rng(11)
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N, p=[0.5, 0.3, 0.2]),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s"], N),
        "trust": pd.Categorical(RANDOM.integers(1, 6, N), ordered=True),
        "cost": RANDOM.normal(50, 10, N),
        "chat": RANDOM.integers(0, 2, N),
        "code": RANDOM.integers(0, 2, N),
        "jobs": RANDOM.uniform(0.5, 5, N),
        "firms": RANDOM.uniform(0.5, 2, N),
    }
)
EVERY: tuple[str, ...] = ("column", "row", "total")
BY_JOBS, BY_FIRMS = SurveyDesign(weight="jobs"), SurveyDesign(weight="firms")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]


def _net(code: str, *codes: str) -> Net:
    return Net(code=code, label=code, codes=codes)


def _shares(table: Crosstab, code: str, statistic: str = "share") -> dict[str, float]:
    cells = table.cells
    one = cells[(cells["code"] == code) & (cells["statistic"] == statistic)]
    return dict(zip(one["point"], one["estimate"], strict=True))


def test_titles_name_the_base() -> None:
    data = FRAME.assign(rare=FRAME["uses"].where(FRAME.index < 20))
    table = crosstab(
        data,
        ["uses", "rare", "tools"],
        sets={"tools": ["chat", "code"]},
        base="named",
    )
    named = int(FRAME[["chat", "code"]].any(axis=1).sum())
    assert table.titles == (
        "uses (base: answered, n = 480)",
        "rare (base: answered, n < 30)",
        f"tools (base: named at least one, n = {named})",
    )


@pytest.mark.parametrize(
    ("family", "tests"), [("row", 3), ("banner", 9), ("question", 12), ("table", 20)]
)
def test_bonferroni_is_a_stricter_level_by_the_tests_of_the_family(
    family: Any, tests: int
) -> None:
    # 3 rows by 3 + 1 pairs of columns, and 2 rows of the other question.
    level = 0.95

    def letters(**options: Any) -> list[str]:
        table = crosstab(FRAME, ["uses", "chat"], ["size", "region"], **options)
        first = table.cells[table.cells["question"] == "uses"]
        # With one level, a mark of the row by region would be of a family of one.
        return first.loc[first["banner"] == "size", "letters"].tolist()

    ours = letters(levels=(level,), adjust="bonferroni", family=family)
    assert ours == letters(levels=(level / tests,))
    assert any(ours) or family != "row"


def test_differences_too_small_to_matter_are_not_marked() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 900 + ["no"] * 100 + ["yes"] * 800 + ["no"] * 200,
            "b": ["first"] * 1000 + ["second"] * 1000,
        }
    )

    def marks(smallest: float) -> list[str]:
        table = crosstab(data, "q", "b", min_difference=smallest, against="total")
        cells = table.cells
        here = (cells["code"] == "yes") & (cells["point"] == "first")
        return cells.loc[here, ["letters", "against_total"]].to_numpy()[0].tolist()

    # 10 points between the columns, 5 points to Total.
    assert marks(0.0) == ["B", "++"]
    assert marks(0.06) == ["B", ""]
    assert marks(0.10) == ["B", ""]
    assert marks(0.11) == ["", ""]


def test_marks_against_the_rest_and_against_total() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 62 + ["no"] * 38 + ["yes"] * 50 + ["no"] * 50,
            "b": ["first"] * 100 + ["second"] * 100,
        }
    )
    # Against the rest z = 0.12 / sqrt(0.62 * 0.38 / 99 + 0.25 / 99) = 1.71: p is 0.089.
    # Total is half of the column, so that half of the difference has half the error.
    cells = crosstab(data, "q", "b", against=["rest", "total"]).cells
    yes = cells[cells["code"] == "yes"].set_index("point")
    assert yes["against_rest"].to_dict() == {"Total": "", "first": "+", "second": "-"}
    assert yes["against_total"].to_dict() == {"Total": "", "first": "+", "second": "-"}


def test_a_rest_that_is_too_small_is_no_reference() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 90 + ["no"] * 10 + ["no"] * 20,
            "b": ["first"] * 100 + [None] * 20,
        }
    )
    cells = crosstab(data, "q", "b", against="rest").cells
    assert (cells["against_rest"] == "").all()
    shown = crosstab(data, "q", "b", against="rest", min_base=10).cells
    assert shown["against_rest"].tolist() == ["", "--", "", "++"]


def test_a_net_in_the_banner_is_a_column() -> None:
    net = _net("under", "small", "medium")
    table = crosstab(FRAME, "uses", "size", nets={"size": [net]}, design=BY_JOBS)
    merged = FRAME.assign(size=FRAME["size"].where(FRAME["size"] == "large", "under"))
    alone = crosstab(merged, "uses", "size", design=BY_JOBS)
    ours = table.cells[table.cells["point"] == "under"]
    wanted = alone.cells[alone.cells["point"] == "under"]
    np.testing.assert_allclose(ours[NUMBERS], wanted[NUMBERS], rtol=1e-12)
    assert [point.letter for point in table.columns] == ["A", "B", "C", "D"]


def test_nested_nets_as_an_outline() -> None:
    nets = [_net("ever", "soon", "yes"), _net("soon", "later")]
    table = crosstab(FRAME, "uses", "size", nets={"uses": nets}, outline=True)
    rows = table.cells.drop_duplicates("code")
    assert rows["code"].tolist() == ["ever", "soon", "later", "yes", "no"]
    assert rows["statistic"].tolist() == ["net", "net", "share", "share", "share"]
    ever, later, yes = (
        np.array(list(_shares(table, code, kind).values()))
        for code, kind in [("ever", "net"), ("later", "share"), ("yes", "share")]
    )
    np.testing.assert_allclose(ever, later + yes, rtol=1e-12)


def test_boxes_and_summaries_of_a_scale() -> None:
    table = crosstab(
        FRAME, ["trust", "uses"], "size", boxes=["top2"], summaries=["mean", "sd"]
    )
    rows = table.cells[table.cells["question"] == "trust"].drop_duplicates("code")
    assert rows["code"].tolist() == ["top2", *"12345", "mean", "sd"]
    number = FRAME["trust"].astype(float)
    assert _shares(table, "top2", "net")["Total"] == pytest.approx((number > 3).mean())
    for point, mean in _shares(table, "mean", "mean").items():
        inside = number[(FRAME["size"] == point) | (point == "Total")]
        assert mean == pytest.approx(inside.mean(), rel=1e-12)
        sd = _shares(table, "sd", "sd")[point]
        assert sd == pytest.approx(inside.std(), rel=1e-12)
    # A nominal question has neither.
    uses = table.cells[table.cells["question"] == "uses"]
    assert set(uses["statistic"]) == {"share"}


def test_bands_have_shares_and_a_mean() -> None:
    table = crosstab(
        FRAME, "cost", "size", bands={"cost": [0, 50, np.inf]}, summaries=["mean"]
    )
    below = (FRAME["cost"] < 50).mean()
    assert _shares(table, "1")["Total"] == pytest.approx(below, rel=1e-12)
    mean = _shares(table, "mean", "mean")["Total"]
    assert mean == pytest.approx(FRAME["cost"].mean(), rel=1e-12)
    assert table.tests["question"].tolist() == ["cost"]


def test_an_empty_stub_has_no_cells_and_an_empty_banner_has_total_alone() -> None:
    nothing = crosstab(FRAME, [], "size")
    assert (len(nothing.cells), len(nothing.bases), len(nothing.tests)) == (0, 0, 0)
    assert len(nothing.columns) == 3
    alone = crosstab(FRAME, "uses", percent=EVERY)
    assert alone.columns == ()
    assert set(alone.cells["point"]) == {"Total"}
    assert _shares(alone, "yes", "row_share") == {"Total": 1.0}
    assert _shares(alone, "yes", "total_share") == _shares(alone, "yes")


def _unexplained(table: Crosstab) -> pd.DataFrame:
    """Find cells without a number that do not say why."""
    cells = table.cells
    # A standard deviation or a median has no design effect that anyone defined.
    return cells[cells[NUMBERS].isna().any(axis=1) & (cells["note"] == "")]


NOBODY = FRAME.assign(uses=pd.Categorical([None] * N, categories=["yes", "no"]))
NO_WEIGHT = FRAME.assign(jobs=FRAME["jobs"].where(FRAME["size"] != "large", 0.0))
ONE_LEFT = FRAME.assign(size=["only", *FRAME["size"][1:]])
UNCHOSEN = FRAME.assign(
    uses=pd.Categorical(FRAME["uses"], categories=["yes", "no", "later", "never"])
)
CASES = {
    "nobody in the base": NOBODY,
    "no weight in a column": NO_WEIGHT,
    "one respondent in a column": ONE_LEFT,
    "a row that nobody chose": UNCHOSEN,
    "two respondents": FRAME[:2],
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("min_base", [0, 30])
@pytest.mark.parametrize("psu", [None, "region"])
def test_no_number_is_missing_without_a_note(
    case: str, min_base: int, psu: str | None
) -> None:
    data = CASES[case].assign(region=np.arange(len(CASES[case])) % 7)
    table = crosstab(
        data,
        ["uses", "cost", "trust", "tools"],
        ["size", "tools"],
        sets={"tools": ["chat", "code"]},
        numbers=["cost"],
        design=SurveyDesign(weight="jobs", psu=psu),
        percent=EVERY,
        summaries=["mean", "median", "sd"],
        min_base=min_base,
    )
    assert _unexplained(table).empty


def test_a_column_without_weight_is_empty() -> None:
    table = crosstab(
        NO_WEIGHT, "uses", "size", design=BY_JOBS, percent=EVERY, min_base=0
    )
    cells = table.cells[table.cells["point"] == "large"]
    assert (cells["count"] == 0).all()
    share = cells[cells["statistic"] == "share"]
    assert share["estimate"].isna().all()
    assert share["note"].str.endswith("no respondents").all()
    # In the rows and in the whole table it is a column of nobody.
    others = cells[cells["statistic"] != "share"]
    assert (others["estimate"] == 0).all()
    assert (others["conf_high"] > 0).all()


def test_one_respondent_is_no_sample() -> None:
    with pytest.raises(DesignError, match="one PSU"):
        crosstab(FRAME[:1], "uses", "size")


def test_row_percentages_stand_on_their_row() -> None:
    uses = ["yes"] * 200 + ["no"] * 80 + ["later"] * 20
    data = pd.DataFrame({"uses": uses, "size": ["s", "l"] * 150})
    cells = crosstab(data, "uses", "size", percent=["column", "row"]).cells
    rows = cells[cells["statistic"] == "row_share"].set_index(["code", "point"])
    assert rows.loc[("yes", "s"), "base_unweighted"] == 200
    assert rows.loc[("no", "s"), "note"] == "small base"
    hidden = rows.loc["later"]
    assert (hidden["note"] == "hidden: base below 30").all()
    assert hidden[[*NUMBERS, "count", "base_unweighted"]].isna().all(axis=None)
    # The column itself is large, and its percentages stay.
    columns = cells[cells["statistic"] == "share"]
    assert columns["note"].eq("").all()


def test_what_is_hidden_in_a_column_is_hidden_in_every_percentage() -> None:
    size = ["a"] * 200 + ["b"] * 12 + ["c"] * 80 + ["d"] * 150
    data = pd.DataFrame({"uses": ["yes", "no"] * 221, "size": size})
    cells = crosstab(data, "uses", "size", percent=EVERY).cells
    numbers = [*NUMBERS, "deff", "count", "base_unweighted", "base_weighted"]
    for _, each in cells.groupby("statistic"):
        hidden = each[each["point"].isin(["b", "c"])]
        assert len(hidden) == 4
        assert hidden[numbers].isna().all(axis=None)
        assert hidden["note"].str.startswith("hidden").all()
        assert each.loc[~each["point"].isin(["b", "c"]), numbers].notna().all(axis=None)


def test_p_values_of_association_are_those_of_pearson_without_a_design() -> None:
    counts = pd.crosstab(FRAME["uses"], FRAME["size"]).to_numpy()
    found = crosstab(FRAME, "uses", "size", statistic="chisq").tests.loc[0]
    plain = stats.chi2_contingency(counts, correction=False)
    assert found["ndf"] == plain.dof
    assert found["statistic"] * N / (N - 1) == pytest.approx(plain.statistic, rel=1e-12)


def test_one_level_and_names_of_another_kind() -> None:
    strict = crosstab(FRAME, "uses", "size", levels=0.05).cells["letters"]
    assert strict.str.isupper().sum() == (strict != "").sum()
    with pytest.raises(QuestionError, match="7 is no name of a question"):
        crosstab(FRAME, [7], "size")
    with pytest.raises(EstimationError, match="min_base and small_base are"):
        crosstab(FRAME, "uses", "size", min_base=-1)


def test_a_test_that_cannot_be_made_says_why() -> None:
    data = FRAME.assign(same="x")
    tests = crosstab(data, "same", "size").tests
    assert tests["note"].str.contains("two categories on both sides").all()
    assert tests["p_value"].isna().all()
    few = crosstab(data.head(20), "uses", "size").tests
    assert few["note"].tolist() == ["not tested: base below 30"]


def test_a_deviation_has_a_design_effect_near_one_without_a_design() -> None:
    data = pd.DataFrame({"cost": np.random.default_rng(3).normal(size=400)})
    cells = crosstab(data, "cost", numbers=["cost"], summaries=["sd"]).cells
    sd = cells[cells["statistic"] == "sd"].iloc[0]
    assert sd["deff"] == pytest.approx(1, abs=0.02)
    assert sd["std_error"] == pytest.approx(sd["estimate"] / np.sqrt(800), rel=0.2)


def test_a_median_with_an_open_interval_says_so() -> None:
    data = pd.DataFrame(
        {"cost": [1.0, 2, 3, 9, 10, 11, 4, 5], "size": list("aaaabbbb")}
    )
    table = crosstab(
        data, "cost", "size", numbers=["cost"], summaries=["median"], min_base=0
    )
    median = table.cells[table.cells["statistic"] == "median"].set_index("point")
    assert median["conf_low"].isna().to_dict() == {"Total": False, "a": True, "b": True}
    assert "interval open" in median.loc["a", "note"]
    assert median.loc["Total", "note"] == "small base"
