"""Real files with no configuration: golden counts, and labels that mean harm."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import analyze
from survey.drafts import draft_files
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.report.document import ChartBlock, Report, TableBlock
from survey.report.files import write
from survey.report.numbers import rounded_percent

EXPORTS = Path(__file__).parents[2] / "shared" / "exports"
OSPO = EXPORTS / "todo_ospo" / "2024" / "Raw_Data"
KINDS = ("Numeric", "Text")
GOLDEN = {
    "q1": (222, {"1": 208, "2": 111, "5": 102, "4": 92, "3": 79}),
    "q4": (222, [39, 25, 26, 28, 38, 11, 53]),
    "q12": (222, [58, 42, 26, 96]),
    "q16": (100, [37, 51, 10]),
    "q19": (100, [7, 19, 40, 2, 7]),
    "q20": (100, [15, 37, 34, 5]),
}
DONT_KNOW = {"q4": 2, "q16": 2, "q19": 25, "q20": 9}
COUNTED = ["question", "code", "label", "count", "base_unweighted", "estimate"]
SAV = sorted(EXPORTS.glob("spss_*/**/*.sav"))
LABELLED = [path for path in SAV if path.name != "test_width.sav"]

needs_ospo = pytest.mark.skipif(
    not OSPO.is_dir(), reason="../shared/exports/todo_ospo is not there"
)
needs_sav = pytest.mark.skipif(not SAV, reason="../shared/exports/spss_* is not there")


def ospo(kind: str) -> Path:
    return OSPO / f"2024 OSPO N222 Raw Data {kind}.csv"


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {kind: analyze(ospo(kind)) for kind in KINDS}


def rows_of(report: Report, question: str) -> pd.DataFrame:
    return report.results[report.results["question"] == question].set_index("code")


def chart_of(report: Report, name: str) -> ChartBlock:
    blocks = [b for page in report.pages for b in page.blocks]
    return next(b for b in blocks if isinstance(b, ChartBlock) and b.name == name)


@needs_ospo
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("question", GOLDEN)
def test_published_counts(reports: dict[str, Report], kind: str, question: str) -> None:
    base, expected = GOLDEN[question]
    if isinstance(expected, list):
        expected = {str(i + 1): count for i, count in enumerate(expected)}
    if question in DONT_KNOW:
        expected = {**expected, "0": DONT_KNOW[question]}
    found = rows_of(reports[kind], question)
    assert set(found["base_unweighted"]) == {base}
    counts = {code: count for code, count in found["count"].items() if count > 0}
    assert counts == expected


@needs_ospo
@pytest.mark.parametrize("kind", KINDS)
def test_published_percentages_of_q1(reports: dict[str, Report], kind: str) -> None:
    found = rows_of(reports[kind], "q1")
    assert found["count"].sum() == 592
    percents = [round(100 * found["estimate"][code], 1) for code in "12543"]
    assert percents == [93.7, 50.0, 45.9, 41.4, 35.6]
    q12 = rows_of(reports[kind], "q12")["estimate"]
    assert [rounded_percent(q12[code]) for code in "1234"] == [26, 19, 12, 43]


@needs_ospo
def test_a_figure_says_what_its_base_would_be_without_dont_know(
    reports: dict[str, Report],
) -> None:
    foot = chart_of(reports["Numeric"], "q20").footer[0]
    assert "n = 100." in foot
    assert "is in the base; without it n = 91." in foot
    assert "without it n = 75." in chart_of(reports["Numeric"], "q19").footer[0]


@needs_ospo
def test_published_percentages_of_q20_without_dont_know(tmp_path: Path) -> None:
    questionnaire, study = draft_files(ospo("Numeric"), tmp_path / "ospo.yaml")
    data = yaml.safe_load(questionnaire.read_text(encoding="utf-8"))
    by_id = {question["id"]: question for question in data["questions"]}
    by_id["q20"]["dont_know_in_base"] = False
    text = yaml.safe_dump({**data, "questions": [by_id["q20"]]}, allow_unicode=True)
    questionnaire.write_text(text, encoding="utf-8")
    plan = yaml.safe_load(study.read_text(encoding="utf-8"))
    # The draft proposes a banner, whose questions are gone now.
    plan["banner"] = []
    study.write_text(yaml.safe_dump(plan), encoding="utf-8")
    report = analyze(study)
    found = rows_of(report, "q20")
    assert [rounded_percent(found["estimate"][code]) for code in "1234"] == [
        *(16, 41, 37),
        5,
    ]
    assert set(found["base_unweighted"]) == {91}
    assert '"Don\'t know" is not in the base.' in chart_of(report, "q20").footer[0]


@needs_ospo
def test_numeric_and_text_exports_give_the_same_counts(
    reports: dict[str, Report],
) -> None:
    pd.testing.assert_frame_equal(
        reports["Numeric"].results[COUNTED], reports["Text"].results[COUNTED]
    )


@needs_ospo
def test_a_numeric_export_with_its_text_twin_gives_the_same_counts(
    reports: dict[str, Report],
) -> None:
    paired = analyze(ospo("Numeric"), companions=[ospo("Text")])
    pd.testing.assert_frame_equal(
        paired.results[COUNTED], reports["Numeric"].results[COUNTED]
    )


@needs_ospo
@pytest.mark.parametrize("kind", KINDS)
def test_every_question_has_a_figure_and_a_table(
    reports: dict[str, Report], kind: str
) -> None:
    blocks = [b for page in reports[kind].pages for b in page.blocks]
    charts = {b.name for b in blocks if isinstance(b, ChartBlock)}
    tables = {b.name for b in blocks if isinstance(b, TableBlock)}
    wanted = {f"q{number}" for number in range(1, 48)}
    assert charts == wanted
    assert tables >= wanted


@needs_ospo
def test_no_text_that_a_person_typed_is_printed(reports: dict[str, Report]) -> None:
    raw = read(ospo("Text"))
    asked = draft_questionnaire(raw).questions
    open_ones = [q.column for q in asked if q.kind == "text"]
    beside = [c.specify for q in asked for c in q.categories]
    names = [name for name in (*open_ones, *beside) if name]
    typed = {text for name in names for text in raw.frame[name].dropna()}
    told = {text for text in typed if len(text) > 25}
    assert len(told) > 20
    pages = repr([p for p in reports["Text"].pages if p.name != "findings"])
    known = set(reports["Text"].results["label"])
    assert [text for text in told - known if repr(text)[1:-1] in pages] == []


@needs_sav
@pytest.mark.parametrize("path", LABELLED, ids=lambda path: path.stem)
def test_spss_files_are_analysed_as_they_are(path: Path) -> None:
    report = analyze(path)
    assert len(report.results) > 0
    shown = report.results[report.results["estimate"].notna()]
    shares = shown[shown["statistic"] == "share"]
    np.testing.assert_allclose(
        shares["estimate"], shares["count"] / shares["base_unweighted"], atol=1e-12
    )
    assert report.provenance["waves"][0]["records_read"] == len(read(path).frame)


@needs_sav
@pytest.mark.parametrize("name", ["sample", "umlauts", "electric"])
def test_spss_files_are_written(name: str, tmp_path: Path) -> None:
    path = next((p for p in LABELLED if p.stem == name), None)
    if path is None:
        pytest.skip(f"{name}.sav is not there")
    made = write(analyze(path), tmp_path, formats=["xlsx", "svg"])
    assert all(file.stat().st_size > 0 for file in made)
    assert {"tables.xlsx", "results.csv"} <= {file.name for file in made}


@needs_sav
def test_a_file_without_questions_is_refused() -> None:
    path = next((p for p in SAV if p.name == "test_width.sav"), None)
    if path is None:
        pytest.skip("test_width.sav is not there")
    with pytest.raises(ValueError, match="none of its 4 columns is a question"):
        analyze(path)


HOSTILE = [
    "$\\frac{1}{0}$ #panic()",
    '<script>alert("x")</script> & <b>',
    "=HYPERLINK(1)",
    "{total} {0} %s %(x)d",
    "Übergrößen-Straße 日本語 עברית \u202eabc",
    "a" * 400,
    "../../etc/passwd",
    "Total",
]


def hostile_study(make_study: Callable[..., Path], labels: Sequence[str]) -> Path:
    categories = [{"code": i + 1, "label": t} for i, t in enumerate(labels)]
    single = {"kind": "single", "categories": categories}
    questions = [
        {"id": "q", "label": labels[0], "wording": labels[3], **single},
        {"id": "weighting", "label": "Weighting", **single},
        {"id": "waves", "label": labels[2], **single},
        {"id": "findings", "label": "Total", **single},
    ]
    answers = [str(i % len(labels) + 1) for i in range(320)]
    columns = {question["id"]: answers for question in questions}
    return make_study(columns, questions, banner=["q"], title=labels[1])


def test_hostile_labels_of_exports_stay_text(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    report = analyze(hostile_study(make_study, HOSTILE))
    write(report, tmp_path / "out", formats=["pdf", "svg", "xlsx"])
    results = pd.read_csv(tmp_path / "out" / "results.csv")
    labels = set(results.loc[results["question"] == "q", "label"])
    assert labels == {f"'{t}" if t.startswith("=") else t for t in HOSTILE}
    points = results.loc[results["banner"] == "q", "point"]
    assert points.nunique() == len(HOSTILE)
    totals = results[(results["question"] == "q") & results["banner"].isna()]
    assert totals["count"].tolist() == [40] * len(HOSTILE)
    names = {p.name for p in (tmp_path / "out" / "figures").iterdir()}
    assert names == {"q.svg", "weighting.svg", "waves.svg", "findings.svg"}
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    drawn = (tmp_path / "out" / "figures" / "q.svg").read_text(encoding="utf-8")
    assert "<script" not in drawn


def test_hostile_labels_of_a_bare_export(tmp_path: Path) -> None:
    path = tmp_path / "#wave $x$ {y}.csv"
    answers = [HOSTILE[i % len(HOSTILE)] for i in range(320)]
    frame = pd.DataFrame({HOSTILE[1]: answers, HOSTILE[3]: answers, "id": range(320)})
    frame.to_csv(path, index=False)
    report = analyze(path)
    write(report, tmp_path / "out", formats=["pdf", "xlsx"])
    counts = report.results.groupby("question")["count"].sum()
    assert counts.max() == 320
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", run["study"]["name"])


def test_characters_that_no_font_has(
    make_study: Callable[..., Path], tmp_path: Path
) -> None:
    labels = ["\U0001f469\u200d\U0001f52c", "\u0c28\u0c47\u0c28\u0c41"]
    made = write(analyze(hostile_study(make_study, labels * 2)), tmp_path / "out")
    assert any(path.name == "report.pdf" for path in made)
