"""A LimeSurvey definition with every type of question, old and new, and real ones."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.lss import read_lss
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports" / "limesurvey_lss"
Row = dict[str, object]


def table(name: str, rows: Sequence[Row]) -> str:
    cells = "".join(
        "<row>"
        + "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in row.items())
        + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{cells}</rows></{name}>"


def document(kind: str = "Survey", **tables: Sequence[Row]) -> bytes:
    inside = "".join(table(name, rows) for name, rows in tables.items())
    return (
        f"<document><LimeSurveyDocType>{kind}</LimeSurveyDocType>"
        "<languages><language>de</language><language>en</language></languages>"
        f"{inside}</document>"
    ).encode()


def question(qid: int, type_: str, title: str = "", **keys: object) -> Row:
    return {
        "qid": qid,
        "gid": 1,
        "type": type_,
        "title": title or f"q{qid}",
        "question_order": qid,
        **keys,
    }


def sub(qid: int, parent: int, code: str, scale: int = 0) -> Row:
    return {
        "qid": qid,
        "parent_qid": parent,
        "title": code,
        "question": f"Text {code}",
        "language": "en",
        "scale_id": scale,
        "question_order": qid,
    }


def answer(parent: int, code: str, scale: int = 0) -> Row:
    return {
        "qid": parent,
        "code": code,
        "answer": f"Text {code}",
        "language": "en",
        "scale_id": scale,
        "sortorder": int("".join(filter(str.isdigit, code)) or 0),
    }


def attribute(qid: int, name: str, value: str, language: str = "") -> Row:
    return {"qid": qid, "attribute": name, "value": value, "language": language}


def defined(*questions: Row, **tables: Sequence[Row]) -> dict[str, QuestionDefinition]:
    surveys: list[Row] = [{"sid": 9, "language": "en"}]
    tables = {"surveys": surveys, "groups": [{"gid": 1, "group_order": 1}], **tables}
    return read_lss(Path("wave.lss"), document(questions=questions, **tables))


def test_lists_have_their_answers_and_the_answer_other() -> None:
    found = defined(
        question(1, "L", other="Y"),
        question(2, "!"),
        question(3, "O"),
        answers=[answer(n, code) for n in (1, 2, 3) for code in ("A2", "A1")],
        question_attributes=[attribute(1, "other_replace_text", "Else", "en")],
    )

    assert [c.code for c in found["q1"].categories] == ["A1", "A2", "-oth-"]
    assert found["q1"].categories[2].label == {"en": "Else"}
    assert {d.kind for d in found.values()} == {"single"}
    assert len(found["q3"].categories) == 2


def test_texts_in_tables_of_their_own_put_the_base_language_first() -> None:
    found = defined(
        question(1, "L"),
        question_l10ns=[
            {"qid": 1, "question": "<p>Nutzung?</p>", "language": "de"},
            {"qid": 1, "question": "Use&nbsp;?", "language": "en"},
        ],
        answers=[{"aid": 5, "qid": 1, "code": "A1"}],
        answer_l10ns=[
            {"aid": 5, "answer": "Ja", "language": "de"},
            {"aid": 5, "answer": "Yes", "language": "en"},
        ],
    )["q1"]

    assert list(found.wording.items()) == [("en", "Use?"), ("de", "Nutzung?")]
    assert list(found.categories[0].label) == ["en", "de"]


def test_texts_in_the_rows_are_read_for_every_language() -> None:
    found = defined(
        question(1, "T", question="Why?", language="en"),
        question(1, "T", question="Warum?", language="de"),
    )

    assert found["q1"].wording == {"en": "Why?", "de": "Warum?"}


def test_multiple_choice_with_exclusive_answers_and_cap() -> None:
    found = defined(
        question(1, "M", "why", other="Y"),
        subquestions=[sub(11, 1, "SQ001"), sub(12, 1, "SQ002")],
        question_attributes=[
            attribute(1, "exclude_all_others", "SQ002"),
            attribute(1, "max_answers", "3"),
        ],
    )["why"]

    assert found.kind == "multiple"
    assert found.max_choices == 3
    assert [c.column for c in found.categories] == [
        "why[SQ001]",
        "why[SQ002]",
        "why[other]",
    ]
    assert [c.exclusive for c in found.categories] == [False, True, False]


@pytest.mark.parametrize(
    ("type_", "codes"),
    [
        ("A", ["1", "2", "3", "4", "5"]),
        ("B", [str(n) for n in range(1, 11)]),
        ("C", ["Y", "U", "N"]),
        ("E", ["I", "S", "D"]),
        ("F", ["A1", "A2"]),
        ("H", ["A1", "A2"]),
    ],
)
def test_arrays_are_grids(type_: str, codes: list[str]) -> None:
    found = defined(
        question(1, type_),
        subquestions=[sub(11, 1, "SQ001")],
        answers=[answer(1, "A1"), answer(1, "A2")],
    )["q1"]

    assert found.kind == "grid"
    assert [c.code for c in found.categories] == codes
    assert [(i.code, i.column) for i in found.items] == [("SQ001", "q1[SQ001]")]


def test_a_dual_scale_is_two_grids() -> None:
    found = defined(
        question(1, "1", question="Rate", language="en"),
        subquestions=[sub(11, 1, "SQ001")],
        answers=[answer(1, "A1"), answer(1, "B1", scale=1)],
        question_attributes=[attribute(1, "dualscale_headerB", "Later", "en")],
    )

    assert list(found) == ["q1_1", "q1_2"]
    assert [c.code for c in found["q1_2"].categories] == ["B1"]
    assert found["q1_2"].items[0].column == "q1[SQ001][2]"
    assert found["q1_2"].wording == {"en": "Rate - Later"}


def test_tables_of_texts_numbers_and_checkboxes() -> None:
    subs = [
        one
        for n in (1, 2, 3)
        for one in (sub(n * 10, n, "Y1"), sub(n * 10 + 1, n, "X1", 1))
    ]
    found = defined(
        question(1, ";"),
        question(2, ":"),
        question(3, ":"),
        subquestions=subs,
        question_attributes=[attribute(3, "multiflexible_checkbox", "1")],
    )

    assert [found[q].kind for q in ("q1", "q2", "q3_Y1")] == [
        "text",
        "numeric",
        "multiple",
    ]
    assert found["q1"].items[0].column == "q1[Y1_X1]"
    assert found["q3_Y1"].categories[0].column == "q3[Y1_X1]"


def test_a_ranking_has_a_column_per_rank() -> None:
    found = defined(
        question(1, "R"),
        answers=[answer(1, f"A{n}") for n in (1, 2, 3)],
        question_attributes=[attribute(1, "max_answers", "2")],
    )["q1"]

    assert found.kind == "ranking"
    assert [item.column for item in found.items] == ["q1[1]", "q1[2]"]
    assert len(found.categories) == 3


def test_free_answers_dates_and_texts() -> None:
    types = dict(enumerate("NKSTUQYG5DX*", 1))
    found = defined(*(question(n, letter) for n, letter in types.items()))
    kinds = {types[int(id_[1:])]: d.kind for id_, d in found.items()}

    assert "X" not in kinds
    assert kinds["D"] == kinds["*"] == ""
    assert kinds["N"] == kinds["K"] == "numeric"
    assert kinds["S"] == kinds["T"] == kinds["U"] == kinds["Q"] == "text"
    assert kinds["Y"] == kinds["G"] == kinds["5"] == "single"


def test_questions_stand_in_the_order_of_groups_and_places() -> None:
    found = defined(
        question(1, "T", question_order=2),
        question(2, "T", question_order=1),
        question(3, "T", gid=2),
        groups=[{"gid": 1, "group_order": 2}, {"gid": 2, "group_order": 1}],
    )

    assert list(found) == ["q3", "q2", "q1"]


def test_relevance_of_group_and_question_is_joined() -> None:
    found = defined(
        question(1, "Y", "use"),
        question(2, "M", "why", gid=2),
        question(3, "T", gid=2, relevance='((9X2X2SQ001.NAOK == "Y"))'),
        question(4, "T", gid=2, relevance="count(why_SQ001.NAOK) > 0"),
        groups=[
            {"gid": 1, "group_order": 1},
            {"gid": 2, "group_order": 2, "grelevance": 'use == "Y"'},
        ],
        subquestions=[sub(21, 2, "SQ001")],
    )

    assert found["why"].asked_if == "use == 'Y'"
    assert found["q3"].asked_if == "use == 'Y' and why == 'SQ001'"
    assert found["q4"].asked_if == ""
    assert "count(why_SQ001.NAOK) > 0" in found["q4"].routing


def test_old_conditions_are_told_in_words() -> None:
    found = defined(
        question(1, "T", relevance="1"),
        conditions=[{"qid": 1, "cfieldname": "9X1X2", "method": "==", "value": "Y"}],
    )["q1"]

    assert (found.asked_if, found.routing) == ("", "9X1X2 == Y")


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aa">]>'
    b"<document><LimeSurveyDocType>&a;</LimeSurveyDocType></document>"
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not xml", "no XML that can be read"),
        (ENTITY, "no XML that can be read"),
        (b"<document/>", "no LimeSurvey definition"),
        (document("Group"), r"a group of questions \(\.lsg\)"),
        (document("Question"), r"a question \(\.lsq\)"),
        (b'<?xml version="1.0" encoding="nothing"?><a/>', "no XML that can be read"),
    ],
)
def test_what_is_no_survey_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_lss(Path("wave.lss"), data)


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not here")
@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("answers.lss", {"Q01": "multiple", "Q02": "grid"}),
        ("limesurvey_survey_432535.lss", {"G01Q01": "single", "G01Q02": "text"}),
        (
            "survey.lss",
            {"G01Q01": "text", "G01Q02": "single", "G02Q03": "", "G02Q04": "single"},
        ),
    ],
)
def test_exports_real_definitions(name: str, kinds: dict[str, str]) -> None:
    found = read_lss(EXPORTS / name, (EXPORTS / name).read_bytes())

    assert {id_: d.kind for id_, d in found.items()} == kinds
    assert all(d.wording["en"] for d in found.values())


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not here")
@pytest.mark.parametrize("name", ["group.lsg", "free_text.lsq"])
def test_exports_parts_of_a_survey_are_refused(name: str) -> None:
    with pytest.raises(DataFileError, match="not the whole survey"):
        read_lss(EXPORTS / name, (EXPORTS / name).read_bytes())


def test_answers_and_definition_are_one_export(tmp_path: Path) -> None:
    (tmp_path / "results.csv").write_text(
        "id,submitdate,lastpage,use,why[SQ001],why[other],rate[SQ001][2],top[1]\n"
        "1,2024-05-01 10:00:00,2,Y,Y,,B1,A2\n"
        "2,2024-05-01 10:00:00,2,N,,cats,B1,A1\n",
        encoding="utf-8",
    )
    content = document(
        surveys=[{"sid": 9, "language": "en"}],
        questions=[
            question(1, "Y", "use", question="Use?", language="en"),
            question(2, "M", "why", other="Y", relevance='use == "Y"'),
            question(3, "1", "rate"),
            question(4, "R", "top"),
        ],
        subquestions=[sub(21, 2, "SQ001"), sub(31, 3, "SQ001")],
        answers=[answer(3, "B1", scale=1), answer(4, "A1"), answer(4, "A2")],
    )
    (tmp_path / "wave.lss").write_bytes(content)
    raw = read(tmp_path / "results.csv", companions=[tmp_path / "wave.lss"])

    assert raw.labels["use"].values == {"Y": "Yes", "N": "No"}
    assert raw.labels["why[SQ001]"].option == "Text SQ001"
    assert raw.labels["why[other]"].option_code == "other"
    assert raw.labels["rate[SQ001][2]"].values == {"B1": "Text B1"}
    assert raw.labels["top[1]"].values == {"A1": "Text A1", "A2": "Text A2"}
    assert raw.definitions["why"].asked_if == "use == 'Y'"
