"""Cells with several answers, from the cells to the counts."""

from pathlib import Path

import numpy as np
import pytest

from survey.importers.raw import ColumnLabel
from survey.importers.read import read
from survey.questionnaire.columns import Column
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.drafting.joined import options_with_typed
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
GOOGLE = EXPORTS / "google_forms_r_community_2019"
GOOGLE_NAME = "2019 English R Community Survey Responses"

needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not here"
)


def column(counts: dict[str, int], **label: object) -> Column:
    filled = np.ones(sum(counts.values()), bool)
    told = ColumnLabel("q", **label)  # type: ignore[arg-type]
    return Column("q", told, counts, filled, numeric=False)


def test_an_other_takes_what_was_typed() -> None:
    counts = {"Cost": 9, "Law": 8, "Cost, Law": 5, "Cost, my own, reason": 1}
    fields = draft_column(column(counts, wording="Why? (select all that apply)"))
    found = [(c.code, c.label[""], c.specify) for c in fields["categories"]]

    assert fields["kind"] == "multiple"
    assert fields["delimiter"] == ", "
    assert found == [("1", "Cost", None), ("2", "Law", None), ("other", "Other", "q")]


def test_an_other_that_is_an_option_takes_what_was_typed() -> None:
    counts = {"Cost": 9, "Other": 8, "Cost;Other": 5, "Cost;mine": 1}
    fields = draft_column(column(counts))

    assert [(c.code, c.specify) for c in fields["categories"]] == [
        ("1", None),
        ("2", "q"),
    ]


def test_labels_of_the_file_give_the_codes() -> None:
    labels = {"1": "Cost", "2": "Law, and ethics", "9": "Nobody chose it"}
    fields = draft_column(column({"1": 5, "1,2": 4, "2": 3}, values=labels))

    assert fields["kind"] == "multiple"
    assert [c.code for c in fields["categories"]] == ["1", "2", "9"]


def test_a_list_of_many_countries_is_no_list_with_typed_words() -> None:
    few = {f"country {i}": 2 for i in range(60)}

    assert options_with_typed(column({"US": 500, "DE": 300, **few})) is None


def drafted(path: Path) -> tuple[Questionnaire, Responses]:
    raw = read(path)
    asked = draft_questionnaire(raw)
    return asked, bind(raw, asked)


def counts_of(question: Question, responses: Responses) -> dict[str, int]:
    return {
        c.label[""]: int(responses.frame[f"{question.id}_{c.code}"].sum())
        for c in question.categories
    }


@needs_exports
def test_commas_of_qualtrics_are_told_from_those_of_its_options() -> None:
    asked, responses = drafted(EXPORTS / "allenai_llm" / "SurveyResults.csv")
    multiple = [q for q in asked.questions if q.kind == "multiple"]

    assert [q.id for q in multiple] == ["Q7", "Q27", "Q79", "Q81", "Q85", "Q83"]
    assert {q.delimiter for q in multiple} == {","}
    assert not [f for f in responses.findings if f.check == "unknown_code"]
    raw = read(EXPORTS / "allenai_llm" / "SurveyResults.csv").frame
    for question in multiple:
        for label, count in counts_of(question, responses).items():
            held = raw[question.id].str.contains(label, regex=False, na=False)
            assert count == int(held.sum())


@needs_exports
@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_options_of_google_forms_hold_commas(suffix: str) -> None:
    path = GOOGLE / f"{GOOGLE_NAME}.{suffix}"
    asked, responses = drafted(path)
    wording = "When you have problems in R, where do you go for help?"
    question = next(q for q in asked.questions if q.wording[""] == wording)
    raw = read(path)
    name = next(n for n, label in raw.labels.items() if label.wording == wording)
    found = counts_of(question, responses)

    several = [q for q in asked.questions if "all that apply" in q.wording[""]]
    assert len(several) == 9
    assert {q.kind for q in several} == {"multiple"}
    assert len(found) == 8
    assert "Your personal network, such as colleagues and professors" in found
    for label in set(found) - {"Other"}:
        held = raw.frame[name].str.contains(label, regex=False, na=False)
        assert found[label] == int(held.sum())
    typed = responses.frame[f"{question.id}_other_text"]
    assert found["Other"] == int(typed.notna().sum()) > 0


@needs_exports
def test_alchemer_joins_with_semicolons() -> None:
    path = EXPORTS / "alchemer_jupyter_2015" / "20160115235816-SurveyExport.csv"
    asked, responses = drafted(path)
    question = next(q for q in asked.questions if q.kind == "multiple")
    found = counts_of(question, responses)

    assert question.delimiter == ";"
    name = "Select all the words that best describe Jupyter Notebook."
    cells = read(path).frame[name].dropna().str.split(";")
    for label, count in found.items():
        assert count >= sum(label in cell for cell in cells)
    assert found["convenient"] == sum("convenient" in cell for cell in cells)
