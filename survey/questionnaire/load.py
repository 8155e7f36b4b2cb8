"""questionnaires/*.yaml -> Questionnaire, with file and line in every error.

A version of a questionnaire names its base under ``extends``. Its questions are
merged key by key into the base question of the same id, new ids come last, and ids
under ``drop`` are left out.
"""

from pathlib import Path
from typing import Any

from survey.errors import QuestionnaireError, some
from survey.questionnaire.model import Questionnaire
from survey.questionnaire.problems import problems_of
from survey.yaml_file import Key, Place, YamlFile, read_yaml, validated

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
    problems = list(problems_of(questionnaire, source))
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
    if not path.is_file():
        raise QuestionnaireError(
            f"{source.place(('extends',))}: no questionnaire {path} to extend. "
            "Name one that exists, relative to this file."
        )
    base = _with_base(read_yaml(path, QuestionnaireError), (*seen, str(path)))
    return _merge(base, source)


def _merge(base: YamlFile, version: YamlFile) -> YamlFile:
    """Give the base with the changes of a version."""
    drop = [str(name) for name in _list(version, "drop")]
    for part in (base, version):
        _check_entries(part)
    places = dict(base.places)
    questions = [dict(q) for q in _list(base, "questions")]
    index = {q.get("id"): i for i, q in enumerate(questions)}
    unknown = [name for name in drop if name not in index]
    if unknown:
        raise QuestionnaireError(
            f"{version.place(('drop',))}: {some(unknown)} is no question of "
            f"{base.file}. Remove it from 'drop'."
        )
    for number, change in enumerate(_list(version, "questions")):
        at = index.setdefault(change.get("id"), len(questions))
        questions[at : at + 1] = [{**(questions[at : at + 1] or [{}])[0], **change}]
        _move_places(version, ("questions", number), ("questions", at), places)
    data = {**base.data, **version.data, "questions": questions}
    for key in set(version.data) - {"questions"}:
        _move_places(version, (key,), (key,), places)
    merged = {k: v for k, v in data.items() if k not in {"extends", "drop"}}
    return _without(YamlFile(version.file, merged, places), set(drop))


def _list(source: YamlFile, key: str) -> list[Any]:
    """Give the list under a key, empty where there is none."""
    found = source.data.get(key) or []
    if not isinstance(found, list):
        raise QuestionnaireError(
            f"{source.place((key,))}: {key!r} is no list. Begin every entry with '- '."
        )
    return found


def _check_entries(source: YamlFile) -> None:
    """Refuse questions that cannot be told apart by an id."""
    for number, question in enumerate(_list(source, "questions")):
        if not isinstance(question, dict) or not isinstance(question.get("id"), str):
            raise QuestionnaireError(
                f"{source.place(('questions', number))}: a question needs a text under "
                "'id'. Write it like '- id: size'."
            )


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
