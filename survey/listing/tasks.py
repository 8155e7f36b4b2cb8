"""What a model is for: its task, and whether it serves people or other models.

The groups stand in ``tasks.yaml``; a task that is not there is ``other``, and listed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

GROUPS: Final = ("training", "application", "other")
_BETWEEN: Final = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class _Tasks:
    """Groups by task, and tasks by another name."""

    groups: Mapping[str, str]
    aliases: Mapping[str, str]


def task_code(text: str) -> str:
    """Write the name of a task as the hub does.

    Parameters
    ----------
    text : str
        A name in any spelling.

    Returns
    -------
    str
        Small letters with hyphens.

    Examples
    --------
    >>> task_code("Fill Mask"), task_code("ASR")
    ('fill-mask', 'automatic-speech-recognition')
    """
    code = _BETWEEN.sub("-", text.strip().lower())
    return _tasks().aliases.get(code, code)


def is_known_task(task: str) -> bool:
    """Tell whether a task is one of those that are sorted into groups.

    Parameters
    ----------
    task : str
        From `task_code`.

    Returns
    -------
    bool
        True if it stands in ``tasks.yaml``.

    Examples
    --------
    >>> is_known_task("fill-mask"), is_known_task("fortune-telling")
    (True, False)
    """
    return task in _tasks().groups


def task_group(task: str) -> str:
    """Give the group of a task.

    Parameters
    ----------
    task : str
        From `task_code`.

    Returns
    -------
    str
        ``training``, ``application`` or ``other``.

    Examples
    --------
    >>> task_group("fill-mask"), task_group("text-generation"), task_group("x")
    ('training', 'application', 'other')
    """
    return _tasks().groups.get(task, "other")


@cache
def _tasks() -> _Tasks:
    """Read the file once."""
    file = files("survey") / "listing" / "tasks.yaml"
    data = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    groups = {task: group for group in GROUPS for task in data[group]}
    return _Tasks(groups, data["aliases"])
