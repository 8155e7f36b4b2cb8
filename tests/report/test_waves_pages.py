"""A study of three waves: a number that rises, a scale that changes, a panel."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from survey.analysis import analyze
from survey.report.document import ChartBlock, Note, Page, Report, TableBlock, TableRow
from survey.study.model import Language

SHARED = ("a", "b", "c")
STAGES = ("Not at all", "Pilot", "In production")
MOODS = {"old": ("Good", "Fair", "Bad"), "new": ("Great", "So so", "Poor")}
# In production: 160, 240 and 248 of 400.
STAGE = {"a": (200, 40, 160), "b": (120, 40, 240), "c": (112, 40, 248)}
BARRIERS = {"cost": 100, "law": 200}


def single(name: str, labels: tuple[str, ...], **keys: object) -> dict[str, object]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    asked = {"id": name, "kind": "single", "label": name.title(), **keys}
    return {**asked, "categories": categories}


def questions(mood: str) -> list[dict[str, object]]:
    reasons = [{"code": code, "label": code.title()} for code in BARRIERS]
    return [
        single("size", ("Small", "Large")),
        single("stage", STAGES, ordered=True),
        single("mood", MOODS[mood], ordered=True),
        single("pref", ("Open", "Proprietary", "Neither")),
        {"id": "why", "kind": "multiple", "label": "Why", "categories": reasons},
    ]


def answers(wave: str) -> dict[str, list[int]]:
    counts = zip((1, 2, 3), STAGE[wave], strict=True)
    reasons = {f"why_{code}": [1] * n + [0] * (400 - n) for code, n in BARRIERS.items()}
    return {
        "size": [1, 2] * 200,
        "stage": [code for code, n in counts for _ in range(n)],
        "mood": [1] * 200 + [2] * 100 + [3] * 100,
        "pref": ([1] * 2 + [2] + [3]) * 100,
        **reasons,
    }


@pytest.fixture
def study(tmp_path: Path) -> Path:
    waves = []
    for wave in SHARED:
        pd.DataFrame(answers(wave)).to_csv(tmp_path / f"{wave}.csv", index=False)
        mood = "old" if wave == "a" else "new"
        text = yaml.safe_dump({"id": mood, "title": "T", "questions": questions(mood)})
        (tmp_path / f"{mood}.yaml").write_text(text, encoding="utf-8")
        name = f"{mood}.yaml"
        waves.append({"id": wave, "file": f"{wave}.csv", "questionnaire": name})
    plan = {
        "name": "waves",
        "title": "Waves",
        "waves": waves,
        "banner": ["size"],
        "nets": {"why": [{"code": "any", "label": "Any", "codes": ["cost", "law"]}]},
        "indicators": {
            "adoption": {"question": "stage", "in_production": [3], "using": [2, 3]},
            "barriers": [{"question": "why"}],
            "preference": {"overall": "pref", "open": [1], "proprietary": [2]},
        },
        "report": {"changes": {"adjust": "none"}},
    }
    path = tmp_path / "waves.study.yaml"
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    return path


@pytest.fixture
def report(study: Path) -> Report:
    return analyze(study)


def page_of(report: Report, name: str) -> Page:
    return next(page for page in report.pages if page.name == name)


def table_of(report: Report, name: str) -> TableBlock:
    blocks = (block for page in report.pages for block in page.blocks)
    tables = (block for block in blocks if isinstance(block, TableBlock))
    return next(table for table in tables if table.name == name)


def chart_of(report: Report, name: str) -> ChartBlock:
    blocks = (block for page in report.pages for block in page.blocks)
    charts = (block for block in blocks if isinstance(block, ChartBlock))
    return next(chart for chart in charts if chart.name == name)


def row_of(table: TableBlock, label: str) -> TableRow:
    return next(row for row in table.rows if row.label == label)


def texts(row: TableRow) -> list[str]:
    return [cell.text for cell in row.cells]


def notes(page: Page) -> list[str]:
    found = [block for block in page.blocks if isinstance(block, Note)]
    return [text for note in found for text in (note.text, *note.points) if text]


def test_what_changed_comes_right_after_the_key_figures(report: Report) -> None:
    assert [page.name for page in report.pages[:2]] == ["key_findings", "changes"]
    assert report.pages[1].title == "What changed since b"


def test_two_waves_tell_what_rose_and_what_cannot_be_compared(study: Path) -> None:
    report = analyze(study, waves=["a", "b"])
    found = notes(page_of(report, "changes"))
    # sqrt(2 * 0.24 / 399) = 0.0347, and the t quantile of 399 degrees is 1.966.
    assert found[0] == (
        "In production: 60% after 40% in a, +20 points (95% interval: +13 to +27). "
        "For the first time it is above half."
    )
    assert found[-1] == "Not compared with a: Mood: scale changed in b."
    row = row_of(table_of(report, "changes"), "In production")
    # The standard error times the t quantiles: 1.966 and, for the power, 0.843.
    assert texts(row) == ["60%", "40%", "+20", "+13 to +27", "▲ higher", "10"]


def test_a_change_without_arrow_is_no_finding(report: Report) -> None:
    told = notes(page_of(report, "changes"))
    assert told[0].startswith("No headline number has a change since b that holds")
    assert any("In production: 62% after 40% in a, +22 points" in one for one in told)
    row = row_of(table_of(report, "changes"), "In production")
    assert texts(row)[:5] == ["62%", "60%", "+2", "−5 to +9", ""]
    assert texts(row)[6] == "+22"
    net = row_of(table_of(report, "changes"), "Net preference (points)")
    assert texts(net)[:3] == ["+25", "+25", "0"]


def test_a_line_ends_where_the_scale_changed(report: Report) -> None:
    moods = table_of(report, "trend_mood")
    assert texts(row_of(moods, "Great"))[:3] == [
        "not comparable: scale changed in b",
        "50%",
        "50%",
    ]
    assert not moods.paper
    lines = chart_of(report, "stage_waves")
    assert [one.label for one in lines.series] == list(SHARED)
    last = lines.rows[-1].values
    assert [value.text for value in last] == ["40%", "60%", "62%"]
    assert [value.linked for value in last] == [False, True, True]


def test_barriers_and_preference_over_the_waves(report: Report) -> None:
    bars = chart_of(report, "why_waves")
    assert [row.label for row in bars.rows] == ["Any", "Law", "Cost"]
    assert bars.rows[0].role == "net"
    assert bars.rows[1].side_text == "Rank a: 1; b: 1; c: 1"
    assert bars.rows[2].side_text == "Rank a: 2; b: 2; c: 2"
    sides = chart_of(report, "pref_waves")
    assert [row.label for row in sides.rows] == ["c", "b", "a"]
    assert {row.side_text[:3] for row in sides.rows} == {"+25"}


def test_the_contract_says_what_happened(report: Report) -> None:
    assert table_of(report, "contract_b").rows == ()
    (row,) = table_of(report, "contract_a").rows
    assert row.label == "Mood"
    assert texts(row)[:2] == ["scale changed", "not comparable"]
    assert table_of(report, "contract_a").notes[0].startswith("4 of 5 questions")


def test_a_dropped_question_has_its_name_in_the_language_of_the_report(
    study: Path,
) -> None:
    old = yaml.safe_load((study.parent / "old.yaml").read_text(encoding="utf-8"))
    former = {"id": "gone", "kind": "numeric", "label": {"en": "Staff", "de": "Stab"}}
    old["questions"].append(former)
    (study.parent / "old.yaml").write_text(yaml.safe_dump(old), encoding="utf-8")
    pd.DataFrame(answers("a") | {"gone": [3] * 400}).to_csv(
        study.parent / "a.csv", index=False
    )
    table = table_of(analyze(study, language="de"), "contract_a")
    assert texts(row_of(table, "Stab"))[0] == "nicht mehr gefragt"
    assert table.notes[0].endswith(
        "geändert und wenigstens zum Teil vergleichbar: 0; nicht vergleichbar: 1."
    )


def test_every_column_has_its_change(report: Report) -> None:
    table = table_of(report, "trend_stage")
    labels = [column.label for column in table.columns]
    assert labels[-2:] == ["Small", "Large"]
    place = next(n for n, r in enumerate(table.rows) if r.label == "In production")
    assert [cell.value for cell in table.rows[place].cells[-2:]] == pytest.approx(
        [2.0, 2.0]
    )
    under = table.rows[place + 1]
    assert under.label == "Smallest detectable change"
    # Twice the variance of 400 and more: sqrt(2 * 0.24 / 199) * 2.82.
    assert [cell.value for cell in under.cells[-2:]] == pytest.approx(
        [13.8] * 2, abs=0.1
    )


def test_changes_stand_in_the_results(report: Report) -> None:
    found = report.results.query(
        "question == 'stage' and code == 'in_production' and point == 'Total'"
    )
    change = found[found["statistic"] == "change"].set_index("wave")["estimate"]
    assert change.to_dict() == pytest.approx({"b": 0.2, "c": 0.02})
    first = found[found["statistic"] == "change_first"]
    assert first["estimate"].tolist() == pytest.approx([0.22])
    assert first["note"].str.startswith("against a: 0.4 to 0.62; p ").all()
    mood = report.results.query("question == 'mood' and statistic == 'change'")
    lost = mood[mood["wave"] == "b"]
    assert lost["estimate"].isna().all()
    assert set(lost["note"]) == {"not comparable: scale_changed; against a"}
    assert set(lost["point"]) == {"Total"}


def test_other_changes_leave_the_headlines_out(study: Path) -> None:
    table = table_of(analyze(study, waves=["a", "b"]), "changes_marked")
    labels = [row.label for row in table.rows]
    # In production is a headline; those who use it not at all fell from 200 to 120.
    assert "Stage: Not at all" in labels
    assert "Stage: In production" not in labels
    assert texts(row_of(table, "Stage: Not at all"))[:3] == ["30%", "50%", "−20"]


def test_a_number_that_no_wave_published_so_is_not_drawn(study: Path) -> None:
    older = yaml.safe_load((study.parent / "old.yaml").read_text(encoding="utf-8"))
    (why,) = (asked for asked in older["questions"] if asked["id"] == "why")
    why["asked_if"] = "size == 1"
    (study.parent / "old.yaml").write_text(yaml.safe_dump(older), encoding="utf-8")
    report = analyze(study, waves=["a", "b"])
    figure = chart_of(report, "why_waves")
    assert [one.label for one in figure.series] == ["b"]
    assert "a is left out: another base, not shown." in figure.footer[0]
    row = row_of(table_of(report, "changes"), "Any")
    assert all(cell.text.endswith("†") for cell in row.cells[:3])


def test_no_waves_no_pages(study: Path) -> None:
    report = analyze(study, waves=["c"])
    names = {page.name for page in report.pages}
    assert not names & {"changes", "trends", "waves", "contract", "trend_tables"}
    assert not set(report.results["statistic"]) & {"change", "change_first"}


def test_small_waves_hide_their_changes(study: Path) -> None:
    path = study.parent / "b.csv"
    pd.read_csv(path).iloc[::20].to_csv(path, index=False)
    report = analyze(study)
    row = row_of(table_of(report, "trend_stage"), "In production")
    # 20 respondents of b are fewer than 30: no number of b, and no change.
    assert [cell.flag for cell in row.cells[:4]] == ["", "hidden", "", "hidden"]
    assert all(cell.value is None for cell in row.cells[3:])
    lines = chart_of(report, "stage_waves").rows[-1].values
    assert [value.linked for value in lines] == [False, False, False]
    assert lines[1].estimate is None


@pytest.mark.parametrize("language", ["en", "de"])
def test_alternative_texts_hold_the_numbers(study: Path, language: Language) -> None:
    report = analyze(study, language=language)
    alt = chart_of(report, "headlines_waves").alt
    numbers = ("40\xa0%, 60\xa0%, 62\xa0%", "40%, 60%, 62%")
    assert numbers[language == "en"] in alt


def test_a_panel_tells_who_started_and_stopped(study: Path) -> None:
    plan = yaml.safe_load(study.read_text(encoding="utf-8"))
    for wave in SHARED:
        path = study.parent / f"{wave}.csv"
        frame = pd.read_csv(path)
        frame["firm"] = [f"f{i * 7919}" for i in range(len(frame))]
        frame.to_csv(path, index=False)
    plan["design"] = {"psu": "firm"}
    study.write_text(yaml.safe_dump(plan), encoding="utf-8")
    report = analyze(study, waves=["a", "b"])
    flows = {row.label[:7]: texts(row) for row in table_of(report, "transitions").rows}
    # The first 120 are out in both, 80 come in, and 200 stay in.
    assert flows["Started"][0] == "20%"
    assert flows["Stayed:"][0] == "50%"
    assert flows["Stopped"][0] == "-"
    assert flows["Never: "][0] == "30%"
    apart = table_of(report, "decomposition_size")
    assert texts(row_of(apart, "In production"))[0].startswith("+20 (")
