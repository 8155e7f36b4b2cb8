"""Files of a run: which there are, and whether they stand as they were written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

RUN: Final = "run.json"
FIGURES: Final = "figures"
JOURNAL: Final = "complete.json"


@dataclass(frozen=True, slots=True)
class Made:
    """A file of a run: its hash, and that of what it was made from, where kept."""

    sha256: str
    made_from: str = ""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run makes its files, and where they go."""

    scratch: Path
    target: Path


def former_files(target: Path) -> dict[str, Made]:
    """Read which files the former run wrote.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Returns
    -------
    dict of str to Made
        By name relative to the folder; empty where no run of ours was here.
    """
    try:
        data = json.loads((target / RUN).read_text(encoding="utf-8"))
        return {str(entry["name"]): _entry(entry) for entry in data["files"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _entry(entry: Mapping[str, Any]) -> Made:
    """Read one file of a list."""
    return Made(str(entry["sha256"]), str(entry.get("made_from", "")))


def unchanged(target: Path, name: str, made: Made) -> bool:
    """Say whether a file stands as the former run wrote it.

    Parameters
    ----------
    target : Path
        Folder of the report.
    name : str
        File, relative to it.
    made : Made
        What the former run wrote.

    Returns
    -------
    bool
        False where it is gone, was edited, or is no file.
    """
    path = target / name
    if path.is_symlink() or not path.is_file():
        return False
    return digest(path.read_bytes()) == made.sha256


def digest(content: bytes) -> str:
    """Give the SHA-256 of bytes.

    Parameters
    ----------
    content : bytes
        Any bytes.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()
