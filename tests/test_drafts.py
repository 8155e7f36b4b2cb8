"""Drafted files: they load, they work, and their comments work as keys."""

import re
from pathlib import Path

import pandas as pd
import pytest

from survey.drafts import draft_files
from survey.errors import OutputError
from survey.importers.read import read
from survey.questionnaire.load import load_questionnaire
from survey.responses.bind import bind
from survey.study.load import load_study

DATA = Path(__file__).parents[1] / "data"
SHIPPED = Path(__file__).parents[1] / "questionnaires"


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    return draft_files(DATA / "wave-2024.sav", folder / "wave.yaml")[0]


def study_of(path: Path) -> Path:
    return path.with_name(f"{path.stem}.study.yaml")


def test_a_draft_is_read_by_our_own_loaders(drafted: Path) -> None:
    study = load_study(study_of(drafted)).study

    assert study.banner == ("size", "industry", "region", "role")
    assert study.indicators.adoption is None


def test_indicators_work_when_they_are_no_comment(drafted: Path) -> None:
    path = study_of(drafted)
    head, block = path.read_text(encoding="utf-8").split("# indicators:\n")
    opened = "indicators:\n" + re.sub(r"^# ", "", block, flags=re.MULTILINE)
    other = path.with_name("opened.study.yaml")
    other.write_text(head + opened, encoding="utf-8")
    indicators = load_study(other).study.indicators

    assert indicators.adoption is not None
    assert indicators.adoption.in_production == ("5",)
    assert indicators.adoption.using == ("4", "5")
    assert [barrier.question for barrier in indicators.barriers] == ["barriers"]
    assert indicators.preference is not None
    assert indicators.preference.dimensions == "preference_by"


def test_routing_works_when_it_is_no_comment(drafted: Path) -> None:
    text = drafted.read_text(encoding="utf-8")
    other = drafted.with_name("routed.yaml")
    other.write_text(text.replace("    # asked_if:", "    asked_if:"), encoding="utf-8")
    routed = {q.id: q.asked_if for q in load_questionnaire(other).questions}
    shipped = load_questionnaire(SHIPPED / "genai-adoption-2024.yaml")
    inferred = {name: rule for name, rule in routed.items() if rule}

    # What the answers prove is what the instrument says, or they prove nothing.
    stated = {q.id: q.asked_if for q in shipped.questions}
    assert set(inferred) == {"functions", "models", "barriers", "reasons"}
    assert {name: stated[name] for name in inferred} == inferred


@pytest.mark.parametrize("declared", [True, False])
def test_a_likely_weight_is_proposed(tmp_path: Path, *, declared: bool) -> None:
    file = tmp_path / "wave.csv"
    name = "weight" if declared else "size"
    values = [0.5, 1.5, 0.75, 1.25] * 5
    pd.DataFrame({name: values, "use": ["Yes", "No"] * 10}).to_csv(file, index=False)
    _, study = draft_files(file, tmp_path / "wave.yaml")
    text = study.read_text(encoding="utf-8")

    assert ("# design:\n#   weight: weight\n" in text) is declared
    opened = text.replace("# design:\n#   weight", "design:\n  weight")
    study.write_text(opened, encoding="utf-8")
    assert load_study(study).study.design.weight == ("weight" if declared else None)


def test_a_weight_that_triple_s_declares_is_the_weight_of_the_study(
    tmp_path: Path,
) -> None:
    single = '<values><value code="1">Yes</value><value code="2">No</value></values>'
    definition = (
        '<sss version="2.0"><survey><record ident="A">'
        '<variable ident="1" type="single"><name>use</name><label>Use?</label>'
        f'<position start="1"/>{single}</variable>'
        '<variable ident="2" type="quantity" use="weight"><name>W7</name>'
        '<label>W</label><position start="2" finish="5"/></variable>'
        '<variable ident="3" type="quantity"><name>weight</name>'
        '<label>Other</label><position start="6" finish="8"/></variable>'
        "</record></survey></sss>"
    )
    path = tmp_path / "wave.sss"
    path.write_text(definition, encoding="utf-8")
    rows = ["11.501.0", "20.501.0", "11.251.0", "20.751.0"]
    path.with_suffix(".asc").write_text("\n".join(rows), encoding="utf-8")
    questionnaire, study = draft_files(path, tmp_path / "wave.yaml")
    asked = load_questionnaire(questionnaire)

    assert [q.id for q in asked.questions] == ["use"]
    assert asked.paradata.weight == "W7"
    assert load_study(study).study.design.weight == "W7"


WAVES = {
    "wave-2023.csv": "genai-adoption-2024.yaml",
    "wave-2024.sav": "genai-adoption.yaml",
    "wave-2025.csv": "genai-adoption-2024.yaml",
}


@pytest.mark.parametrize("name", WAVES)
def test_a_version_reads_what_its_own_instrument_reads(
    tmp_path: Path, name: str
) -> None:
    old = SHIPPED / WAVES[name]
    path, study = draft_files(DATA / name, tmp_path / "new.yaml", like=old)
    version, raw = load_questionnaire(path), read(DATA / name)
    own = SHIPPED / (
        "genai-adoption.yaml" if "2025" in name else f"genai-adoption-{name[5:9]}.yaml"
    )
    instrument = load_questionnaire(own)
    as_drafted, as_meant = bind(raw, version).frame, bind(raw, instrument).frame

    load_study(study)
    both = {
        q.id
        for q in version.questions
        if q.kind == "single" and instrument.question(q.id)
    }
    assert len(both) >= 8
    for question in both:
        drafted = as_drafted[question].astype(object).fillna("")
        meant = as_meant[question].astype(object).fillna("")
        # Options that only the instrument of the wave lists are new in the version.
        asked = load_questionnaire(old).question(question)
        codes = {category.code for category in asked.categories} if asked else set()
        kept = drafted.isin(codes).to_numpy() & (meant != "").to_numpy()
        assert (drafted.to_numpy()[kept] == meant.to_numpy()[kept]).all(), question


def test_a_version_of_the_same_wave_changes_nothing(drafted: Path) -> None:
    path, _ = draft_files(
        DATA / "wave-2024.sav", drafted.with_name("again.yaml"), like=drafted
    )
    again, first = load_questionnaire(path), load_questionnaire(drafted)

    assert again.questions == first.questions
    assert "questions: []" in path.read_text(encoding="utf-8")


def test_a_version_cannot_extend_itself(drafted: Path) -> None:
    with pytest.raises(OutputError, match="cannot extend itself"):
        draft_files(DATA / "wave-2024.sav", drafted, like=drafted, replace=True)


def test_nothing_is_replaced_unasked(drafted: Path) -> None:
    with pytest.raises(OutputError, match="is there already"):
        draft_files(DATA / "wave-2024.sav", drafted)
