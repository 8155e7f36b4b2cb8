"""Rows and marks that a study asks for, in the results and by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import analyze
from survey.errors import QuestionError

SIZES = [{"code": i + 1, "label": t} for i, t in enumerate(["Small", "Mid", "Large"])]
STEPS = [{"code": i + 1, "label": t} for i, t in enumerate(["Low", "Mid", "High"])]
UNSURE = {"code": 9, "label": "Unsure", "dont_know": True}
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
TRUST = {
    "id": "trust",
    "kind": "single",
    "ordered": True,
    "label": "Trust",
    "categories": [*STEPS, UNSURE],
}
STAFF = {"id": "staff", "kind": "numeric", "label": "Staff"}
# Small: 60 low, 20 mid, 10 high, 10 unsure. Mid: 10, 20, 60, 10. Large: 40 mid.
ANSWERS = {
    "size": [1] * 100 + [2] * 100 + [3] * 40,
    "trust": [
        *([1] * 60 + [2] * 20 + [3] * 10 + [9] * 10),
        *([1] * 10 + [2] * 20 + [3] * 60 + [9] * 10),
        *([2] * 40),
    ],
    "staff": [5] * 60 + [10] * 20 + [80] * 160,
}
ALL = [SIZE, TRUST, STAFF]


@pytest.fixture
def results_of(make_study: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    def make(**keys: Any) -> pd.DataFrame:
        path = make_study(ANSWERS, ALL, banner=["size"], **keys)
        return analyze(path).results

    return make


def cells(results: pd.DataFrame, question: str, code: str) -> dict[str, float]:
    found = results[(results["question"] == question) & (results["code"] == code)]
    found = found[~found["statistic"].isin(["row_share", "total_share"])]
    return dict(zip(found["point"], found["estimate"], strict=True))


def test_boxes_and_numbers_of_a_scale_by_hand(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    wanted = ["top1", "top2", "bottom1", "mean", "median", "sd"]
    results = results_of(summaries={"trust": wanted})
    shares = {code: cells(results, "trust", code) for code in wanted}
    # "Unsure" is in the base of the shares and has no number.
    assert shares["top1"]["Small"] == pytest.approx(0.1)
    assert shares["top2"]["Small"] == pytest.approx(0.3)
    assert shares["bottom1"]["Small"] == pytest.approx(0.6)
    assert shares["mean"]["Small"] == pytest.approx((60 + 40 + 30) / 90)
    assert shares["median"]["Total"] == 2
    numbers = np.repeat([1, 2, 3], [60, 20, 10])
    assert shares["sd"]["Small"] == pytest.approx(numbers.std(ddof=1))
    base = results[(results["question"] == "trust") & (results["point"] == "Small")]
    base = base.set_index("code")["base_unweighted"]
    assert (base["top2"], base["mean"]) == (100, 90)
    statistics = results[results["question"] == "trust"].set_index("code")["statistic"]
    assert set(statistics["top2"]) == {"net"}
    assert set(statistics["sd"]) == {"sd"}


def test_a_scale_that_begins_with_its_top(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    keys = {"summaries": {"trust": ["top1", "mean"]}, "top_first": ["trust"]}
    results = results_of(**keys)
    assert cells(results, "trust", "top1")["Small"] == pytest.approx(0.6)
    assert cells(results, "trust", "mean")["Small"] == pytest.approx(130 / 90)


def test_bands_of_the_study(results_of: Callable[..., pd.DataFrame]) -> None:
    plan = {"edges": [0, 10, float("inf")], "labels": ["Few", "Many"]}
    results = results_of(bands={"staff": plan}, summaries={"staff": "median"})
    labels = results[results["question"] == "staff"]["label"].unique().tolist()
    assert labels == ["Few", "Many", "Mean", "Median"]
    assert cells(results, "staff", "1")["Total"] == pytest.approx(60 / 240)
    assert cells(results, "staff", "median")["Total"] == 80
    mean = (5 * 60 + 10 * 20 + 80 * 160) / 240
    assert cells(results, "staff", "mean")["Total"] == pytest.approx(mean)


def test_a_number_in_no_band_names_wave_and_file(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    with pytest.raises(QuestionError, match=r"wave '1' \(wave.csv\): 160 numbers"):
        results_of(bands={"staff": [0, 10, 50]})
    plan = {"edges": [0, 10, 50], "outside": "row"}
    results = results_of(bands={"staff": plan})
    assert cells(results, "staff", "outside")["Total"] == pytest.approx(160 / 240)


def test_nets_of_nets_count_a_respondent_once(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    nets = [
        {"code": "told", "label": "Told", "codes": ["some", 1]},
        {"code": "some", "label": "Some", "codes": [2, 3]},
    ]
    results = results_of(nets={"trust": nets})
    assert cells(results, "trust", "told")["Small"] == pytest.approx(0.9)
    assert cells(results, "trust", "some")["Small"] == pytest.approx(0.3)


def test_percent_of_rows_and_of_the_total(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    results = results_of(report={"percent": ["row", "total"]})
    mine = results[(results["question"] == "trust") & (results["code"] == "2")]
    found = mine.set_index(["statistic", "point"])["estimate"]
    # 20, 20 and 40 of 80 in the middle; 240 in all.
    assert found["row_share", "Large"] == pytest.approx(0.5)
    assert found["total_share", "Large"] == pytest.approx(40 / 240)
    assert found["share", "Large"] == pytest.approx(1)
    letters = results[results["statistic"].isin(["row_share", "total_share"])]
    assert (letters["letters"] == "").all()
    assert not letters["note"].str.contains("against").any()


def test_plain_results_have_no_rows_that_nobody_asked_for(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    assert set(results_of()["statistic"]) == {"share", "mean"}


def test_marks_against_rest_and_total_stand_in_the_notes(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    results = results_of(report={"against": ["rest", "total"]})
    mine = results[(results["question"] == "trust") & (results["code"] == "1")]
    notes = dict(zip(mine["point"], mine["note"], strict=True))
    assert notes["Small"].endswith("against rest ++; against total ++")
    assert notes["Mid"].endswith("against rest --; against total --")
    assert "against" not in notes["Total"]


def test_a_smallest_difference_takes_letters_away(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    def letters(**report: Any) -> list[str]:
        results = results_of(report=report)
        mine = results[(results["question"] == "trust") & (results["code"] == "1")]
        return mine[mine["banner"] == "size"]["letters"].str.upper().tolist()

    # 60, 10 and 0 percent.
    assert letters() == ["B C", "C", ""]
    assert letters(min_difference=0.2) == ["B C", "", ""]


def test_a_family_of_all_tests_is_stricter(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    counts = {
        family: results_of(report={"adjust": "bonferroni", "family": family})["letters"]
        .str.replace(" ", "")
        .str.len()
        .sum()
        for family in ("row", "table")
    }
    assert counts["table"] < counts["row"]


def test_an_older_instrument_without_the_scale_says_so(
    make_study: Callable[..., Path],
) -> None:
    summaries = {"trust": ["top2", "mean"]}
    path = make_study(ANSWERS, ALL, summaries=summaries)
    older = {**TRUST, "ordered": False}
    text = yaml.safe_dump({"id": "older", "title": "Older", "questions": [older]})
    (path.parent / "older.yaml").write_text(text, encoding="utf-8")
    study = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = {**study["waves"][0], "id": "0", "questionnaire": "older.yaml"}
    study["waves"].insert(0, first)
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    report = analyze(path, waves=["0"])
    (note,) = [f for f in report.findings if f.check == "summary_left_out"]
    assert (note.question, note.count) == ("trust", 2)
    assert set(report.results["statistic"]) == {"share"}


def test_a_routed_question_does_not_tell_a_hidden_answer(
    make_study: Callable[..., Path],
) -> None:
    """The base of who is asked is the count of an answer that is hidden."""
    later = {**SIZE, "id": "later", "label": "Later", "asked_if": "use == 1"}
    use = {**SIZE, "id": "use", "label": "Use"}
    sizes = [1] * 20 + [2] * 70 + [3] * 80
    uses = [1] * 20 + [1] * 40 + [2] * 30 + [1] * 50 + [2] * 30
    answers = {
        "size": sizes,
        "use": uses,
        "later": [1 if u == 1 else None for u in uses],
    }
    path = make_study(answers, [SIZE, use, later], banner=["size"])
    results = analyze(path).results
    mine = results[(results["banner"] == "size") & (results["code"] == "1")]
    hidden = mine[mine["estimate"].isna()].groupby("question")["point"].agg(set)
    assert hidden["use"] == {"Small", "Mid"}
    assert hidden["later"] >= hidden["use"]
    told = mine[mine["question"].isin(["use", "later"]) & mine["estimate"].isna()]
    assert told["base_unweighted"].isna().all()
    assert told["base_weighted"].isna().all()
