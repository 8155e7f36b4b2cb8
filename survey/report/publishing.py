"""Finished files go into their places, all of them, and nothing else is touched.

Files that no run of ours wrote are never replaced; what a person edited is set aside.
"""

import json
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from survey.errors import OutputError, some
from survey.report.made import FIGURES, JOURNAL, RUN, Made, Workplace, unchanged

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


def publish(
    place: Workplace, made: Mapping[str, Made], former: Mapping[str, Made]
) -> tuple[Path, ...]:
    """Put the files of a run into their places, all of them.

    Parameters
    ----------
    place : Workplace
        Where they are; a file that is not there stands in its place already.
    made : mapping of str to Made
        All files of the run.
    former : mapping of str to Made
        Files of the run before. Those that this run does not have are removed, unless
        somebody edited them.

    Returns
    -------
    tuple of Path
        Files that a person had edited, where they are now.

    Raises
    ------
    OutputError
        Files of other origin have the names of ours; nothing was changed.

    Notes
    -----
    A list of all renames is written first. Should this process be killed between two
    renames, the next one finishes them. Ctrl-C waits until the last one is done.
    """
    _refuse_strangers(place, former)
    journal = {
        "files": {name: one.sha256 for name, one in made.items()},
        "aside": sorted(_edited(place, former)),
        "stale": [
            name
            for name, one in former.items()
            if name not in made
            and _inside(place.target, name)
            and unchanged(place.target, name, one)
        ],
    }
    text = json.dumps(journal)
    with _undisturbed():
        draft = place.scratch / f"{JOURNAL}.part"
        draft.write_text(text, encoding="utf-8")
        draft.replace(place.scratch / JOURNAL)
        return finish(place)


def finish(place: Workplace) -> tuple[Path, ...]:
    """Do the renames of a journal, those that are not done yet.

    Parameters
    ----------
    place : Workplace
        Its scratch folder holds the journal.

    Returns
    -------
    tuple of Path
        Files that a person had edited, where they are now.
    """
    path = place.scratch / JOURNAL
    journal = json.loads(path.read_text(encoding="utf-8"))
    (place.target / FIGURES).mkdir(exist_ok=True)
    kept = []
    for name in journal["files"]:
        ready = place.scratch / name
        if not ready.is_file() or not _inside(place.target, name):
            continue
        if name in journal["aside"] and (place.target / name).is_file():
            kept.append(_set_aside(place.target / name))
        ready.replace(place.target / name)
    for name in filter(partial(_inside, place.target), journal["stale"]):
        (place.target / name).unlink(missing_ok=True)
    figures = place.target / FIGURES
    if not any(figures.iterdir()):
        figures.rmdir()
    path.unlink()
    return tuple(kept)


def _refuse_strangers(place: Workplace, former: Mapping[str, Made]) -> None:
    """Refuse to replace files that no run of ours wrote."""
    found = [
        name
        for name in _ready(place)
        if name != RUN
        and name not in former
        and (place.target / name).exists()
        and not _same(place, name)
    ]
    if found:
        raise OutputError(
            f"{place.target} has files that no run of 'survey analyze' wrote, under "
            f"names that this one needs: {some(found)}. Move them away, or name "
            "another folder with -o."
        )


def _edited(place: Workplace, former: Mapping[str, Made]) -> Iterator[str]:
    """List files that a person edited since the former run, and we would replace."""
    for name in _ready(place):
        path = place.target / name
        if name == "slides.pptx" or not path.is_file() or _same(place, name):
            continue
        wrote = former.get(name)
        if (wrote is None and name == RUN and not former) or (
            wrote is not None and not unchanged(place.target, name, wrote)
        ):
            yield name


def _ready(place: Workplace) -> Sequence[str]:
    """List the files that were made, relative to their folder."""
    found = (path for path in place.scratch.rglob("*") if path.is_file())
    names = (path.relative_to(place.scratch).as_posix() for path in found)
    return sorted(name for name in names if not name.startswith(JOURNAL))


def _same(place: Workplace, name: str) -> bool:
    """Say whether a file has the contents already that it will have."""
    path = place.target / name
    return path.is_file() and path.read_bytes() == (place.scratch / name).read_bytes()


def _set_aside(path: Path) -> Path:
    """Rename a file that a person edited: ``tables.edited.xlsx``."""
    number = 1
    while True:
        ending = "" if number == 1 else f"-{number}"
        aside = path.with_name(f"{path.stem}.edited{ending}{path.suffix}")
        if not aside.exists():
            return path.rename(aside)
        number += 1


def _inside(target: Path, name: str) -> bool:
    """Say whether a name stays inside the folder."""
    return (target / name).resolve().is_relative_to(target.resolve())


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C and a polite end wait until the block is done."""
    heard: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {one: signal.signal(one, lambda n, _: heard.append(n)) for one in known}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for one in heard:
            signal.raise_signal(one)
