import numpy as np
import pandas as pd
import pytest

from survey.questionnaire.model import Paradata
from survey.responses.bind import bind
from survey.responses.paradata import status_masks, times


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (["05.06.2024 23:58", "06.06.2024 00:03"], [5, 6]),
        (["05/06/2024 10:00", "13/06/2024 10:00"], [5, 13]),
        (["06/05/2024 10:00", "06/13/2024 10:00"], [5, 13]),
        (["2024-06-05 10:00", "2024-06-13 10:00"], [5, 13]),
    ],
)
def test_the_day_is_told_from_the_month(texts: list[str], days: list[int]) -> None:
    found = times(pd.Series(texts))

    assert found.dt.day.tolist() == days
    assert found.dt.month.tolist() == [6, 6]


def test_an_interview_over_midnight_takes_minutes(raw_table, questionnaire) -> None:
    raw = raw_table(
        {
            "q": ["Yes", "No"],
            "started": ["05.06.2024 23:58:00", "12.06.2024 23:58:00"],
            "finished": ["06.06.2024 00:03:00", "13.06.2024 00:05:00"],
        }
    )
    asked = questionnaire(
        {"id": "q", "kind": "text", "label": "Q", "column": "q"},
        paradata={"started": "started", "finished": "finished"},
    )

    assert bind(raw, asked).paradata["seconds"].tolist() == [300.0, 420.0]


def test_only_records_with_a_date_of_submission_are_complete(questionnaire) -> None:
    described = pd.DataFrame({"finished": ["2024-06-05 10:00:00", None, "1980-01-01"]})
    asked = questionnaire(
        {"id": "q", "kind": "text", "label": "Q"},
        paradata=Paradata(finished="submitdate"),
    )

    masks = status_masks(described, asked)

    np.testing.assert_array_equal(masks.complete, [True, False, True])


@pytest.mark.parametrize("dates", [["2024-06-05", "2024-06-06"], [None, None]])
def test_dates_that_all_or_none_have_tell_nothing(dates, questionnaire) -> None:
    asked = questionnaire(
        {"id": "q", "kind": "text", "label": "Q"},
        paradata=Paradata(finished="Date submitted"),
    )

    assert status_masks(pd.DataFrame({"finished": dates}), asked).complete is None


def test_a_blank_end_of_another_platform_is_no_break_off(questionnaire) -> None:
    asked = questionnaire(
        {"id": "q", "kind": "text", "label": "Q"}, paradata=Paradata(finished="end")
    )
    described = pd.DataFrame({"finished": ["2024-06-05", None]})

    assert status_masks(described, asked).complete is None
