"""Rows that a study asks for, as tables and workbook show them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from survey.analysis import analyze
from survey.report.context import Context
from survey.report.document import TableBlock, TableRow
from survey.report.pdf import pdf
from survey.report.scale_charts import answers_across
from survey.report.table_blocks import items_table, question_table
from survey.report.xlsx import xlsx
from survey.report.xlsx_book import number_format

SIZES = [{"code": i + 1, "label": t} for i, t in enumerate(["Small", "Large"])]
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
GRID = {
    "id": "g",
    "kind": "grid",
    "ordered": True,
    "label": "Grid",
    "categories": STEPS,
    "items": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
}
# Small: 60 low, 20 mid, 10 high, 10 unsure. Large: 10, 20, 60, 10.
ANSWERS = {
    "size": [1] * 100 + [2] * 100,
    "trust": [
        *([1] * 60 + [2] * 20 + [3] * 10 + [9] * 10),
        *([1] * 10 + [2] * 20 + [3] * 60 + [9] * 10),
    ],
    "g_a": [1] * 50 + [3] * 150,
    "g_b": [2] * 150 + [3] * 50,
}
SUMMARIES = {"trust": ["top2", "mean", "median", "sd"], "g": ["top1", "mean"]}
REPORT = {"against": ["rest", "total"], "percent": ["row", "total"]}


@pytest.fixture
def make(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., Context]:
    def made(language: str = "en", **keys: Any) -> Context:
        questions = [SIZE, TRUST, GRID]
        path = make_study(ANSWERS, questions, banner=["size"], **keys)
        return context_of(path, language=language)

    return made


def table_of(context: Context, question: str = "trust") -> TableBlock:
    result = context.wave.question(question)
    assert result is not None
    return question_table(context, result)


def row_of(table: TableBlock, label: str) -> TableRow:
    (found,) = (row for row in table.rows if row.label == label)
    return found


def texts(row: TableRow) -> list[str]:
    return [cell.text for cell in row.cells]


def test_boxes_and_numbers_stand_in_the_table(make: Callable[..., Context]) -> None:
    table = table_of(make(summaries=SUMMARIES))
    box, mean = row_of(table, "Top 2 boxes"), row_of(table, "Mean")
    # Of all 200, 30 and 80 chose mid or high; 180 gave a number.
    assert (box.role, box.cells[0].text) == ("net", "55%")
    assert mean.cells[0].value == pytest.approx((70 + 2 * 40 + 3 * 70) / 180)
    assert (mean.cells[0].text, mean.cells[2].text) == ("2.00", "1.44")
    assert [cell.flag for cell in mean.cells[2:]] == ["small", "small"]
    assert mean.cells[3].letters == "A"
    assert row_of(table, "Median").cells[0].text == "2.0"
    assert row_of(table, "Standard deviation").cells[0].text == "0.88"
    base = row_of(table, "Base of the numbers: respondents")
    assert (base.role, texts(base)) == ("base", ["180", "", "90", "90"])
    assert texts(table.rows[0]) == ["200", "", "100", "100"]


def test_notes_say_what_boxes_and_numbers_are(make: Callable[..., Context]) -> None:
    notes = table_of(make(summaries=SUMMARIES)).notes
    assert 'Top 2 boxes: "High" or "Mid".' in notes
    assert any('from 1 ("Low") to 3 ("High"); other answers' in n for n in notes)
    plain = " ".join(table_of(make()).notes)
    assert "boxes" not in plain
    assert "Numbers of the scale" not in plain


def test_a_grid_has_them_beside_its_answers(make: Callable[..., Context]) -> None:
    context = make(summaries=SUMMARIES)
    result = context.wave.question("g")
    assert result is not None
    table = items_table(context, result)
    heads = ["Respondents", "Top box", "Low", "Mid", "High", "Mean"]
    assert [column.label for column in table.columns] == heads
    # 50 ones and 150 threes.
    assert texts(table.rows[0]) == ["200", "75%", "25%", "-", "75%", "2.50"]
    figure = answers_across(context, result, "scale")
    assert figure.side_head == "Top box"
    assert [row.side_text for row in figure.rows] == ["75%", "25%"]
    assert [series.label for series in figure.series] == ["Low", "Mid", "High"]


def test_marks_against_rest_and_total(make: Callable[..., Context]) -> None:
    table = table_of(make(report=REPORT))
    low = next(row for row in table.rows if row.label == "Low")
    assert [cell.letters for cell in low.cells[2:]] == ["B ++ (++)", "−− (−−)"]
    notes = " ".join(table.notes)
    assert "above or below that of all other respondents" in notes
    assert "in brackets: the share is above or below that of Total" in notes
    only = table_of(make(report={"against": "total"}))
    assert row_of(only, "Low").cells[2].letters == "B (++)"
    assert "other respondents" not in " ".join(only.notes)


def test_percent_of_row_and_total_have_heads_and_bases(
    make: Callable[..., Context],
) -> None:
    table = table_of(make(report=REPORT))
    heads = [row.label for row in table.rows if row.role == "section"]
    assert heads == [
        "Row percent (base: respondents of the row)",
        "Total percent (base: that of Total)",
    ]
    row = row_of(table, "Low (n = 70)")
    assert (row.cells[0].text, row.cells[1].text) == ("100%", "")
    assert row.cells[2].value == pytest.approx(60 / 70)
    last = [row for row in table.rows if row.label == "Low"][-1]
    assert [cell.value for cell in last.cells[2:]] == pytest.approx([0.3, 0.05])
    assert last.cells[0].value == pytest.approx(0.35)
    assert not any(cell.letters for cell in (*row.cells, *last.cells))


def test_a_row_that_few_chose_has_no_row_percentage(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    answers = {"size": [1, 2] * 50, "trust": [1] * 90 + [2] * 10}
    report = {"percent": "row"}
    path = make_study(answers, [SIZE, TRUST], banner=["size"], report=report)
    table = table_of(context_of(path))
    for label in ("Mid (n < 30)", "High (n = 0)"):
        row = row_of(table, label)
        assert {cell.text for cell in row.cells} == {""}
        assert row.cells[0].flag == row.cells[2].flag == "hidden"


def test_a_deviation_of_one_respondent_is_empty(
    make_study: Callable[..., Path],
) -> None:
    report = {"min_base": 1}
    answers = {"size": [1], "trust": [2]}
    questions = [SIZE, TRUST]
    path = make_study(answers, questions, summaries={"trust": "sd"}, report=report)
    made = analyze(path)
    sd = made.results[made.results["statistic"] == "sd"]
    assert sd["estimate"].isna().all()
    book = load_workbook(BytesIO(xlsx(made)))
    rows = {row[0].value: row[1].value for row in book["trust"].rows}
    assert rows["Standard deviation"] in {None, ""}
    assert rows["Mid"] == 1


def test_association_of_several_answers_and_by_other_statistics(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    several = {
        "id": "m",
        "kind": "multiple",
        "label": "M",
        "categories": [{"code": c, "label": c.upper()} for c in ("a", "b")],
    }
    answers = {"size": [1, 2] * 100, "m_a": [1, 0] * 100, "m_b": [1, 1, 0, 0] * 50}
    answers["trust"] = [1, 2, 2, 3] * 50
    answers["m_a"][:20] = [0, 1] * 10

    def notes(question: str, statistic: str) -> str:
        options = {"banner": ["size"], "report": {"statistic": statistic}}
        path = make_study(answers, [SIZE, TRUST, several], **options)
        return table_of(context_of(path), question).notes[-1]

    assert "all answers together (Bilder-Loughin, second order): Size: F(" in notes(
        "m", "F"
    )
    assert "(Bilder-Loughin, first order): Size: chi-square(2.0) = " in notes(
        "m", "chisq"
    )
    # Wald's test is defined for one answer; all together are tested by F.
    assert "second order): Size: F(" in notes("m", "adjusted_wald")
    assert notes("trust", "F").startswith("Association (Rao-Scott): Size: F(")
    first_order = "Association (Rao-Scott, first order): Size: chi-square(2.0) = "
    assert notes("trust", "chisq").startswith(first_order)
    assert notes("trust", "wald").startswith("Association (Wald): Size: F(2.0, ")


def test_letters_name_their_family_and_smallest_difference(
    make: Callable[..., Context],
) -> None:
    plan = {"adjust": "bh", "family": "table", "min_difference": 0.025}
    note = table_of(make(report=plan)).notes[0]
    assert "Benjamini and Hochberg over all questions and all banner" in note
    assert note.endswith("Differences of shares below 2.5 points are not marked.")
    assert "over" not in table_of(make()).notes[0]


def test_workbook_and_paper_show_the_same_rows(
    make_study: Callable[..., Path],
) -> None:
    keys = {"summaries": SUMMARIES, "report": REPORT, "banner": ["size"]}
    made = analyze(make_study(ANSWERS, [SIZE, TRUST, GRID], **keys), language="de")
    book = load_workbook(BytesIO(xlsx(made)))
    labels = [str(cell.value) for cell in book["trust"]["A"]]
    for label in ("Top-2-Boxen", "Mittelwert", "Median", "Standardabweichung"):
        assert label in labels
    assert "Zeilenprozent (Basis: Befragte der Zeile)" in labels
    assert any("aller übrigen Befragten" in label for label in labels)
    low = next(row for row in book["trust"].rows if row[0].value == "Low")
    assert low[3].value == pytest.approx(0.6)
    assert "++ (++)" in low[3].number_format
    assert pdf(made)[:4] == b"%PDF"
    results = made.results[made.results["question"] == "trust"]
    assert set(results["statistic"]) == {
        *("share", "net", "mean", "median", "sd", "row_share", "total_share"),
    }
    names = results.set_index("statistic")["label"]
    assert set(names.loc["sd"]) == {"Standardabweichung"}


def test_a_number_with_marks_keeps_its_format(make: Callable[..., Context]) -> None:
    low = next(r for r in table_of(make(report=REPORT)).rows if r.label == "Low")
    assert number_format(low.cells[2], "en").endswith('0%" B ++ (++)"')
