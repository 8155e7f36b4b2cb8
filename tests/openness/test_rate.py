"""The rules, one by one, and against a second implementation on random records."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.openness.rate import rate_record, rules_of
from survey.openness.records import Assertion, ModelRecord
from survey.openness.rulesets import RULESETS, ruleset
from survey.openness.values import LEVELS, Level, OpennessRating
from survey.said import tell

CODE, DATA, DOCUMENT = "code", "data", "document"
# Name, kind, class, required: written down here again, from the framework.
TABLE = (
    ("Model architecture", CODE, 3, True),
    ("Model parameters (Final)", DATA, 3, True),
    ("Technical report", DOCUMENT, 3, True),
    ("Evaluation results", DOCUMENT, 3, True),
    ("Model card", DOCUMENT, 3, True),
    ("Data card", DOCUMENT, 3, True),
    ("Sample model outputs", DOCUMENT, 3, False),
    ("Training code", CODE, 2, True),
    ("Inference code", CODE, 2, True),
    ("Evaluation code", CODE, 2, True),
    ("Evaluation data", DATA, 2, True),
    ("Supporting libraries and tools", CODE, 2, False),
    ("Datasets", DATA, 1, True),
    ("Data preprocessing code", CODE, 1, True),
    ("Model parameters (Intermediate)", DATA, 1, True),
    ("Research paper", DOCUMENT, 1, True),
    ("Model metadata", DATA, 1, False),
)
NAMES = tuple(row[0] for row in TABLE)
REPORT, PAPER, WEIGHTS = "Technical report", "Research paper", NAMES[1]
ROMAN: Mapping[int, Level] = {1: "I", 2: "II", 3: "III"}
WORDS: Mapping[str, Any] = {
    "open": "MIT",
    "unlicensed": "unlicensed",
    "invalid": "Custom",
}


def rated(
    components: Mapping[str, str | None],
    licences: Mapping[str, str] | None = None,
    rules: str = "mot-2025-07",
    *,
    normalise: bool = False,
) -> OpennessRating:
    record = ModelRecord("m", "p", components, licences or {})
    return rate_record(record, rules_of(rules, normalise=normalise))


def everything(**changes: str | None) -> dict[str, str | None]:
    """All components under MIT, with changes by the first letters of a name."""
    listed: dict[str, str | None] = dict.fromkeys(NAMES, "MIT")
    for start, licence in changes.items():
        listed[next(n for n in NAMES if n.startswith(start))] = licence
    return listed


def without(*names: str) -> dict[str, str | None]:
    return {n: licence for n, licence in everything().items() if n not in names}


def state(rating: OpennessRating, name: str) -> str:
    return next(c.state for c in rating.components if c.name == name)


def licence(rating: OpennessRating, name: str) -> str:
    return next(c.licence for c in rating.components if c.name == name)


def test_the_table_is_that_of_the_framework() -> None:
    table = tuple(
        (c.name, c.kind, 3 - LEVELS.index(c.level), c.required)
        for c in ruleset("mot-2025-07").components
    )

    assert table == TABLE
    assert all(
        ruleset(r).components == ruleset("mot-2025-07").components for r in RULESETS
    )


def test_an_empty_record_is_closed() -> None:
    rating = rated({})

    assert (rating.model_class, rating.label, rating.tier) == (
        0,
        "Unclassified",
        "closed",
    )
    assert dict(rating.counts) == {"III": (0, 6), "II": (0, 10), "I": (0, 14)}
    assert rating.total == 0.0


def test_all_components_are_class_one() -> None:
    rating = rated(everything())

    assert (rating.model_class, rating.tier, rating.total) == (1, "I", 100.0)
    assert rating.fixes == ()
    assert rating.lists["I"].optional == (NAMES[6], NAMES[11], NAMES[16])


def test_optional_components_change_nothing() -> None:
    bad = {NAMES[6]: "Custom", NAMES[11]: "unlicensed"}
    rating = rated({**without(NAMES[16]), **bad})

    assert rating.model_class == 1
    assert rating.lists["III"].invalid == (NAMES[6],)
    assert rating.lists["II"].unlicensed == (NAMES[11],)
    assert rating.lists["I"].optional == ()


def test_higher_classes_are_nothing_until_the_lower_one_is_met() -> None:
    rating = rated(without("Data card"))

    # 5 of 6, 9 of 10 and 13 of 14 components are there.
    assert dict(rating.counts) == {"III": (5, 6), "II": (9, 10), "I": (13, 14)}
    assert dict(rating.progress) == {"III": 5 / 6 * 100, "II": 0.0, "I": 0.0}
    assert (rating.model_class, rating.tier) == (0, "open_weights")


def test_class_three_alone_is_60_percent_of_class_two() -> None:
    rating = rated(dict.fromkeys(NAMES[:6], "MIT"))

    assert (rating.model_class, rating.tier) == (3, "III")
    assert dict(rating.progress) == {"III": 100.0, "II": 60.0, "I": 0.0}


@pytest.mark.parametrize("scope", [1, 2, 3])
@pytest.mark.parametrize("report", ["absent", "open", "unlicensed", "invalid"])
@pytest.mark.parametrize("paper", ["absent", "open", "unlicensed", "invalid"])
def test_report_and_paper(scope: int, report: str, paper: str) -> None:
    """The table of MOF.md, 5.3, for releases that have all else of a class."""
    names = [n for n, _, level, _ in TABLE if level >= scope]
    listed: dict[str, str | None] = dict.fromkeys(names, "MIT")
    for name, is_in in ((REPORT, report), (PAPER, paper)):
        listed.pop(name, None)
        if is_in != "absent":
            listed[name] = WORDS[is_in]
    rating = rated(listed)
    lists = rating.lists["III"]

    if "open" not in (report, paper):
        assert rating.model_class == 0
        assert rating.progress["III"] == 5 / 6 * 100
    else:
        reached = 2 if scope == 1 and paper != "open" else scope
        assert rating.model_class == reached
    if scope == 1 and report == "open" and paper != "open":
        assert rating.progress["I"] == 13 / 14 * 100
    if scope == 1 and paper == "open":
        assert rating.counts["I"] == ((14, 14) if report == "open" else (13, 13))
    shown = report != "open" and paper != "absent"
    members = lists.included + lists.invalid + lists.unlicensed
    assert (PAPER in members) == shown
    assert (REPORT in lists.missing) == (report == "absent" and paper == "absent")
    assert (REPORT in lists.invalid) == (report == "invalid")


@pytest.mark.parametrize(
    ("own", "licences", "expected"),
    [
        (None, {"distribution": "Apache-2.0"}, ("open", "Apache-2.0")),
        (None, {"data": "MIT", "distribution": "x"}, ("open", "MIT")),
        (
            None,
            {"data": "CC-BY-NC-4.0", "distribution": "MIT"},
            ("invalid", "CC-BY-NC-4.0"),
        ),
        (None, {"data": "", "distribution": "MIT"}, ("open", "MIT")),
        (None, {"code": "MIT", "document": "MIT"}, ("unlicensed", "")),
        (None, {"distribution": "unlicensed"}, ("unlicensed", "")),
        (None, {"data": "unlicensed", "distribution": "MIT"}, ("unlicensed", "")),
        (None, {}, ("unlicensed", "")),
        ("unlicensed", {"distribution": "MIT"}, ("unlicensed", "")),
        ("", {"distribution": "MIT"}, ("unlicensed", "")),
        ("Custom", {"distribution": "MIT"}, ("invalid", "Custom")),
        ("MIT", {"distribution": "Custom"}, ("open", "MIT")),
    ],
)
def test_resolution(
    own: str | None, licences: dict[str, str], expected: tuple[str, str]
) -> None:
    rating = rated({WEIGHTS: own}, licences)

    assert (state(rating, WEIGHTS), licence(rating, WEIGHTS)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MIT", "open"),
        ("mit", "invalid"),
        ("apache-2.0", "invalid"),
        ("Apache 2.0", "invalid"),
        ("BSD-3", "invalid"),
        (" MIT", "invalid"),
        ("GPL-3.0", "open"),
        ("CC-BY-4.0", "open"),
        ("CC-BY-NC-4.0", "invalid"),
        ("CC-BY-ND-4.0", "invalid"),
        ("OpenMDW-1.0", "open"),
        ("OpenMDW-1.1", "invalid"),
        ("PDDL-1.0", "invalid"),
        ("ODC-PDDL-1.0", "open"),
        ("ODC-By-1.0", "open"),
        ("C-UDA-1.0", "invalid"),
        ("FreeBSD-DOC", "invalid"),
        ("OpenRAIL", "invalid"),
        ("Proprietary", "invalid"),
        ("Component not included", "invalid"),
        ("UNLICENSED", "invalid"),
    ],
)
def test_what_is_open(text: str, expected: str) -> None:
    """The same for every kind of work."""
    rating = rated(dict.fromkeys(NAMES, text))

    assert {c.state for c in rating.components} == {expected}


def test_a_licence_for_other_work_is_only_noted() -> None:
    rating = rated(everything(Model="CC-BY-4.0", Data="MIT"))
    appropriate = {c.name: c.type_appropriate for c in rating.components}

    assert rating.model_class == 1
    assert appropriate["Model architecture"] is False  # CC-BY-4.0 is for documents
    assert appropriate["Training code"] is True
    assert appropriate[WEIGHTS] is False
    assert WEIGHTS in rating.not_type_appropriate


def test_cc0_is_for_documents_only() -> None:
    """Two records of the tool have this id, and the second one wins."""
    rating = rated(dict.fromkeys(NAMES, "CC0-1.0"))
    documents = {name for name, kind, _, _ in TABLE if kind == DOCUMENT}

    assert set(rating.not_type_appropriate) == set(NAMES) - documents


@pytest.mark.parametrize(
    ("weights", "step"),
    [
        ("MIT", "open_weights"),
        ("unlicensed", "unlicensed"),
        ("Llama 2 Community License", "restricted"),
        ("Component not included.", "closed"),
    ],
)
def test_steps_below_class_three(weights: str, step: str) -> None:
    assert rated({WEIGHTS: weights}).tier == step


def test_weights_under_gpl_are_open_weights_by_every_ruleset() -> None:
    tiers = {rated({WEIGHTS: "GPL-3.0"}, rules=rules).tier for rules in RULESETS}

    assert state(rated({WEIGHTS: "GPL-3.0"}, rules="mof-strict"), WEIGHTS) == "invalid"
    assert tiers == {"open_weights"}


def test_strict_asks_for_licences_that_suit() -> None:
    documents = {name for name, kind, _, _ in TABLE if kind == DOCUMENT}
    with_gpl = everything() | dict.fromkeys(documents, "GPL-3.0")
    rating = rated(with_gpl, rules="mof-strict")

    assert rated(with_gpl).model_class == 1
    assert rating.model_class == 0
    assert state(rating, "Model card") == "invalid"
    assert rated(everything(), rules="mof-strict").model_class == 1
    assert rated(everything(Training="CC-BY-4.0"), rules="mof-strict").model_class == 3
    assert state(rated({WEIGHTS: "PDDL-1.0"}, rules="mof-strict"), WEIGHTS) == "open"


def test_paper_takes_datasets_as_they_are_and_code_by_osi() -> None:
    rating = rated(everything(Datasets="unlicensed"), rules="mof-paper")
    by_creative_commons = rated(everything(Training="CC-BY-4.0"), rules="mof-paper")

    assert rating.model_class == 1
    assert state(rating, "Datasets") == "unlicensed"
    assert "Datasets" in rating.lists["I"].included
    assert rated(without("Datasets"), rules="mof-paper").model_class == 2
    assert by_creative_commons.model_class == 3
    assert by_creative_commons.lists["II"].invalid == ("Training code",)


def test_spellings_are_understood_where_asked() -> None:
    listed = dict.fromkeys(NAMES, "Apache 2.0")

    assert rated(listed).model_class == 0
    rating = rated(listed, normalise=True)
    assert rating.model_class == 1
    assert [tell(w) for w in rating.warnings] == [
        "The licence 'Apache 2.0' was read as Apache-2.0."
    ]
    # Never what is open by the tool, and never a guess.
    assert state(rated({WEIGHTS: "ODC-PDDL-1.0"}, normalise=True), WEIGHTS) == "open"
    assert state(rated({WEIGHTS: "openrail"}, normalise=True), WEIGHTS) == "invalid"
    assert state(rated({WEIGHTS: "none"}, normalise=True), WEIGHTS) == "unlicensed"


def test_an_assertion_counts_with_the_licence_of_what_holds_it() -> None:
    asserted = Assertion("Data card", "Section 3 of the card", "Model card")
    record = ModelRecord("m", "p", without("Data card"), {}, assertions=(asserted,))
    rating = rate_record(record, rules_of("mot-2025-07"))

    assert rating.model_class == 1
    assert licence(rating, "Data card") == "MIT"
    assert rating.assertions == ("Data card (in Model card): Section 3 of the card",)


def test_fixes_are_the_shortest_changes() -> None:
    listed: dict[str, str | None] = {
        "Model architecture": "apache-2.0",
        WEIGHTS: "Llama 2",
        "Model card": "unlicensed",
        "Data card": None,
    }
    rating = rated(listed, {"document": "CC-BY-NC-4.0", "code": "MIT"})
    told = {fix.component: tell(fix.change) for fix in rating.fixes}

    assert told["Model architecture"].endswith("write Apache-2.0 for 'apache-2.0'.")
    assert "replace 'Llama 2'" in told[WEIGHTS]
    assert "give it an open licence, such as CC-BY-4.0" in told["Model card"]
    assert "which it has from the release" in told["Data card"]
    assert "release it; MIT, which the record gives" in told["Training code"]
    assert "under an open licence, such as CDLA" in told["Datasets"]
    assert told[REPORT].startswith("One of the two is enough")
    assert [fix.level for fix in rating.fixes] == sorted(
        (fix.level for fix in rating.fixes), key=LEVELS.index
    )


def test_fixes_name_what_a_ruleset_asks_for() -> None:
    strict = rated(everything(Training="CC-BY-4.0"), rules="mof-strict")
    paper = rated(everything(Training="CC-BY-4.0"), rules="mof-paper")
    no_data = rated(without("Datasets"), rules="mof-paper")

    assert "open but not made for code" in tell(strict.fixes[0].change)
    assert "Open Source Initiative has not approved" in tell(paper.fixes[0].change)
    assert "any licence or none" in tell(no_data.fixes[0].change)


@pytest.mark.parametrize("rules", RULESETS)
def test_doing_all_fixes_gives_class_one(rules: str) -> None:
    rating = rated({}, rules=rules)
    preferred = {CODE: "Apache-2.0", DATA: "CDLA-Permissive-2.0", DOCUMENT: "CC-BY-4.0"}
    kinds = {name: kind for name, kind, _, _ in TABLE}
    done = {fix.component: preferred[kinds[fix.component]] for fix in rating.fixes}

    assert rated(done, rules=rules).model_class == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_all_sentences_are_told(language: str) -> None:
    listed = everything(Training="Component not included", Model="x", Data="unlicensed")
    rating = rated(listed | {WEIGHTS: "apache-2.0"}, rules="mof-strict")
    told = [tell(f.change, language) for f in rating.fixes]
    told += [tell(w, language) for w in rating.warnings]

    assert told
    assert all("{" not in text for text in told)
    if language == "de":
        english = [tell(f.change) for f in rating.fixes]
        assert not set(told) & set(english)


# A second implementation, written from the tables of the framework, with lists.
LICENCES = st.sampled_from(
    [None, "", "unlicensed", "MIT", "Apache-2.0", "CC-BY-4.0", "mit", "Custom"]
)
PARTS = st.dictionaries(
    st.sampled_from([CODE, DATA, DOCUMENT, "distribution"]),
    st.sampled_from(["", "unlicensed", "MIT", "CC-BY-NC-4.0"]),
)
RECORDS = st.dictionaries(st.sampled_from(NAMES), LICENCES)
# Most components under an open licence, so that classes are met.
NEARLY = st.lists(st.tuples(st.sampled_from(NAMES), LICENCES), max_size=3).map(
    lambda changes: everything() | dict(changes)
)
OPEN = {"MIT", "Apache-2.0", "CC-BY-4.0"}


def slow_states(
    components: Mapping[str, str | None], parts: Mapping[str, str]
) -> dict[str, str]:
    states = {}
    for name, kind, _, _ in TABLE:
        if name not in components:
            states[name] = "absent"
            continue
        text = components[name]
        if text is None:
            text = parts.get(kind) or parts.get("distribution") or "unlicensed"
        if text in {"", "unlicensed"}:
            states[name] = "unlicensed"
        else:
            states[name] = "open" if text in OPEN else "invalid"
    return states


def slow_progress(states: Mapping[str, str]) -> dict[int, float]:
    is_open = {name: found == "open" for name, found in states.items()}
    progress, met = {}, True
    for number in (3, 2, 1):
        needed = [n for n, _, level, required in TABLE if required and level >= number]
        done = sum(is_open[name] for name in needed)
        size = len(needed)
        if is_open[PAPER] and not is_open[REPORT]:
            done, size = (done, size - 1) if number == 1 else (done + 1, size)
        progress[number] = (done / size) * 100 if met else 0.0
        met = met and done == size
    return progress


@given(st.one_of(RECORDS, NEARLY), PARTS)
def test_two_implementations_agree(
    components: dict[str, str | None], parts: dict[str, str]
) -> None:
    rating = rated(components, parts)
    states = slow_states(components, parts)
    progress = slow_progress(states)
    met = [number for number in (1, 2, 3) if progress[number] == 100]

    assert {c.name: c.state for c in rating.components} == states
    assert {ROMAN[n]: value for n, value in progress.items()} == dict(rating.progress)
    assert rating.model_class == min(met, default=0)
    assert rating.total == (progress[1] + progress[2] + progress[3]) / 3


@given(st.one_of(RECORDS, NEARLY), PARTS)
def test_lists_hold_every_required_component_once(
    components: dict[str, str | None], parts: dict[str, str]
) -> None:
    rating = rated(components, parts)
    required = {name for name, _, _, needed in TABLE if needed}

    for number, level in ROMAN.items():
        lists = rating.lists[level]
        members = lists.included + lists.missing + lists.invalid + lists.unlicensed
        needed = {n for n, _, lowest, must in TABLE if must and lowest >= number}
        assert len(members) == len(set(members))
        assert needed - set(members) <= {REPORT}
        assert set(members) & required <= needed | {PAPER}


@given(st.one_of(RECORDS, NEARLY), PARTS)
def test_a_component_more_never_lowers_the_class(
    components: dict[str, str | None], parts: dict[str, str]
) -> None:
    before = rated(components, parts)
    for name in NAMES:
        if components.get(name) is None and name not in components:
            after = rated({**components, name: "MIT"}, parts)
            order = (0, 3, 2, 1)
            assert order.index(after.model_class) >= order.index(before.model_class)
