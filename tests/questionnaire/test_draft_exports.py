"""Drafts of real exports, where they are there."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from survey.drafts import draft_files
from survey.importers.raw import RawTable
from survey.importers.read import read
from survey.questionnaire.columns import column_of
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.drafting.like import columns_of
from survey.questionnaire.drafting.paradata import role_in_export
from survey.questionnaire.dump import dump_questionnaire
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Question, Questionnaire
from survey.study.load import load_study

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
SUFFIXES = {
    *(".csv", ".tsv", ".xlsx", ".sav", ".zsav", ".por", ".dta", ".sss"),
}
REFUSED = {
    "Cloud_Native_Survey_2021-Part_1.xlsx",
    "CNCF_Maintainers_Survey_2020_H2_Summary.csv",
    "survey_results_public.LFS_POINTER.csv",
    # Definitions: they hold no answers.
    "form_likert.xlsx",
    "sample_xlsform.xlsx",
    "sample_xlsform_with_plan.xlsx",
    "hierarchyDefinition.sss",
    # Files without a record, and definitions whose answers are not there.
    "MLLabelsWithNotesChar.dta",
    "OneVarTwoValLabels.dta",
}
FILES = sorted(
    path
    for path in EXPORTS.rglob("*")
    if path.suffix in SUFFIXES
    and path.name not in REFUSED
    and "TripleS.Tests" not in path.parts
)
OSPO = EXPORTS / "todo_ospo" / "2024" / "Raw_Data"

# Counts of respondents that the publishers of the survey print or imply.
PUBLISHED = {
    "q1": {"1": 208, "2": 111, "3": 79, "4": 92, "5": 102},
    "q4": {"0": 2, "1": 39, "2": 25, "3": 26, "4": 28, "5": 38, "6": 11, "7": 53},
    "q12": {"1": 58, "2": 42, "3": 26, "4": 96},
    "q16": {"0": 2, "1": 37, "2": 51, "3": 10},
    "q19": {"0": 25, "1": 7, "2": 19, "3": 40, "4": 2, "5": 7},
    "q20": {"0": 9, "1": 15, "2": 37, "3": 34, "4": 5},
}

pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not here"
)


def identity(path: Path) -> str:
    return path.relative_to(EXPORTS).as_posix()


@pytest.fixture(scope="module", params=["Numeric", "Text"])
def ospo(request: pytest.FixtureRequest) -> tuple[RawTable, Questionnaire]:
    raw = read(OSPO / f"2024 OSPO N222 Raw Data {request.param}.csv")
    return raw, draft_questionnaire(raw)


def counts(raw: RawTable, question: Question) -> dict[str, int]:
    found = {
        c.code: int(raw.frame[c.column].notna().sum()) for c in question.categories
    }
    return {code: count for code, count in found.items() if count}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_counts(ospo: tuple[RawTable, Questionnaire], name: str) -> None:
    raw, draft = ospo
    question = draft.question(name)
    assert question is not None

    assert counts(raw, question) == PUBLISHED[name]


def test_every_question_is_drafted(ospo: tuple[RawTable, Questionnaire]) -> None:
    _, draft = ospo

    assert [q.id for q in draft.questions] == [f"q{k}" for k in range(1, 48)]
    assert Counter(q.kind for q in draft.questions) == {
        "single": 19,
        "grid": 19,
        "multiple": 7,
        "text": 2,
    }


def test_every_column_has_its_place(ospo: tuple[RawTable, Questionnaire]) -> None:
    raw, draft = ospo
    used = [
        name
        for q in draft.questions
        for name in (
            q.column,
            q.specify,
            *(c.column for c in q.categories),
            *(name for item in q.items for name in item.columns.values()),
        )
        if name
    ]

    asked = [name for name, label in raw.labels.items() if label.question]
    assert sorted(used) == sorted(asked)


def test_numeric_and_text_file_give_the_same_questions() -> None:
    numeric, text = (
        draft_questionnaire(read(OSPO / f"2024 OSPO N222 Raw Data {kind}.csv"))
        for kind in ("Numeric", "Text")
    )

    assert numeric.questions == text.questions


def test_nobody_answers_an_item_of_a_grid_twice(
    ospo: tuple[RawTable, Questionnaire],
) -> None:
    raw, draft = ospo
    grids = [q for q in draft.questions if q.kind == "grid"]
    most = [
        np.max(raw.frame[list(item.columns.values())].notna().sum(axis=1))
        for q in grids
        for item in q.items
    ]

    assert set(most) <= {0, 1}


def used_columns(raw: RawTable, draft: Questionnaire) -> set[str]:
    used = {name for question in draft.questions for name in columns_of(question)}
    ids = {question.id for question in draft.questions}
    used |= {name for s in raw.sets if s.name in ids for name in s.columns}
    return used | set(draft.personal) | set(draft.paradata.model_dump().values())


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_a_draft_loads_back_and_no_answer_is_lost(path: Path, tmp_path: Path) -> None:
    raw = read(path)
    draft = draft_questionnaire(raw)
    file = tmp_path / "draft.yaml"
    file.write_text(dump_questionnaire(draft), encoding="utf-8")

    if draft.questions:
        assert load_questionnaire(file) == draft
    columns = {name: column_of(raw, str(name)) for name in raw.frame.columns}
    records = len(raw.frame)
    described = {n for n, c in columns.items() if role_in_export(c, records)}
    assert set(columns) - used_columns(raw, draft) - described == set()


@pytest.mark.parametrize("kind", ["Numeric", "Text"])
def test_routing_of_2024_is_inferred(kind: str, tmp_path: Path) -> None:
    export = OSPO / f"2024 OSPO N222 Raw Data {kind}.csv"
    path, study = draft_files(export, tmp_path / "ospo.yaml")
    lines = path.read_text(encoding="utf-8").splitlines()
    found: dict[str, str] = {}
    current = ""
    for line in lines:
        if line.startswith("  - id: "):
            current = line.removeprefix("  - id: ")
        if line.startswith("    # asked_if: "):
            found[current] = line.removeprefix("    # asked_if: ")

    # The reference model of the survey: who has an OSPO, plans one, or has none; and
    # one grid for each responsibility that was named.
    has = "q12 in (1, 2)   # 100 of 100 answered, 0 of 122 others"
    assert {name for name, rule in found.items() if rule == has} == {
        *("q13", "q14", "q15", "q16", "q19", "q20", "q21"),
        *("q34", "q35", "q36", "q37", "q38", "q39", "q40"),
    }
    plans = "q12 == 3   # 26 of 26 answered, 0 of 196 others"
    assert {name for name, rule in found.items() if rule == plans} == {
        *("q41", "q42", "q43", "q44", "q45"),
    }
    assert found["q46"] == "q12 == 4   # 96 of 96 answered, 0 of 126 others"
    assert found["q22"] == "q21 == 1   # 39 of 39 answered, 0 of 183 others"
    assert not {"q1", "q2", "q3", "q4", "q5", "q6", "q7", "q12"} & set(found)
    assert load_study(study).study.banner == ("q4", "q6", "q5", "q3")
