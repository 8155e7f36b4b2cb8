"""Every kind of change is found, and has the consequence that its rule states."""

from typing import Any

import pytest

from survey.questionnaire.model import Questionnaire
from survey.study.model import Study
from survey.waves.compare import contract_between
from survey.waves.contract import QuestionContract, WaveContract

NAMES = ("2025", "2024")
WORDING = "Which of these keep your organisation from using it?"
PLACES = {1: "Law", 2: "Cost", 3: "Skills"}


def options(labels: dict[Any, str], **more: Any) -> list[dict[str, Any]]:
    return [{"code": code, "label": text, **more} for code, text in labels.items()]


def question(
    labels: dict[Any, str], kind: str = "single", **more: Any
) -> dict[str, Any]:
    return {
        "id": "q",
        "kind": kind,
        "label": "Barriers",
        "wording": WORDING,
        "categories": options(labels),
        **more,
    }


def waves(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    return Questionnaire(id="x", title="X", questions=questions, **more)


def between(
    newer: dict[str, Any] | Questionnaire,
    older: dict[str, Any] | Questionnaire,
    study: Study | None = None,
) -> WaveContract:
    both = [
        each if isinstance(each, Questionnaire) else waves(each)
        for each in (newer, older)
    ]
    return contract_between(both[0], both[1], names=NAMES, study=study)


def pact(
    newer: dict[str, Any], older: dict[str, Any], study: Study | None = None
) -> QuestionContract:
    return between(newer, older, study).questions["q"]


def study_with(**wave: Any) -> Study:
    each = {"file": "f.csv", "questionnaire": "q.yaml"}
    return Study(
        name="s",
        title="S",
        waves=[{"id": 2024, **each}, {"id": 2025, **each, **wave}],
    )


def kinds(found: QuestionContract) -> list[str]:
    return [change.kind for change in found.changes]


def share(found: QuestionContract, code: str = "") -> tuple[str, str]:
    consequence = found.consequence("share", code)
    return consequence.verdict, consequence.because


def test_nothing_happened() -> None:
    found = pact(question(PLACES), question(PLACES))
    assert kinds(found) == ["same"]
    assert {c.verdict for c in found.consequences.values()} == {"comparable"}
    assert found.rows == {c: ((c,), (c,)) for c in "123"}


@pytest.mark.parametrize(
    ("wording", "verdict"),
    [
        ("Which of these keep the organisation from using it?", "comparable"),
        ("Which of these kept your organisation from using it?", "not_comparable"),
        ("Which of these did keep your organisation from using it?", "not_comparable"),
        ("Which of these keep using your organisation from it?", "not_comparable"),
        ("Which of these keep or kept your organisation using it?", "not_comparable"),
        ("Which of these hinder your organisation most today?", "not_comparable"),
        (
            "Which of these do not keep your organisation from using it?",
            "not_comparable",
        ),
    ],
)
def test_other_words_ask_another_question(wording: str, verdict: str) -> None:
    found = pact(question(PLACES, wording=wording), question(PLACES))
    assert kinds(found) == ["reworded"]
    assert found.changes[0].before == WORDING
    assert found.changes[0].after == wording
    assert share(found, "1") == (verdict, "reworded")


def test_a_change_in_one_language_alone_is_seen() -> None:
    before = question(PLACES, wording={"en": "Why not?", "de": "Warum nicht?"})
    after = question(PLACES, wording={"en": "Why not?", "de": "Was bremst Sie?"})
    found = pact(after, before)
    assert kinds(found) == ["reworded"]
    assert found.changes[0].after == "Was bremst Sie?"
    assert share(found)[0] == "not_comparable"


def test_an_option_more_of_several_answers() -> None:
    older = question({**PLACES, 9: "Other"}, "multiple")
    newer = question({**PLACES, 4: "Power", 9: "Other"}, "multiple")
    found = pact(newer, older)
    assert kinds(found) == ["options_added"]
    assert share(found, "1") == ("comparable", "options_added")
    assert share(found, "4") == ("not_comparable", "options_added")
    # Power was typed under "other" before it was an option of its own.
    assert share(found, "9") == ("recode", "options_added")
    assert found.consequence("rank").verdict == "not_comparable"


def test_an_option_more_moves_the_base_of_those_who_named_one() -> None:
    older = question(PLACES, "multiple", base="named")
    newer = question({**PLACES, 4: "Power"}, "multiple", base="named")
    assert share(pact(newer, older), "1") == ("not_comparable", "options_added")


def test_a_none_of_these_moves_the_base_of_those_who_answered() -> None:
    older = question(PLACES, "multiple")
    newer = question(PLACES, "multiple")
    newer["categories"].append({"code": 8, "label": "None of these", "exclusive": True})
    assert share(pact(newer, older), "1") == ("not_comparable", "options_added")


def test_an_option_more_of_one_answer() -> None:
    older, newer = question(PLACES), question({**PLACES, 4: "Power"})
    assert share(pact(newer, older), "1") == ("not_comparable", "options_added")
    assert share(pact(older, newer), "1") == ("not_comparable", "options_removed")


def test_an_option_more_beside_other_is_recoded_once_accepted() -> None:
    older = question({**PLACES, 9: "Other"})
    newer = question({**PLACES, 4: "Power", 9: "Other"})
    found = pact(newer, older)
    assert share(found, "1") == ("recode", "options_added")
    assert found.proposal == "q: {9: [9, 4]}"
    assert found.rows["9"] == (("9",), ("9",))
    done = pact(newer, older, study_with(recodes={"q": {9: [9, 4]}}))
    assert done.accepted
    assert done.rows["9"] == (("9", "4"), ("9",))
    assert share(done, "1") == ("comparable", "options_added")
    assert share(done, "9") == ("recode", "options_added")
    assert share(done, "4") == ("not_comparable", "options_added")


@pytest.mark.parametrize("aliases", [(), ("Law", "Cost")])
def test_merged_answers_by_label_or_alias(aliases: tuple[str, ...]) -> None:
    merged = {"code": 7, "label": "External" if aliases else "Law / cost"}
    newer = question({3: "Skills"})
    newer["categories"].insert(0, {**merged, "aliases": aliases})
    found = pact(newer, question(PLACES))
    assert kinds(found) == ["options_merged"]
    assert found.codes == {"7": ("1", "2"), "3": ("3",)}
    assert share(found, "7") == ("recode", "options_merged")
    assert share(found, "3")[0] == "comparable"
    assert found.proposal == "q: {7: [7, 1, 2]}"
    done = pact(newer, question(PLACES), study_with(recodes={"q": {7: [1, 2]}}))
    assert done.rows["7"] == (("7",), ("1", "2"))
    assert share(done, "7") == ("recode", "options_merged")
    assert done.consequence("rank").verdict == "not_comparable"


def test_split_answers() -> None:
    found = pact(question(PLACES), question({7: "Law and cost", 3: "Skills"}))
    assert kinds(found) == ["options_split"]
    assert share(found, "1") == ("recode", "options_split")
    assert found.proposal == "q: {7: [1, 2, 7]}"
    recode = study_with(recodes={"q": {7: [1, 2]}})
    done = pact(question(PLACES), question({7: "Law and cost", 3: "Skills"}), recode)
    assert done.rows["7"] == (("1", "2"), ("7",))
    assert share(done, "1") == ("not_comparable", "options_split")


def test_a_net_that_holds_all_parts_needs_no_recode() -> None:
    each = {"id": 2024, "file": "f", "questionnaire": "q"}
    nets = [
        {"code": "outside", "label": "Outside", "codes": [1, 2]},
        {"code": "half", "label": "Half", "codes": [1, 3]},
    ]
    study = Study(name="s", title="S", waves=[each], nets={"q": nets})
    found = pact(question(PLACES), question({7: "Law / cost", 3: "Skills"}), study)
    assert found.consequence("net", "outside").verdict == "comparable"
    assert found.rows["outside"] == (("1", "2"), ("7",))
    assert found.consequence("net", "half").verdict == "recode"
    assert "half" not in found.rows


def test_other_codes_with_the_same_labels_are_mapped() -> None:
    found = pact(question({1: "Cost", 2: "Law", 3: "Skills"}), question(PLACES))
    assert set(kinds(found)) == {"recoded", "options_reordered"}
    assert found.codes == {"1": ("2",), "2": ("1",), "3": ("3",)}
    assert share(found, "1") == ("comparable", "recoded")
    assert found.consequence("mean").verdict == "not_comparable"


def test_another_order_of_a_list_is_a_remark() -> None:
    found = pact(question({2: "Cost", 1: "Law", 3: "Skills"}), question(PLACES))
    assert kinds(found) == ["options_reordered"]
    assert {c.verdict for c in found.consequences.values()} == {"comparable"}


AGREE = {1: "Strongly agree", 2: "Agree", 3: "Disagree", 4: "Strongly disagree"}


def scale(labels: dict[Any, str]) -> dict[str, Any]:
    return question(labels, ordered=True)


@pytest.mark.parametrize(
    "labels",
    [
        {**AGREE, 1: "Completely agree"},
        {
            1: "Strongly agree",
            2: "Agree",
            5: "Neither",
            **dict(list(AGREE.items())[2:]),
        },
        {k: v for k, v in AGREE.items() if k != 4},
    ],
    ids=["label", "middle", "steps"],
)
def test_another_scale_is_not_compared(labels: dict[float, str]) -> None:
    found = pact(scale(labels), scale(AGREE))
    assert "scale_changed" in kinds(found)
    assert found.changes[0].before == " | ".join(AGREE.values())
    assert {c.verdict for c in found.consequences.values()} == {"not_comparable"}
    assert share(found, "2") == ("not_comparable", "scale_changed")


def test_a_reversed_scale_keeps_its_shares_and_loses_its_mean() -> None:
    turned = dict(zip((1, 2, 3, 4), reversed(AGREE.values()), strict=True))
    found = pact(scale(turned), scale(AGREE))
    assert "scale_changed" not in kinds(found)
    assert found.codes["1"] == ("4",)
    assert share(found, "1")[0] == "comparable"
    assert found.consequence("mean").verdict == "not_comparable"


def test_a_band_with_another_bound_is_another_band() -> None:
    older = question({1: "Less than 10 people", 2: "10 people or more"}, ordered=True)
    newer = question({1: "10 people or less", 2: "More than 10 people"}, ordered=True)
    found = pact(newer, older)
    assert {share(found, code)[0] for code in "12"} == {"recode"}
    assert found.rows == {}


def test_bands_of_numbers_are_joined() -> None:
    older = scale({1: "Under 10", 2: "10 to 49", 3: "50 to 249", 4: "250 or more"})
    newer = scale({1: "1 to 9", 2: "10 to 249", 3: "250 or more"})
    found = pact(newer, older)
    # 10 to 49 with 50 to 249 is 10 to 249; under 10 is 1 to 9.
    assert found.codes == {"1": ("1",), "2": ("2", "3"), "3": ("4",)}
    assert share(found, "1")[0] == "comparable"
    assert share(found, "2") == ("recode", "options_merged")
    # The code 2 is another band in either wave, so the line names the waves.
    assert found.proposal == "q: {2: {2025: [2], 2024: [2, 3]}}"
    recode = {"q": {2: {2025: [2], 2024: [2, 3]}}}
    done = pact(newer, older, study_with(recodes=recode))
    assert done.rows["2"] == (("2",), ("2", "3"))


def test_dont_know_counts_where_it_is_in_the_base() -> None:
    apart = {"code": 9, "label": "Don't know", "dont_know": True}
    for in_base, verdict in ((True, "not_comparable"), (False, "comparable")):
        newer = question(PLACES, dont_know_in_base=in_base)
        newer["categories"].append(apart)
        older = question(PLACES, dont_know_in_base=in_base)
        assert share(pact(newer, older), "1") == (verdict, "options_added")


def test_the_rule_of_the_base() -> None:
    found = pact(question(PLACES, base="asked"), question(PLACES))
    assert kinds(found) == ["base_changed"]
    assert share(found) == ("not_comparable", "base_changed")


def test_cap_and_kind() -> None:
    older = question(PLACES, "multiple", max_choices=2)
    found = pact(question(PLACES, "multiple", max_choices=3), older)
    assert [(c.kind, c.before, c.after) for c in found.changes] == [
        ("cap_changed", "2", "3")
    ]
    assert share(found, "1") == ("not_comparable", "cap_changed")
    assert found.consequence("rank").verdict == "not_comparable"
    other = pact(question(PLACES), question(PLACES, "multiple"))
    assert share(other, "1") == ("not_comparable", "kind_changed")


def test_an_id_that_was_given_to_another_question() -> None:
    other = question({1: "Weights", 2: "Data"}, wording="What should be published?")
    found = between(other, question(PLACES))
    assert kinds(found.questions["q"]) == ["reused_id"]
    assert share(found.questions["q"], "1") == ("not_comparable", "reused_id")
    assert [c.kind for c in found.changes] == ["dropped"]
    assert found.questions["q"].rows == {}


def test_the_same_wording_with_other_answers_is_another_question() -> None:
    found = pact(question({1: "Weights", 2: "Data"}), question(PLACES))
    assert kinds(found) == ["reused_id"]


def test_a_question_under_another_id() -> None:
    moved = {**question(PLACES), "id": "q17"}
    found = between(moved, question(PLACES))
    assert found.questions["q17"].earlier == "q"
    assert kinds(found.questions["q17"]) == ["same"]


def test_new_and_dropped_questions() -> None:
    text = {"id": "t", "kind": "text", "label": "Comments"}
    found = between(waves(question(PLACES), text), question(PLACES))
    assert [(c.kind, c.question) for c in found.changes] == [("new", "t")]
    assert "t" not in found.questions
    found = between(question(PLACES), waves(question(PLACES), text))
    assert [(c.kind, c.question) for c in found.changes] == [("dropped", "t")]


def test_items_of_a_grid() -> None:
    steps = {1: "Low", 2: "Middle", 3: "High"}
    items = options({"a": "Law", "b": "Cost"})
    older = question(steps, "grid", items=items)
    newer = question(steps, "grid", items=[*items, *options({"c": "Skills"})])
    found = pact(newer, older)
    assert [(c.kind, c.code) for c in found.changes] == [("items_added", "c")]
    assert found.items == {"a": "a", "b": "b"}
    assert share(found, "1") == ("comparable", "items_added")
    assert kinds(pact(older, newer)) == ["items_removed"]


def test_as_few_questions_as_possible_have_moved() -> None:
    asked = [
        {"id": name, "kind": "text", "label": f"Question {name}"} for name in "abcd"
    ]
    found = between(waves(asked[3], *asked[:3]), waves(*asked))
    moved = {n: kinds(p) for n, p in found.questions.items() if kinds(p) != ["same"]}
    assert moved == {"d": ["position_changed"]}
    change = found.questions["d"].changes[0]
    assert (change.before, change.after) == ("4", "1")
    assert share(found.questions["d"])[0] == "comparable"


def test_universe_and_languages_are_remarked_everywhere() -> None:
    labels = question(PLACES)
    ended = question(PLACES)
    ended["categories"] = [*options({1: "Law", 2: "Cost", 3: "Skills"})]
    ended["categories"].append({"code": 4, "label": "Student", "screen_out": True})
    found = between(
        waves(ended, languages=["en", "de"]), waves(labels, languages=["en"])
    )
    assert [c.kind for c in found.changes] == [
        "universe_changed",
        "recruitment_changed",
    ]
    assert share(found.questions["q"], "1") == ("comparable", "universe_changed")


def test_the_study_may_vouch_for_a_question() -> None:
    reason = study_with(comparable={"q": "Both scales were tested in 2024."})
    labels = dict(zip(AGREE, ("Fully", "Rather", "Rather not", "No"), strict=True))
    found = pact(scale(labels), scale(AGREE), reason)
    assert found.reason == {"": "Both scales were tested in 2024."}
    assert found.codes == {c: (c,) for c in "1234"}
    assert share(found, "1")[0] == "comparable"
    assert "options_reworded" in kinds(found)
