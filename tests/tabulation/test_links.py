from survey.questionnaire.model import Questionnaire
from survey.tabulation.links import routing_links


def test_links_go_through_questions_that_are_not_in_the_table() -> None:
    asked = Questionnaire(
        id="s",
        title={"": ""},
        questions=(
            {"id": "a", "kind": "text", "label": "", "asked_if": "c == 1"},
            {"id": "b", "kind": "text", "label": "", "asked_if": "a == 1"},
            {"id": "c", "kind": "text", "label": "", "asked_if": "not b == 2"},
        ),
    )
    names = ["b", "c", "made", "made"]
    found = routing_links(asked, names)
    assert found.tolist() == [
        [False, True, False, False],
        [True, False, False, False],
        [False, False, False, True],
        [False, False, True, False],
    ]
    assert not routing_links(None, ["x", "y"]).any()
    assert routing_links(None, []).shape == (0, 0)
