import pytest

from survey.questionnaire.scales import (
    is_dont_know,
    is_none,
    is_ordered,
    is_other,
    scale_positions,
)
from survey.questionnaire.wording import answer_hint, most_choices, short_label


@pytest.mark.parametrize(
    "label",
    [
        "Don't know",
        "Don\u2019t know or not sure",
        "Don't know or not applicable",
        "Not sure",
        "N/A",
        "Prefer not to say",
        "Weiß nicht",
        "weiß nicht / keine Angabe",
        "Keine Angabe",
        "Kann ich nicht beurteilen",
    ],
)
def test_dont_know(label: str) -> None:
    assert is_dont_know(label)


@pytest.mark.parametrize(
    "label",
    ["Know-how is missing", "No", "Not important", "We don't know how to start", "Nie"],
)
def test_what_is_not_dont_know(label: str) -> None:
    assert not is_dont_know(label)


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("None of the above", True),
        ("No barriers", True),
        ("Keine davon", True),
        ("Keine der genannten", True),
        ("No budget", False),
        ("Nothing beats open source", False),
        ("No", False),
    ],
)
def test_none(label: str, expected: object) -> None:
    assert is_none(label) is expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Other (please specify)", True),
        ("Other", True),
        ("Sonstiges, und zwar", True),
        ("Andere", True),
        ("Other IT (e.g., Sys Admin, Tech Support)", False),
        ("Otherwise regulated", False),
    ],
)
def test_other(label: str, expected: object) -> None:
    assert is_other(label) is expected


@pytest.mark.parametrize(
    "labels",
    [
        ["Never", "Rarely", "Sometimes", "Frequently", "Very frequently"],
        ["Extremely ineffective", "Very ineffective", "Effective", "Very effective"],
        ["Not at all important", "Slightly important", "Very important"],
        ["Not so critical", "Somewhat critical", "Very critical"],
        ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree"],
        ["1 – Slightly useful", "2 – Useful", "3 – Extremely useful"],
        ["Under 10", "11 to 49", "50 to 249", "1,000 to 9,999", "20,000 or more"],
        ["0", "1 to 5", "More than 5"],
        ["$0 - $24,999", "$25,000 - $49,999", "$150,000+"],
        ["nie", "selten", "manchmal", "oft", "immer"],
        ["eher unwichtig", "eher wichtig", "sehr wichtig", "äußerst wichtig"],
        ["stimme gar nicht zu", "stimme eher nicht zu", "stimme eher zu"],
        ["1 bis 9 Beschäftigte", "10 bis 49 Beschäftigte", "mehr als 250"],
        ["Klein", "Mittel", "Groß"],
    ],
)
def test_scales_are_recognised_in_both_directions(labels: list[str]) -> None:
    assert is_ordered(labels)
    assert is_ordered(labels[::-1])
    assert not is_ordered([labels[1], labels[0], *labels[2:]])


@pytest.mark.parametrize(
    "labels",
    [
        ["Europe", "Asia"],
        ["1", "2", "3"],
        ["4.0", "14.0.1"],
        ["Very important", "Very effective"],
        ["Yes", "No"],
        ["AGPL", "Apache 2.0", "MIT"],
        ["Never"],
        ["Often", "often"],
    ],
)
def test_what_is_no_scale(labels: list[str]) -> None:
    assert scale_positions(labels) is None


def test_one_label_that_is_no_step_may_stand_at_an_end() -> None:
    steps = ["1 to 10", "11 to 49", "50 to 249"]

    assert is_ordered([*steps, "I am a student"])
    assert not is_ordered([steps[0], "I am a student", *steps[1:]])


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("Which? (select all that apply)", "many"),
        ("Which? (select up to three)", "many"),
        ("Which best describes you?", "one"),
        ("Which? (select one)", "one"),
        ("Welche? (Mehrfachnennungen möglich)", "many"),
        ("Welche? Bitte nur eine Antwort.", "one"),
        ("Which region are you from?", ""),
    ],
)
def test_hints_in_the_wording(wording: str, expected: object) -> None:
    assert answer_hint(wording) == expected


def test_top_one_is_no_cap() -> None:
    assert most_choices("Select 1 answer") is None


@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("Size? (select one)", "Size?"),
        ("Use of AI (e.g. chat) ?", "Use of AI (e.g. chat)?"),
        ("How <b>big</b>\nis it?", "How big is it?"),
        (
            f"How many people work here? If you {'really ' * 20} do.",
            "How many people work here?",
        ),
    ],
)
def test_short_labels(wording: str, expected: object) -> None:
    assert short_label(wording) == expected


def test_long_labels_are_cut_at_a_word() -> None:
    label = short_label("alpha beta " * 30)

    assert len(label) <= 80
    assert label.endswith(("alpha\u2026", "beta\u2026"))
