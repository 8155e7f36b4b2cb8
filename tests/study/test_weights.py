"""Weights of a study: several with names, every step of a recipe, what contradicts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.errors import MarginError, StudyError
from survey.report.context import Context, weight_line
from survey.study.load import load_study
from survey.weighting.diagnostics import margin_table
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights

SIZE = {
    "id": "size",
    "kind": "single",
    "label": "Size",
    "categories": [
        *({"code": i + 1, "label": t} for i, t in enumerate(["Small", "Mid", "Large"])),
        {"code": 9, "label": "Unsure", "dont_know": True},
    ],
}
REGION = {
    "id": "region",
    "kind": "single",
    "label": "Region",
    "categories": [
        {"code": i + 1, "label": t} for i, t in enumerate(["North", "South"])
    ],
}
STAFF = {"id": "staff", "kind": "numeric", "label": "Staff"}
USES = {
    "id": "uses",
    "kind": "single",
    "label": "Uses",
    "categories": [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}],
}
QUESTIONS = [SIZE, REGION, STAFF, USES]
# Twelve small, six mid, two large ones; the last four did not finish.
SIZES = [1] * 12 + [2] * 6 + [3] * 2 + [1, 1, 2, 3]
ANSWERS = {
    "size": SIZES * 10,
    "region": ([1, 2, 2] * 8) * 10,
    "staff": [5 * size**2 for size in SIZES] * 10,
    "uses": ([1, 2, 1, 1] * 5 + [""] * 4) * 10,
    "state": (["done"] * 20 + ["partial"] * 4) * 10,
    "w": ([1, 2, 3, 4] * 6) * 10,
}
INSTRUMENT = {"paradata": {"status": "state"}, "complete": ["done"]}
MARGINS = {
    "size": {"1": 500, "2": 300, "3": 200},
    "region": {"1": 400, "2": 600},
    "size x region": {
        "1 x 1": 200,
        "1 x 2": 300,
        "2 x 1": 100,
        "2 x 2": 200,
        "3 x 1": 90,
        "3 x 2": 110,
    },
}


@pytest.fixture
def study(tmp_path: Path, make_study: Callable[..., Path]) -> Callable[..., Path]:
    target = {
        "population": "Firms",
        "source": "register",
        "as_of": 2024,
        "unit": "firms",
        "margins": MARGINS,
        "totals": {"staff": 20000},
        "population_size": 1000,
    }
    text = yaml.safe_dump(target, sort_keys=False)
    (tmp_path / "targets.yaml").write_text(text, encoding="utf-8")

    def make(*plans: dict[str, Any], **keys: Any) -> Path:
        weighting = [{"targets": "targets.yaml", **plan} for plan in plans]
        given = {"exclude": ["partial"], "banner": [], **keys}
        return make_study(
            ANSWERS, QUESTIONS, instrument=INSTRUMENT, weighting=weighting, **given
        )

    return make


@pytest.fixture
def wave(
    study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., Any]:
    return lambda *plans, **keys: context_of(study(*plans, **keys)).wave


def _frame() -> pd.DataFrame:
    return pd.DataFrame(ANSWERS).assign(
        size=lambda f: f["size"].astype(str), region=lambda f: f["region"].astype(str)
    )


def _done() -> pd.DataFrame:
    return _frame().query("state == 'done'")


def test_several_weights_each_with_its_name(wave: Callable[..., Any]) -> None:
    made = wave(
        {"name": "one", "margins": ["size"]},
        {"name": "both", "margins": ["size", "region"], "base_weight": "w"},
        {"name": "crossed", "margins": [["size", "region"]]},
    ).made
    assert [each.plan.name for each in made] == ["one", "both", "crossed"]
    rows = _done()
    expected = [
        rake(rows, {"size": MARGINS["size"]}),
        rake(
            rows,
            {"size": MARGINS["size"], "region": MARGINS["region"]},
            base_weight="w",
        ),
        rake(
            rows,
            {
                ("size", "region"): {
                    tuple(code.split(" x ")): n
                    for code, n in MARGINS["size x region"].items()
                }
            },
        ),
    ]
    for ours, theirs in zip(made, expected, strict=True):
        np.testing.assert_allclose(
            ours.weighting.weight, theirs.weight, rtol=1e-9, err_msg=ours.plan.name
        )


def test_calibration_to_a_total_with_limits(wave: Callable[..., Any]) -> None:
    made = wave(
        {
            "margins": ["region"],
            "totals": ["staff"],
            "distance": "logit",
            "limits": [0.3, 4],
        }
    ).made[0]
    weight = made.weighting.weight.to_numpy()
    staff = _done()["staff"].to_numpy()
    assert np.average(staff, weights=weight) == pytest.approx(20, rel=1e-9)
    assert weight.min() >= 0.3
    assert weight.max() <= 4


def test_nonresponse_then_raking_then_trimming(wave: Callable[..., Any]) -> None:
    result = wave(
        {
            "margins": ["size", "region"],
            "nonresponse": {"by": "size"},
            "trim": {"rule": "median", "upper": 2.5},
        }
    )
    rows = _frame()
    answered = rows["state"] == "done"
    adjusted = adjust_nonresponse(rows, answered, "size")
    margins = {"size": MARGINS["size"], "region": MARGINS["region"]}
    raked = rake(rows, margins, base_weight=adjusted)
    expected = trim_weights(raked, rule="median", upper=2.5)
    np.testing.assert_allclose(
        result.made[0].weighting.weight, expected.weight, rtol=1e-8, atol=1e-12
    )
    assert (result.design.weight > 0).all()
    assert result.design.weight.size == answered.sum() == len(result.responses.frame)
    table = margin_table(result.made[0].weighting)
    np.testing.assert_allclose(table["weighted"], table["target"], atol=1e-9)
    assert table["base_unweighted"].sum() == 2 * answered.sum()


def test_other_weights_leave_nonrespondents_out(wave: Callable[..., Any]) -> None:
    result = wave(
        {"name": "a", "margins": ["size"], "nonresponse": {"by": "region"}},
        {"name": "b", "margins": ["size"]},
    )
    weight = result.made[1].weighting.weight
    expected = rake(_done(), {"size": MARGINS["size"]}).weight
    np.testing.assert_allclose(weight[weight > 0], expected, rtol=1e-9)


def test_replicates_go_through_the_whole_recipe(wave: Callable[..., Any]) -> None:
    plan = {
        "margins": ["size", "region"],
        "nonresponse": {"by": "size"},
        "trim": {"rule": "median", "upper": 2.5},
    }
    result = wave(plan, design={"method": "jk1"})
    cell = result.cells["uses", "1", "", "Total"]
    rows = _frame()
    answered = rows["state"] == "done"
    margins = {"size": MARGINS["size"], "region": MARGINS["region"]}

    def share(start: np.ndarray) -> float:
        base = pd.Series(start, index=rows.index)
        adjusted = adjust_nonresponse(rows, answered, "size", base_weight=base)
        raked = rake(rows, margins, base_weight=adjusted)
        weight = trim_weights(raked, rule="median", upper=2.5).weight
        return float(np.average(rows["uses"].eq(1), weights=weight))

    n = len(rows)
    again = [share(np.where(np.arange(n) == i, 0.0, 1.0)) for i in range(n)]
    variance = (n - 1) / n * np.sum((np.array(again) - np.mean(again)) ** 2)
    assert cell.estimate == pytest.approx(share(np.ones(n)), rel=1e-8)
    assert cell.std_error == pytest.approx(variance**0.5, rel=1e-6)


def test_variants_change_one_thing_at_a_time(wave: Callable[..., Any]) -> None:
    result = wave(
        {"name": "a", "margins": ["size", "region"], "caps": [1.2, 2]},
        {"name": "b", "margins": ["region"]},
        indicators={"shares": [{"question": "uses", "code": 1}]},
    )
    found = {(v.kind, v.name): v for v in result.variants}
    assert list(found) == [
        *[("weights", "b"), ("without", "size"), ("without", "region")],
        *[("cap", "1.2"), ("cap", "2")],
    ]
    rows, uses = _done(), _done()["uses"].eq(1)

    def expected(margins: dict[str, Any]) -> float:
        return float(np.average(uses, weights=rake(rows, margins).weight))

    for key, margins in (
        (("without", "size"), {"region": MARGINS["region"]}),
        (("without", "region"), {"size": MARGINS["size"]}),
    ):
        estimate = found[key].cells["uses", "1"].estimate
        assert estimate == pytest.approx(expected(margins), rel=1e-9)
    # A fifth of the population is large, and a tenth of the sample.
    assert found["cap", "1.2"].made is None
    assert "upper limit" in str(found["cap", "1.2"].problem)
    capped = found["cap", "2"].made
    assert capped.weighting.weight.max() <= 2 + 1e-9


def test_caps_are_round_numbers_below_the_largest_weight(
    wave: Callable[..., Any],
) -> None:
    result = wave(
        {"margins": ["size"]}, indicators={"shares": [{"question": "uses", "code": 1}]}
    )
    # A fifth of the population is large and a tenth of the sample: the weight is 2.
    assert result.made[0].weighting.weight.max() == pytest.approx(2)
    assert [(v.kind, v.name) for v in result.variants] == [
        ("cap", "1.25"),
        ("cap", "1.5"),
    ]


def test_a_question_maps_to_a_margin(wave: Callable[..., Any]) -> None:
    mapping = {
        "size": {
            "bands": [
                {"targets": [1, 2], "codes": [1, 2], "note": "asked otherwise"},
                {"targets": 3, "codes": 3},
            ]
        }
    }
    result = wave({"margins": ["size"], "mapping": mapping})
    weighting = result.made[0].weighting
    assert weighting.margins[0].codes == ("1 + 2", "3")
    assert weighting.margins[0].targets.tolist() == pytest.approx([0.8, 0.2])
    assert any(f.check == "band_misfit" for f in result.findings)


@pytest.mark.parametrize(
    ("plans", "says"),
    [
        ([{"margins": ["size"]}, {"margins": ["region"]}], "two weights 'weight'"),
        ([{"margins": []}], "name at least one margin or total"),
        ([{"margins": ["size"], "distance": "logit"}], "logit needs limits"),
        ([{"margins": ["size"], "limits": [3, 0.3]}], "smaller one first"),
        ([{"margins": ["size"], "limits": [1, 3]}], "limits [1.0, 3.0] do not have 1"),
        ([{"margins": ["size"], "weight_limits": [0, 0.9]}], "do not have 1, the mean"),
        ([{"margins": ["size"], "trim": {"rule": "median"}}], "needs upper, lower or"),
        (
            [{"margins": ["size"], "trim": {"rule": "quantile", "upper": 95}}],
            "numbers from 0 to 1; 95.0 cannot be used",
        ),
        (
            [{"margins": ["size"], "trim": {"upper": 0.3, "lower": 3}}],
            "is not below upper",
        ),
        (
            [{"margins": ["size"], "trim": {"rule": "potter", "upper": 3}}],
            "finds the cap itself",
        ),
        (
            [
                {
                    "margins": ["size"],
                    "distance": "logit",
                    "limits": [0.1, 9],
                    "trim": {"upper": 3},
                }
            ],
            "the logit distance keeps its limits already",
        ),
        (
            [{"margins": ["size"], "nonresponse": {"by": "size", "among": "empty"}}],
            "are respondents here",
        ),
        ([{"margins": ["age"]}], "there is no question 'age'"),
        ([{"totals": ["size"]}], "is single"),
        ([{"margins": ["size"], "nonresponse": {"by": "age"}}], "no question 'age'"),
    ],
)
def test_what_contradicts_itself_is_refused(
    plans: list[dict[str, Any]], says: str, study: Callable[..., Path]
) -> None:
    path = study(*plans)
    with pytest.raises(StudyError, match=r"line \d+") as caught:
        load_study(path)
    assert says in str(caught.value)


def test_targets_of_a_wave_have_to_name_its_weights(
    tmp_path: Path, study: Callable[..., Path]
) -> None:
    path = study({"name": "a", "margins": ["size"]})
    text = path.read_text(encoding="utf-8")
    changed = text.replace("file: wave.csv", "file: wave.csv\n  targets: {b: x.yaml}")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(StudyError, match=r"there are no weights 'b'. Weights: 'a'"):
        load_study(path)


def test_a_total_without_a_target_is_refused(
    wave: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "targets.yaml"
    text = path.read_text(encoding="utf-8").replace("staff: 20000", "money: 1")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MarginError, match=r"total 'staff' has no target.*'money'"):
        wave({"margins": ["size"], "totals": ["staff"]})


def test_figures_say_how_the_weights_were_made(
    study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    raked = context_of(study({"margins": ["size", "region"]}))
    assert weight_line(raked) == "Weighted by raking to size and region."
    both = {"margins": ["region"], "totals": ["staff"]}
    calibrated = context_of(study(both))
    said = "Weighted by calibration to region and staff."
    assert weight_line(calibrated) == said
