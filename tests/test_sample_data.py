"""The shipped waves: reproducible, as planned, and as dirty as the README says."""

import csv
import doctest
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Question, Questionnaire

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
FILES = {2023: "wave-2023.csv", 2024: "wave-2024.sav", 2025: "wave-2025.csv"}
INSTRUMENTS = {
    2023: "genai-adoption-2023.yaml",
    2024: "genai-adoption-2024.yaml",
    2025: "genai-adoption.yaml",
}
YEARS = tuple(FILES)
PLAN = yaml.safe_load((DATA / "plan.yaml").read_text(encoding="utf-8"))
TARGETS = yaml.safe_load(
    (DATA / "targets" / "genai-population.yaml").read_text(encoding="utf-8")
)
# The generator stops changing answers once the gaps of a question sum to 0.006.
GAP = 0.006
SPEEDING = 120


@dataclass(frozen=True, slots=True)
class WaveFile:
    """Answers as codes, one column per question or item, and who counts."""

    answers: pd.DataFrame
    complete: pd.DataFrame
    weight: np.ndarray


def questionnaire_of(year: int) -> Questionnaire:
    return load_questionnaire(ROOT / "questionnaires" / INSTRUMENTS[year])


def read_surveymonkey() -> pd.DataFrame:
    cells = pd.read_csv(
        DATA / FILES[2023], header=None, dtype=str, encoding="utf-8-sig"
    )
    heads = zip(cells.iloc[0].ffill(), cells.iloc[1].fillna(""), strict=True)
    by_wording = {q.wording["en"]: q for q in questionnaire_of(2023).questions}
    body = cells.iloc[2:].reset_index(drop=True)
    columns = {}
    for place, (wording, option) in enumerate(heads):
        question = by_wording.get(wording)
        if question is None:
            columns[wording] = body[place]
        else:
            name = column_name(question, option)
            codes = {c.label["en"]: c.code for c in question.categories}
            columns.setdefault(name, body[place].replace(codes))
    frame = pd.DataFrame(columns)
    return frame.rename(
        columns={
            "Respondent ID": "id",
            "Custom Data 1": "number",
            "Response Status": "status",
            "Start Date": "started",
            "End Date": "finished",
        }
    )


def column_name(question: Question, option: str) -> str:
    parts = {p.label["en"]: p.code for p in (*question.items, *question.categories)}
    if question.kind == "multiple" and option.startswith("Other"):
        return f"{question.id}_other"
    if option in parts:
        return f"{question.id}_{parts[option]}"
    return f"{question.id}_text" if option.startswith("Other") else question.id


def read_spss() -> pd.DataFrame:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame, _ = pyreadstat.read_sav(DATA / FILES[2024])
    numbers = frame.select_dtypes("number").columns
    texts = {
        name: frame[name].map(lambda value: f"{value:.0f}", na_action="ignore")
        for name in numbers
    }
    return frame.assign(**texts).rename(
        columns={"respondent_id": "id", "organisation": "number"}
    )


def read_limesurvey() -> pd.DataFrame:
    frame = pd.read_csv(DATA / FILES[2025], dtype=str, encoding="utf-8-sig")
    plain = {name: name.replace("[", "_").rstrip("]") for name in frame.columns}
    return frame.rename(columns=plain).rename(
        columns={
            "organisation": "number",
            "lastpage": "status",
            "startdate": "started",
            "datestamp": "finished",
        }
    )


READERS: dict[int, Callable[[], pd.DataFrame]] = {
    2023: read_surveymonkey,
    2024: read_spss,
    2025: read_limesurvey,
}


def raked(complete: pd.DataFrame) -> np.ndarray:
    weight = pd.Series(1.0, index=complete.index)
    for _ in range(100):
        for name, shares in TARGETS["margins"].items():
            target = {str(code): share for code, share in shares.items()}
            achieved = weight.groupby(complete[name]).sum() / weight.sum()
            weight = weight * complete[name].map(target) / complete[name].map(achieved)
    return (weight / weight.mean()).to_numpy(dtype=float)


@pytest.fixture(scope="module")
def waves() -> dict[int, WaveFile]:
    files = {}
    for year, reader in READERS.items():
        answers = reader()
        ends = answers["status"].isin(questionnaire_of(year).complete)
        complete = answers[ends].drop_duplicates("id")
        files[year] = WaveFile(answers, complete, raked(complete))
    return files


def shares_of(wave: WaveFile, column: str, question: Question) -> dict[str, float]:
    codes = [c.code for c in question.categories]
    answered = wave.complete[column].isin(codes).to_numpy()
    if question.asked_if == "stage in (4, 5)":
        answered = answered & wave.complete["stage"].isin(["4", "5"]).to_numpy()
    total = wave.weight[answered].sum()
    return {
        code: float(
            wave.weight[answered & (wave.complete[column] == code).to_numpy()].sum()
            / total
        )
        for code in codes
    }


def mark_share(wave: WaveFile, name: str, stages: list[str]) -> float:
    """Share with an option column that is neither blank nor a no."""
    asked = wave.complete["stage"].isin(stages).to_numpy()
    option_columns = wave.complete.filter(regex=f"^{name.partition('_')[0]}_")
    chosen = option_columns.notna() & ~option_columns.isin(["N", "0", ""])
    answered = asked & chosen.any(axis=1).to_numpy()
    hit = answered & chosen[name].to_numpy()
    return float(wave.weight[hit].sum() / wave.weight[answered].sum())


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("waves")
    command = [sys.executable, str(DATA / "make_waves.py"), "-o", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("year", YEARS)
def test_making_a_wave_again_gives_the_same_bytes(made_again: Path, year: int) -> None:
    again = (made_again / FILES[year]).read_bytes()
    assert again == (DATA / FILES[year]).read_bytes()


def test_examples_of_the_generator_hold() -> None:
    spec = importlib.util.spec_from_file_location("draws", DATA / "draws.py")
    assert spec is not None
    assert spec.loader is not None
    draws = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draws)
    assert doctest.testmod(draws) == (0, 1)


def test_first_line_of_the_readme_says_synthetic() -> None:
    first = (DATA / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert "synthetic" in first


@pytest.mark.parametrize("year", YEARS)
def test_every_text_has_both_languages(year: int) -> None:
    questionnaire = questionnaire_of(year)
    texts = [questionnaire.title]
    for question in questionnaire.questions:
        texts += [question.label, question.wording]
        texts += [part.label for part in (*question.categories, *question.items)]
    assert [t for t in texts if set(t) != {"en", "de"} or not all(t.values())] == []


@pytest.mark.parametrize("year", YEARS)
def test_wordings_tell_questions_apart(year: int) -> None:
    questions = questionnaire_of(year).questions
    for language in ("en", "de"):
        wordings = {q.wording[language] for q in questions}
        assert len(wordings) == len(questions)


def differences(before: Question, after: Question) -> set[str]:
    old = {c.code: c.label for c in before.categories}
    new = {c.code: c.label for c in after.categories}
    found = {
        "wording": before.wording != after.wording,
        "options": set(old) != set(new),
        "labels": any(old[code] != new[code] for code in set(old) & set(new)),
        "routing": before.asked_if != after.asked_if,
        "items": before.items != after.items,
        "scale": (before.kind, before.ordered) != (after.kind, after.ordered),
        "cap": before.max_choices != after.max_choices,
    }
    return {name for name, differs in found.items() if differs}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            2023,
            2024,
            {
                "barriers": {"routing"},
                "openness_importance": {"wording", "labels", "scale"},
            },
        ),
        (2024, 2025, {"control": {"labels"}, "models": {"options"}}),
    ],
)
def test_instruments_differ_in_four_places_only(
    first: int, second: int, expected: dict[str, set[str]]
) -> None:
    before, after = questionnaire_of(first), questionnaire_of(second)
    assert [q.id for q in before.questions] == [q.id for q in after.questions]
    found = {
        old.id: differences(old, new)
        for old, new in zip(before.questions, after.questions, strict=True)
    }
    assert {name: what for name, what in found.items() if what} == expected


def test_surveymonkey_has_two_header_rows() -> None:
    with (DATA / FILES[2023]).open(encoding="utf-8-sig", newline="") as file:
        top, options, first = islice(csv.reader(file), 3)
    assert top[:3] == ["Respondent ID", "Collector ID", "Start Date"]
    assert options[:9] == [""] * 9
    assert {"Response", "Open-Ended Response", "Other (please specify)"} <= set(options)
    assert len(top) == len(options) == len(first)
    barriers = questionnaire_of(2023).question("barriers")
    assert barriers is not None
    at = top.index(barriers.wording["en"])
    assert top[at + 1 : at + len(barriers.categories)] == [""] * 11
    assert options[at] == "Security of systems and data"


def test_spss_file_has_sets_labels_and_user_missing_codes() -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame, meta = pyreadstat.read_sav(DATA / FILES[2024], user_missing=True)
    questionnaire = questionnaire_of(2024)
    assert set(meta.mr_sets) == {"barriers", "models", "reasons"}
    for name, stored in meta.mr_sets.items():
        question = questionnaire.question(name)
        assert question is not None
        assert stored["label"] == question.wording["en"]
        assert stored["counted_value"] == 1
        columns = [f"{name}_{c.code}" for c in question.categories]
        assert stored["variable_list"] == columns
    assert meta.variable_value_labels["stage"][5.0] == "In production"
    assert [m["lo"] for m in meta.missing_ranges["control"]] == [98.0, 99.0]
    assert frame["control"].isin([98.0, 99.0]).any()
    assert frame["share_open"].max() == 999.0
    assert frame["barriers_security"].isna().any()


@pytest.mark.skipif(shutil.which("pspp") is None, reason="PSPP is not installed")
def test_pspp_reads_the_spss_file(tmp_path: Path) -> None:
    syntax = tmp_path / "sets.sps"
    syntax.write_text(
        f"GET FILE='{DATA / FILES[2024]}'.\nMRSETS /DISPLAY NAME=ALL.\n",
        encoding="utf-8",
    )
    command = ["pspp", "-O", "format=csv", str(syntax)]
    done = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", cwd=tmp_path
    )
    for name in ("$barriers", "$models", "$reasons"):
        assert f"\n{name}," in done.stdout
    assert "warning" not in done.stdout + done.stderr
    assert "barriers_dontknow" in done.stdout


def test_header_of_the_spss_file_holds_a_fixed_time() -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    _, meta = pyreadstat.read_sav(DATA / FILES[2024], metadataonly=True)
    assert str(meta.creation_time) == "2024-10-14 09:00:00"


def test_limesurvey_file_has_codes_in_two_languages(waves: dict[int, WaveFile]) -> None:
    answers = waves[2025].answers
    assert list(answers.columns[:3]) == ["id", "submitdate", "status"]
    assert set(answers["startlanguage"]) == {"en", "de"}
    marks = answers["barriers_security"]
    asked = answers["stage"].isin(["1", "2", "3"])
    assert set(marks.dropna()) == {"Y", "N"}
    assert not marks.notna()[~asked].any()
    assert answers["submitdate"].notna().equals(answers["status"] == "9")


@pytest.mark.parametrize("year", YEARS)
def test_single_and_grid_answers_are_as_planned(
    waves: dict[int, WaveFile], year: int
) -> None:
    questionnaire = questionnaire_of(year)
    planned = {name: plan[year] for name, plan in PLAN["single"].items()}
    # The stray codes of this question stand where planned answers stood.
    del planned["role"]
    for name, plan in PLAN["grid"].items():
        planned |= {f"{name}_{item}": row[year] for item, row in plan["items"].items()}
    for column, shares in planned.items():
        ids = [q.id for q in questionnaire.questions if column.startswith(q.id)]
        question = questionnaire.question(max(ids, key=len))
        assert question is not None
        found = shares_of(waves[year], column, question)
        gap = sum(
            abs(found[c.code] - share)
            for c, share in zip(question.categories, shares, strict=True)
        )
        assert gap < GAP, column


@pytest.mark.parametrize(
    ("column", "codes", "percent"),
    [
        ("stage", ["5"], 50),
        ("preference", ["1"], 41),
        ("preference", ["2"], 9),
        ("preference_by_sustainability", ["1"], 43),
        ("preference_by_sustainability", ["2"], 32),
        ("control", ["1", "2"], 69),
        ("concerns_openness", ["1", "2"], 63),
        ("neutral_governance", ["1", "2", "3"], 95),
        ("investment", ["1", "2"], 60),
    ],
)
def test_first_wave_gives_the_published_percentages(
    waves: dict[int, WaveFile], column: str, codes: list[str], percent: int
) -> None:
    questionnaire = questionnaire_of(2023)
    ids = [q.id for q in questionnaire.questions if column.startswith(q.id)]
    question = questionnaire.question(max(ids, key=len))
    assert question is not None
    found = shares_of(waves[2023], column, question)
    assert round(100 * sum(found[code] for code in codes)) == percent


def test_share_of_open_source_code_is_the_published_mean(
    waves: dict[int, WaveFile],
) -> None:
    complete, weight = waves[2024].complete, waves[2024].weight
    value = pd.to_numeric(complete["share_open"], errors="coerce").to_numpy(dtype=float)
    used = np.isfinite(value) & complete["stage"].isin(["4", "5"]).to_numpy()
    assert round(float(value[used] @ weight[used] / weight[used].sum())) == 41


@pytest.mark.parametrize("year", YEARS)
def test_security_is_the_first_barrier(waves: dict[int, WaveFile], year: int) -> None:
    barriers = questionnaire_of(year).question("barriers")
    assert barriers is not None
    stages = ["1", "2"] if year == 2023 else ["1", "2", "3"]
    shares = {
        c.code: mark_share(waves[year], f"barriers_{c.code}", stages)
        for c in barriers.categories
    }
    first, second = sorted(shares.values(), reverse=True)[:2]
    assert shares["security"] == first
    assert first - second > 0.03


@pytest.mark.parametrize("year", YEARS)
def test_weighting_matters_and_every_cell_is_filled(
    waves: dict[int, WaveFile], year: int
) -> None:
    wave = waves[year]
    cells = pd.crosstab(wave.complete["size"], wave.complete["region"])
    assert cells.shape == (4, 4)
    assert cells.to_numpy().min() >= 5
    assert 1.15 < float((wave.weight**2).mean()) < 1.6


@pytest.mark.parametrize("year", YEARS)
def test_files_are_as_dirty_as_planned(waves: dict[int, WaveFile], year: int) -> None:
    wave, dirt, sizes = waves[year], PLAN["dirt"][year], PLAN["waves"][year]
    answers, questionnaire = wave.answers, questionnaire_of(year)
    ends = answers["status"].isin(questionnaire.complete)
    screened = answers["status"].isin(questionnaire.screened_out)
    assert int(answers.duplicated().sum()) == 1
    assert int(screened.sum()) == sizes["screened_out"]
    assert int((~ends & ~screened).sum()) == sizes["partial"]
    expected = sizes["organisations"] + sizes["second_respondents"]
    assert len(wave.complete) == expected
    assert wave.complete["number"].nunique() == sizes["organisations"]
    assert 10 <= int((wave.complete["number"].value_counts() > 1).sum()) <= 40
    took = pd.to_datetime(wave.complete["finished"]) - pd.to_datetime(
        wave.complete["started"]
    )
    assert int((took.dt.total_seconds() < SPEEDING).sum()) == dirt["speeders"]
    not_asked = wave.complete["stage"] == "3"
    astray = not_asked & wave.complete["share_open"].notna()
    assert int(astray.sum()) == dirt["wrong_routing"]
    stray = wave.complete["role"].isin(["8", "Marketing or sales"])
    assert int(stray.sum()) == dirt["unknown_codes"]


@pytest.mark.parametrize("year", YEARS)
def test_straightliners_tick_one_answer_throughout(
    waves: dict[int, WaveFile], year: int
) -> None:
    grid = waves[year].complete.filter(regex="^preference_by_")
    same = grid.isin(["3"]) | grid.isna()
    full = same.all(axis=1) & grid.notna().any(axis=1)
    assert int(full.sum()) >= PLAN["dirt"][year]["straightliners"]


@pytest.mark.parametrize("year", YEARS)
def test_comments_hold_what_writers_must_escape(
    waves: dict[int, WaveFile], year: int
) -> None:
    comments = waves[year].answers["comment"].dropna()
    for start in ("=", "@"):
        assert comments.str.startswith(start).any()
    for sign in ("ö", "<b>", "$", '"'):
        assert comments.str.contains(sign, regex=False).any()


def test_addresses_belong_to_the_documentation_block(
    waves: dict[int, WaveFile],
) -> None:
    for year, column in ((2023, "IP Address"), (2025, "ipaddr")):
        assert waves[year].answers[column].str.startswith("192.0.2.").all()


def test_organisations_take_part_again(waves: dict[int, WaveFile]) -> None:
    for before, after in ((2023, 2024), (2024, 2025)):
        first = set(waves[before].complete["number"])
        second = set(waves[after].complete["number"])
        kept = PLAN["waves"][after]["kept_from_last_wave"]
        assert len(first & second) == kept


@pytest.mark.parametrize("margin", ["size", "region"])
def test_targets_fit_the_questionnaire(margin: str) -> None:
    shares = TARGETS["margins"][margin]
    question = questionnaire_of(2025).question(margin)
    assert question is not None
    known = [c.code for c in question.categories if not c.dont_know]
    assert [str(code) for code in shares] == known
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)
