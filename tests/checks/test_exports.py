"""Real exports: false alarms are rare, and what is odd in a file is found."""

from functools import cache
from pathlib import Path

import pytest

from survey.checks.check import check, flags
from survey.checks.gibberish import is_gibberish
from survey.checks.open_answers import copied, text_columns
from survey.errors import SurveyError
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses

EXPORTS = Path(__file__).parents[3] / "shared" / "exports"
OPEN = (
    "todo_ospo/2021/results_2021.csv",
    "todo_ospo/2022/RawData.csv",
    "todo_ospo/2023/RawData.csv",
    "cncf/maintainer/CNCF Maintainers Survey 2024 H1.csv",
    "cncf/maintainer/CNCF_Maintainers_Survey_2021_H1.csv",
    "allenai_llm/SurveyResults.csv",
    "alchemer_jupyter_2015/20160115235816-SurveyExport.csv",
    "google_forms_r_community_2019/2019 English R Community Survey Responses.csv",
)

pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not there"
)


@cache
def load(name: str) -> Responses:
    path = EXPORTS / name
    if not path.exists():
        pytest.skip(f"{name} is not there")
    try:
        raw = read(path)
    except SurveyError as problem:
        pytest.skip(f"{name} cannot be read: {problem}")
    return bind(raw, draft_questionnaire(raw))


@pytest.mark.parametrize("name", OPEN)
def test_no_real_open_answer_is_taken_for_mash(name: str) -> None:
    data = load(name)
    texts = [
        str(text)
        for column in text_columns(data)
        for text in data.frame[column].dropna().unique()
    ]
    assert len(texts) > 50
    assert [text for text in texts if is_gibberish(text)] == []


@pytest.mark.parametrize("name", OPEN)
def test_copies_are_rare(name: str) -> None:
    data = load(name)
    # Nine in the R community survey, where eight are real: the same records twice.
    assert copied(data).mean() < 0.01


def test_rounded_ids_make_no_duplicates() -> None:
    data = load("cncf/2022 CNCF Survey - Raw Data.csv")
    assert not flags(data)["duplicate"].any()
    assert "rounded_ids" in {f.check for f in check(data)}


def test_records_that_were_sent_twice_are_found() -> None:
    data = load(OPEN[-1])
    assert flags(data)["duplicate"].sum() >= 10


def test_sliders_left_at_their_end_are_no_duplicates() -> None:
    assert not flags(load("qualtrics_climate/qualtrics.csv"))["duplicate"].any()


@pytest.mark.parametrize("name", OPEN)
def test_few_records_are_flagged_as_fast_or_straight(name: str) -> None:
    found = flags(load(name)).mean()
    assert found["speeder"] < 0.05
    assert found["straightliner"] < 0.05
    assert found["bot"] < 0.01


def test_empty_rows_of_a_real_file_are_noted() -> None:
    noted = {f.check: f.count for f in check(load(OPEN[0]))}
    assert noted["empty_rows"] == 5
