import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from survey.errors import DataFileError
from survey.importers.binary import isolated as module
from survey.importers.binary.isolated import copy, isolated
from survey.importers.read import read

ASKED: dict[str, Any] = {
    "subject": "SPSS file",
    "advice": "Fetch it again.",
    "library": "json",
}
linux = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "wave.sav"
    path.write_bytes(b"three words here")
    return path


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 2)


def crash(path: str, result: BinaryIO) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def eat(path: str, result: BinaryIO) -> None:
    result.write(bytes(10**12))


def fail(path: str, result: BinaryIO) -> None:
    result.write(b"half a result")
    raise RuntimeError("the file\nis odd " + "x" * 1000)


def wait(path: str, result: BinaryIO) -> None:
    signal.pause()


def message(work: Callable[[str, BinaryIO], None], file: Path) -> str:
    with pytest.raises(DataFileError) as caught, isolated(work, file, **ASKED):
        pass
    return str(caught.value)


@pytest.mark.parametrize("way", ["forked", "spawned"])
def test_a_result_comes_back(way: str, file: Path, request: Any) -> None:
    request.getfixturevalue(way)
    with isolated(copy, file, **ASKED) as result:
        assert result.read() == b"three words here"


@pytest.mark.parametrize("way", ["forked", "spawned"])
def test_an_exception_is_told(way: str, tmp_path: Path, request: Any) -> None:
    request.getfixturevalue(way)
    found = message(copy, tmp_path / "no.sav")
    assert "no.sav: the SPSS file cannot be read ([Errno 2]" in found
    assert found.endswith("). Fetch it again.")


@linux
def test_a_long_reason_is_cut_and_half_a_result_is_none(file: Path, forked) -> None:
    found = message(fail, file)
    assert "(the file is odd xxx" in found
    assert len(found) < 450 + len(str(file))


@linux
def test_a_crash_is_told(file: Path, forked) -> None:
    assert "its parser ended without a result, by SIGSEGV" in message(crash, file)


def test_a_crash_of_a_new_interpreter_is_told(
    file: Path, tmp_path: Path, spawned, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crashing.py").write_text(
        "import os\ndef crash(path, result):\n    os.abort()\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import crashing

    assert "its parser ended without a result" in message(crashing.crash, file)


@linux
def test_memory_is_limited(file: Path, forked) -> None:
    assert "it needs more than 2,000 MB of memory" in message(eat, file)


@linux
def test_time_is_limited(file: Path, forked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS", 1)
    assert "it took more than 1 seconds" in message(wait, file)


def test_time_of_a_new_interpreter_is_limited(
    file: Path, spawned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SECONDS", 0)
    assert "it took more than 0 seconds" in message(copy, file)


@linux
def test_nothing_is_left_behind(
    file: Path, forked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    before = len(list(Path("/proc/self/fd").iterdir()))
    with isolated(copy, file, **ASKED):
        assert len(list(place.iterdir())) == 1
    message(crash, file)

    assert list(place.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@linux
def test_ignored_ends_of_children_do_no_harm(file: Path, forked) -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with isolated(copy, file, **ASKED) as result:
            assert result.read() == b"three words here"
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_without_an_interpreter_to_start_the_work_is_done_here(
    file: Path, spawned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with isolated(copy, file, **ASKED) as result:
        assert result.read() == b"three words here"


@pytest.mark.parametrize("way", ["forked", "spawned"])
def test_both_ways_read_the_same(way: str, request: Any) -> None:
    root = Path(__file__).parents[2]
    forked = read(root / "data" / "wave-2024.sav")
    request.getfixturevalue(way)
    again = read(root / "data" / "wave-2024.sav")

    assert again.frame.equals(forked.frame)
    assert (again.labels, again.sets) == (forked.labels, forked.sets)
