from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import EstimationError, QuestionError, SurveyError
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion
from survey.estimation.formula import FUNCTIONS, read_formula
from survey.estimation.marginal_effects import marginal_effects
from survey.estimation.model_fit import fit, influence
from survey.estimation.model_questions import model_variables
from survey.estimation.model_terms import model_terms
from survey.estimation.regression import Regression, regression
from survey.responses.bind import bind
from survey.responses.table import Responses

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
DESIGN = SurveyDesign(weight="w", strata="stratum", psu="psu")


def _firms(n: int = 120, seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    size = random.choice(["large", "medium", "small"], n)
    cost = random.integers(1, 50, n).astype(float)
    chance = 0.3 + 0.3 * (size == "large") + 0.005 * cost
    return pd.DataFrame(
        {
            "size": size,
            "cost": cost,
            "uses": np.where(random.random(n) < chance, "yes", "no"),
            "public": random.random(n) < 0.5,
            "w": random.uniform(0.2, 5, n),
            "stratum": random.choice(["n", "s"], n),
            "psu": random.integers(0, 12, n),
        }
    )


FIRMS = _firms()


# Identities


def test_without_an_intercept_coefficients_are_domain_means() -> None:
    ours = regression(FIRMS, "cost ~ 0 + size", design=DESIGN).coefficients
    means = mean(FIRMS, "cost", by="size", design=DESIGN)
    assert ours["term"].tolist() == [f"size[{name}]" for name in means["domain"]]
    columns = ["estimate", "std_error"]
    np.testing.assert_allclose(ours[columns], means[columns], rtol=1e-12)


def test_two_categories_differ_by_the_coefficient() -> None:
    ours = regression(FIRMS, "cost ~ public", design=DESIGN)
    means = mean(FIRMS, "cost", by="public", design=DESIGN)["estimate"]
    slope = ours.coefficients.loc[1]
    assert slope["term"] == "public"
    assert slope["estimate"] == pytest.approx(means[1] - means[0], rel=1e-12)
    # The effect is the same difference, with the same error.
    np.testing.assert_allclose(
        ours.effects.loc[0, NUMBERS].astype(float),
        slope[NUMBERS].astype(float),
        rtol=1e-10,
    )


def test_an_intercept_alone_is_the_mean() -> None:
    ours = regression(FIRMS, "cost ~ 1", design=DESIGN)
    theirs = mean(FIRMS, "cost", design=DESIGN)
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    np.testing.assert_allclose(ours.coefficients[columns], theirs[columns], rtol=1e-12)
    assert ours.tests.empty
    assert ours.effects.empty


def test_saturated_effects_are_differences_of_shares() -> None:
    logistic = regression(FIRMS, "uses ~ size", design=DESIGN)
    linear = regression(FIRMS, "uses ~ size", design=DESIGN, family="linear")
    shares = proportion(FIRMS, "uses", by="size", design=DESIGN)
    yes = shares[shares["code"] == "yes"]["estimate"].to_numpy()
    assert logistic.event == linear.event == "yes"
    np.testing.assert_allclose(logistic.effects["estimate"], yes[1:] - yes[0])
    np.testing.assert_allclose(
        logistic.effects[NUMBERS], linear.effects[NUMBERS], rtol=1e-10
    )


def test_with_one_coefficient_the_term_test_is_the_square_of_t() -> None:
    ours = regression(FIRMS, "uses ~ cost + size", design=DESIGN)
    t = ours.coefficients.set_index("term").loc["cost"]
    test = ours.tests.set_index("term").loc["cost"]
    assert test["statistic"] == pytest.approx(t["statistic"] ** 2, rel=1e-12)
    assert test["p_value"] == pytest.approx(t["p_value"], rel=1e-10)


def test_a_logarithm_has_the_slope_of_a_logarithm() -> None:
    ours = regression(FIRMS, "public ~ log(cost)", family="linear", design=DESIGN)
    share = FIRMS["w"] / FIRMS["w"].sum()
    slope = ours.coefficients.loc[1, "estimate"] * (share / FIRMS["cost"]).sum()
    assert ours.effects.loc[0, "estimate"] == pytest.approx(slope, rel=1e-10)


def test_an_outcome_can_be_transformed() -> None:
    ours = regression(FIRMS, "log(cost) ~ size", design=DESIGN)
    theirs = regression(
        FIRMS.assign(y=np.log(FIRMS["cost"])), "y ~ size", design=DESIGN
    )
    pd.testing.assert_frame_equal(ours.coefficients, theirs.coefficients)


@pytest.mark.parametrize("family", ["linear", "logistic"])
def test_scores_are_derivatives_by_the_weights(family: Any) -> None:
    formula = read_formula("uses ~ size * cost + public")
    found = model_variables(FIRMS, formula.predictors)
    terms = model_terms(formula, found, np.ones(len(FIRMS), dtype=bool))
    y = (FIRMS["uses"] == "yes").to_numpy(dtype=float)
    weight = FIRMS["w"].to_numpy()

    def estimates(w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        beta = fit(terms.columns, y, w, family, terms.names)
        scores = influence(terms.columns, y, w, family, beta)
        effects = marginal_effects(terms, family, beta, w, scores)
        values = np.concatenate([beta, effects.value])
        return values, np.hstack([scores, effects.scores])

    scores = estimates(weight)[1]
    for i in (0, 17, 63):
        step = 1e-4 * weight[i] * (np.arange(len(weight)) == i)
        change = estimates(weight + step)[0] - estimates(weight - step)[0]
        np.testing.assert_allclose(change / 2e-4, scores[i], rtol=1e-6, atol=1e-9)


def test_a_step_too_far_is_halved() -> None:
    # Heavy tails of x and of the weights: a full step from 0 lowers the likelihood.
    random = np.random.default_rng(86)
    x = random.standard_cauchy(12) * 3
    y = (random.random(12) < 1 / (1 + np.exp(-2 * x))).astype(float)
    weight = np.exp(random.normal(0, 2, 12))
    columns = np.column_stack([np.ones(12), x])
    beta = fit(columns, y, weight, "logistic", ["Intercept", "x"])
    # At the top of the likelihood the scores sum to 0.
    scores = influence(columns, y, weight, "logistic", beta)
    np.testing.assert_allclose(scores.sum(axis=0), 0.0, atol=1e-12)


# Properties


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000), st.floats(0.001, 1000))
def test_scale_of_weights_is_nothing(seed: int, scale: float) -> None:
    firms = _firms(seed=seed)
    one = regression(firms, "uses ~ size + cost", design=DESIGN)
    two = regression(
        firms.assign(w=firms["w"] * scale), "uses ~ size + cost", design=DESIGN
    )
    for frame in ("coefficients", "effects"):
        np.testing.assert_allclose(
            getattr(one, frame)[NUMBERS], getattr(two, frame)[NUMBERS], rtol=1e-7
        )
    assert one.base_effective == pytest.approx(two.base_effective)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000))
def test_order_of_respondents_is_nothing(seed: int) -> None:
    firms = _firms(seed=seed)
    one = regression(firms, "uses ~ size * cost", design=DESIGN)
    two = regression(
        firms.sample(frac=1, random_state=seed), "uses ~ size * cost", design=DESIGN
    )
    for frame in ("coefficients", "effects"):
        np.testing.assert_allclose(
            getattr(one, frame)[NUMBERS], getattr(two, frame)[NUMBERS], rtol=1e-7
        )


def test_respondents_outside_change_nothing() -> None:
    outside = FIRMS["size"] == "small"
    other = FIRMS.assign(cost=FIRMS["cost"].where(~outside, 1000.0))
    one = regression(FIRMS, "uses ~ size + cost", design=DESIGN, where=~outside)
    two = regression(other, "uses ~ size + cost", design=DESIGN, where=~outside)
    pd.testing.assert_frame_equal(one.coefficients, two.coefficients)
    assert one.left_out == 0
    assert one.used == int((~outside).sum())


def test_a_domain_is_matched_by_index() -> None:
    where = FIRMS["size"] != "small"
    one = regression(FIRMS, "uses ~ size", design=DESIGN, where=where)
    two = regression(FIRMS, "uses ~ size", design=DESIGN, where=where[::-1])
    pd.testing.assert_frame_equal(one.coefficients, two.coefficients)


def test_who_gave_no_answer_is_outside_and_counted() -> None:
    gaps = FIRMS.assign(cost=FIRMS["cost"].where(FIRMS.index > 9))
    gaps.loc[[20, 21], "w"] = 0.0
    ours = regression(gaps, "uses ~ size + cost", design=DESIGN)
    theirs = regression(
        FIRMS.assign(w=gaps["w"]),
        "uses ~ size + cost",
        design=DESIGN,
        where=(FIRMS.index > 9),
    )
    pd.testing.assert_frame_equal(ours.coefficients, theirs.coefficients)
    assert (ours.used, ours.left_out) == (108, 12)
    assert ours.notes == (
        "2 respondents left out: weight 0",
        "10 respondents left out: no 'cost'",
    )
    used = gaps["w"][gaps["cost"].notna()]
    assert ours.base_weighted == pytest.approx(used.sum())
    assert ours.base_effective == pytest.approx(used.sum() ** 2 / (used**2).sum())


# Outcomes, references, notes


@pytest.mark.parametrize(
    ("column", "family", "event"),
    [
        (FIRMS["public"], "logistic", "True"),
        (FIRMS["public"].astype(int), "logistic", "1"),
        (FIRMS["uses"], "logistic", "yes"),
        (FIRMS["cost"], "linear", ""),
    ],
)
def test_the_family_follows_the_outcome(
    column: pd.Series, family: str, event: str
) -> None:
    ours = regression(FIRMS.assign(y=column), "y ~ size")
    assert (ours.family, ours.event) == (family, event)


def test_the_other_event_turns_the_signs() -> None:
    yes = regression(FIRMS, "uses ~ size + cost", design=DESIGN)
    no = regression(FIRMS, "uses ~ size + cost", design=DESIGN, event="no")
    for frame in ("coefficients", "effects"):
        one, two = getattr(yes, frame), getattr(no, frame)
        np.testing.assert_allclose(one["estimate"], -two["estimate"], rtol=1e-10)
        np.testing.assert_allclose(one["std_error"], two["std_error"], rtol=1e-10)
    ratios = yes.coefficients["odds_ratio"] * no.coefficients["odds_ratio"]
    np.testing.assert_allclose(ratios, 1.0, rtol=1e-10)


def test_several_codes_can_be_the_event() -> None:
    ours = regression(FIRMS, "size ~ cost", event=["large", "medium"])
    theirs = regression(FIRMS.assign(y=FIRMS["size"] != "small"), "y ~ cost")
    assert ours.event == "large or medium"
    np.testing.assert_allclose(
        ours.coefficients[NUMBERS], theirs.coefficients[NUMBERS], rtol=1e-12
    )


def test_another_reference_turns_the_difference() -> None:
    one = regression(FIRMS, "cost ~ size", design=DESIGN).effects
    other = 'cost ~ C(size, contr.treatment("medium"))'
    two = regression(FIRMS, other, design=DESIGN).effects
    assert set(two["reference"]) == {"medium"}
    back = two.set_index("code").loc["large"]
    there = one.set_index("code").loc["medium"]
    assert back["estimate"] == pytest.approx(-there["estimate"], rel=1e-10)
    assert back["std_error"] == pytest.approx(there["std_error"], rel=1e-10)


def test_numbers_can_be_categories() -> None:
    firms = FIRMS.assign(grade=np.arange(len(FIRMS)) % 3 + 1)
    ours = regression(firms, "cost ~ C(grade)")
    assert ours.coefficients["term"].tolist() == [
        "Intercept",
        "C(grade)[T.2]",
        "C(grade)[T.3]",
    ]
    assert ours.effects["code"].tolist() == ["2", "3"]


def test_a_category_nobody_chose_is_noted() -> None:
    sizes = pd.Categorical(FIRMS["size"], ["huge", "large", "medium", "small"])
    ours = regression(FIRMS.assign(size=sizes), "cost ~ size", design=DESIGN)
    theirs = regression(FIRMS, "cost ~ size", design=DESIGN)
    pd.testing.assert_frame_equal(ours.coefficients, theirs.coefficients)
    assert ours.notes == ("no coefficient of 'huge' of 'size': nobody chose it",)


def test_a_census_has_no_tests_and_says_so() -> None:
    census = SurveyDesign(fpc=np.full(len(FIRMS), len(FIRMS)))
    ours = regression(FIRMS, "cost ~ size", design=census)
    assert (ours.coefficients["std_error"] == 0).all()
    assert ours.coefficients["p_value"].isna().all()
    assert ours.tests["p_value"].isna().all()
    terms = "'Intercept', 'size[T.medium]', 'size[T.small]', 'size'"
    why = "no sampling variance, or more coefficients than PSUs show"
    assert ours.notes == (f"no test of {terms}: {why}",)


def test_a_slope_beside_the_edge_of_a_logarithm_is_noted() -> None:
    firms = FIRMS.assign(cost=FIRMS["cost"] + 1e-6)
    ours = regression(firms, "uses ~ log(cost - 1)", design=DESIGN)
    assert ours.coefficients["p_value"].notna().all()
    assert ours.effects["estimate"].isna().all()
    why = "not defined beside the answers of some respondents"
    assert ours.notes == (f"no effect of 'cost': {why}",)


def _replicates(without: int) -> SurveyDesign:
    """Make eight sets of weights; some give the small firms none."""
    random = np.random.default_rng(3)
    weights = random.uniform(0.5, 1.5, (len(FIRMS), 8))
    weights[(FIRMS["size"] == "small").to_numpy(), :without] = 0.0
    return SurveyDesign(replicate_weights=weights, method="bootstrap")


def test_replicates_without_a_fit_are_left_out_and_counted() -> None:
    ours = regression(FIRMS, "cost ~ size", design=_replicates(2))
    weights = np.asarray(_replicates(2).replicate_weights)[:, 2:]
    kept = SurveyDesign(replicate_weights=weights, method="bootstrap", scale=1 / 7)
    theirs = regression(FIRMS, "cost ~ size", design=kept)
    columns = ["estimate", "std_error"]
    np.testing.assert_allclose(
        ours.coefficients[columns], theirs.coefficients[columns], rtol=1e-10
    )
    assert ours.notes == ("2 of 8 sets of replicate weights left out: no fit",)


def test_too_many_replicates_without_a_fit_are_an_error() -> None:
    with pytest.raises(EstimationError, match="no fit in 5 of 8 sets"):
        regression(FIRMS, "cost ~ size", design=_replicates(5))


# Questionnaires


@pytest.fixture
def responses(
    raw_table: Callable[..., Any], questionnaire: Callable[..., Any]
) -> Responses:
    n = 60
    i = np.arange(n)
    columns = {
        "size": ["3" if k % 3 == 0 else "1" if k % 3 == 1 else "9" for k in i],
        "uses": ["1" if (k * k) % 7 < 3 else "2" for k in i],
        "spend": [str(10 + (k * 5) % 17) for k in i],
        "view_cost": [str(1 + (k * 3) % 5) for k in i],
        "view_law": [str(1 + (k * 7) % 5) for k in i],
        "tools_1": ["1" if k % 4 == 0 else "0" for k in i],
        "tools_2": ["1" if k % 4 else "0" for k in i],
    }
    columns["spend"][0] = ""
    return bind(
        raw_table({k: list(v) for k, v in columns.items()}),
        questionnaire(
            {
                "id": "size",
                "kind": "single",
                "label": "Size",
                "categories": [
                    {"code": 3, "label": "Large"},
                    {"code": 1, "label": "Small"},
                    {"code": 9, "label": "Refused", "missing": True},
                ],
            },
            {
                "id": "uses",
                "kind": "single",
                "label": "Uses it",
                "categories": [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}],
            },
            {"id": "spend", "kind": "numeric", "label": "Spending"},
            {
                "id": "view",
                "kind": "grid",
                "label": "Views",
                "categories": [{"code": k, "label": f"Point {k}"} for k in range(1, 6)],
                "items": [
                    {"code": "cost", "label": "Cost"},
                    {"code": "law", "label": "Law"},
                ],
            },
            {
                "id": "tools",
                "kind": "multiple",
                "label": "Tools",
                "counted_value": "1",
                "categories": [
                    {"code": 1, "label": "Chat"},
                    {"code": 2, "label": "Code"},
                ],
            },
        ),
    )


def test_questions_become_columns(responses: Responses) -> None:
    ours = regression(responses, "uses ~ size + spend + tools_1", event="1")
    assert ours.coefficients["term"].tolist() == [
        "Intercept",
        "size[T.1]",
        "spend",
        "tools_1",
    ]
    effects = ours.effects[["term", "code", "label", "reference"]]
    assert effects.to_numpy().tolist() == [
        ["size", "1", "Small", "3"],
        ["spend", "", "", ""],
        ["tools_1", "1", "Chat", "0"],
    ]
    # Twenty refused to give a size, and the first, large, gave no spending.
    assert (ours.used, ours.left_out) == (39, 21)


def test_the_scores_of_a_scale_are_its_codes(responses: Responses) -> None:
    ours = regression(responses, "view_cost ~ 1", family="linear")
    codes = [1 + (k * 3) % 5 for k in range(60)]
    assert ours.coefficients.loc[0, "estimate"] == pytest.approx(np.mean(codes))


# What cannot be done


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("view ~ size", "'view' is a grid of 2 items"),
        ("uses ~ tools", "'tools' is multiple response.*such as 'tools_1'"),
        ("view_cost ~ size", "5 values.*Name those that are the event"),
        ("uses ~ log(size)", "arithmetic with categories .'size'"),
        ("log(uses) ~ size", "arithmetic with the categories of 'uses'"),
    ],
)
def test_questions_that_do_not_fit(
    formula: str, words: str, responses: Responses
) -> None:
    with pytest.raises(EstimationError, match=words):
        regression(responses, formula)


def test_a_question_that_is_not_there(responses: Responses) -> None:
    with pytest.raises(QuestionError, match=r"2 questions .*'age', 'tools_7'"):
        regression(responses, "uses ~ age + tools_7")


SEPARATED = FIRMS.assign(uses=FIRMS["uses"].where(FIRMS["size"] != "small", "no"))


@pytest.mark.parametrize(
    ("data", "formula", "options", "words"),
    [
        (FIRMS, "cost ~ age + sector", {}, "2 questions .*'age', 'sector'"),
        (FIRMS, "uses ~ size", {"event": "maybe"}, "event 'maybe' is not among the 2"),
        (FIRMS, "uses ~ size", {"event": ["yes", "no"]}, "for 120 of 120 respondents"),
        (FIRMS, "cost ~ size", {"family": "probit"}, "family 'probit' is not known"),
        (FIRMS, "cost ~ size", {"conf_level": 95}, "conf_level is 95"),
        (FIRMS, "size ~ cost", {}, "3 values"),
        (FIRMS, "size ~ cost", {"family": "linear"}, "codes that are no numbers"),
        (FIRMS, "cost ~ size", {"family": "logistic"}, "values .*Name those"),
        (FIRMS, "log(cost) ~ size", {"family": "logistic"}, "is arithmetic and has no"),
        (FIRMS, "uses ~ uses", {}, "'uses' on both sides"),
        (FIRMS.assign(y=1), "y ~ size", {}, "'y' has 1 value .'1'. among the 120"),
        (FIRMS.assign(cost=np.nan), "uses ~ cost", {}, "120 respondents left out"),
        (FIRMS, "uses ~ size", {"where": FIRMS["cost"] > 99}, "none of the 0 resp"),
        (FIRMS, "uses ~ size", {"where": np.ones(3, dtype=bool)}, "shape .3,."),
        (FIRMS, "uses ~ size", {"where": FIRMS["cost"]}, "type float64"),
        (FIRMS.assign(b=FIRMS["cost"] * 2), "uses ~ cost + b", {}, "1 of 3 .*'b'"),
        (SEPARATED, "uses ~ size", {}, r"1 of 3 coefficients .*'size\[T.small\]'"),
        (FIRMS.assign(b=FIRMS["public"]), "public ~ b", {}, "2 of 2 coefficients"),
        (FIRMS.head(4), "w ~ C(cost)", {}, "would be left"),
        (FIRMS.assign(cost=0.0), "uses ~ log(cost)", {}, "undefined for 120 of 120"),
        (FIRMS, 'cost ~ C(size, contr.treatment("x"))', {}, "reference 'x' is not"),
        (FIRMS, "uses ~ cost + C(cost)", {}, "'cost' both inside C"),
    ],
)
def test_a_wrong_call_is_explained(
    data: pd.DataFrame, formula: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(SurveyError, match=words):
        regression(data, formula, **options)


def test_few_psus_leave_no_degrees_of_freedom() -> None:
    psus = FIRMS[["stratum", "psu"]].drop_duplicates()
    degrees = len(psus) - psus["stratum"].nunique()
    size = 3 * psus["psu"].nunique()
    words = (
        f"{size} coefficients, and its 120 respondents give {degrees} degrees of "
        rf"freedom .PSUs minus strata.: {degrees + 1 - size} would be left"
    )
    with pytest.raises(EstimationError, match=words):
        regression(FIRMS, "uses ~ size * C(psu)", design=DESIGN)


@pytest.mark.parametrize(
    "formula",
    [
        *("", "cost", "~ cost", "cost ~", "y ~ 0", "a + b ~ c", "y ~ x ~ z", "y ~ (x"),
        *("y ~ x | z", "y ~ $", "y ~ 'x'", "C(y) ~ x", "y ~ .", "1 ~ x", "y:z ~ x"),
        "(" * 3000,
    ],
)
def test_a_formula_that_cannot_be_read(formula: str) -> None:
    with pytest.raises(EstimationError, match="formula"):
        read_formula(formula)


@pytest.mark.parametrize(
    "factor",
    [
        *("{__import__('os').getpid()}", "x.mean()", "exp(x)", "I(9**9**9**9)"),
        *("I(x**y)", "{[1][0]}", "log('x')", "C(x + 1)", "log(C(x))", "{lambda: x}"),
        *("C(x, contr.sum)", "np.log(x)", "{x if x else x}", "I(x, y=z.w)", "{x +}"),
    ],
)
def test_a_formula_runs_nothing(factor: str) -> None:
    with pytest.raises(EstimationError, match="formula"):
        read_formula(f"y ~ {factor}")


def test_all_functions_are_there() -> None:
    firms = FIRMS.rename(columns={"cost": "seat.cost"})
    for function in FUNCTIONS:
        inside = "`seat.cost`, 2" if function == "poly" else "`seat.cost`"
        name = "C(`seat.cost`)" if function == "C" else f"{function}({inside})"
        found: Regression = regression(firms, f"public ~ {name}", family="linear")
        assert found.tests["ndf"].sum() >= 1
        assert found.effects["estimate"].notna().all()
