"""A study that names listings: a section of its report, and rows of their own."""

from pathlib import Path

import pytest
import yaml

from survey.analysis import analyze
from survey.errors import StudyError
from survey.report.document import Report

MODELS = """id,author,downloads,likes,license,pipeline_tag
a/x,a,600,10,apache-2.0,fill-mask
a/y,a,300,20,mit,text-generation
b/z,b,100,5,apache-2.0,fill-mask
"""
QUESTIONNAIRE = """
id: small
title: {en: Small}
questions:
  - id: use
    kind: single
    label: {en: Use}
    column: use
    categories:
      - {code: "1", label: {en: "Yes"}}
      - {code: "2", label: {en: "No"}}
"""


def make_study(folder: Path, landscape: object) -> Path:
    (folder / "models.csv").write_text(MODELS)
    (folder / "wave.csv").write_text("id,use\n" + "1,Yes\n2,No\n" * 40)
    (folder / "small.yaml").write_text(QUESTIONNAIRE)
    study = {
        "name": "small",
        "title": {"en": "Small"},
        "waves": [{"id": "2026", "file": "wave.csv", "questionnaire": "small.yaml"}],
        "landscape": landscape,
    }
    path = folder / "small.study.yaml"
    path.write_text(yaml.safe_dump(study))
    return path


@pytest.fixture
def report(tmp_path: Path) -> Report:
    plan = {"listings": [{"file": "models.csv", "date": "2026-05-07"}]}
    return analyze(make_study(tmp_path, plan))


def test_the_section_stands_before_data_and_method(report: Report) -> None:
    names = [page.name for page in report.pages]
    assert names.index("toplines") < names.index("landscape") < names.index("methods")
    assert names.index("landscape") < names.index("listing_methods")
    assert names.count("methods") == 1


def test_rows_of_listings_are_told_apart(report: Report) -> None:
    frame = report.results
    listed = frame["question"].str.startswith("listing:")
    assert set(frame.loc[listed, "wave"]) == {"2026-05-07"}
    assert set(frame.loc[~listed, "wave"]) == {"2026"}
    assert frame["base_unweighted"].dtype == "Int64"


def test_the_listing_is_an_input(report: Report) -> None:
    names = [each["name"] for each in report.provenance["inputs"]]
    assert "models.csv" in names
    assert report.provenance["listings"][0]["models"] == 3
    assert [wave["id"] for wave in report.provenance["waves"]] == ["2026"]


def test_the_glossary_explains_the_terms_of_both(report: Report) -> None:
    page = next(page for page in report.pages if page.name == "glossary")
    terms = [row.label for block in page.blocks for row in getattr(block, "rows", ())]
    assert {"Base", "Gini coefficient", "Listing"} <= set(terms)


def test_a_missing_listing_is_named_with_its_line(tmp_path: Path) -> None:
    path = make_study(tmp_path, {"listings": [{"file": "gone.csv"}]})
    with pytest.raises(
        StudyError, match=r"small\.study\.yaml, line 3: no such listing"
    ):
        analyze(path)


def test_no_listings_are_refused(tmp_path: Path) -> None:
    path = make_study(tmp_path, {"listings": []})
    with pytest.raises(StudyError, match="listings"):
        analyze(path)


def test_a_run_of_some_waves_has_no_listings(tmp_path: Path) -> None:
    plan = {"listings": [{"file": "models.csv", "date": "2026-05-07"}]}
    report = analyze(make_study(tmp_path, plan), waves=["2026"])
    assert "landscape" not in [page.name for page in report.pages]
    assert not report.results["question"].str.startswith("listing:").any()
    assert "models.csv" not in [each["name"] for each in report.provenance["inputs"]]
