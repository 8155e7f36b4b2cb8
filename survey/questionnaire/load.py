"""questionnaires/*.yaml -> Questionnaire, with file and line in every error.

A version of a questionnaire names its base under ``extends``. Its questions are
merged key by key into the base question of the same id, new ids come last, and ids
under ``drop`` are left out.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from survey.errors import QuestionnaireError, some
from survey.questionnaire.model import (
    Category,
    Item,
    Question,
    Questionnaire,
    in_language,
)
from survey.questionnaire.routing import Comparison, parse_routing, questions_of
from survey.yaml_file import Key, Place, YamlFile, read_yaml, validated

CHOICES = ("single", "multiple", "grid")
MOST_VERSIONS = 20


def load_questionnaire(path: str | Path) -> Questionnaire:
    """Read a questionnaire file.

    Parameters
    ----------
    path : str or Path
        A YAML file with the keys of `survey.questionnaire.model.Questionnaire`.

    Returns
    -------
    Questionnaire
        What was asked.

    Raises
    ------
    QuestionnaireError
        The file cannot be read, has an unknown key, a code twice, a routing that
        names an unknown question, and so on: file, line and what to write instead.
    """
    source = _with_base(read_yaml(path, QuestionnaireError), (str(path),))
    questionnaire = validated(Questionnaire, source, QuestionnaireError)
    problems = list(_problems(questionnaire, source))
    if problems:
        raise QuestionnaireError("\n".join(problems[:8]))
    return questionnaire


def questionnaire_files(path: str | Path) -> tuple[Path, ...]:
    """List the files that a questionnaire is read from.

    Parameters
    ----------
    path : str or Path
        A questionnaire file.

    Returns
    -------
    tuple of Path
        The file, the one that it extends, and so on.

    Raises
    ------
    QuestionnaireError
        One of them cannot be read.
    """
    found = [Path(path)]
    while len(found) <= MOST_VERSIONS:
        data = read_yaml(found[-1], QuestionnaireError).data
        if "extends" not in data:
            break
        found.append(found[-1].parent / str(data["extends"]))
    return tuple(found)


def _with_base(source: YamlFile, seen: tuple[str, ...]) -> YamlFile:
    """Merge a version into the questionnaire that it extends."""
    if "extends" not in source.data:
        return source
    path = Path(source.file).parent / str(source.data["extends"])
    if str(path) in seen or len(seen) > MOST_VERSIONS:
        raise QuestionnaireError(
            f"{source.place(('extends',))}: {path} is extended in a circle."
        )
    base = _with_base(read_yaml(path, QuestionnaireError), (*seen, str(path)))
    return _merge(base, source)


def _merge(base: YamlFile, version: YamlFile) -> YamlFile:
    """Give the base with the changes of a version."""
    drop = [str(name) for name in version.data.get("drop") or []]
    places = dict(base.places)
    questions = [dict(q) for q in base.data.get("questions", [])]
    index = {q.get("id"): i for i, q in enumerate(questions)}
    unknown = [name for name in drop if name not in index]
    if unknown:
        raise QuestionnaireError(
            f"{version.place(('drop',))}: {some(unknown)} is no question of "
            f"{base.file}. Remove it from 'drop'."
        )
    for number, change in enumerate(version.data.get("questions") or []):
        at = index.setdefault(change.get("id"), len(questions))
        questions[at : at + 1] = [{**(questions[at : at + 1] or [{}])[0], **change}]
        _move_places(version, ("questions", number), ("questions", at), places)
    data = {**base.data, **version.data, "questions": questions}
    for key in set(version.data) - {"questions"}:
        _move_places(version, (key,), (key,), places)
    merged = {k: v for k, v in data.items() if k not in {"extends", "drop"}}
    return _without(YamlFile(version.file, merged, places), set(drop))


def _move_places(
    version: YamlFile, old: Key, new: Key, places: dict[Key, Place]
) -> None:
    """Let the keys of a version point to its own lines."""
    for key, place in version.places.items():
        if key[: len(old)] == old:
            places[new + key[len(old) :]] = place


def _without(source: YamlFile, drop: set[str]) -> YamlFile:
    """Leave dropped questions out, and number the places anew."""
    questions: list[dict[str, Any]] = source.data["questions"]
    kept = [i for i, question in enumerate(questions) if question.get("id") not in drop]
    number = {old: new for new, old in enumerate(kept)}
    places: dict[Key, Place] = {}
    for key, place in source.places.items():
        if key[:1] != ("questions",) or len(key) == 1:
            places[key] = place
        elif key[1] in number:
            places["questions", number[int(key[1])], *key[2:]] = place
    data = {**source.data, "questions": [questions[i] for i in kept]}
    return YamlFile(source.file, data, places)


def _problems(questionnaire: Questionnaire, source: YamlFile) -> Iterator[str]:
    """Find what is wrong although every key has the right type."""
    seen: dict[str, int] = {}
    for number, question in enumerate(questionnaire.questions):
        place = source.place(("questions", number, "id"))
        if question.id in seen:
            first = source.place(("questions", seen[question.id], "id")).line
            yield (
                f"{place}: question id {question.id!r} stands in line {first} already. "
                "Give one of the two another id."
            )
        seen.setdefault(question.id, number)
        yield from _parts(question, ("questions", number), source)
        yield from _routing(questionnaire, question, ("questions", number), source)


def _parts(question: Question, key: Key, source: YamlFile) -> Iterator[str]:
    """Find missing parts and codes that stand twice in one question."""
    name = f"question {question.id!r}"
    if question.kind in CHOICES and not question.categories:
        yield f"{source.place(key)}: {name} has no categories. List its answers."
    if question.kind == "grid" and not question.items:
        yield f"{source.place(key)}: {name} is a grid without items. List its rows."
    parts: dict[str, Sequence[Category | Item]] = {
        "categories": question.categories,
        "items": question.items,
    }
    for part, entries in parts.items():
        seen: dict[str, dict[str, str]] = {}
        for number, entry in enumerate(entries):
            if entry.code in seen:
                labels = in_language(seen[entry.code], ""), in_language(entry.label, "")
                place = source.place((*key, part, number, "code"))
                yield (
                    f'{place}: {name} has code {entry.code} twice ("{labels[0]}", '
                    f'"{labels[1]}"). Give one of them another code.'
                )
            seen.setdefault(entry.code, entry.label)


def _routing(
    questionnaire: Questionnaire, question: Question, key: Key, source: YamlFile
) -> Iterator[str]:
    """Find routings that cannot be read or name what does not exist."""
    if question.asked_if is None:
        return
    place = source.place((*key, "asked_if"))
    try:
        comparisons = questions_of(parse_routing(question.asked_if))
    except ValueError as problem:
        yield f"{place}: {problem}."
        return
    for comparison in comparisons:
        problem_text = _unknown(questionnaire, question, comparison)
        if problem_text:
            yield f"{place}: routing of question {question.id!r} {problem_text}"


def _unknown(
    questionnaire: Questionnaire, question: Question, comparison: Comparison
) -> str:
    """Say what a comparison names that is not there, or is not known yet."""
    other = questionnaire.question(comparison.question)
    if other is None:
        known = some([q.id for q in questionnaire.questions])
        return f"names unknown question {comparison.question!r}. Questions: {known}."
    if other.kind == "grid":
        return f"names the grid {other.id!r}, which has no single answer to go by."
    codes = {category.code for category in other.categories}
    unknown = [code for code in comparison.codes if codes and code not in codes]
    if unknown:
        return (
            f"names code {some(unknown)}, which {other.id!r} does not have. "
            f"Its codes: {some(sorted(codes), 20)}."
        )
    order = [q.id for q in questionnaire.questions]
    if order.index(other.id) >= order.index(question.id):
        return f"names {other.id!r}, which is not asked before it. Put it in front."
    return ""
