import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.importers.joined import Parts, Splitter, split

OPTIONS = ["Yes, at work", "Yes, at home", "No", "Time (hours, days)"]


@pytest.mark.parametrize(
    ("text", "known", "typed"),
    [
        ("No", ("No",), ()),
        ("Yes, at work, No", ("Yes, at work", "No"), ()),
        (
            "Yes, at home, Time (hours, days)",
            ("Yes, at home", "Time (hours, days)"),
            (),
        ),
        ("yes,  at WORK", ("yes,  at WORK",), ()),
        ("No, it depends, mostly", ("No",), ("it depends, mostly",)),
        ("Yes", (), ("Yes",)),
        ("", (), ()),
        (" , ,", (), ()),
    ],
)
def test_options_may_hold_the_delimiter(
    text: str, known: tuple[str, ...], typed: tuple[str, ...]
) -> None:
    assert split(text, ", ", OPTIONS) == Parts(known, typed)


def test_a_delimiter_behind_the_last_answer_separates_nothing() -> None:
    assert split("1;2;3;", ";", ["1", "2", "3"]).known == ("1", "2", "3")


def test_unknown_pieces_between_semicolons_stay_apart() -> None:
    assert split("1;x;y", ";", ["1"]).typed == ("x", "y")


def test_lines_separate_answers_with_commas() -> None:
    assert split("Cost, time\nLaw", "\n", ["Cost, time", "Law"]).known == (
        "Cost, time",
        "Law",
    )


def test_a_cell_that_two_sets_of_options_explain_is_ambiguous() -> None:
    found = split("Cost, Law", ", ", ["Cost", "Law", "Cost, Law"])

    assert found == Parts(("Cost, Law",), (), ambiguous=True)
    assert not split("Cost, Law", ", ", ["Cost", "Law"]).ambiguous


def test_a_cell_of_very_many_pieces_is_a_text() -> None:
    text = ",".join("abc" for _ in range(500))

    assert split(text, ",", ["abc"]) == Parts((), (text,))


LETTERS = st.text("abc", min_size=1, max_size=3)
OPTION = st.lists(LETTERS, min_size=1, max_size=3).map(", ".join)


@given(st.lists(OPTION, min_size=1, max_size=6, unique=True), st.data())
def test_what_was_joined_is_explained_without_typed_pieces(
    options: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.sampled_from(options), min_size=1, max_size=5))
    found = Splitter.of(", ", options).parts(", ".join(chosen))

    assert found.typed == ()
    assert set(found.known) <= set(options)
    assert ", ".join(found.known) == ", ".join(chosen)
    assert found.ambiguous or found.known == tuple(chosen)
