"""The shipped study from end to end: published margins, bases, hidden cells, words."""

import json
import re
import string
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import analyze
from survey.errors import StudyError
from survey.report.document import ChartBlock, Report, TableBlock
from survey.report.numbers import rounded_percent

STUDY = "questionnaires/genai-adoption.study.yaml"
COLUMNS = [
    *("wave", "question", "code", "label", "banner", "point", "statistic", "estimate"),
    *("std_error", "conf_low", "conf_high", "deff", "count", "base_unweighted"),
    *("base_weighted", "base_effective", "letters", "note"),
]
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "deff", "count"]
STATISTICS = {"share", "net", "mean", "median", "total", "difference", "weighting"}
CHANGES = {"change", "change_first"}
ON_MODELS = {"models_openness", "preference"}
ON_WEIGHTS = {"sensitivity", "weights:weight"}


@pytest.fixture(scope="module")
def report(root: Path) -> Report:
    return analyze(root / STUDY)


@pytest.fixture(scope="module")
def german(root: Path) -> Report:
    return analyze(root / STUDY, waves=["2023"], language="de", banner=["region"])


@pytest.fixture(scope="module")
def results(report: Report) -> pd.DataFrame:
    """Give the numbers of the waves, without the changes between them."""
    return levels(report)


def levels(report: Report) -> pd.DataFrame:
    found = report.results
    of_waves = ~found["question"].str.startswith("listing:")
    return found[of_waves & ~found["statistic"].isin(CHANGES)].reset_index(drop=True)


def total(results: pd.DataFrame, wave: str, question: str, code: str) -> pd.Series:
    found = results.query(
        "wave == @wave and question == @question and code == @code and banner == ''"
    )
    assert len(found) == 1
    return found.iloc[0]


@pytest.mark.parametrize(
    ("question", "code", "percent"),
    [
        ("stage", "in_production", 50),
        ("preference", "1", 41),
        ("preference", "2", 9),
        ("preference_by_sustainability", "1", 43),
        ("preference_by_sustainability", "2", 32),
        ("control", "agree", 69),
        ("concerns_openness", "concerned", 63),
        ("neutral_governance", "important", 95),
        ("investment", "increase", 60),
    ],
)
def test_published_margins_of_2023(
    results: pd.DataFrame, question: str, code: str, percent: int
) -> None:
    cell = total(results, "2023", question, code)
    assert rounded_percent(cell["estimate"]) == percent
    assert cell["conf_low"] < cell["estimate"] < cell["conf_high"]


def test_the_published_mean_of_2024_and_the_first_barrier(
    results: pd.DataFrame,
) -> None:
    assert (
        rounded_percent(total(results, "2024", "share_open", "mean")["estimate"] / 100)
        == 41
    )
    barriers = results.query(
        "wave == '2023' and question == 'barriers' and banner == ''"
        " and statistic == 'share'"
    )
    assert barriers.loc[barriers["estimate"].idxmax(), "code"] == "security"


def test_who_is_counted(report: Report) -> None:
    used = {w["id"]: w["records_used"] for w in report.provenance["waves"]}
    assert used == {"2023": 304, "2024": 316, "2025": 888}
    stage = levels(report).query("question == 'stage' and banner == ''")
    assert (stage["base_unweighted"] <= stage["wave"].map(used)).all()
    counted = {(f.wave, f.check): f.count for f in report.findings}
    assert counted["2023", "partial"] == 24
    assert counted["2023", "screened_out"] == 18
    assert counted["2023", "duplicate"] == 1
    lost = [f for f in report.findings if f.action == "excluded by the study"]
    for wave, kept in used.items():
        read = next(
            w["records_read"] for w in report.provenance["waves"] if w["id"] == wave
        )
        assert read - kept == sum(f.count for f in lost if f.wave == wave)


def test_the_columns_are_the_contract(report: Report, results: pd.DataFrame) -> None:
    assert list(results.columns) == COLUMNS
    assert set(results["statistic"]) <= STATISTICS
    assert set(results["statistic"]) >= {"share", "net", "mean", "difference"}
    key = ["wave", "question", "code", "banner", "point", "statistic"]
    assert not report.results.duplicated(key).any()
    assert set(results.loc[results["banner"] == "", "point"]) == {"Total"}
    assert set(results["banner"]) == {
        "",
        "unweighted",
        "base",
        "size",
        "industry",
        "region",
        *ON_MODELS,
        *ON_WEIGHTS,
    }


def test_shares_and_bases_are_possible(results: pd.DataFrame) -> None:
    shares = results[results["statistic"].isin(["share", "net"])]
    # Shares of a population have no sampling error.
    shares = shares[shares["banner"] != "weights:weight"]
    shown = shares[shares["estimate"].notna()]
    for column in ("estimate", "conf_low", "conf_high"):
        assert shown[column].between(0, 1).all()
    assert (shown["conf_low"] <= shown["estimate"] + 1e-12).all()
    assert (shown["estimate"] <= shown["conf_high"] + 1e-12).all()
    assert (shown["count"] <= shown["base_unweighted"]).all()
    assert ((shown["count"] == 0) == (shown["estimate"] == 0)).all()
    plain = shown[shown["banner"] == "unweighted"]
    np.testing.assert_allclose(
        plain["estimate"], plain["count"] / plain["base_unweighted"], atol=1e-12
    )
    np.testing.assert_allclose(plain["base_weighted"], plain["base_unweighted"])
    effective = results["base_effective"].fillna(0)
    assert (effective <= results["base_unweighted"] + 1e-6).all()


def test_a_hidden_cell_says_nothing_but_why(results: pd.DataFrame) -> None:
    hidden = results["note"].str.startswith("hidden")
    assert hidden.any()
    assert results.loc[hidden, NUMBERS].isna().all(axis=None)
    bases = ["base_unweighted", "base_weighted", "base_effective"]
    of_columns = results.groupby(["wave", "question", "banner", "point"])
    whole = of_columns["estimate"].transform(lambda e: e.isna().all())
    somebody = results["base_unweighted"].fillna(1) > 0
    assert results.loc[hidden & whole & somebody, bases].isna().all(axis=None)
    assert (results.loc[hidden, "letters"] == "").all()
    assert results.loc[~hidden, "estimate"].notna().all()
    below = results["base_unweighted"] < 30
    assert (hidden | ~below).all()
    protects = results.loc[hidden & ~below, "note"]
    assert (protects == "hidden: protects another cell").all()


def test_a_hidden_column_cannot_be_subtracted(results: pd.DataFrame) -> None:
    points = results[~results["banner"].isin(["", "unweighted", "base"])]
    occupied = points[points["base_unweighted"] > 0]
    by = ["wave", "question", "code", "statistic", "banner"]
    hidden = occupied.groupby(by)["estimate"].agg(lambda e: int(e.isna().sum()))
    assert (hidden != 1).all()


def test_letters_point_to_shown_columns_that_are_lower(results: pd.DataFrame) -> None:
    rows = results.query("banner == 'size' and statistic == 'share'")
    checked = 0
    for _, row in rows.groupby(["wave", "question", "code"], sort=False):
        estimate = dict(zip(string.ascii_uppercase, row["estimate"], strict=False))
        for own, letters in zip(row["estimate"], row["letters"], strict=True):
            for letter in letters.split():
                assert estimate[letter.upper()] < own
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("wave", ["2023", "2024", "2025"])
def test_the_net_preference_is_open_minus_proprietary(
    results: pd.DataFrame, wave: str
) -> None:
    names = results.loc[
        (results["wave"] == wave) & (results["statistic"] == "difference"), "question"
    ].unique()
    assert len(names) == 12
    mine = results[(results["wave"] == wave) & results["question"].isin(names)]
    wide = mine.pivot_table(
        index=["question", "banner", "point"], columns="code", values="estimate"
    )
    gap = wide["1"] - wide["2"] - wide["net_preference"]
    assert len(gap) > 12
    assert gap.abs().max() < 1e-12


def test_a_net_counts_a_respondent_once(results: pd.DataFrame) -> None:
    for wave in ("2023", "2024", "2025"):
        net = total(results, wave, "barriers", "security_privacy")
        parts = [
            total(results, wave, "barriers", c)["estimate"]
            for c in ("security", "privacy")
        ]
        assert max(parts) < net["estimate"] < sum(parts)
        agree = total(results, wave, "control", "agree")
        scale = [total(results, wave, "control", c)["estimate"] for c in ("1", "2")]
        assert agree["estimate"] == pytest.approx(sum(scale), abs=1e-12)


def test_single_answers_add_up(results: pd.DataFrame) -> None:
    for name in ("size", "stage", "preference", "control", "investment"):
        rows = results[
            (results["question"] == name) & (results["statistic"] == "share")
        ]
        sums = rows.groupby(["wave", "banner", "point"])["estimate"].sum(min_count=1)
        assert sums.dropna().between(1 - 1e-12, 1 + 1e-12).all()


def test_the_weights_meet_their_targets(root: Path, results: pd.DataFrame) -> None:
    path = root / "data" / "targets" / "genai-population.yaml"
    margins = yaml.safe_load(path.read_text(encoding="utf-8"))["margins"]
    for wave in ("2023", "2024", "2025"):
        for name, shares in margins.items():
            whole = sum(shares.values())
            for code, share in shares.items():
                found = total(results, wave, name, str(code))["estimate"]
                assert found == pytest.approx(share / whole, abs=1e-6)


def test_routed_questions_have_the_base_that_was_asked(results: pd.DataFrame) -> None:
    plain = results[results["banner"] == "unweighted"]
    for wave, codes in {"2023": "12", "2024": "123", "2025": "123"}.items():
        stage = plain.query("wave == @wave and question == 'stage'")
        asked = stage.loc[stage["code"].isin(list(codes)), "count"].sum()
        base = total(results, wave, "barriers", "security")["base_unweighted"]
        assert 0.9 * asked < base <= asked


@pytest.mark.parametrize("wave", ["2023", "2024", "2025"])
def test_barriers_stand_on_every_base(results: pd.DataFrame, wave: str) -> None:
    mine = results[(results["wave"] == wave) & (results["question"] == "barriers")]
    usual = mine[mine["banner"] == ""].set_index("code")
    for base in ("asked", "named", "everyone"):
        other = mine[(mine["banner"] == "base") & (mine["point"] == base)]
        other = other.set_index("code").loc[usual.index]
        named = ~usual.index.isin(["none", "dontknow"])
        # The same people named it: only the base that they are a share of differs.
        counted = other["count"] == usual["count"]
        assert counted[named].all(), base
        expected = usual["estimate"] * usual["base_weighted"] / other["base_weighted"]
        assert other["estimate"][named].to_numpy() == pytest.approx(
            expected[named].to_numpy(), rel=1e-12
        )
    assert (mine["point"] == "answered").sum() == 0


def test_weighted_and_unweighted_stand_side_by_side(results: pd.DataFrame) -> None:
    # The other reading of families is a sensitivity of the weighted share.
    results = results[results["question"] != "models_openness_best"]
    weighted = results[results["banner"] == ""]
    plain = results[results["banner"] == "unweighted"]
    key = ["wave", "question", "code", "statistic"]
    both = weighted.merge(plain, on=key, suffixes=("", "_plain"), validate="1:1")
    assert len(both) == len(weighted) == len(plain)
    assert (both["base_unweighted"] == both["base_unweighted_plain"]).all()
    assert (both["count"].fillna(-1) == both["count_plain"].fillna(-1)).all()
    assert (both["estimate"] - both["estimate_plain"]).abs().max() > 0.02


def test_ranks_stand_with_the_total(results: pd.DataFrame) -> None:
    ranked = results[results["note"].str.contains("rank ")]
    assert set(ranked["question"]) == {"barriers", "models", "models_tiers", "reasons"}
    assert set(ranked["banner"]) == {""}
    security = total(results, "2023", "barriers", "security")
    assert re.search(r"rank 1 to [1-9]", security["note"])


def test_every_question_is_told(report: Report) -> None:
    charts = {
        b.name for p in report.pages for b in p.blocks if isinstance(b, ChartBlock)
    }
    tables = {
        b.name for p in report.pages for b in p.blocks if isinstance(b, TableBlock)
    }
    newest = report.results.query("wave == '2025' and banner == ''")
    grids = {"functions", "concerns", "preference_by"}
    plain = {name for name in newest["question"] if not name.startswith(tuple(grids))}
    plain -= {"models_openness_best"}
    assert charts >= plain | grids
    assert tables >= plain | grids | {"weighting", "headlines", "waves", "sensitivity"}
    assert {f"in_production_by_{b}" for b in ("size", "industry", "region")} <= charts


def test_pages_and_results_tell_the_same(report: Report) -> None:
    bars = {
        row.label: row.values[0].estimate
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock) and block.name == "barriers"
        for row in block.rows
    }
    rows = levels(report).query(
        "wave == '2025' and question == 'barriers' and banner == ''"
    )
    assert bars == dict(zip(rows["label"], rows["estimate"], strict=True))


def test_headlines_name_interval_and_base(report: Report) -> None:
    assert len(report.headlines) == 11
    # A difference between groups stands with its test.
    told = ("95% interval", "adjusted p ")
    assert all(any(part in text for part in told) for text in report.headlines)
    cell = total(levels(report), "2025", "stage", "in_production")
    assert f": {rounded_percent(cell['estimate'])}% (95%" in report.headlines[0]
    assert "synthetic" in " ".join(report.cautions)
    assert "margin of error" in " ".join(report.cautions)


def test_twice_the_same(root: Path) -> None:
    first, second = (analyze(root / STUDY, waves=["2023"]) for _ in range(2))
    pd.testing.assert_frame_equal(first.results, second.results)
    one, two = (
        {k: v for k, v in asdict(r).items() if k != "results"} for r in (first, second)
    )
    assert one == two


def test_provenance_holds_hashes_and_no_place_or_time(
    root: Path, report: Report
) -> None:
    text = json.dumps(report.provenance)
    assert str(root) not in text
    assert not re.search(r"\d\d:\d\d", text)
    names = [entry["name"] for entry in report.provenance["inputs"]]
    assert {"wave-2023.csv", "wave-2024.sav", "genai-population.yaml"} <= set(names)
    assert len(names) == len(set(names)) == 11
    assert all(
        re.fullmatch(r"[0-9a-f]{64}", e["sha256"]) for e in report.provenance["inputs"]
    )
    assert len(report.provenance["warnings"]) == sum(
        f.severity != "note" for f in report.findings
    )


def test_steps_are_told(root: Path) -> None:
    told = []
    analyze(root / STUDY, waves=["2023"], progress=lambda *step: told.append(step))
    assert told == [("2023 wave-2023.csv", 0, 1), ("", 1, 1)]


def test_options_replace_what_the_study_says(german: Report, report: Report) -> None:
    assert german.language == "de"
    assert set(german.results["wave"]) == {"2023"}
    banners = {"", "unweighted", "base", "region", *ON_MODELS, *ON_WEIGHTS}
    assert set(german.results["banner"]) == banners
    assert german.results["label"].str.contains("Kein Thema").any()
    numbers = ["question", "code", "banner", "estimate"]
    mine = german.results.query("banner == ''")[numbers].reset_index(drop=True)
    same = levels(report).query("banner == '' and wave == '2023'")[numbers]
    pd.testing.assert_frame_equal(mine, same.reset_index(drop=True))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"waves": ["1999"]}, "no wave '1999'. Waves: '2023', '2024', '2025'"),
        ({"banner": ["colour"]}, "no question 'colour'"),
        ({"language": "fr"}, "Choose one of 'en', 'de'"),
        ({"layout": "plain"}, "under the wave"),
    ],
)
def test_options_nobody_can_follow(
    root: Path, options: dict[str, object], says: str
) -> None:
    with pytest.raises(StudyError, match=re.escape(says)):
        analyze(root / STUDY, **options)


def texts_of(report: Report) -> str:
    """Give all texts of the report that are no finding on the data."""
    pages = [asdict(p) for p in report.pages if p.name != "findings"]
    return json.dumps([pages, report.headlines, report.title], ensure_ascii=False)


def fixed(root: Path, language: str) -> dict[str, str]:
    """Read the fixed words of a language, every file as it stands."""
    words: dict[str, str] = {}
    for path in sorted((root / "survey" / "report" / "words" / language).iterdir()):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert not words.keys() & read.keys(), path.name
        words |= read
    return words


def test_both_languages_have_the_same_texts(root: Path) -> None:
    english, german = (fixed(root, language) for language in ("en", "de"))
    assert list(english) == list(german)
    for key, text in english.items():
        fields = [
            sorted(f for _, f, _, _ in string.Formatter().parse(t) if f)
            for t in (text, german[key])
        ]
        assert fields[0] == fields[1], key


def test_no_words_of_the_other_language_are_left(
    root: Path, report: Report, german: Report
) -> None:
    english_words, german_words = (fixed(root, lang) for lang in ("en", "de"))
    for made, own, other in (
        (german, german_words, english_words),
        (report, english_words, german_words),
    ):
        text = texts_of(made)
        pieces = {
            piece.strip()
            for key, words in other.items()
            if words != own[key]
            for piece in re.split(r"\{\w+\}", words)
            if len(piece.strip()) > 11
        }
        mine = " ".join(own.values())
        assert [p for p in pieces if p in text and p not in mine] == []


def test_several_codes_may_stand_for_a_side(
    make_study: Callable[..., Path],
) -> None:
    labels = ["Strongly open", "Rather open", "Proprietary", "Neither"]
    question = {
        "id": "pref",
        "kind": "single",
        "label": "Preference",
        "categories": [{"code": i + 1, "label": t} for i, t in enumerate(labels)],
    }
    indicators = {"preference": {"overall": "pref", "open": [1, 2], "proprietary": [3]}}
    answers = {"pref": [1] * 30 + [2] * 40 + [3] * 20 + [4] * 10}
    made = analyze(make_study(answers, [question], indicators=indicators))
    assert made.headlines[0].startswith(
        "70% prefer open source, 20% proprietary: a net preference of +50 points"
    )


def test_columns_with_one_label_stay_apart(make_study: Callable[..., Path]) -> None:
    size = {
        "id": "size",
        "kind": "single",
        "label": "Size",
        "categories": [{"code": 1, "label": "Firm"}, {"code": 2, "label": "Firm"}],
    }
    use = {**size, "id": "use", "label": "Use"}
    answers = {"size": [1] * 60 + [2] * 60, "use": [1] * 60 + [2] * 60}
    made = analyze(make_study(answers, [size, use], banner=["size"])).results
    rows = made.query("question == 'use' and code == '1' and banner == 'size'")
    assert dict(zip(rows["point"], rows["estimate"], strict=True)) == {
        "Firm (1)": 1.0,
        "Firm (2)": 0.0,
    }


def test_a_grid_across_the_table_stands_for_all_its_items(
    make_study: Callable[..., Path],
) -> None:
    scale = [{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}]
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "categories": scale,
        "items": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    }
    answers = {"g_a": [1, 2] * 60, "g_b": [1] * 60 + [2] * 60}
    made = analyze(make_study(answers, [grid], banner=["g"])).results
    assert set(made["banner"]) == {"", "g_a", "g_b"}
    cell = made.query("question == 'g_a' and code == '1' and banner == 'g_b'")
    assert cell["estimate"].tolist() == [0.5, 0.5]


def test_numbers_with_separators_and_what_is_no_number(
    make_study: Callable[..., Path],
) -> None:
    number = {"id": "n", "kind": "numeric", "label": "N"}
    answers = {"n": ["1,250"] * 40 + ["750"] * 40 + ["inf", "many", None]}
    made = analyze(make_study(answers, [number]))
    mean = made.results.query("statistic == 'mean' and banner == ''").iloc[0]
    assert mean["estimate"] == pytest.approx(1000)
    assert mean["base_unweighted"] == 80
    found = [f for f in made.findings if f.check == "unknown_code"]
    assert [f.count for f in found] == [2]


def test_a_category_without_a_column_is_told(make_study: Callable[..., Path]) -> None:
    question = {
        "id": "m",
        "kind": "multiple",
        "label": "M",
        "categories": [{"code": c, "label": c.upper()} for c in ("a", "b", "c")],
    }
    answers = {"m_a": [1, 0] * 50, "m_b": [0, 1] * 50}
    made = analyze(make_study(answers, [question]))
    found = [f for f in made.findings if f.check == "category_not_in_file"]
    assert [f.severity for f in found] == ["warning"]
    assert "'c'" in found[0].message


def test_one_record_is_analysed_and_nothing_of_it_shown(
    make_study: Callable[..., Path],
) -> None:
    question = {
        "id": "q",
        "kind": "single",
        "label": "Q",
        "categories": [{"code": 1, "label": "A"}, {"code": 2, "label": "B"}],
    }
    made = analyze(make_study({"q": [1]}, [question])).results
    assert made["estimate"].isna().all()
    assert made["base_unweighted"].isna().all()
    assert (made["note"] == "hidden: base below 30").all()


def test_nobody_is_left(make_study: Callable[..., Path]) -> None:
    question = {"id": "q", "kind": "numeric", "label": "Q"}
    told = r"none of 3 records is left.* 0 of 1 questions and items"
    with pytest.raises(StudyError, match=told):
        analyze(make_study({"id": [1, 2, 3], "q": [None] * 3}, [question]))
