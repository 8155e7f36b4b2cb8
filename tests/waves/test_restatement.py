"""Restatements: which cells, why, and what the log of a folder keeps."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import OutputError
from survey.report.data_files import csv, parquet
from survey.report.made import digest
from survey.report.numbers import rounded_percent
from survey.waves.restatement import COLUMNS, restatement
from survey.waves.restatement_log import restatement_log
from survey.waves.restatement_reasons import reasons

CELL: dict[str, Any] = {
    "wave": "2024",
    "question": "stage",
    "code": "1",
    "label": "None",
    "banner": "",
    "point": "Total",
    "statistic": "share",
    "estimate": 0.41,
    "std_error": 0.02,
    "conf_low": 0.37,
    "conf_high": 0.45,
    "base_unweighted": 300,
    "letters": "",
    "note": "",
}
HIDDEN = {"estimate": np.nan, "conf_low": np.nan, "conf_high": np.nan}
HIDDEN |= {"base_unweighted": None, "note": "hidden: base below 30"}


def cells(*changes: dict[str, Any]) -> pd.DataFrame:
    rows = pd.DataFrame([CELL | change for change in changes])
    return rows.astype({"base_unweighted": "Int64"})


def record(**changes: Any) -> dict[str, Any]:
    files = {"s.yaml": "0", "a.csv": "1", "q.yaml": "2", "t.yaml": "3", "b.csv": "4"}
    files |= changes.pop("files", {})
    waves = [
        {"id": "2024", "file": "../a.csv", "questionnaire": "q.yaml"},
        {"id": "2025", "file": "../b.csv", "questionnaire": "q5.yaml"},
    ]
    study = {"name": "tiny", "waves": waves, "weighting": [{"targets": "x/t.yaml"}]}
    study |= changes.pop("study", {})
    versions = {"genai-survey": "0.1.0", **changes.pop("versions", {})}
    inputs = [{"name": name, "sha256": h} for name, h in files.items()]
    return {"study": study, "inputs": inputs, "versions": versions}


def moved(former: pd.DataFrame, now: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return restatement(former, now, record(), record(), **options)


def test_a_cell_that_moved() -> None:
    found = moved(cells({}), cells({"estimate": 0.43, "conf_low": 0.39}))
    [row] = found.to_dict("records")
    assert list(found.columns) == list(COLUMNS)
    assert (row["status"], row["published"], row["restated"]) == ("moved", 0.41, 0.43)
    assert row["difference"] == pytest.approx(0.02)
    assert (row["published_low"], row["restated_low"]) == (0.37, 0.39)
    assert row["why"] == "no recorded input changed"


@pytest.mark.parametrize(
    "change", [{}, {"estimate": 0.41 + 5e-10}, {"std_error": 0.03}]
)
def test_a_cell_that_is_printed_as_before(change: dict[str, Any]) -> None:
    assert moved(cells({}), cells(change)).empty


def test_the_last_digit_counts_where_it_changes_the_printed_number() -> None:
    former, now = cells({"estimate": 0.125}), cells({"estimate": 0.125 - 1e-15})
    assert moved(former, now).empty
    [row] = moved(former, now, shown=rounded_percent).to_dict("records")
    assert (rounded_percent(row["published"]), rounded_percent(row["restated"])) == (
        13,
        12,
    )


def test_a_base_that_changed_is_a_restatement() -> None:
    [row] = moved(cells({}), cells({"base_unweighted": 299})).to_dict("records")
    assert (row["published_base"], row["restated_base"]) == (300, 299)


def test_what_is_hidden_now_is_not_told_again() -> None:
    [row] = moved(cells({}), cells(HIDDEN)).to_dict("records")
    assert row["status"] == "hidden now"
    numbers = [value for value in row.values() if isinstance(value, float)]
    assert np.isnan(numbers).all()


def test_what_was_hidden_before_has_no_published_number() -> None:
    [row] = moved(cells(HIDDEN), cells({})).to_dict("records")
    assert (row["status"], row["restated"]) == ("hidden before", 0.41)
    assert np.isnan(row["published"])


def test_cells_that_are_new_or_gone() -> None:
    former = cells({}, {"code": "2", "estimate": 0.3})
    found = moved(former, cells({"code": "3"}, {}))
    assert found[["code", "status"]].to_numpy().tolist() == [
        ["3", "new"],
        ["2", "gone"],
    ]
    # A cell that is gone may be one that would be hidden now.
    assert found["published"].isna().all()


def test_a_new_wave_restates_nothing() -> None:
    assert moved(cells({}), cells({}, {"wave": "2025"})).empty
    assert moved(cells({}, {"wave": "2023"}), cells({})).empty


def test_another_language_matches_points_by_their_order() -> None:
    columns = {"banner": "size", "point": "Small"}, {"banner": "size", "point": "Large"}
    former = cells({}, *columns)
    german = {"banner": "size", "point": "Klein"}, {"banner": "size", "point": "Groß"}
    now = cells({"point": "Gesamt"}, german[0], {**german[1], "estimate": 0.5})
    found = restatement(former, now, record(), record(study={"language": "de"}))
    assert found["point"].tolist() == ["Groß"]
    fewer = restatement(
        former, now.iloc[:2], record(), record(study={"language": "de"})
    )
    # With one point less nobody knows which is which.
    assert sorted(fewer["status"]) == ["gone", "gone", "new"]


def test_results_of_another_version_are_refused() -> None:
    with pytest.raises(OutputError, match=r"lack 1 columns \('conf_low'\)"):
        moved(cells({}).drop(columns="conf_low"), cells({}))


@pytest.mark.parametrize(
    ("change", "wave", "why"),
    [
        ({"files": {"a.csv": "9"}}, "2024", ["data file a.csv changed"]),
        ({"files": {"a.csv": "9"}}, "2025", ["no recorded input changed"]),
        ({"files": {"q.yaml": "9"}}, "2024", ["questionnaire q.yaml changed"]),
        ({"files": {"t.yaml": "9"}}, "2025", ["targets t.yaml changed"]),
        ({"files": {"base.yaml": "9"}}, "2025", ["file base.yaml changed"]),
        ({"files": {"s.yaml": "9"}}, "2024", ["no recorded input changed"]),
        (
            {"study": {"report": {"min_base": 50}}},
            "2024",
            ["study: report.min_base changed"],
        ),
        ({"study": {"title": "New"}}, "2024", ["no recorded input changed"]),
        (
            {"versions": {"genai-survey": "0.2.0"}},
            "2024",
            ["genai-survey 0.1.0 to 0.2.0"],
        ),
    ],
)
def test_reasons(change: dict[str, Any], wave: str, why: list[str]) -> None:
    assert [str(each) for each in reasons(record(), record(**change), wave)] == why


@pytest.mark.parametrize("statistic", ["change", "change_first", "difference"])
def test_a_change_moves_with_the_data_of_the_former_wave(statistic: str) -> None:
    cell: dict[str, Any] = {"wave": "2025", "statistic": statistic}
    former, now = cells(cell), cells(cell | {"estimate": 0.43})
    found = restatement(former, now, record(), record(files={"a.csv": "9"}))
    assert found["why"].tolist() == ["data file a.csv changed"]


def test_reasons_in_german() -> None:
    found = restatement(
        cells({}),
        cells({"estimate": 0.5}),
        record(),
        record(files={"a.csv": "9"}),
        language="de",
    )
    assert found["why"].tolist() == ["Datendatei a.csv geändert"]


def publish(folder: Path, results: pd.DataFrame, run: dict[str, Any]) -> None:
    """Do what a run does: read the log, then replace the files."""
    log = restatement_log(folder, results, run)
    if log is not None:
        (folder / "restatement.csv").write_bytes(csv(log))
    content = parquet(results)
    (folder / "results.parquet").write_bytes(content)
    files = [{"name": "results.parquet", "sha256": digest(content)}]
    (folder / "run.json").write_text(json.dumps({**run, "files": files}))


def test_the_log_of_a_folder_grows_and_stays(tmp_path: Path) -> None:
    log = tmp_path / "restatement.csv"
    publish(tmp_path, cells({}), record())
    publish(tmp_path, cells({}), record())
    assert not log.exists()
    first = {"label": "=1+1", "estimate": 1 / 3}
    publish(tmp_path, cells(first), record(files={"a.csv": "9"}))
    once = log.read_bytes()
    publish(tmp_path, cells(first), record(files={"a.csv": "9"}))
    assert log.read_bytes() == once
    publish(tmp_path, cells({"estimate": 0.5}), record())
    assert log.read_bytes().startswith(once)
    table = pd.read_csv(log)
    assert table["restatement"].tolist() == [1, 2]
    assert table["published"].tolist() == [0.41, 1 / 3]


def test_the_log_does_not_tell_what_a_later_run_hides(tmp_path: Path) -> None:
    log = tmp_path / "restatement.csv"
    other = {"code": "2", "estimate": 0.2}
    publish(tmp_path, cells({}, other), record())
    publish(tmp_path, cells({"estimate": 0.5}, {**other, "estimate": 0.3}), record())
    publish(tmp_path, cells(HIDDEN, {**other, "estimate": 0.3}), record())
    table = pd.read_csv(log)
    assert table["status"].tolist() == ["moved", "moved", "hidden now"]
    assert table["published"].dropna().tolist() == [0.2]
    assert "0.41" not in log.read_text()
    # A point of another name may be the hidden one; in another row it is not.
    publish(tmp_path, cells({**HIDDEN, "point": "All"}, other), record())
    assert pd.read_csv(log)["published"].dropna().tolist() == [0.2, 0.3]


def test_the_log_keeps_waves_that_are_not_analysed(tmp_path: Path) -> None:
    publish(tmp_path, cells({}, {"wave": "2025"}), record())
    publish(tmp_path, cells({"estimate": 0.5}, {"wave": "2025"}), record())
    publish(tmp_path, cells({"wave": "2025"}), record())
    assert pd.read_csv(tmp_path / "restatement.csv")["published"].tolist() == [0.41]


def test_a_folder_of_another_study_has_no_log(tmp_path: Path) -> None:
    publish(tmp_path, cells({}), record(study={"name": "other"}))
    assert restatement_log(tmp_path, cells({"estimate": 0.5}), record()) is None
    assert restatement_log(tmp_path / "none", cells({}), record()) is None


@pytest.mark.parametrize("content", [b"", b"no parquet", None])
def test_former_cells_that_cannot_be_read_are_told(
    tmp_path: Path, content: bytes | None
) -> None:
    publish(tmp_path, cells({}), record())
    if content is None:
        (tmp_path / "results.parquet").unlink()
    else:
        (tmp_path / "results.parquet").write_bytes(content)
    log = restatement_log(tmp_path, cells({}), record())
    assert log is not None
    [row] = log.to_dict("records")
    assert row["status"] == "not compared"
    assert "results.parquet" in row["why"]


def test_a_log_that_somebody_broke_begins_anew(tmp_path: Path) -> None:
    publish(tmp_path, cells({}), record())
    (tmp_path / "restatement.csv").write_text("mine,alone\n1,2\n")
    log = restatement_log(tmp_path, cells({"estimate": 0.5}), record())
    assert log is not None
    assert log["restatement"].tolist() == [1]
