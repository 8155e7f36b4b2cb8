"""A long survey that ran for many years is compared question by question."""

from typing import Any

from survey.questionnaire.model import Questionnaire
from survey.waves.compare import contract_between

QUESTIONS, WAVES = 200, 10


def long_survey(year: int) -> Questionnaire:
    """Question n is reworded in the year n, and goes by the one before it."""
    asked: list[dict[str, Any]] = []
    for n in range(QUESTIONS):
        word = "now" if n % WAVES == year else "then"
        labels = [{"code": c, "label": f"Answer {n} {'abcd'[c]}"} for c in range(4)]
        asked.append(
            {
                "id": f"q{n}",
                "kind": "single",
                "label": f"Topic {n}",
                "wording": f"What did unit{n} decide {word} about matter{n}?",
                "categories": labels,
                "asked_if": f"q{n - 1} in (1, 2)" if n % 50 == 49 else None,
            }
        )
    return Questionnaire(id=f"y{year}", title="X", questions=asked)


def test_two_hundred_questions_in_ten_waves() -> None:
    surveys = [long_survey(year) for year in range(WAVES)]
    for year in range(1, WAVES):
        found = contract_between(
            surveys[year], surveys[year - 1], names=(str(year), str(year - 1))
        )
        assert len(found.questions) == QUESTIONS
        assert found.changes == ()
        reworded = {
            int(name.removeprefix("q")) % WAVES
            for name, pact in found.questions.items()
            if pact.changes[0].kind == "reworded"
        }
        assert reworded == {year, year - 1}
