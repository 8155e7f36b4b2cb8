import numpy as np

from survey.tabulation.small_bases import base_class, base_note, judge_bases

LIMITS = {"min_base": 30, "small_base": 100}


def test_the_limits_themselves_are_enough() -> None:
    base = np.array([0.0, 29, 30, 99, 100])
    assert judge_bases(base, **LIMITS).tolist() == [2, 2, 1, 1, 0]


def test_bases_of_many_questions_at_once() -> None:
    base = np.array([[200.0, 12, 80], [150, 40, 0]])
    assert judge_bases(base, **LIMITS).tolist() == [[0, 2, 1], [0, 1, 2]]


def test_notes_say_what_was_decided() -> None:
    assert [base_note(state, 30) for state in range(4)] == [
        "",
        "small base",
        "hidden: base below 30",
        "hidden: protects another cell",
    ]


def test_a_base_is_a_class_where_its_column_is_hidden() -> None:
    state = np.array([[0, 1, 2, 3, 2]])
    base = np.array([[200.0, 50, 12, 80, 0]])
    assert base_class(state, base, 30).tolist() == [["", "", "<30", "≥30", ""]]
