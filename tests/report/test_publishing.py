"""Files go into their places whole; strangers stay, and edits are set aside."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from survey.errors import OutputError
from survey.report.folder import prepare_folder, workplace
from survey.report.made import RUN, Made, digest, former_files, unchanged
from survey.report.publishing import finish, publish

DEAD = 2**22 + 1  # no system gives a process this number


def run(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Publish files as a run does, with the list of them."""
    target = prepare_folder(folder)
    former = former_files(target)
    with workplace(target) as place:
        made = {}
        for name, text in files.items():
            (place.scratch / name).write_text(text)
            made[name] = Made(digest(text.encode()))
        entries = [{"name": name, "sha256": one.sha256} for name, one in made.items()]
        listed = json.dumps({"files": entries})
        (place.scratch / RUN).write_text(listed)
        made[RUN] = Made(digest(listed.encode()))
        return publish(place, made, former)


def listed(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != RUN
    }


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    run(tmp_path, {"a.txt": "1", "figures/b.svg": "1", "old.txt": "1"})
    assert run(tmp_path, {"a.txt": "2", "figures/b.svg": "1"}) == ()
    assert listed(tmp_path) == {"a.txt": "2", "figures/b.svg": "1"}


def test_what_a_person_edited_is_set_aside(tmp_path: Path) -> None:
    run(tmp_path, {"tables.xlsx": "1"})
    (tmp_path / "tables.xlsx").write_text("mine")
    assert run(tmp_path, {"tables.xlsx": "2"}) == (tmp_path / "tables.edited.xlsx",)
    (tmp_path / "tables.xlsx").write_text("mine again")
    assert run(tmp_path, {"tables.xlsx": "3"}) == (tmp_path / "tables.edited-2.xlsx",)
    assert listed(tmp_path) == {
        "tables.xlsx": "3",
        "tables.edited.xlsx": "mine",
        "tables.edited-2.xlsx": "mine again",
    }


def test_edited_slides_are_replaced_because_they_were_merged(tmp_path: Path) -> None:
    run(tmp_path, {"slides.pptx": "1"})
    (tmp_path / "slides.pptx").write_text("mine")
    assert run(tmp_path, {"slides.pptx": "mine, with new numbers"}) == ()
    assert listed(tmp_path) == {"slides.pptx": "mine, with new numbers"}


def test_a_file_of_other_origin_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_text("of somebody else")
    with pytest.raises(OutputError, match=r"no run of .*: 'report\.pdf'\. Move"):
        run(tmp_path, {"a.txt": "1", "report.pdf": "ours"})
    assert listed(tmp_path) == {"report.pdf": "of somebody else"}


def test_the_same_contents_are_nobodys_loss(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("1")
    run(tmp_path, {"a.txt": "1"})
    assert listed(tmp_path) == {"a.txt": "1"}


def test_a_list_that_is_not_ours_is_kept(tmp_path: Path) -> None:
    (tmp_path / RUN).write_text('{"mine": 1}')
    assert run(tmp_path, {"a.txt": "1"}) == (tmp_path / "run.edited.json",)
    assert (tmp_path / "run.edited.json").read_text() == '{"mine": 1}'


def test_renames_that_were_cut_short_are_finished(tmp_path: Path) -> None:
    run(tmp_path, {"a.txt": "1", "b.txt": "1", "c.txt": "1"})
    with workplace(tmp_path) as place:
        # As a kill leaves it: "a" was renamed, "b" and the list were not.
        (tmp_path / "a.txt").write_text("2")
        (place.scratch / "b.txt").write_text("2")
        (place.scratch / "../escape.txt").write_text("old")
        names = ["a.txt", "b.txt", "../escape.txt"]
        journal = {"files": dict.fromkeys(names, ""), "aside": [], "stale": ["c.txt"]}
        (place.scratch / "complete.json").write_text(json.dumps(journal))
        parts = place.scratch.name.split("-")
        left = place.scratch.with_name(f"{'-'.join(parts[:2])}-{DEAD}-x")
        place.scratch.rename(left)
    (tmp_path / "escape.txt").unlink()
    prepare_folder(tmp_path)
    assert listed(tmp_path) == {"a.txt": "2", "b.txt": "2"}
    assert not left.exists()


def test_leavings_of_a_living_run_stay(tmp_path: Path) -> None:
    with workplace(tmp_path) as place:
        prepare_folder(tmp_path)
        assert place.scratch.is_dir()
    foreign = tmp_path / ".unfinished-another-host-1-x"
    foreign.mkdir()
    prepare_folder(tmp_path)
    assert foreign.is_dir()


def test_a_polite_end_waits_for_the_last_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def slow(path: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", slow)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, {"a.txt": "1", "b.txt": "1"})
    assert listed(tmp_path) == {"a.txt": "1", "b.txt": "1"}


def test_finish_without_a_journal_says_so(tmp_path: Path) -> None:
    with workplace(tmp_path) as place, pytest.raises(FileNotFoundError):
        finish(place)


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from test_publishing import run
number = 0
print("ready", flush=True)
while True:
    number += 1
    run(Path({folder!r}), {{f"figures/{{i}}.svg": str(number) * 50 for i in range(60)}})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_run_that_is_killed_leaves_a_whole_report(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    code = KILLED.format(here=str(Path(__file__).parent), folder=str(folder))
    for attempt in range(8):
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.02 + 0.013 * attempt)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        prepare_folder(folder)
        former = former_files(folder)
        assert all(unchanged(folder, name, made) for name, made in former.items())
        assert len(set(listed(folder).values())) <= 1
        assert not list(folder.glob(".unfinished-*"))
