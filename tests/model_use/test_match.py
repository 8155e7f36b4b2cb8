"""Names in answers: whole words, exact before family, and nothing guessed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.model_use.catalogue import load_catalogue
from survey.model_use.match import (
    NameIndex,
    find_models,
    folded,
    name_index,
    shared_names,
)
from survey.model_use.values import Catalogue, Match

ROOT = Path(__file__).parents[2]
SHIPPED: Catalogue = load_catalogue(ROOT / "data" / "models.yaml")
INDEX: NameIndex = name_index(SHIPPED.entries.values(), SHIPPED.not_models)
NAMES = sorted(
    (name, entry.id)
    for entry in SHIPPED.entries.values()
    for name in (*entry.names, *entry.whole)
)


@pytest.fixture
def index(catalogue_file: Callable[..., Path]) -> NameIndex:
    catalogue = load_catalogue(catalogue_file())
    return name_index(catalogue.entries.values(), catalogue.not_models)


@given(
    st.sampled_from(NAMES),
    st.sampled_from([str, str.upper, str.lower, str.title]),
    st.sampled_from(["", " ", ".", " !", "?"]),
)
def test_a_name_of_the_catalogue_is_found_by_itself(
    named: tuple[str, str], case: Callable[[str], str], mark: str
) -> None:
    name, entry = named
    found = find_models(f"{mark}{case(name)}{mark}", INDEX)
    family = SHIPPED.entries[entry].family
    assert found.unmatched == 0
    assert [SHIPPED.entries[match.entry].family for match in found.found] == [family]
    assert {match.level for match in found.found} <= {"id", "alias"}


@given(st.sampled_from(sorted(SHIPPED.entries)))
def test_an_id_is_found_by_itself(entry: str) -> None:
    found = find_models(entry, INDEX).found
    assert [match.entry for match in found] == [entry]
    if SHIPPED.entries[entry].is_model:
        assert found == (Match(entry, "id"),)


@given(st.text())
def test_no_text_breaks_the_matching(text: str) -> None:
    found = find_models(text, INDEX)
    assert folded(folded(text)) == folded(text)
    assert len({match.entry for match in found.found}) == len(found.found)
    if not folded(text):
        assert found.found == ()


@pytest.mark.parametrize(
    ("text", "entries", "unmatched"),
    [
        ("Llama", ["llama"], 0),
        ("LLAMA-3.1", ["llama"], 0),
        ("llama3.1", ["llama"], 0),
        ("Ollama", [], 1),
        ("OpenGPT-X", [], 1),
        ("GPT4All", [], 1),
        ("GPT4All und ChatGPT", ["gpt"], 1),
        ("wir nutzen Llama und GPT-4o", ["llama", "gpt"], 0),
        ("Llama/Qwen; OLMo", ["llama", "qwen", "olmo"], 0),
        ("Llama\u2010Modelle von Meta", ["llama"], 0),
        ("\uff27\uff30\uff34", ["gpt"], 0),
        ("kein GPT", [], 1),
        ("everything except Llama", [], 1),
        ("Ai2", ["olmo"], 0),
        ("models by Ai2", [], 1),
        ("Lama", [], 1),
        ("no GPT or Llama", [], 2),
        ("weder GPT noch Llama", [], 2),
        ("no GPT, Llama", [], 2),
        ("no GPT, only Llama", ["llama"], 1),
        ("no GPT; Llama", ["llama"], 1),
        ("GPT (not tuned), Llama", ["llama"], 1),
        ("we don\u2019t use GPT", [], 1),
        ("GPT is forbidden", [], 1),
        ("an open alternative to GPT", [], 1),
        ("Alles außer GPT", [], 1),
        ("", [], 0),
        ("?!", [], 0),
    ],
)
def test_what_a_text_names(
    index: NameIndex, text: str, entries: list[str], unmatched: int
) -> None:
    found = find_models(text, index)
    assert [match.entry for match in found.found] == entries
    assert found.unmatched == unmatched


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("meta-llama/Llama-3.1-8B", Match("meta-llama/Llama-3.1-8B", "id")),
        ("Llama 3.1 8B", Match("meta-llama/Llama-3.1-8B", "alias")),
        ("Llama 3.1", Match("llama", "alias")),
        ("Llama 3.1 70B on our servers", Match("llama", "family")),
    ],
)
def test_the_level_of_a_match_is_kept(
    index: NameIndex, text: str, match: Match
) -> None:
    assert find_models(text, index).found == (match,)


def test_a_name_of_two_entries_is_ambiguous_and_names_none(
    catalogue_file: Callable[..., Path],
) -> None:
    path = catalogue_file("aliases: [Llama 3.1]", "aliases: [GPT]")
    index = name_index(load_catalogue(path).entries.values())
    assert shared_names(index) == ("gpt",)
    for text in ("GPT", "our own GPT"):
        found = find_models(text, index)
        assert (found.found, found.unmatched, found.ambiguous) == ((), 1, 1)


def test_names_of_the_shipped_catalogue_are_not_ambiguous() -> None:
    assert shared_names(INDEX) == ()


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("GPT-J", "gpt_j"),
        ("gpt-oss 20b on our own servers", "gpt_oss"),
        ("GPT-NeoX", "gpt_neox"),
        ("OpenGPT-X und weitere", "teuken"),
        ("Größtenteils eigene Adapter auf Basis von BLOOM", "bloom"),
        ("Command", "command"),
        ("Whisper, for speech", "whisper"),
    ],
)
def test_families_that_share_words_are_told_apart(text: str, entry: str) -> None:
    assert [match.entry for match in find_models(text, INDEX).found] == [entry]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("Qwen/Qwen2.5-7B", ["Qwen/Qwen2.5-7B-Instruct"]),
        ("meta-llama/Llama-3.1-70B-Instruct", ["llama"]),
        ("openai/gpt-oss-20b", ["gpt_oss"]),
        ("Qwen/Llama", ["qwen", "llama"]),
    ],
)
def test_the_maker_before_a_model_at_a_hub_is_no_answer(
    text: str, entries: list[str]
) -> None:
    found = find_models(text, INDEX)
    assert [match.entry for match in found.found] == entries
    assert found.unmatched == 0


@pytest.mark.parametrize("text", ["GPT-SW3", "GPT 4 All", "GPT-NL", "Cerebras-GPT-13B"])
def test_models_of_others_are_not_those_of_a_family_with_the_word(text: str) -> None:
    assert find_models(text, INDEX).found == ()


@pytest.mark.parametrize("text", ["chain of command", "phi coefficient", "Ollama"])
def test_common_words_are_no_models(text: str) -> None:
    assert find_models(text, INDEX).found == ()
