"""Read the YAML files that a person edits, and say where in them a mistake is.

Every error names file, line and key, and what to write instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from survey.errors import SurveyError

Key = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

MOST_BYTES = 5_000_000
MOST_NODES = 500_000
MOST_DEPTH = 50
MOST_SHOWN = 8
# Fewer signs than this cannot nest so deep that the parser runs out of stack.
_HARMLESS = 1_000
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True, slots=True)
class YamlFile:
    """Content of a YAML file, and the place of every key and list entry."""

    file: str
    data: dict[str, Any]
    places: Mapping[Key, Place]

    def place(self, key: Key) -> Place:
        """Give the place of a key, or of the nearest part that has one."""
        key = self._as_written(key)
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, Place(self.file, 1))

    def _as_written(self, key: Key) -> Key:
        """Leave out the place in a list where a single value stands without one."""
        written: Key = ()
        for part in key:
            longer = (*written, part)
            if part != 0 or longer in self.places or written not in self.places:
                written = longer
        return written


def read_yaml(path: str | Path, error: type[SurveyError]) -> YamlFile:
    """Read a YAML file whose top level is a mapping.

    Parameters
    ----------
    path : str or Path
        File to read, UTF-8.
    error : type of SurveyError
        What to raise when it cannot be read.

    Returns
    -------
    YamlFile
        The content, with the line of every part.

    Raises
    ------
    SurveyError
        Of the given type: no such file, tabs, broken YAML, a key given twice.
    """
    text = _read_text(Path(path), error)
    loader = yaml.CSafeLoader(text)
    try:
        if _nests_too_deep(text):
            raise error(f"{path}: too large or too deeply nested.")
        node = loader.get_single_node()
        places: dict[Key, Place] = {}
        data = _Builder(str(path), loader, error, places).build(node, ())
    except yaml.YAMLError as problem:
        raise error(_yaml_message(str(path), text, problem)) from None
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        raise error(
            f"{path}, line 1: the file holds no keys. Begin it with lines such as "
            "'id: ...'."
        )
    return YamlFile(str(path), data, places)


def validated(model: type[Model], source: YamlFile, error: type[SurveyError]) -> Model:
    """Turn the content of a file into a model, or say which lines are wrong.

    Parameters
    ----------
    model : type of BaseModel
        What the file has to be.
    source : YamlFile
        What was read.
    error : type of SurveyError
        What to raise.

    Returns
    -------
    BaseModel
        The value.

    Raises
    ------
    SurveyError
        Of the given type, with at most eight problems.
    """
    try:
        return model.model_validate(source.data)
    except ValidationError as problems:
        lines = [_explain(model, source, dict(p)) for p in problems.errors()]
    rest = len(lines) - MOST_SHOWN
    more = [f"and {rest} more"] if rest > 0 else []
    raise error("\n".join(lines[:MOST_SHOWN] + more))


def _read_text(path: Path, error: type[SurveyError]) -> str:
    """Read a text file of sensible size."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise error(f"{path}: larger than 5 MB, so it is hardly a YAML file.")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(f"{path}: no such file. Check the path.") from None
    except IsADirectoryError:
        raise error(f"{path}: a folder. Name the YAML file in it.") from None
    except UnicodeDecodeError as problem:
        raise error(
            f"{path}: not UTF-8 text (byte {problem.start}). Save the file as UTF-8."
        ) from None
    except OSError as problem:
        raise error(f"{path}: cannot be read ({problem.strerror}).") from None


def _nests_too_deep(text: str) -> bool:
    """Tell what would crash the parser, which calls itself once per level."""
    longest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") + longest < _HARMLESS:
        return False
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _HARMLESS:
            return True
    return False


def _yaml_message(file: str, text: str, problem: yaml.YAMLError) -> str:
    """Say what is wrong with the YAML in words of a person who edits it."""
    if isinstance(problem, yaml.reader.ReaderError):
        line = text.count("\n", 0, problem.position) + 1
        return f"{file}, line {line}: a control character. Remove it."
    mark = getattr(problem, "problem_mark", None)
    if mark is None:
        return f"{file}: not valid YAML ({problem})."
    lines = text.splitlines()
    shown = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in shown:
        return (
            f"{file}, line {mark.line + 1}: a tab. YAML is indented with spaces; "
            "replace the tab by spaces."
        )
    reason = getattr(problem, "problem", None) or "not valid YAML"
    return (
        f"{file}, line {mark.line + 1}: {reason}: {shown.strip()[:60]!r}. Check the "
        "indentation, and put texts with ':' or '#' in them, or '[' before them, in "
        "quotes."
    )


@dataclass(slots=True)
class _Builder:
    """Turns nodes into values and writes down where each stands."""

    file: str
    loader: Any
    error: type[SurveyError]
    places: dict[Key, Place]

    def build(self, node: Any, key: Key) -> Any:
        """Give the value of a node."""
        if node is None:
            return None
        self.places[key] = Place(self.file, node.start_mark.line + 1)
        if len(self.places) > MOST_NODES or len(key) > MOST_DEPTH:
            raise self.error(f"{self.file}: too large or too deeply nested.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, key)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(n, (*key, i)) for i, n in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except ValueError as problem:
            raise self.error(f"{self.places[key]}: {problem}. Quote it.") from None

    def _mapping(self, node: yaml.MappingNode, key: Key) -> dict[Any, Any]:
        """Give a mapping, whose keys must differ."""
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                line = Place(self.file, key_node.start_mark.line + 1)
                raise self.error(
                    f"{line}: '<<' takes keys from elsewhere, which is not read. Write "
                    "them out here."
                )
            name = self.loader.construct_object(key_node, deep=True)
            place = Place(self.file, key_node.start_mark.line + 1)
            if not isinstance(name, (str, int, float, bool)):
                raise self.error(f"{place}: a key must be a plain text or number.")
            if name in result:
                raise self.error(
                    f"{place}: key {name!r} stands here twice. Remove one of the two."
                )
            part: str | int = name if isinstance(name, (str, int)) else str(name)
            result[name] = self.build(value_node, (*key, part))
            self.places[*key, part] = place
        return result


def _explain(
    model: type[BaseModel], source: YamlFile, problem: Mapping[str, Any]
) -> str:
    """Put one problem of pydantic into words."""
    key: Key = tuple(problem["loc"])
    place, name = source.place(key), key[-1] if key else ""
    where = _path(key)
    if problem["type"] == "extra_forbidden":
        known = _known_keys(model, key[:-1])
        return f"{place}: unknown key {name!r}. Known keys here: {', '.join(known)}."
    if problem["type"] == "missing":
        return f"{place}: key {name!r} is missing ({where})."
    if isinstance(problem.get("input"), bool):
        return (
            f"{place}: {where} is read as true or false. Put the word in quotes, "
            "such as 'yes'."
        )
    if problem.get("input") is None:
        return f"{place}: {where} is empty. Write its value, or remove the key."
    shown = repr(problem.get("input"))
    return f"{place}: {where} is {shown[:60]}: {problem['msg']}."


def _path(key: Sequence[str | int]) -> str:
    """Write a key as a person reads it: ``questions[3].kind``."""
    text = "".join(f"[{k}]" if isinstance(k, int) else f".{k}" for k in key)
    return text.lstrip(".") or "the file"


def _known_keys(model: type[BaseModel], key: Key) -> list[str]:
    """Names of the fields that a part of a model has."""
    current: Any = model
    for part in key:
        if isinstance(part, int):
            continue
        fields = getattr(current, "model_fields", {})
        if part not in fields:
            break
        current = _inner_model(fields[part].annotation) or current
    return sorted(getattr(current, "model_fields", {}))


def _inner_model(annotation: Any) -> Any:
    """Find the model inside ``tuple[Model, ...]`` or ``dict[str, Model]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_inner_model(a) for a in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)
