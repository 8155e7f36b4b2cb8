"""Texts that the language of a report lacks are counted and listed."""

from typing import Any

from survey.questionnaire.model import Questionnaire
from survey.said import tell
from survey.study.model import Study
from survey.study.translations import missing_translations

BOTH = {"en": "Cost", "de": "Kosten"}
ENGLISH = {"en": "Cost"}
WAVES = [
    {"id": year, "file": "f.csv", "questionnaire": "q.yaml"} for year in (2024, 2025)
]


def study(**keys: Any) -> Study:
    title = {"en": "Study", "de": "Studie"}
    return Study(
        **{"name": "s", "title": title, "waves": WAVES, "language": "de", **keys}
    )


def asked(**keys: Any) -> Questionnaire:
    question = {"id": "cost", "kind": "single", "label": BOTH, "wording": BOTH, **keys}
    return Questionnaire.model_validate(
        {"id": "q", "title": "Q", "questions": [question]}
    )


def test_every_kind_of_text_is_looked_at() -> None:
    questionnaire = asked(
        label=ENGLISH,
        wording=ENGLISH,
        categories=[{"code": 1, "label": ENGLISH}, {"code": 2, "label": BOTH}],
        items=[{"code": "a", "label": ENGLISH}],
    )
    plan = study()
    [found] = missing_translations(plan, plan.waves[0], questionnaire)
    assert (found.severity, found.check, found.count) == (
        "note",
        "translation_missing",
        4,
    )
    assert found.message == (
        "4 texts of the questionnaire have no 'de': 'cost', 'cost wording', 'cost 1', "
        "'cost[a]'. Another language stands there."
    )
    assert tell(found.said, "de").startswith("4 Texte des Fragebogens fehlen auf „de“")


def test_a_text_without_a_language_and_no_text_lack_nothing() -> None:
    plan = study(subtitle="Anything", source={})
    questionnaire = asked(label="Cost", wording="", categories=[])
    assert missing_translations(plan, plan.waves[1], questionnaire) == ()


def test_texts_of_the_study_are_told_once() -> None:
    net = {"code": "any", "label": ENGLISH, "codes": [1]}
    plan = study(cautions=[{"en": "Made up."}], nets={"cost": [net]})
    first, last = (missing_translations(plan, wave, asked()) for wave in plan.waves)
    assert first == ()
    [found] = last
    assert found.count == 2
    assert "'cautions 1', 'nets cost any'" in found.message


def test_an_english_report_lacks_english() -> None:
    plan = study(language="en")
    [found] = missing_translations(plan, plan.waves[0], asked(label={"de": "Kosten"}))
    assert "'en': 'cost'" in found.message
