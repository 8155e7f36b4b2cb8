"""A catalogue says where every step comes from, or in which line it does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey.errors import ModelFileError
from survey.model_use.catalogue import catalogue_facts, load_catalogue
from survey.model_use.values import OPENNESS_CODES, TIER_CODES
from survey.openness.rate import rate_openness
from survey.openness.values import TIERS

ROOT = Path(__file__).parents[2]
STATED = "family: llama\n    tier: restricted"
# Weights under MIT, and no data card: open weights below class III.
RECORD = """\
release:
  name: m
  producer: p
  license: {distribution: {name: MIT}}
  components:
  - name: Model architecture
  - name: Model parameters (Final)
"""
RECORDS = ROOT.parent / "shared" / "mof" / "models"


def test_steps_of_families_and_models(catalogue_file: Callable[..., Path]) -> None:
    entries = load_catalogue(catalogue_file()).entries
    steps = {name: (entry.lowest, entry.best) for name, entry in entries.items()}
    assert steps == {
        "gpt": ("closed", "closed"),
        "llama": ("restricted", "restricted"),
        "qwen": ("closed", "open_weights"),
        "olmo": ("I", "I"),
        "meta-llama/Llama-3.1-8B": ("restricted", "restricted"),
    }
    assert [name for name, entry in entries.items() if entry.varies] == ["qwen"]


def test_a_family_without_a_tier_is_its_lowest_member(
    catalogue_file: Callable[..., Path],
) -> None:
    stated = (
        "tier: restricted\n    source: community licence\n    as_of: 2025-12\n  - id: q"
    )
    path = catalogue_file(stated, "maker: Meta\n  - id: q")
    family = load_catalogue(path).entries["llama"]
    assert (family.lowest, family.origin) == ("restricted", "members")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("tier: closed", "tier: open", r"line 7: families\[0\].tier is 'open'"),
        ("name: Llama\n", "nane: Llama\n", "line 11: unknown key 'nane'"),
        ("id: llama", "id: gpt", "line 10: id 'gpt' stands here twice"),
        ("family: llama", "family: lama", "line 32: there is no family 'lama'"),
        ("    source: served only\n", "", "'gpt' states how open it is without"),
        ("best: open_weights", "best: closed", "needs 'lowest' and 'best'"),
        ("varies: true", "tier: closed", "without 'varies: true'"),
        (STATED, "family: llama", "'tier' or 'rating'"),
        (
            "family: llama\n    tier: restricted",
            "family: llama\n    tier: III",
            "varies",
        ),
        ("aliases: [Llama 3.1]", "aliases: ['?']", "has no letter and no digit"),
        ("    tier: I\n", "", "family 'olmo' has no 'tier' and no rated member"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    catalogue_file: Callable[..., Path], old: str, new: str, message: str
) -> None:
    with pytest.raises(ModelFileError, match=message) as caught:
        load_catalogue(catalogue_file(old, new))
    assert "models.yaml, line " in str(caught.value)


def test_a_record_that_is_not_there(catalogue_file: Callable[..., Path]) -> None:
    path = catalogue_file(STATED, "family: llama\n    rating: no.yml")
    with pytest.raises(ModelFileError, match="line 33: no such model file"):
        load_catalogue(path)


def test_a_record_is_rated_and_stamped(catalogue_file: Callable[..., Path]) -> None:
    path = catalogue_file(STATED, "rating: m.yml")
    (path.parent / "m.yml").write_text(RECORD, encoding="utf-8")
    catalogue = load_catalogue(path)
    entry = catalogue.entries["meta-llama/Llama-3.1-8B"]
    (rated,) = rate_openness(path.parent / "m.yml")
    assert entry.lowest == entry.best == rated.tier == "open_weights"
    assert entry.origin == "rated"
    assert [file.name for file in catalogue.files] == ["models.yaml", "m.yml"]
    assert catalogue.rulesets == (f"{rated.ruleset}, {rated.licence_list}",)


def test_every_step_of_the_ladder_has_one_answer() -> None:
    for codes in (OPENNESS_CODES, TIER_CODES):
        steps = [tier for tiers in codes.values() for tier in tiers]
        assert sorted(steps) == sorted(TIERS)


def test_the_shipped_catalogue_states_sources_and_dates() -> None:
    catalogue = load_catalogue(ROOT / "data" / "models.yaml")
    assert all(entry.source and entry.as_of for entry in catalogue.entries.values())
    facts = catalogue_facts(catalogue)["models"]
    assert isinstance(facts, dict)
    assert facts["sha256"] == catalogue.sha256
    assert catalogue_facts(None) == {}


@pytest.mark.parametrize(
    ("entry", "pattern"),
    [
        ("granite", "Granite-*.yml"),
        ("olmo", "OLMo-*.yml"),
        ("pythia", "Pythia-*.yml"),
        ("gpt_neox", "GPT-NeoX*.yml"),
        ("amber", "Amber.yml"),
    ],
)
def test_classes_of_the_catalogue_are_those_of_the_records(
    entry: str, pattern: str
) -> None:
    files = sorted(RECORDS.glob(pattern))
    if not files:
        pytest.skip(f"no records of {entry} in ../shared")
    tiers = {rating.tier for rating in rate_openness(files)}
    stated = load_catalogue(ROOT / "data" / "models.yaml").entries[entry]
    assert tiers == {stated.lowest, stated.best}
