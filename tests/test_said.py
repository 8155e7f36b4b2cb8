import ast
import pickle
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml

from survey.finding import Action, Finding
from survey.report.wording import action_text, words
from survey.said import Said, Wording, counted, said, tell, with_texts

PACKAGE = Path(__file__).parents[1] / "survey"
# Positions of the templates among the arguments.
MAKERS = {"said": slice(0, 1), "counted": slice(1, 3)}
LANGUAGES = ("de",)


def makers(tree: ast.Module) -> set[str]:
    """Name the functions of said.py that a module uses."""
    return {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "survey.said"
        for alias in node.names
    } & set(MAKERS)


def calls() -> Iterator[tuple[str, slice, ast.Call]]:
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = set(MAKERS) if path.name == "said.py" else makers(tree)
        for node in ast.walk(tree):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in known:
                yield f"{path.name}, line {node.lineno}", MAKERS[str(name)], node


def templates() -> set[str]:
    found = set()
    for place, where, call in calls():
        for argument in call.args[where]:
            # ``counted`` hands on what it was given.
            if place.startswith("said.py") and not isinstance(argument, ast.Constant):
                continue
            assert isinstance(argument, ast.Constant), f"{place}: no plain template"
            found.add(str(argument.value))
    return found


def catalogue(language: str) -> dict[str, str]:
    file = files("survey") / "report" / "words" / "messages" / f"{language}.yaml"
    pairs = yaml.safe_load(file.read_text(encoding="utf-8"))
    read = {pair["en"]: pair[language] for pair in pairs}
    assert len(read) == len(pairs), "a template stands twice"
    return read


def fields(template: str) -> list[tuple[str, str | None, str | None]]:
    parts = Formatter().parse(template)
    return sorted((name, spec, quoted) for _, name, spec, quoted in parts if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_has_a_translation_and_none_is_dead(language: str) -> None:
    known, used = set(catalogue(language)), templates()
    assert used - known == set()
    assert known - used == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_hold_the_same_fields(language: str) -> None:
    differing = {
        english: other
        for english, other in catalogue(language).items()
        if set(fields(english)) != set(fields(other))
    }
    assert differing == {}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_action_has_words_and_none_is_dead(language: str) -> None:
    actions = get_args(Action)
    assert all(action_text(action, language) for action in actions)
    keys = {key for key in words(language) if key.startswith("action_")}
    assert len(keys) == len(actions)


def test_a_finding_says_the_same_in_both_languages() -> None:
    message = counted(
        1250,
        "{count} answer in column {column!r} is not in the questionnaire: {values}. "
        "Add it to its categories, or list it as an alias.",
        "{count} answers in column {column!r} are not in the questionnaire: {values}. "
        "Add them to its categories, or list them as aliases.",
        column="q1",
        values=tuple("abcdefghi"),
    )
    finding = Finding("warning", "unknown_code", "q1", message, 1250)
    assert finding.message == str(message)
    assert finding.message == (
        "1,250 answers in column 'q1' are not in the questionnaire: 'a', 'b', 'c', "
        "'d', 'e', 'f', 'g', 'h' and 1 more. Add them to its categories, or list them "
        "as aliases."
    )
    assert tell(message, "de") == (
        "1.250 Antworten in der Spalte „q1“ stehen nicht im Fragebogen: „a“, „b“, "
        "„c“, „d“, „e“, „f“, „g“, „h“ und weitere (1). Sie sind dort als Kategorien "
        "oder als Alias (aliases) zu ergänzen."
    )


def test_one_and_many() -> None:
    one, many = "{count} column is {name}", "{count} columns are {name}"
    assert [tell(counted(n, one, many, name="x")) for n in (0, 1, 2)] == [
        "0 columns are x",
        "1 column is x",
        "2 columns are x",
    ]


def test_numbers_are_written_as_a_language_writes_them() -> None:
    numbers = said(
        "{share:.0%} {part:.2%} {size:,.0f} {limit:g} {n}",
        share=0.125,
        part=0.0125,
        size=12345.5,
        limit=2.5,
        n=1000,
    )
    # Half is rounded up, as everywhere: Python alone would say 12%.
    assert tell(numbers) == "13% 1.25% 12,346 2.5 1,000"
    assert tell(numbers, "de") == "13\u00a0% 1,25\u00a0% 12.346 2,5 1.000"


def test_texts_of_the_data_stay_texts() -> None:
    label = '{count} \u202eit\'s\n"x" %'
    message = said("{a}: {a!r}, {b}", a=label, b=(label,))
    assert tell(message) == f"{label}: {label!r}, {label!r}"
    inside = '{count} \\u202eit\\\'s\\n"x" %'
    assert tell(message, "de") == f"{label}: „{inside}“, „{inside}“"


def test_sentences_stand_in_sentences() -> None:
    inner = said("without any answer")
    message = said(
        "{parts}", parts=(inner, said("{count} {outcome}", count=2, outcome=inner))
    )
    assert tell(message) == "without any answer, 2 without any answer"
    assert tell(message, "de") == "ohne jede Antwort, 2 ohne jede Antwort"
    changed = with_texts(said("{a} {b} {c}", a=inner, b=("x", inner), c=3), str.upper)
    assert tell(changed) == "without any answer 'X', without any answer 3"


def test_a_text_of_the_author_is_told_in_its_language() -> None:
    both = Wording((("en", "asked: 1 to 10"), ("de", "gefragt: 1 bis 10")))
    one = Wording((("", "asked: 11 to 49"),))
    message = said("{a}, {b}", a=both, b=one)
    assert tell(message) == "asked: 1 to 10, asked: 11 to 49"
    assert tell(message, "de") == "gefragt: 1 bis 10, asked: 11 to 49"


def test_a_sentence_is_a_value() -> None:
    message = said("{a} {b}", a="x", b=("y", said("z")))
    assert len({message, said("{a} {b}", a="x", b=("y", said("z")))}) == 1
    again = pickle.loads(pickle.dumps(message))  # noqa: S301 - our own bytes
    assert again == message
    assert isinstance(message, Said)
