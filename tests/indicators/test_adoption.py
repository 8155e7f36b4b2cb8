from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from survey.analysis import analyze
from survey.errors import QuestionError, StudyError
from survey.indicators.adoption import adoption_nets
from survey.report.context import Context

STAGES = ("Not a topic", "Planned", "Pilot", "In production", "Don't know")


def stage(**keys: object) -> dict[str, object]:
    categories = [
        {"code": i + 1, "label": text, "dont_know": i == 4}
        for i, text in enumerate(STAGES)
    ]
    return {
        "id": "stage",
        "kind": "single",
        "label": "Stage",
        "ordered": True,
        "categories": categories,
        **keys,
    }


ANSWERS = {"stage": [1] * 20 + [2] * 20 + [3] * 20 + [4] * 30 + [5] * 10}
PLAN = {"adoption": {"question": "stage", "in_production": [4], "using": [3, 4]}}


def test_two_nets_with_the_codes_that_count() -> None:
    production, using = adoption_nets(["4"], ["3", "4"], ("In production", "Using"))
    assert (production.code, production.codes) == ("in_production", ("4",))
    assert (using.code, using.codes) == ("using", ("3", "4"))
    assert using.label == {"": "Using"}


@pytest.mark.parametrize(
    ("with_dont_know", "production", "using"), [(True, 0.3, 0.5), (False, 1 / 3, 5 / 9)]
)
def test_adoption_rates_by_hand(
    make_study: Callable[..., Path],
    context_of: Callable[..., Context],
    with_dont_know: bool,  # noqa: FBT001 - comes from the table of cases
    production: float,
    using: float,
) -> None:
    question = stage(dont_know_in_base=with_dont_know)
    path = make_study(ANSWERS, [question], indicators=PLAN)
    cells = context_of(path).wave.cells
    assert cells["stage", "in_production", "", "Total"].estimate == pytest.approx(
        production
    )
    assert cells["stage", "using", "", "Total"].estimate == pytest.approx(using)
    assert cells["stage", "using", "", "Total"].count == 50


def test_who_is_in_production_uses_it(make_study: Callable[..., Path]) -> None:
    plan = {"adoption": {"question": "stage", "in_production": [4], "using": [3]}}
    path = make_study(ANSWERS, [stage()], indicators=plan)
    with pytest.raises(StudyError, match=r"line \d+: .*Add '4' to 'using'"):
        analyze(path)


def test_a_net_may_not_be_called_like_a_category(
    make_study: Callable[..., Path],
) -> None:
    question = stage()
    question["categories"][3] = {"code": "in_production", "label": "In production"}
    plan = {
        "adoption": {
            "question": "stage",
            "in_production": "in_production",
            "using": [3, "in_production"],
        }
    }
    answers = {"stage": ["1"] * 50 + ["in_production"] * 50}
    with pytest.raises(QuestionError, match="Give it a code of its own"):
        analyze(make_study(answers, [question], indicators=plan))


def test_a_wave_without_the_codes_says_so(make_study: Callable[..., Path]) -> None:
    path = make_study(ANSWERS, [stage()], indicators=PLAN)
    older = stage()
    older["categories"] = [c for c in older["categories"] if c["code"] != 3]
    text = yaml.safe_dump({"id": "older", "title": "Older", "questions": [older]})
    (path.parent / "older.yaml").write_text(text, encoding="utf-8")
    study = yaml.safe_load(path.read_text(encoding="utf-8"))
    first = {**study["waves"][0], "id": "0", "questionnaire": "older.yaml"}
    study["waves"].insert(0, first)
    path.write_text(yaml.safe_dump(study), encoding="utf-8")
    report = analyze(path, waves=["0"])
    left_out = [f for f in report.findings if f.check == "net_left_out"]
    assert [f.question for f in left_out] == ["stage"]
    assert "'using'" in left_out[0].message
    assert "using" not in set(report.results["code"])
