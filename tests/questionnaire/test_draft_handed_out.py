"""Drafts of exports that a newcomer brings: nothing is lost, nobody is named."""

import csv
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from survey.importers.raw import ColumnLabel, MultipleSet, RawTable, Source
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.dump import dump_questionnaire
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.scales import is_dont_know
from survey.responses.bind import bind
from survey.responses.table import Responses

MAIL = "write to jane.doe@example.com"


def drafted(
    folder: Path, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Questionnaire, Responses]:
    file = folder / "wave.csv"
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *rows])
    raw = read(file)
    questionnaire = draft_questionnaire(raw)
    return questionnaire, bind(raw, questionnaire)


def load(questionnaire: Questionnaire, folder: Path) -> Questionnaire:
    file = folder / "drafted.yaml"
    file.write_text(dump_questionnaire(questionnaire), encoding="utf-8")
    return load_questionnaire(file)


def test_days_are_answers_and_moments_are_of_the_platform(tmp_path: Path) -> None:
    rows = [
        [f"2024-06-{day:02} 10:00:{day:02}", f"20{day:02}-01-01", "Yes"]
        for day in range(1, 21)
    ]
    questionnaire, responses = drafted(tmp_path, ["stored", "founded", "use"], rows)

    assert [q.id for q in questionnaire.questions] == ["founded", "use"]
    assert (responses.states["founded"] == 2).all()


def test_a_repeated_comment_with_an_address_is_no_category(tmp_path: Path) -> None:
    rows = [[MAIL if k % 2 else "nothing to add", "Yes"] for k in range(40)]
    questionnaire, _ = drafted(tmp_path, ["remark", "use"], rows)

    assert questionnaire.question("remark").kind == "text"
    assert "jane.doe" not in dump_questionnaire(questionnaire)


@pytest.mark.parametrize("delimiter", [";", ", "])
def test_an_address_typed_for_other_is_no_option(
    tmp_path: Path, delimiter: str
) -> None:
    cells = ["Cost", delimiter.join(["Cost", "Law"]), "Law"] * 10
    cells += [delimiter.join(["Law", "jane.doe@example.com"])] * 8
    questionnaire, responses = drafted(
        tmp_path, ["barriers", "use"], [[cell, "Yes"] for cell in cells]
    )
    question = questionnaire.question("barriers")
    names = {c.label[""]: f"barriers_{c.code}" for c in question.categories}

    assert "jane.doe" not in dump_questionnaire(questionnaire)
    assert int(responses.frame[names["Cost"]].sum()) == 20
    assert int(responses.frame[names["Law"]].sum()) == 28
    assert int(responses.frame[names["Other"]].sum()) == 8


def test_an_address_typed_in_place_of_an_answer_is_no_category(tmp_path: Path) -> None:
    cells = ["Asia"] * 30 + ["Europe"] * 30 + ["jane.doe@example.com"] * 6
    questionnaire, responses = drafted(
        tmp_path, ["region", "use"], [[cell, "Yes"] for cell in cells]
    )

    assert "jane.doe" not in dump_questionnaire(questionnaire)
    assert (responses.states["region"] == 2).all()


def test_a_checkbox_grid_of_google_forms_is_a_question_for_each_row(
    tmp_path: Path,
) -> None:
    code = ["ChatGPT", "ChatGPT, Copilot", "Copilot, Llama", ""] * 5
    text = ["Llama", "ChatGPT", "", "ChatGPT, Llama"] * 5
    rows = [
        [f"6/{k + 1}/2024 10:00:{k:02}", a, b]
        for k, (a, b) in enumerate(zip(code, text, strict=True))
    ]
    header = ["Timestamp", "Tools by task [Code]", "Tools by task [Text]"]
    questionnaire, responses = drafted(tmp_path, header, rows)
    counts = {
        (q.id, c.label[""]): int(responses.frame[f"{q.id}_{c.code}"].sum())
        for q in questionnaire.questions
        for c in q.categories
    }

    assert [q.kind for q in questionnaire.questions] == ["multiple", "multiple"]
    first, second = (q.id for q in questionnaire.questions)
    assert counts[first, "ChatGPT"] == 10
    assert counts[first, "Copilot"] == 10
    assert counts[first, "Llama"] == 5
    assert counts[second, "ChatGPT"] == 10
    assert counts[second, "Llama"] == 10


def test_an_ordered_categorical_keeps_its_order(tmp_path: Path) -> None:
    file = tmp_path / "wave.parquet"
    sizes = ["tiny", "middling", "huge"]
    cells = pd.Categorical(sizes * 5, categories=sizes, ordered=True)
    pd.DataFrame({"size": cells}).to_parquet(file)

    (question,) = draft_questionnaire(read(file)).questions

    assert [c.code for c in question.categories] == sizes


def test_options_of_a_set_lose_what_their_labels_share() -> None:
    frame = pd.DataFrame({"b1": [1.0, 0.0], "b2": [0.0, 0.0], "b3": [0.0, 1.0]})
    texts = ["Barriers: Cost", "Barriers: Law", "Barriers: None of these"]
    labels = {
        name: ColumnLabel(name, text)
        for name, text in zip(frame.columns, texts, strict=True)
    }
    stored = MultipleSet("barriers", "Barriers", ("b1", "b2", "b3"), "1")
    raw = RawTable(frame, labels, {}, (stored,), Source("a.sav", "", "spss"))

    (question,) = draft_questionnaire(raw).questions

    assert [c.label[""] for c in question.categories] == [
        "Cost",
        "Law",
        "None of these",
    ]
    assert [c.exclusive for c in question.categories] == [False, False, True]


@pytest.mark.parametrize(
    "label", ["k.A.", "k. A.", "n.a.", "w.n.", "DK/NA", "Möchte ich nicht beantworten"]
)
def test_short_forms_of_no_answer_are_known(label: str) -> None:
    assert is_dont_know(label)


@pytest.mark.parametrize("label", ["Trifft nicht zu", "Ka", "DNA", "Nicht nötig"])
def test_answers_that_look_like_them_are_not(label: str) -> None:
    assert not is_dont_know(label)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Telefonnummer", ["030 123456", "0171 998877"]),
        ("Vor- und Nachname", ["Jane Doe", "John Roe"]),
        ("Längengrad", ["13.40501", "13.40502"]),
        ("Worker ID", ["A1B2C3", "A1B2C4"]),
        ("Benutzername", ["jane", "john"]),
    ],
)
def test_people_are_known_by_german_and_english_headers(
    tmp_path: Path, header: str, cells: list[str]
) -> None:
    rows = [[cells[k % 2], "Yes"] for k in range(20)]
    questionnaire, _ = drafted(tmp_path, [header, "use"], rows)

    assert questionnaire.personal == (header,)
    assert [q.id for q in questionnaire.questions] == ["use"]


def test_the_number_of_a_record_is_no_answer(tmp_path: Path) -> None:
    rows = [[str(k), "Yes"] for k in range(1, 21)]
    questionnaire, _ = drafted(tmp_path, ["lfd. Nr.", "use"], rows)

    assert questionnaire.paradata.respondent == "lfd. Nr."


ASKED = "What stops you? Select all that apply"
QUALTRICS = (
    ["StartDate", "EndDate", "ResponseId", "Q1", "Q2_1", "Q2_2", "Q3"],
    [
        *("Start Date", "End Date", "Response ID", "Use?"),
        *(f"{ASKED} - Cost", f"{ASKED} - Law", "Why?"),
    ],
    [
        *(f'{{"ImportId":"{n}"}}' for n in ("startDate", "endDate", "_recordId")),
        '{"ImportId":"QID1"}',
        *(f'{{"ImportId":"QID2","choiceId":"{n}"}}' for n in (1, 2)),
        '{"ImportId":"QID3_TEXT"}',
    ],
)


def test_seen_but_unanswered_of_qualtrics_was_asked(tmp_path: Path) -> None:
    answers = [
        ["1", "1", "-99", "So"],
        ["2", "-99", "1", "-99"],
        ["-99", "-99", "-99", "-99"],
        ["", "", "", ""],
        ["1", "1", "1", "Thus"],
        ["2", "1", "-99", "Hence"],
    ]
    rows = [
        ["2024-06-01 10:00:00", "2024-06-01 10:05:00", f"R_{number}", *cells]
        for number, cells in enumerate(answers)
    ]
    questionnaire, responses = drafted(tmp_path, QUALTRICS[0], [*QUALTRICS[1:], *rows])

    assert [(q.id, q.kind) for q in questionnaire.questions] == [
        ("Q1", "single"),
        ("Q2", "multiple"),
        ("Q3", "text"),
    ]
    assert responses.frame["Q2_1"].tolist() == [True, False, False, False, True, True]
    assert responses.states["Q1"].tolist() == [2, 2, 1, 0, 2, 2]
    assert responses.states["Q2"].tolist() == [2, 2, 1, 0, 2, 2]
    assert responses.states["Q3"].tolist() == [2, 1, 1, 0, 2, 2]


def test_names_of_options_between_blanks_are_several_answers(tmp_path: Path) -> None:
    cells = ["cost", "law", "dont_know", "cost law", "cost skills law", "skills"] * 5
    questionnaire, responses = drafted(
        tmp_path, ["stops", "size"], [[cell, "s1"] for cell in cells]
    )
    question = load(questionnaire, tmp_path).question("stops")
    counts = {
        c.label[""]: int(responses.frame[f"stops_{c.code}"].sum())
        for c in question.categories
    }

    assert question.delimiter == " "
    assert counts == {"cost": 15, "law": 15, "skills": 10, "dont_know": 5}


@pytest.mark.parametrize(
    "scale",
    [
        ["strongly agree", "agree", "disagree", "strongly disagree"],
        ["very good", "good", "bad", "very bad"],
        ["daily", "weekly", "several times a week", "never"],
    ],
)
def test_words_of_a_scale_are_one_answer(tmp_path: Path, scale: list[str]) -> None:
    questionnaire, _ = drafted(
        tmp_path, ["trust", "size"], [[step, "s1"] for step in scale * 10]
    )

    assert questionnaire.question("trust").kind == "single"


def test_an_item_with_one_answer_only_is_no_tick(tmp_path: Path) -> None:
    header = ["id", "submitdate", "lastpage", "trust[SQ001]", "trust[SQ002]"]
    rows = [
        [str(k), "2024-06-01 10:00:00", "3", ["A1", "A2"][k % 2], "A1"]
        for k in range(20)
    ]
    questionnaire, responses = drafted(tmp_path, header, rows)

    assert questionnaire.question("trust").kind == "grid"
    assert (responses.frame["trust_SQ001"] == "A1").sum() == 10
    assert (responses.frame["trust_SQ002"] == "A1").sum() == 20


def test_boxes_of_text_under_one_question_are_no_ticks(tmp_path: Path) -> None:
    header = ["Respondent ID", "Collector ID", "Contact details", "", "Use?"]
    below = ["", "", "Company", "City/Town", "Response"]
    rows = [[f"118{k}", "7", f"Firm {k}", "Berlin", "Yes"] for k in range(20)]
    questionnaire, _ = drafted(tmp_path, header, [below, *rows])

    assert "multiple" not in {q.kind for q in questionnaire.questions}


def test_days_that_a_platform_writes_as_midnight_are_answers(tmp_path: Path) -> None:
    rows = [[f"1990-01-{k:02} 00:00:00", "Yes"] for k in range(1, 21)]
    questionnaire, _ = drafted(tmp_path, ["born", "use"], rows)

    assert [q.id for q in questionnaire.questions] == ["born", "use"]
