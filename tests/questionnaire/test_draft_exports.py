"""Drafts of real exports, where they are there."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml

from survey.importers.raw import RawTable
from survey.importers.read import read
from survey.questionnaire.draft import draft_questionnaire
from survey.questionnaire.dump import dump_questionnaire
from survey.questionnaire.model import Question, Questionnaire

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
SUFFIXES = {".csv", ".tsv", ".xlsx", ".sav", ".zsav"}
REFUSED = {
    "Cloud_Native_Survey_2021-Part_1.xlsx",
    "CNCF_Maintainers_Survey_2020_H2_Summary.csv",
    "survey_results_public.LFS_POINTER.csv",
}
FILES = sorted(
    path
    for path in EXPORTS.rglob("*")
    if path.suffix in SUFFIXES and path.name not in REFUSED
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


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_every_export_that_is_read_gives_a_draft_that_loads_back(path: Path) -> None:
    draft = draft_questionnaire(read(path))

    written = yaml.safe_load(dump_questionnaire(draft))
    assert Questionnaire.model_validate(written) == draft
