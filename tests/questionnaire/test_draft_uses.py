import pandas as pd
import pytest

from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.columns import column_of
from survey.questionnaire.drafting.uses import likely_uses
from survey.questionnaire.drafting.weight import likely_weights
from survey.questionnaire.model import Question, Questionnaire


def single(name: str, label: str, *answers: str) -> Question:
    categories = [
        {"code": str(code), "label": answer} for code, answer in enumerate(answers, 1)
    ]
    kind = "single"
    return Question.model_validate(
        {"id": name, "kind": kind, "label": label, "categories": categories}
    )


def survey_of(*questions: Question) -> Questionnaire:
    return Questionnaire(id="s", title={"": "S"}, questions=questions)


@pytest.mark.parametrize(
    ("label", "what"),
    [
        ("How many people work for your company?", "size"),
        ("How many employees does your organization have worldwide?", "size"),
        ("Wie viele Beschäftigte hat Ihr Unternehmen?", "size"),
        ("Größe der Organisation", "size"),
        ("What is the size of your company/organization?", "size"),
        ("In which industry does your organisation mainly work?", "industry"),
        ("In welcher Branche ist Ihre Organisation tätig?", "industry"),
        ("What industry vertical is your company in?", "industry"),
        ("In which country are you based?", "region"),
        ("In welcher Region hat Ihre Organisation ihren Hauptsitz?", "region"),
        ("Which of the following best describes your role?", "role"),
        ("Was ist Ihre Position im Unternehmen?", "role"),
        ("Job title", "role"),
    ],
)
def test_questions_across_the_tables(label: str, what: str) -> None:
    (use,) = likely_uses(survey_of(single("q1", label, "A", "B"))).banner

    assert (use.question, what in use.reason) == ("q1", True)


@pytest.mark.parametrize(
    "label",
    [
        "How many open source projects does your organization maintain?",
        "How many years have you been in this role?",
        "Is the polling industry in better shape than a year ago?",
        "Which of these best describes your organization's formal policy?",
        "What role should regulation play?",
        "How often does AI help you?",
    ],
)
def test_what_describes_nobody(label: str) -> None:
    assert likely_uses(survey_of(single("q1", label, "A", "B"))).banner == ()


def test_stages_of_adoption() -> None:
    answers = ("Not a topic", "Planned", "Pilot or trial", "In production", "Not sure")
    question = single("stage", "How far are you with generative AI use?", *answers)
    adoption = likely_uses(survey_of(question)).adoption

    assert adoption is not None
    assert (adoption.in_production, adoption.using) == (("4",), ("3", "4"))


@pytest.mark.parametrize(
    ("label", "answers"),
    [
        ("Do you use Kubernetes?", ("Yes", "No")),
        ("Do you trust AI?", ("Yes", "No")),
        ("How do you use AI?", ("Not in production", "Never")),
    ],
)
def test_what_is_no_adoption(label: str, answers: tuple[str, ...]) -> None:
    assert likely_uses(survey_of(single("q1", label, *answers))).adoption is None


def test_barriers_are_lists_of_several() -> None:
    listed = single("q1", "What keeps your organisation from using AI?", *"ABC")
    several = listed.model_copy(update={"kind": "multiple"})
    (barrier,) = likely_uses(survey_of(several)).barriers

    assert "keeps your organisation from" in barrier.reason
    assert likely_uses(survey_of(listed)).barriers == ()


def test_open_or_proprietary() -> None:
    answers = ("Open source", "Proprietary", "No preference", "Don't know")
    overall = single("kind", "Which do you prefer?", *answers)
    sides = ("Open is better", "Proprietary is better", "No difference", "Don't know")
    grid = single("by", "Better in what?", *sides).model_copy(update={"kind": "grid"})
    preference = likely_uses(survey_of(overall, grid)).preference

    assert preference is not None
    assert (preference.open, preference.proprietary) == (("1",), ("2",))
    assert (preference.neutral, preference.dimensions) == (("3",), "by")


def weights(values: dict[str, list[float]], declared: str = "") -> list[str]:
    frame = pd.DataFrame(values)
    labels = {name: ColumnLabel() for name in values}
    raw = RawTable(frame, labels, {}, (), Source("a", "", ""), weight=declared)
    columns = {name: column_of(raw, name) for name in values}
    return [weight.column for weight in likely_weights(raw, columns)]


@pytest.mark.parametrize(
    "name", ["weight", "Gewicht", "pond", "wgt_final", "weight_a", "finalwgt", "WT"]
)
def test_names_of_weights(name: str) -> None:
    assert weights({name: [0.5, 1.5]}) == [name]


@pytest.mark.parametrize("name", ["openweights", "wtf", "swt_x", "growth", "size"])
def test_names_of_other_columns(name: str) -> None:
    assert weights({name: [0.5, -1.5]}) == []


def test_kilograms_constants_and_gaps_are_no_weights() -> None:
    assert weights({"weight": [60.5, 82.0]}) == []
    assert weights({"weight": [1.0, 1.0]}) == []
    assert weights({"weight": [0.5, float("nan")]}) == []
    assert weights({"weight": [0.5, -1.0]}) == []


def test_the_declared_weight_comes_first() -> None:
    values = {"weight": [0.5, 1.5], "w2": [1.0, 1.0]}

    assert weights(values, "w2") == ["w2", "weight"]
