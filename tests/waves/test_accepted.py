"""A reason stands for its own step, and a recode for the answers."""

from typing import Any

import pytest

from survey.questionnaire.model import Questionnaire
from survey.study.model import Study
from survey.waves.compare import contract_between

REASON = {"": "Both were tested."}


def instrument(wording: str, answers: str = "Law Cost") -> Questionnaire:
    categories = [{"code": a.lower(), "label": a} for a in answers.split()]
    asked = {"id": "q", "kind": "single", "label": "Q", "wording": wording}
    return Questionnaire(
        id="x", title="X", questions=[{**asked, "categories": categories}]
    )


def study(**accepted: dict[str, Any]) -> Study:
    each = {"file": "f.csv", "questionnaire": "q.yaml"}
    waves = [{"id": i, **each, **accepted.get(f"w{i}", {})} for i in (1, 2, 3)]
    return Study(name="s", title="S", waves=waves)


FIRST = instrument("What hinders companies?")
SECOND = instrument("What hinders organisations?")
THIRD = instrument("What helps organisations?")


@pytest.mark.parametrize(
    ("accepted", "middle", "verdict"),
    [
        ({"w2": {"comparable": {"q": REASON}}}, SECOND, "not_comparable"),
        ({"w3": {"comparable": {"q": REASON}}}, SECOND, "not_comparable"),
        ({"w3": {"comparable": {"q": REASON}}}, FIRST, "comparable"),
        ({"w2": {"comparable": {"q": REASON}}}, THIRD, "comparable"),
        (
            {f"w{i}": {"comparable": {"q": REASON}} for i in (2, 3)},
            SECOND,
            "comparable",
        ),
    ],
)
def test_every_step_that_asks_otherwise_needs_its_reason(
    accepted: dict[str, Any], middle: Questionnaire, verdict: str
) -> None:
    found = contract_between(
        THIRD, FIRST, names=("3", "1"), study=study(**accepted), between=[middle]
    ).questions["q"]
    assert found.consequence("share", "law").verdict == verdict
    assert bool(found.reason) == (verdict == "comparable")


def test_a_recode_says_what_becomes_of_the_answers() -> None:
    newer = instrument("What hinders organisations?", "Law Cost Skills")
    recode = {"q": {"cost": ["cost", "skills"]}}
    accepted = {"recodes": recode, "comparable": {"q": REASON}}
    found = contract_between(
        newer, FIRST, names=("2", "1"), study=study(w2=accepted)
    ).questions["q"]
    assert found.reason == REASON
    assert found.consequence("share", "cost").verdict == "recode"
    assert found.consequence("share", "skills").verdict == "not_comparable"
    alone = contract_between(
        newer, FIRST, names=("2", "1"), study=study(w2={"recodes": recode})
    ).questions["q"]
    assert alone.consequence("share", "cost").verdict == "not_comparable"
