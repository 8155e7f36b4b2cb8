"""The command for listings: options, messages, and what it writes."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from survey.cli import main

MODELS = """id,author,downloads,likes,license,pipeline_tag
a/x,a,600,10,apache-2.0,fill-mask
a/y,a,300,20,mit,text-generation
b/z,b,100,5,apache-2.0,fill-mask
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "models.csv"
    path.write_text(MODELS)
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["landscape", *map(str, arguments)])
    return result.exit_code, result.output


def test_writes_a_report_and_says_what_was_found(file: Path, tmp_path: Path) -> None:
    made = tmp_path / "out"
    code, told = run(file, "-o", made, "-f", "html", "--date", "2026-05-07")
    assert code == 0, told
    assert "2026-05-07: 3 records read" in told
    assert "- 100% of the models and 100% of their downloads are under Apache" in told
    assert "May 7, 2026" in (made / "report.html").read_text(encoding="utf-8")


def test_german(file: Path, tmp_path: Path) -> None:
    made = tmp_path / "out"
    code, told = run(file, "-o", made, "-f", "html", "--language", "de")
    assert code == 0, told
    assert "der Modelle" in told


def test_two_listings_with_days_by_name(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "older.csv"
    other.write_text(MODELS.replace("600", "60"))
    days = ("--date", "older.csv=2025-05-07", "--date", "models.csv=2026-05-07")
    code, told = run(other, file, *days, "-o", tmp_path / "out", "-f", "html")
    assert code == 0, told
    assert told.index("2025-05-07:") < told.index("2026-05-07:")


def test_two_listings_need_days(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "older.csv"
    other.write_text(MODELS)
    code, told = run(file, other, "-o", tmp_path / "out", "-f", "html")
    assert code == 1
    assert "--date" in told
    assert "Traceback" not in told


def test_a_day_given_twice_is_a_mistake(file: Path) -> None:
    code, told = run(file, "--date", "2026-05-07", "--date", "2026-05-08")
    assert code == 2
    assert "given twice" in told


def test_options_of_the_hub_need_the_hub(file: Path) -> None:
    code, told = run(file, "--top", "10")
    assert code == 2
    assert "--from-hub" in told


def test_no_listing_is_one_message() -> None:
    code, told = run()
    assert code == 1
    assert told.startswith("Error: There is no listing.")


def test_what_is_no_listing_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("q1,q2\n1,2\n")
    code, told = run(path, "-o", tmp_path / "out")
    assert code == 1
    assert told.startswith("Error: ")
    assert "Traceback" not in told


def test_the_listing_of_the_hub_is_saved_and_read(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def fetch(top: int, sort: str, *, trending: bool) -> Path:
        asked.append((top, sort, trending))
        return file

    monkeypatch.setattr("survey.listing.hub.from_hub", fetch)
    arguments = ("--from-hub", "--top", "3", "--trending", "-f", "html")
    code, told = run(*arguments, "-o", tmp_path / "out")
    assert code == 0, told
    assert asked == [(3, "downloads", True)]
    assert told.startswith(f"wrote {file}")
