"""A run writes its folder whole, touches nothing else, and repeats to the byte."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey.errors import OutputError
from survey.finding import Finding
from survey.report import files
from survey.report.document import ChartBlock, Page, Report
from survey.report.files import write
from survey.report.made import Made
from survey.said import said

ALWAYS = {"results.csv", "results.parquet", "findings.csv", "run.json"}
FAST = ["svg"]


def listed(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in listed(folder)}


def figures(report: Report) -> list[ChartBlock]:
    return [
        block
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    ]


def test_everything_is_written_and_the_same_again(
    english: Report, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    written = write(english, one)
    write(english, two)
    names = {
        f"figures/{block.name}.{kind}"
        for block in figures(english)
        for kind in ("png", "svg", "pdf")
    }

    papers = {"report.pdf", "report.html", "slides.pptx", "tables.xlsx"}
    assert listed(one) == names | ALWAYS | papers
    assert {path.relative_to(one).as_posix() for path in written} == listed(one)
    assert contents(one) == contents(two)


def test_formats_choose_the_files(english: Report, tmp_path: Path) -> None:
    write(english, tmp_path, formats=["pdf", "png", "xlsx"])
    names = {f"figures/{block.name}.png" for block in figures(english)}

    assert listed(tmp_path) == names | ALWAYS | {"report.pdf", "tables.xlsx"}


@pytest.mark.parametrize("formats", [["docx"], ["pdf", "gif"], "pdf"])
def test_an_unknown_format_is_named(
    english: Report, tmp_path: Path, formats: list[str]
) -> None:
    with pytest.raises(OutputError, match="'pdf', 'html', 'pptx', 'png', 'svg'"):
        write(english, tmp_path / "new", formats=formats)
    assert not (tmp_path / "new").exists()


def test_run_says_what_was_written_and_no_more(english: Report, tmp_path: Path) -> None:
    write(english, tmp_path, formats=FAST)
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    run = json.loads(text)

    assert run["inputs"] == english.provenance["inputs"]
    assert str(tmp_path) not in text
    assert {entry["name"] for entry in run["files"]} == listed(tmp_path) - {"run.json"}
    for entry in run["files"]:
        content = (tmp_path / entry["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]


def test_csv_holds_no_formula(english: Report, tmp_path: Path) -> None:
    labels = ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "Größe", 'a "b", c', "-"]
    results = pd.DataFrame({"label": labels, "estimate": [-0.5, *[0.1] * 8]})
    write(replace(english, results=results), tmp_path, formats=[])
    raw = (tmp_path / "results.csv").read_bytes()
    back = pd.read_csv(tmp_path / "results.csv")

    guarded = ["'=1+1", "'+x", "'-x", "'@x", "'\tx", "'\nx", "Größe", 'a "b", c', "'-"]
    assert list(back["label"]) == guarded
    assert list(back["estimate"]) == list(results["estimate"])
    assert b"\r\n" not in raw
    assert "Größe" in raw.decode("utf-8")
    parquet = pd.read_parquet(tmp_path / "results.parquet")
    assert list(parquet["label"]) == labels


def test_a_missing_text_stays_missing(english: Report, tmp_path: Path) -> None:
    results = pd.DataFrame({"label": ["a", None], "estimate": [0.1, None]})
    write(replace(english, results=results), tmp_path, formats=[])

    assert (tmp_path / "results.csv").read_text() == "label,estimate\na,0.1\n,\n"


def test_findings_are_listed(english: Report, tmp_path: Path) -> None:
    finding = Finding("warning", "c", "q1", said("=cmd()"), 2, "kept", ("r1", "r2"))
    write(replace(english, findings=(finding,)), tmp_path, formats=[])
    back = pd.read_csv(tmp_path / "findings.csv")

    assert list(back.columns) == [
        "wave",
        "severity",
        "check",
        "question",
        "message",
        "count",
        "action",
        "respondents",
    ]
    assert back.loc[0, "message"] == "'=cmd()"
    assert back.loc[0, "respondents"] == "r1 r2"


def test_no_findings_leave_a_head(english: Report, tmp_path: Path) -> None:
    write(replace(english, findings=()), tmp_path, formats=[])

    assert (tmp_path / "findings.csv").read_text().startswith("wave,severity,check,")


def test_stale_files_of_a_former_run_go_and_nothing_else(
    english: Report, tmp_path: Path
) -> None:
    write(english, tmp_path, formats=["svg", "xlsx"])
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "figures" / "mine.svg").write_text("mine")
    edited = tmp_path / "figures" / f"{figures(english)[0].name}.svg"
    edited.write_text("edited by hand")
    write(english, tmp_path, formats=[])

    assert listed(tmp_path) == ALWAYS | {
        "notes.txt",
        "figures/mine.svg",
        edited.relative_to(tmp_path).as_posix(),
    }


def test_a_forged_list_removes_nothing_outside(english: Report, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("keep me")
    digest = hashlib.sha256(b"keep me").hexdigest()
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "link.txt").symlink_to(victim)
    names = ["../victim.txt", str(victim), "link.txt", "figures"]
    forged = {"files": [{"name": name, "sha256": digest} for name in names]}
    (folder / "run.json").write_text(json.dumps(forged))
    write(english, folder, formats=[])

    assert victim.read_text() == "keep me"
    assert (folder / "link.txt").is_symlink()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": [1]}', '{"files": 1}'])
def test_a_broken_list_is_no_obstacle(
    english: Report, tmp_path: Path, text: str
) -> None:
    (tmp_path / "run.json").write_text(text)
    write(english, tmp_path, formats=[])

    assert listed(tmp_path) == ALWAYS | {"run.edited.json"}
    assert (tmp_path / "run.edited.json").read_text() == text


def test_a_run_that_dies_leaves_the_last_report_whole(
    english: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(english, tmp_path, formats=["svg", "xlsx"])
    before = contents(tmp_path)

    def die(report: Report, pictures: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "pdf", die)
    changed = replace(english, title="Another", results=english.results.head(1))
    with pytest.raises(KeyboardInterrupt):
        write(changed, tmp_path)

    assert contents(tmp_path) == before


def test_a_file_where_the_folder_should_be(english: Report, tmp_path: Path) -> None:
    place = tmp_path / "report"
    place.write_text("a file")

    for folder in (place, place / "inner"):
        with pytest.raises(OutputError, match=r"is a file\. Name another folder"):
            write(english, folder, formats=[])
    assert place.read_text() == "a file"


def test_a_folder_that_cannot_be_written(
    english: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, **options: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match=r"Permission denied\. Name a folder"):
        write(english, tmp_path / "out", formats=[])


def test_a_full_disk_is_told(
    english: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *rest: object) -> Made:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_put", full)
    with pytest.raises(OutputError, match=r"No space left on device.*free some space"):
        write(english, tmp_path, formats=[])


@pytest.mark.parametrize("name", ["../out", "a/b", ".hidden", "/x"])
def test_a_figure_cannot_leave_the_folder(
    english: Report, tmp_path: Path, name: str
) -> None:
    block = replace(figures(english)[0], name=name)
    with pytest.raises(OutputError, match="cannot be called"):
        write(replace(english, pages=(Page("p", "P", (block,)),)), tmp_path)


def test_two_figures_cannot_share_a_name(english: Report, tmp_path: Path) -> None:
    first = figures(english)[0]
    pages = (Page("p", "P", (first, replace(first, title="Another"))),)
    with pytest.raises(OutputError, match="Two figures are called 'adoption_rate'"):
        write(replace(english, pages=pages), tmp_path)


def test_a_second_run_makes_again_only_what_changed(
    english: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formats = ["svg", "xlsx"]
    write(english, tmp_path, formats=formats)
    before = contents(tmp_path)
    made: list[str] = []
    put = files._put

    def heard(path: Path, *rest: Any) -> Made:
        made.append(path.name)
        return put(path, *rest)

    monkeypatch.setattr(files, "_put", heard)
    write(english, tmp_path, formats=formats)
    assert {*made} == ALWAYS
    assert contents(tmp_path) == before

    made.clear()
    first, other = figures(english)[:2]
    (tmp_path / f"figures/{first.name}.svg").unlink()
    (tmp_path / f"figures/{other.name}.svg").write_text("edited")
    write(english, tmp_path, formats=formats)
    assert {*made} == ALWAYS | {f"{first.name}.svg", f"{other.name}.svg"}
    edited = tmp_path / f"figures/{other.name}.edited.svg"
    assert edited.read_text() == "edited"
    edited.unlink()
    assert contents(tmp_path) == before

    made.clear()
    write(replace(english, language="de"), tmp_path, formats=formats)
    assert len(made) == len(before)


def test_edited_files_are_told(english: Report, tmp_path: Path) -> None:
    write(english, tmp_path, formats=["xlsx"])
    (tmp_path / "tables.xlsx").write_bytes(b"mine")
    told: list[Path] = []
    write(english, tmp_path, formats=["xlsx"], aside=told.append)
    assert told == [tmp_path / "tables.edited.xlsx"]


def test_progress_counts_every_file(english: Report, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    written = write(
        english, tmp_path, formats=["svg"], progress=lambda *one: seen.append(one)
    )

    assert [number for _, number, _ in seen] == list(range(1, len(written) + 1))
    assert {total for _, _, total in seen} == {len(written)}
    assert seen[-1][0] == "run.json"
