import numpy as np
import pytest

from survey.importers.definitions.relevance import Variable, read_relevance
from survey.questionnaire.routing import Comparison, asked, parse_routing

VARIABLES = {
    "size": Variable("size", "code", ("A1", "A2")),
    "stage": Variable("stage", "code", ("1", "2"), mandatory=True, always=False),
    "goal": Variable("goal", "code", ("1", "2"), always=False),
    "why_SQ001": Variable("why", "chosen", ("SQ001",)),
    "rate_SQ001": Variable("rate", "code", ("1", "2"), item="SQ001"),
    "staff": Variable("staff", "number"),
    "row_1": Variable("row", "code", ("1", "2"), item="1"),
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("1", ""),
        ('((size.NAOK == "A1"))', "size == 'A1'"),
        ("{size == 'A1'}", "size == 'A1'"),
        ('size.NAOK != "A1"', "not (size == 'A1')"),
        ('size != "A1"', "not (size == 'A1')"),
        ('stage != "1"', "stage != 1"),
        ('goal.NAOK ne "1"', "not (goal == 1)"),
        ('why_SQ001.NAOK == "Y"', "why == 'SQ001'"),
        ('why_SQ001.NAOK == ""', "not (why == 'SQ001')"),
        ("!is_empty(size)", "not (not (size in ('A1', 'A2')))"),
        ('size.NAOK != ""', "size in ('A1', 'A2')"),
        ("staff.NAOK >= 250", "staff >= 250"),
        ('row_1 == "1"', "[row/1] == 1"),
        ('rate_SQ001.NAOK == "2"', "[rate/SQ001] == 2"),
        (
            'size == "A1" or size == "A2" and staff > 9',
            "size == 'A1' or (size == 'A2' and staff > 9)",
        ),
        (
            '(size == "A1" || size == "A2") && !(staff lt 9)',
            "(size == 'A1' or size == 'A2') and not (staff < 9)",
        ),
    ],
)
def test_what_can_be_said_is_said(text: str, said: str) -> None:
    routed = read_relevance(text, VARIABLES)

    assert routed.said == said
    if said:
        parse_routing(said)
        assert routed.words


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "count(why_SQ001.NAOK) >= 1",
        'goal != "1"',
        'size.shown == "Small"',
        'unknown == "1"',
        "staff == staff",
        'staff == ""',
        'staff > "many"',
        "size == ",
        '(size == "A1"',
        'size == "A1" size',
        'size == "A1" or is_empty(staff)',
        'regexMatch("/a/", size)',
        "a ? b : c",
        "(" * 500,
        "!" * 500 + "size",
        "size == " + "9" * 6000,
    ],
)
def test_what_cannot_be_said_stays_in_words(text: str) -> None:
    routed = read_relevance(text, VARIABLES)

    assert routed.said == ""
    assert routed.words == text.strip()


def test_a_question_without_an_answer_passes_what_it_passes_in_limesurvey() -> None:
    answers = {"size": ["A1", "A2", ""], "stage": ["1", "2", ""]}

    def holds(text: str) -> list[bool]:
        def compare(c: Comparison) -> np.ndarray:
            values = answers[c.question]
            turned = c.operator == "not in"
            return np.array([v != "" and (v in c.codes) != turned for v in values])

        return list(asked(parse_routing(read_relevance(text, VARIABLES).said), compare))

    assert holds('size.NAOK != "A1"') == [False, True, True]
    assert holds('stage != "1"') == [False, True, False]
    assert holds("is_empty(size)") == [False, False, True]
    assert holds("!is_empty(size)") == [True, True, False]
