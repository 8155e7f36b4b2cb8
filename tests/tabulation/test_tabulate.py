from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import EstimationError, QuestionError, SurveyError
from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import proportion
from survey.estimation.layout import columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.questionnaire.model import Net
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable
from survey.tabulation.crosstab import crosstab
from survey.tabulation.layout import ALL_CELL_COLUMNS, TableOptions
from survey.tabulation.rao_scott import rao_scott
from survey.tabulation.tabulate import tabulate

N = 600
RANDOM = np.random.default_rng(7)
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N, p=[0.5, 0.3, 0.2]),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s"], N),
        "psu": RANDOM.integers(0, 60, N),
        "w": RANDOM.uniform(0.5, 2, N),
    }
)
FRAME.loc[:150, "uses"] = np.where(
    FRAME["size"][:151] == "large", "yes", FRAME["uses"][:151]
)
DESIGN = SurveyDesign(weight="w", psu="psu")


def _multiple(name: str, chosen: np.ndarray) -> Variable:
    codes = tuple(str(k) for k in range(chosen.shape[1]))
    rows = tuple(Row(code, f"option {code}", (code,)) for code in codes)
    base = np.ones(len(chosen), dtype=bool)
    return Variable(name, name, codes, rows, None, chosen, None, base)


def test_columns_and_order_of_the_cells() -> None:
    frame = crosstab(FRAME, ["uses"], ["size", "region"], design=DESIGN).to_frame()
    assert tuple(frame.columns) == ALL_CELL_COLUMNS
    assert frame["point"].tolist()[:6] == [
        "Total",
        "large",
        "medium",
        "small",
        "n",
        "s",
    ]
    assert frame["banner"].tolist()[:6] == [
        "",
        "size",
        "size",
        "size",
        "region",
        "region",
    ]
    assert len(frame) == 18


def test_cells_are_the_estimates_of_proportion() -> None:
    cells = crosstab(FRAME, ["uses"], ["size"], design=DESIGN).cells
    alone = proportion(FRAME, "uses", design=DESIGN)
    by = proportion(FRAME, "uses", by="size", design=DESIGN)
    columns = ["estimate", "std_error", "conf_low", "conf_high", "deff"]
    total = cells[cells["point"] == "Total"]
    np.testing.assert_allclose(total[columns], alone[columns], rtol=1e-12)
    points = cells[cells["banner"] == "size"].sort_values(["point", "code"])
    np.testing.assert_allclose(
        points[columns], by.sort_values(["domain", "code"])[columns], rtol=1e-12
    )


def test_a_column_of_all_respondents_equals_total() -> None:
    data = FRAME.assign(all="everyone")
    cells = crosstab(data, ["uses"], ["all"], design=DESIGN).cells
    numbers = ["estimate", "std_error", "count", "base_effective"]
    total, point = (cells[cells["point"] == p] for p in ("Total", "everyone"))
    np.testing.assert_allclose(total[numbers], point[numbers], rtol=1e-12)


def test_letters_name_the_column_that_is_exceeded() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 80 + ["no"] * 20 + ["yes"] * 50 + ["no"] * 50,
            "b": ["first"] * 100 + ["second"] * 100,
        }
    )
    table = crosstab(data, ["q"], ["b"])
    assert [(p.label, p.letter) for p in table.columns] == [
        ("first", "A"),
        ("second", "B"),
    ]
    letters = table.cells.set_index(["code", "point"])["letters"]
    assert letters["yes", "first"] == "B"
    assert letters["yes", "second"] == ""
    assert letters["no", "second"] == "A"
    assert letters["yes", "Total"] == ""


def test_two_levels_give_capitals_and_small_letters() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 62 + ["no"] * 38 + ["yes"] * 50 + ["no"] * 50,
            "b": ["first"] * 100 + ["second"] * 100,
        }
    )
    # z = 0.12 / sqrt(0.62 * 0.38 / 99 + 0.25 / 99) = 1.71, so p = 0.089.
    cells = crosstab(data, ["q"], ["b"]).cells.set_index(["code", "point"])
    assert cells.loc[("yes", "first"), "letters"] == "b"


def test_letters_start_again_with_every_banner_question() -> None:
    table = crosstab(FRAME, ["uses"], ["size", "region"])
    assert [p.letter for p in table.columns] == ["A", "B", "C", "A", "B"]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["none", "bonferroni", "holm", "bh"]))
def test_letters_are_antisymmetric_and_follow_the_estimates(
    seed: int, adjust: str
) -> None:
    random = np.random.default_rng(seed)
    data = pd.DataFrame(
        {"q": random.integers(0, 3, 200), "b": random.integers(0, 4, 200)}
    )
    table = crosstab(data, ["q"], ["b"], min_base=10, adjust=adjust)
    cells = table.cells[table.cells["banner"] == "b"]
    letter_of = {p.label: p.letter for p in table.columns}
    for _, rows in cells.groupby("code"):
        row = rows.set_index("point")
        for one, two in product(row.index, repeat=2):
            exceeds = letter_of[two] in row.loc[one, "letters"].upper().split()
            back = letter_of[one] in row.loc[two, "letters"].upper().split()
            assert not (exceeds and back)
            if exceeds:
                assert row.loc[one, "estimate"] > row.loc[two, "estimate"]


def test_an_overlapping_banner_has_the_covariance_of_shared_respondents() -> None:
    chosen = RANDOM.random((N, 3)) < 0.6
    banner = _multiple("tools", chosen)
    uses = FRAME["uses"] == "yes"
    design = resolve(DESIGN, FRAME)
    layout = lay_out(columns_of(banner), design)
    answers = prepare(variables(FRAME, "uses")[0], design.used)
    table = estimate_table(tally(answers, layout), layout, "share")
    weight = FRAME["w"].to_numpy()

    def totals(column: np.ndarray) -> np.ndarray:
        share = (weight * column * uses).sum() / (weight * column).sum()
        u = weight * column * (uses - share) / (weight * column).sum()
        return u.groupby(FRAME["psu"]).sum().to_numpy()

    z = np.column_stack([totals(column) for column in chosen.T])
    brute = np.cov(z.T) * len(z)
    np.testing.assert_allclose(table.covariance[2, 1:, 1:], brute, rtol=1e-9)


def test_a_net_of_multiple_response_counts_a_respondent_once() -> None:
    chosen = np.array([[True, True], [True, False], [False, False], [False, True]] * 10)
    plain = _multiple("q", chosen)
    net = Row("any", "Any", ("0", "1"), "net")
    variable = Variable(
        "q", "q", plain.codes, (net, *plain.rows), None, chosen, None, plain.base
    )
    design = resolve(None, pd.DataFrame(index=range(40)))
    cells = tabulate([variable], [], design).cells.set_index("code")
    assert cells["estimate"].tolist() == [0.75, 0.5, 0.5]
    assert cells["count"].tolist() == [30, 20, 20]
    assert cells.loc["any", "statistic"] == "net"


def test_a_net_of_exclusive_codes_is_their_sum() -> None:
    net = Net(code="will", label="Will use", codes=("yes", "later"))
    cells = crosstab(FRAME, ["uses"], ["size"], nets={"uses": [net]}).cells
    table = cells.pivot_table(index="code", columns="point", values="estimate")
    np.testing.assert_allclose(table.loc["will"], table.loc["yes"] + table.loc["later"])


def test_small_columns_are_hidden_and_protected() -> None:
    size = ["a"] * 200 + ["b"] * 12 + ["c"] * 80 + ["d"] * 150
    data = pd.DataFrame({"q": ["yes", "no"] * 221, "size": size})
    cells = crosstab(data, ["q"], ["size"]).cells
    notes = cells.drop_duplicates("point").set_index("point")["note"]
    assert notes.to_dict() == {
        "Total": "",
        "a": "",
        "b": "hidden: base below 30",
        "c": "hidden: protects another cell",
        "d": "",
    }
    hidden = cells[cells["note"].str.startswith("hidden")]
    blank = ["estimate", "std_error", "conf_low", "conf_high", "deff", "count"]
    assert hidden[blank].isna().all().all()
    assert (hidden["letters"] == "").all()
    # A base can be the count of an answer to another question.
    assert hidden["base_unweighted"].isna().all()


def test_an_overlapping_banner_needs_no_protection() -> None:
    chosen = np.zeros((200, 2), dtype=bool)
    chosen[:10, 0] = True
    chosen[:, 1] = True
    data = pd.DataFrame({"q": ["yes", "no"] * 100})
    cells = crosstab(data, ["q"], [_multiple("tools", chosen)]).cells
    notes = cells.drop_duplicates("point").set_index("point")["note"]
    assert notes["option 0"] == "hidden: base below 30"
    assert notes["option 1"] == ""


def test_hidden_columns_are_not_named_by_letters() -> None:
    data = pd.DataFrame(
        {
            "q": ["yes"] * 100 + ["no"] * 20 + ["yes", "no"] * 50 + ["no"] * 40,
            "b": ["big"] * 100 + ["tiny"] * 20 + ["half"] * 100 + ["other"] * 40,
        }
    )
    table = crosstab(data, ["q"], ["b"])
    named = " ".join(table.cells["letters"]).upper().split()
    hidden = {p.letter for p in table.columns if p.label in ("tiny", "other")}
    assert named
    assert not hidden & set(named)


def test_a_number_has_a_row_with_its_mean() -> None:
    value = np.array([1.0, 2.0, np.nan, 6.0] * 10)
    number = Variable("staff", "Staff", (), (), None, None, value, np.isfinite(value))
    design = resolve(None, pd.DataFrame(index=range(40)))
    cells = tabulate([number], [], design, TableOptions(min_base=1)).cells
    assert cells[["code", "statistic"]].to_numpy().tolist() == [["mean", "mean"]]
    assert cells.loc[0, "estimate"] == pytest.approx(3)
    assert cells.loc[0, "base_unweighted"] == 30


def test_tests_of_association_equal_rao_scott() -> None:
    table = crosstab(FRAME, ["uses"], ["size", "region"], design=DESIGN)
    alone = rao_scott(FRAME, "uses", "size", design=DESIGN)
    assert table.tests["banner"].tolist() == ["size", "region"]
    assert table.tests.loc[0, "statistic"] == pytest.approx(alone.statistic, rel=1e-12)
    assert table.tests.loc[0, "p_value"] == pytest.approx(alone.p_value, rel=1e-12)


def test_rao_scott_of_a_simple_random_sample_is_pearson() -> None:
    table = pd.crosstab(FRAME["uses"], FRAME["size"]).to_numpy()
    expected = np.outer(table.sum(1), table.sum(0)) / N
    pearson = ((table - expected) ** 2 / expected).sum()
    test = rao_scott(FRAME, "uses", "size")
    # The variance has n - 1 below, which is all that differs.
    assert test.statistic * test.ndf == pytest.approx(pearson * (N - 1) / N, rel=1e-9)
    assert test.deff == pytest.approx(N / (N - 1), rel=1e-9)


def test_rao_scott_needs_two_categories() -> None:
    data = FRAME.assign(constant="same")
    with pytest.raises(EstimationError, match="two categories"):
        rao_scott(data, "uses", "constant")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"adjust": "sidak"}, EstimationError, "'sidak' is not known"),
        ({"levels": (5, 10)}, EstimationError, "between 0 and 1"),
        ({"interval": "exact"}, EstimationError, "'exact' is not known"),
    ],
)
def test_unknown_options_are_explained(
    options: dict[str, Any], error: type[SurveyError], words: str
) -> None:
    with pytest.raises(error, match=words):
        crosstab(FRAME, ["uses"], ["size"], **options)


def test_an_unknown_question_is_explained() -> None:
    with pytest.raises(QuestionError, match="'colour'"):
        crosstab(FRAME, ["uses"], ["colour"])


def test_a_question_nobody_answered_has_bases_and_no_cells() -> None:
    data = FRAME.assign(empty=np.nan)
    table = crosstab(data, ["empty", "uses"], ["empty", "region"], design=DESIGN)
    assert set(table.cells["question"]) == {"uses"}
    bases = table.bases[table.bases["question"] == "empty"]
    assert bases["base_unweighted"].tolist() == [0, 0, 0]
    tested = table.tests[table.tests["note"] == ""]
    assert tested[["question", "banner"]].to_numpy().tolist() == [["uses", "region"]]
    assert table.tests["note"].str.startswith("not tested").sum() == 3


def test_an_empty_column_says_why_it_has_no_number() -> None:
    data = FRAME.assign(b=pd.Categorical(["x"] * N, categories=["x", "y"]))
    cells = crosstab(data, ["uses"], ["b"], min_base=0).cells
    empty = cells[cells["point"] == "y"]
    assert empty["estimate"].isna().all()
    assert set(empty["note"]) == {"small base; no respondents"}
