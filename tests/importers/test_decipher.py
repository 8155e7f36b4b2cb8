from pathlib import Path

import pandas as pd
import pytest

from survey.importers.grid import Grid
from survey.importers.layout import Headed
from survey.importers.platforms.decipher import is_decipher, read_headers
from survey.importers.raw import ColumnLabel
from survey.importers.read import read
from survey.importers.system import role_of
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.responses.bind import bind

SYSTEM = ["record", "uuid", "date", "markers", "status"]


def headed(*headers: str) -> Headed:
    return read_headers(Grid(pd.DataFrame([[*SYSTEM, *headers]]), "utf-8"))


def labels(*headers: str) -> list[ColumnLabel]:
    return list(headed(*headers).labels[len(SYSTEM) :])


def test_rows_columns_and_texts_are_told_by_names() -> None:
    found = labels("Q1", "Q2r1", "Q2r2", "Q3r1c1", "Q3r1c2", "Q2r2oe", "Q4", "Q4r9oe")

    assert [(x.question, x.option, x.option_code) for x in found] == [
        ("Q1", "", ""),
        ("Q2", "r1", "1"),
        ("Q2", "Other (r2)", "2"),
        ("Q3", "r1 - c1", "1_1"),
        ("Q3", "r1 - c2", "1_2"),
        ("Q2", "r2 (text)", "other"),
        ("Q4", "", ""),
        ("Q4", "r9 (text)", "other"),
    ]


def test_columns_of_a_question_without_rows() -> None:
    assert [x.option for x in labels("Q5c1", "Q5c2")] == ["c1", "c2"]


def test_an_ending_that_stands_alone_belongs_to_the_name() -> None:
    found = labels("tier1", "hidden_oe", "Sector2")

    assert [x.question for x in found] == ["tier1", "hidden_oe", "Sector2"]
    assert not any(x.option for x in found)


def test_no_answer_boxes_belong_to_their_question() -> None:
    found = labels("Q6r1", "Q6r2", "noanswerQ6_n1")

    assert (found[2].question, found[2].option_code) == ("Q6", "n1")


def test_the_status_is_in_the_words_of_a_report() -> None:
    status = headed("Q1").labels[4]

    assert status.question == ""
    assert status.values["3"] == "Complete"
    assert status.values["1"] == "Screened out"


@pytest.mark.parametrize(
    ("headers", "sure"),
    [
        (SYSTEM, True),
        (["record", "uuid", "vlist", "qtime"], True),
        (["record", "uuid", "Q1"], False),
        (["Record", "Date", "Status"], False),
    ],
)
def test_detection(headers: list[str], *, sure: bool) -> None:
    assert is_decipher(Grid(pd.DataFrame([headers]), "utf-8")) is sure


def test_personal_and_technical_columns() -> None:
    assert role_of("ipAddress") == "personal"
    assert role_of("qtime") == "seconds"
    assert {role_of(name) for name in ("vos", "vosr15oe", "dcua", "markers")} == {
        "other"
    }


@pytest.mark.parametrize(("delimiter", "suffix"), [(",", ".csv"), ("\t", ".txt")])
def test_an_export_is_read_and_drafted(
    tmp_path: Path, delimiter: str, suffix: str
) -> None:
    rows = [[*SYSTEM, "qtime", "Q1", "Q2r1", "Q2r2", "Q2r2oe", "Q3r1", "Q3r2", "Q3r3"]]
    for k in range(30):
        record = [str(k + 1), f"a{k}", "05/01/2024 10:00", "q1", "13"[k % 3 > 0]]
        typed = "own" if k % 2 else ""
        scale = [str((k * step) % 5 + 1) for step in (1, 2, 3)]
        rows.append([*record, "301.5", "12"[k % 2], "1", "01"[k % 2], typed, *scale])
    path = tmp_path / f"wave{suffix}"
    path.write_text("\n".join(delimiter.join(row) for row in rows) + "\n")
    raw = read(path)
    draft = draft_questionnaire(raw)
    found = {question.id: question for question in draft.questions}

    assert raw.source.layout == "decipher"
    assert raw.frame.shape == (30, 13)
    assert found["Q2"].kind == "multiple"
    assert "Q2r2oe" in {category.specify for category in found["Q2"].categories}
    assert found["Q3"].kind == "grid"
    assert draft.complete == ("3",)
    assert draft.screened_out == ("1",)
    assert draft.paradata.status == "status"


def written(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_a_text_beside_an_option_is_no_option_of_its_own(tmp_path: Path) -> None:
    rows = [
        "record,uuid,date,markers,status,Q2r1,Q2r2,Q2r2oe,Q2r3,Q2r3oe",
        "1,a1,2024-01-01,,3,1,1,blue,0,",
        "2,a2,2024-01-01,,3,0,0,,1,hm",
        "3,a3,2024-01-01,,3,1,0,,1,",
    ]
    raw = read(written(tmp_path / "wave.csv", rows))
    draft = draft_questionnaire(raw)
    (question,) = draft.questions
    frame = bind(raw, draft).frame

    assert [(c.code, c.column, c.specify) for c in question.categories] == [
        ("1", "Q2r1", None),
        ("2", "Q2r2", "Q2r2oe"),
        ("3", "Q2r3", "Q2r3oe"),
    ]
    assert frame["Q2_3"].tolist() == [False, True, True]
    assert frame["Q2_3_text"].fillna("").tolist() == ["", "hm", ""]


def test_texts_beside_the_codes_of_one_column(tmp_path: Path) -> None:
    cells = [("1", "", ""), ("2", "blue", ""), ("3", "", "red"), ("1", "", "")] * 3
    rows = ["record,uuid,date,markers,status,Q4,Q4r2oe,Q4r3oe"]
    rows += [f"{n},a{n},2024-01-01,,3,{','.join(c)}" for n, c in enumerate(cells)]
    draft = draft_questionnaire(read(written(tmp_path / "wave.csv", rows)))

    assert [q.id for q in draft.questions] == ["Q4"]
    assert [(c.code, c.specify) for c in draft.questions[0].categories] == [
        ("1", None),
        ("2", "Q4r2oe"),
        ("3", "Q4r3oe"),
    ]
