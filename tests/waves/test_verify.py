"""Verify: a former report that comes out again, or does not, and wrong folders."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from survey.analysis import analyze
from survey.errors import OutputError
from survey.report.document import Report
from survey.report.files import write
from survey.waves.verify import verdict, verify

YES = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USES = {"id": "uses", "kind": "single", "label": "Uses it", "categories": YES}
ANSWERS = {"uses": [1] * 40 + [2] * 60}


@pytest.fixture
def published(
    make_study: Callable[..., Path], tmp_path: Path
) -> Callable[[], tuple[Path, Path]]:
    def make() -> tuple[Path, Path]:
        study = make_study(ANSWERS, [USES])
        folder = tmp_path / "report"
        write(analyze(study), folder, formats=[])
        return study, folder

    return make


def verified(report: Report, folder: Path) -> list[str]:
    return [str(moved) for moved in verify(folder, report.results, report.provenance)]


def test_a_report_comes_out_again(published: Callable[[], tuple[Path, Path]]) -> None:
    study, folder = published()
    assert verified(analyze(study), folder) == []


def test_a_changed_answer_moves_cells(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    changed = pd.DataFrame({"uses": [1] * 41 + [2] * 59})
    changed.to_csv(study.with_name("wave.csv"), index=False)
    report = analyze(study)
    found = verify(folder, report.results, report.provenance)
    estimates = {m.code: m for m in found if m.column == "estimate"}
    assert estimates["1"].published == pytest.approx(0.4)
    assert estimates["1"].again == pytest.approx(0.41)
    assert "1 uses 1 share (Total): estimate 0.4 to 0.41" in map(str, found)
    text = verdict(folder, found, report.provenance)
    assert text.startswith("2 cells of ")
    assert "(data file wave.csv changed):\n  1 uses 1" in text


def test_rounding_is_no_deviation_and_a_new_cell_neither(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    report = analyze(study)
    results = report.results.copy()
    results["estimate"] += 9e-10
    more = results.assign(code="new")
    assert verify(folder, pd.concat([results, more]), report.provenance) == ()
    results["estimate"] += 2e-10
    assert len(verify(folder, results, report.provenance)) == 2


def test_cells_that_are_gone_and_notes_that_differ(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    report = analyze(study)
    less = report.results[report.results["code"] == "1"].assign(note="small base")
    found = verify(folder, less, report.provenance)
    assert [(m.code, m.column) for m in found] == [("1", "note"), ("2", "cell")]
    assert str(found[0]).endswith("note '' to 'small base'")
    assert str(found[1]).endswith("the cell is gone")


def test_what_is_hidden_now_is_not_told_again(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    now = analyze(study)
    hidden = now.results.assign(estimate=float("nan"), note="hidden: base below 101")
    found = verify(folder, hidden, now.provenance)
    assert [(m.code, m.column) for m in found] == [("1", "hidden"), ("2", "hidden")]
    assert str(found[0]) == "1 uses 1 share (Total): the cell is hidden now"


def edited(folder: Path, **changes: Any) -> None:
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    run["study"] |= changes
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")


def refused(study: Path, folder: Path) -> str:
    with pytest.raises(OutputError) as problem:
        verified(analyze(study), folder)
    return str(problem.value)


def test_wrong_folders(
    published: Callable[[], tuple[Path, Path]], tmp_path: Path
) -> None:
    study, folder = published()
    assert "has no run.json" in refused(study, tmp_path / "nowhere")
    edited(folder, name="other")
    assert "report of the study 'other'" in refused(study, folder)
    edited(folder, name="tiny", language="de")
    assert "Add --language de" in refused(study, folder)
    (folder / "run.json").write_text("[]")
    assert "names no study" in refused(study, folder)
    (folder / "run.json").write_text("{")
    assert "cannot be read" in refused(study, folder)


def test_results_that_are_not_those_of_the_run(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    path = folder / "results.parquet"
    pd.read_parquet(path).assign(estimate=0.5).to_parquet(path)
    assert "is not the file that the run wrote" in refused(study, folder)
    path.write_bytes(b"broken")
    assert "cannot be read" in refused(study, folder)
    path.unlink()
    assert "has no results.parquet" in refused(study, folder)


def test_results_of_another_version_and_waves_that_are_missing(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    report = analyze(study)
    with pytest.raises(OutputError, match=r"lack 1 columns \('deff'\)"):
        verify(folder, report.results.drop(columns="deff"), report.provenance)
    other = report.results.assign(wave="2")
    with pytest.raises(OutputError, match="has the waves '1', which this run does not"):
        verify(folder, other, report.provenance)


def test_a_wave_that_was_added_is_no_deviation(
    published: Callable[[], tuple[Path, Path]],
) -> None:
    study, folder = published()
    text = yaml.safe_load(study.read_text(encoding="utf-8"))
    text["waves"].append({"id": "2", "file": "next.csv", "questionnaire": "tiny.yaml"})
    study.write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    answers = pd.DataFrame({"uses": [1] * 70 + [2] * 30})
    answers.to_csv(study.with_name("next.csv"), index=False)
    assert verified(analyze(study), folder) == []
