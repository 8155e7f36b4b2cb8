"""What a file of a model says at one place, and what is wrong there, with its line.

All problems of a file are collected, so that a person sees them at once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from survey.said import Said, said
from survey.yaml_file import MOST_SHOWN, Key, YamlFile

MOST_LETTERS: Final = 200
_LEGAL: Final = ("hereby granted", "terms and conditions for use")


@dataclass(slots=True)
class Reading:
    """A file while it is read.

    Attributes
    ----------
    source : YamlFile
        Its content, with lines.
    tolerant : bool
        Whether it is read as the Model Openness Tool reads it.
    problems, warnings : list
        What is wrong with it, and what was read otherwise than it was written.
    """

    source: YamlFile
    tolerant: bool
    problems: list[str] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)

    def problem(self, key: Key, text: str) -> None:
        """Write down what is wrong, with its line."""
        self.problems.append(f"{self.source.place(key)}: {text}")

    def line(self, key: Key) -> str:
        """Give the number of a line as a text."""
        return str(self.source.place(key).line)


def text_of(
    reading: Reading, key: Key, inside: Mapping[str, Any], *, required: bool = False
) -> str:
    """Read a text.

    Parameters
    ----------
    reading : Reading
        The file; what is wrong is written down there.
    key : Key
        Place of the text.
    inside : mapping
        What holds it.
    required : bool, default False
        Whether it must be there, and not be empty.

    Returns
    -------
    str
        Empty where there is none.
    """
    name = str(key[-1])
    value = inside.get(name)
    if isinstance(value, str) and (value.strip() or not required):
        return value
    if value is None and not required:
        return ""
    if name not in inside:
        reading.problem(key[:-1], f"key {name!r} is missing ({path_of(key[:-1])}).")
    elif value is None or (isinstance(value, str) and not value.strip()):
        reading.problem(key, f"{path_of(key)} is empty. Write its value.")
    else:
        reading.problem(key, _not_a_text(key, value))
    return ""


def licence_of(reading: Reading, key: Key, value: Any) -> str | None:
    """Read an id of a licence.

    Parameters
    ----------
    reading : Reading
        The file; the text of a licence in the place of its id is written down there.
    key : Key
        Place of the id.
    value : Any
        What stands there.

    Returns
    -------
    str or None
        None where it is not said.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        reading.problem(key, _not_a_text(key, value))
        return None
    text = value.casefold()
    is_long = len(value) > MOST_LETTERS or "\n" in value.strip()
    if is_long or any(words in text for words in _LEGAL):
        reading.problem(
            key,
            f"{path_of(key)} is the text of a licence ({len(value):,} letters), not "
            "its id. Write the SPDX id, such as Apache-2.0.",
        )
    return value


def check_keys(
    reading: Reading,
    key: Key,
    found: Mapping[Any, Any],
    known: Collection[str],
    *,
    closed: bool = False,
) -> None:
    """Refuse keys that look like a known one, and name others that are not read.

    Parameters
    ----------
    reading : Reading
        The file; a tolerant one has warnings only.
    key : Key
        Place of the keys.
    found : mapping
        The keys that are there.
    known : collection of str
        Those that are read.
    closed : bool, default False
        Whether every unknown key is refused: a licence under it would be lost.
    """
    for name in found:
        if name in known:
            continue
        place = (*key, name)
        near = get_close_matches(str(name), known, n=1, cutoff=0.75)
        if near and near[0] not in found and not reading.tolerant:
            reading.problem(place, f"unknown key {name!r}. Did you mean {near[0]!r}?")
        elif closed and not reading.tolerant:
            listed = ", ".join(known)
            reading.problem(place, f"unknown key {name!r}. Known keys here: {listed}.")
        else:
            values = {"line": reading.line(place), "name": str(name)}
            reading.warnings.append(
                said("Line {line}: key {name!r} is not read.", **values)
            )


def nearest(name: str, known: tuple[str, ...]) -> str:
    """Name the nearest known name, or all.

    Parameters
    ----------
    name : str
        What is not known.
    known : tuple of str
        What is.

    Returns
    -------
    str
        A sentence.

    Examples
    --------
    >>> nearest("model-card", ("Model card", "Data card"))
    "Did you mean 'Model card'?"
    """
    by_case = {k.casefold(): k for k in known}
    near = get_close_matches(name.casefold(), list(by_case), n=1, cutoff=0.5)
    if near:
        return f"Did you mean {by_case[near[0]]!r}?"
    return f"The framework has: {', '.join(known)}."


def _not_a_text(key: Key, value: Any) -> str:
    """Say that a value should be a text."""
    return f"{path_of(key)} is {shown(value)}, not a text. Put a text in quotes."


def shown(value: Any) -> str:
    """Show the beginning of a value.

    Parameters
    ----------
    value : Any
        What stands in the file.

    Returns
    -------
    str
        At most 60 letters; ``empty`` for nothing.
    """
    return "empty" if value is None else repr(value)[:60]


def path_of(key: Key) -> str:
    """Write a key as a person reads it, entries of a list counted from 1.

    Parameters
    ----------
    key : Key
        Place in a file.

    Returns
    -------
    str
        Such as ``release.components[2].name``.

    Examples
    --------
    >>> path_of(("release", "components", 1, "name"))
    'release.components[2].name'
    """
    text = "".join(f"[{k + 1}]" if isinstance(k, int) else f".{k}" for k in key)
    return text.lstrip(".")


def joined(problems: list[str]) -> str:
    """Give the first problems, and say how many more there are.

    Parameters
    ----------
    problems : list of str
        All of a file.

    Returns
    -------
    str
        One line each.
    """
    rest = len(problems) - MOST_SHOWN
    more = [f"and {rest} more"] if rest > 0 else []
    return "\n".join(problems[:MOST_SHOWN] + more)
