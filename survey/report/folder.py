"""The folder of a report, where a run makes its files before they are published.

Files are made in a folder beside their places and renamed when all of them are there.
A rename that was cut short is finished by the next run.
"""

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

from survey.errors import OutputError
from survey.report.made import FIGURES, JOURNAL, Workplace, digest
from survey.report.publishing import finish

_UNFINISHED: Final = ".unfinished-"


def prepare_folder(folder: str | Path) -> Path:
    """Make the folder of a report, before the work begins.

    Parameters
    ----------
    folder : str or Path
        Where the report goes.

    Returns
    -------
    Path
        The folder, which can be written. A run that was killed while its files were
        renamed is finished first.

    Raises
    ------
    OutputError
        It cannot be made or written.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=_UNFINISHED, dir=target):
            pass
        _recover(target)
    except OSError as error:
        raise OutputError(cannot_write(target, error)) from error
    return target


def cannot_write(target: Path, error: OSError) -> str:
    """Say why a folder cannot be written, and what to do.

    Parameters
    ----------
    target : Path
        The folder.
    error : OSError
        What the system says.

    Returns
    -------
    str
        A message for a person.
    """
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return (
            f"{target} cannot be the output folder, because it, or a part of its path, "
            "is a file. Name another folder with -o, or move the file away."
        )
    reason = error.strerror or str(error)
    return (
        f"The report cannot be written to {target}: {reason}. Name a folder that you "
        "may write to with -o, or free some space."
    )


@contextmanager
def workplace(target: Path) -> Iterator[Workplace]:
    """Give a folder in which a run makes its files; gone afterwards.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Yields
    ------
    Workplace
        Its scratch folder carries this process in its name.
    """
    name = f"{_UNFINISHED}{_host()}-{os.getpid()}-"
    scratch = Path(mkdtemp(prefix=name, dir=target))
    try:
        (scratch / FIGURES).mkdir()
        yield Workplace(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _recover(target: Path) -> None:
    """Finish the renames of a run that was killed, and clear up after dead ones."""
    for scratch in target.glob(f"{_UNFINISHED}*"):
        if not scratch.is_dir() or _alive(scratch.name):
            continue
        if (scratch / JOURNAL).is_file():
            with suppress(ValueError, KeyError):
                finish(Workplace(scratch, target))
        shutil.rmtree(scratch, ignore_errors=True)


def _alive(name: str) -> bool:
    """Say whether the process that a scratch folder names may still be at work."""
    found = re.match(rf"{re.escape(_UNFINISHED + _host())}-(\d+)-", name)
    if found is None:
        return True
    number = int(found[1])
    if number == os.getpid():
        return True
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _host() -> str:
    """Name this machine in a way that file names allow."""
    return digest(socket.gethostname().encode())[:8]
