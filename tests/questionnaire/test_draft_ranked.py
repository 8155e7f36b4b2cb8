"""Rankings in one cell, from the cells to the ranks."""

from itertools import cycle, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from survey.drafts import routing_notes
from survey.importers.raw import ColumnLabel
from survey.importers.read import read
from survey.questionnaire.columns import Column
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.drafting.ranked import find_ranked
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.dump import dump_questionnaire
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind

HEAD = ["ID", "Start time", "Completion time", "Email", "Name"]
OPTIONS = ["Cost", "Data privacy", "Law, and ethics", "Skills"]


def column(counts: dict[str, int], wording: str = "What matters?") -> Column:
    filled = np.ones(sum(counts.values()), bool)
    return Column("q5", ColumnLabel("q5", wording), counts, filled, numeric=False)


def orders(options: list[str], size: int, delimiter: str = ";") -> dict[str, int]:
    return {delimiter.join(cell): 1 for cell in permutations(options, size)}


def forms(path: Path, cells: list[str], wording: str) -> Path:
    """Write a workbook as Microsoft Forms does."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, [*HEAD, "Do you use AI?", wording])
        for row, cell in enumerate(cells, 1):
            times = ["2024-05-01 09:00", "2024-05-01 09:04"]
            use = "Yes" if row % 3 else "No"
            sheet.write_row(row, 0, [row, *times, "anonymous", "", use, cell])
    return path


@pytest.mark.parametrize("wording", ["Rank these", "What matters to you?"])
def test_a_workbook_of_microsoft_forms_with_a_ranking(
    tmp_path: Path, wording: str
) -> None:
    cells = [f"{';'.join(order)};" for order in permutations(OPTIONS)]
    raw = read(forms(tmp_path / "wave.xlsx", cells, wording))
    draft = draft_questionnaire(raw)
    question = draft.questions[1]
    frame = bind(raw, draft).frame
    ranks = frame[[f"{question.id}_{item.code}" for item in question.items]]

    assert (question.kind, question.ordered, question.delimiter) == ("grid", True, ";")
    assert [item.label[""] for item in question.items] == OPTIONS
    assert [c.code for c in question.categories] == ["1", "2", "3", "4"]
    # 24 orders of four: each option stands six times at each rank.
    counts = ranks.astype(str).apply(pd.Series.value_counts)
    assert (counts == 6).to_numpy().all()
    assert ranks.iloc[1].tolist() == ["1", "2", "4", "3"]


def test_the_draft_says_why_and_reads_back(tmp_path: Path) -> None:
    cells = [f"{';'.join(order)};" for order in permutations(OPTIONS)]
    raw = read(forms(tmp_path / "wave.xlsx", cells, "What matters to you?"))
    draft = draft_questionnaire(raw)
    name = draft.questions[1].id
    notes = routing_notes(raw, draft)
    path = tmp_path / "wave.yaml"
    path.write_text(dump_questionnaire(draft, notes=notes), encoding="utf-8")

    line = "a ranking: all 24 cells hold all 4 options, in 24 orders (sure)"
    assert notes[name] == (line,)
    assert line in path.read_text(encoding="utf-8")
    again = load_questionnaire(path)
    assert again.questions == draft.questions
    assert bind(raw, again).frame.equals(bind(raw, draft).frame)


def test_options_with_the_delimiter_are_put_together() -> None:
    found = find_ranked(column(orders(OPTIONS, 4, ", ")))

    assert found is not None
    assert (found.delimiter, found.options, found.why) == (
        ", ",
        tuple(OPTIONS),
        "all",
    )


def test_the_first_three_of_five_are_likely_a_ranking() -> None:
    found = find_ranked(column(orders(list("ABCDE"), 3)))

    assert found is not None
    assert (found.ranks, found.complete, found.why) == (3, False, "same number")
    assert draft_column(column(orders(list("ABCDE"), 3)))["base"] == "asked"


def test_some_rank_less_where_the_question_says_rank() -> None:
    counts = {"A;B;C": 3, "B;A": 2, "C": 4, "C;B;A": 1}
    found = find_ranked(column(counts, "Bitte ordnen Sie nach Wichtigkeit"))

    assert found is not None
    assert (found.ranks, found.complete, found.why) == (3, False, "said")
    assert find_ranked(column(counts, "Was trifft zu?")) is None


@pytest.mark.parametrize(
    ("counts", "wording"),
    [
        # Everybody chose everything, in the order of the form.
        ({"A;B;C": 40}, "What matters?"),
        ({"A;B;C": 40, "A;B": 3}, "What matters?"),
        # Two of four each, always in the order of the form.
        (
            {"A;B": 5, "A;C": 5, "B;C": 5, "C;D": 5, "A;D": 5},
            "What matters?",
        ),
        # Three in the order of clicks, as the question asks for three answers.
        (orders(list("ABCDE"), 3), "Choose three (select all that apply)"),
        # Too few records to tell.
        ({"A;B;C": 1, "B;A;C": 1, "C;A;B": 1}, "What matters?"),
        # The word alone makes no ranking of one answer, or of one order.
        ({"A": 9, "B": 9}, "Rank"),
        ({"A;B": 5, "A;C": 5, "B;C": 5, "A": 3}, "Which ranks do you know?"),
        ({"Paris, France": 3, "Rome, Italy": 3, "Bonn, Germany": 3}, "Where?"),
        ({}, "Rank these"),
    ],
)
def test_no_rankings(counts: dict[str, int], wording: str) -> None:
    assert find_ranked(column(counts, wording)) is None


def asked(*items: str, **keys: object) -> Questionnaire:
    ranks = [{"code": k, "label": f"Rank {k}"} for k in (1, 2)]
    listed = [{"code": item, "label": item.upper()} for item in items]
    question = {"id": "q", "kind": "grid", "label": "Q", "column": "q5", **keys}
    question |= {"categories": ranks, "items": listed}
    return Questionnaire.model_validate(
        {"id": "a", "title": "A", "questions": [question]}
    )


def cells_of(*cells: str | None, tmp_path: Path) -> Path:
    path = tmp_path / "wave.csv"
    lines = "\n".join(f'{n},"{cell or ""}"' for n, cell in enumerate(cells))
    path.write_text(f"nr,q5\n{lines}\n", encoding="utf-8")
    return path


def test_what_does_not_fit_is_reported(tmp_path: Path) -> None:
    raw = read(cells_of("a;b", "B;typed", "b;b", None, "a;b;c", tmp_path=tmp_path))
    responses = bind(raw, asked("a", "b", "c"))

    assert responses.frame["q_a"].tolist()[0] == "1"
    assert responses.frame["q_b"].tolist()[:3] == ["2", "1", "1"]
    # A third rank is none of the two that the questionnaire knows.
    assert responses.frame["q_c"].isna().all()
    found = {f.check: f.count for f in responses.findings if f.severity != "note"}
    assert found == {"unknown_code": 1, "several_answers": 1, "beyond_ranks": 1}


def test_a_ranking_that_the_file_lacks_is_an_error(tmp_path: Path) -> None:
    raw = read(cells_of("a;b", "b;a", tmp_path=tmp_path))
    responses = bind(raw, asked("a", "b", column="q6"))

    assert {f.check for f in responses.findings} == {"question_not_in_file"}
    assert responses.frame[["q_a", "q_b"]].isna().all().all()


def test_limesurvey_without_its_definition(tmp_path: Path) -> None:
    heads = [f"prio[{n}]. What first? [Rank {n}]" for n in (1, 2, 3)]
    rows = [("Cost", "Law", "Time"), ("Law", "Cost", ""), ("Law", "Time", "Cost")]
    path = tmp_path / "results.csv"
    lines = [",".join(f'"{c}"' for c in row) for row in ([*heads], *rows)]
    ids = ['"id. Response ID","submitdate. Date submitted","lastpage. Last page"']
    ids += [f'"{n}","2024-05-0{n} 10:00:00","3"' for n in (1, 2, 3)]
    text = "\n".join(f"{a},{b}" for a, b in zip(ids, lines, strict=True))
    path.write_text(text, encoding="utf-8")
    raw = read(path)
    (question,) = draft_questionnaire(raw).questions
    frame = bind(raw, draft_questionnaire(raw)).frame

    assert [item.label[""] for item in question.items] == ["Cost", "Law", "Time"]
    assert frame[f"{question.id}_1"].tolist() == ["1", "2", "3"]
    assert frame[f"{question.id}_2"].tolist() == ["2", "1", "1"]
    assert frame[f"{question.id}_3"].dropna().tolist() == ["3", "2"]


def test_every_cell_is_read_once(tmp_path: Path) -> None:
    many = [";".join(o) for o, _ in zip(cycle(permutations("abc")), range(60))]
    raw = read(cells_of(*many, tmp_path=tmp_path))
    draft = draft_questionnaire(raw)
    frame = bind(raw, draft).frame
    name = draft.questions[-1].id

    assert draft.questions[-1].kind == "grid"
    held = frame[[f"{name}_{code}" for code in (1, 2, 3)]].astype(int)
    assert (held.sum(axis=1) == 6).all()
