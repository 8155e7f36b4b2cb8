"""The synthetic listings are what their script writes, and look as they should."""

import subprocess
import sys
from pathlib import Path

import pytest

from survey.listing.analyse import analyse_listing
from survey.listing.read import read_listing

DATA = Path(__file__).parents[2] / "data"
NAMES = ("models-listing-2024.csv", "models-listing.csv")


def test_the_script_writes_the_same_bytes(tmp_path: Path) -> None:
    script = str(DATA / "make_listing.py")
    subprocess.run([sys.executable, script, "-o", str(tmp_path)], check=True)
    for name in NAMES:
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes(), name


@pytest.mark.parametrize("name", NAMES)
def test_a_listing_has_what_it_should(name: str) -> None:
    result = analyse_listing(read_listing(DATA / name))
    assert len(result.listing.frame) == 300
    assert result.apache_or_mit is not None
    assert 0.72 <= result.apache_or_mit.share_models <= 0.80
    assert 0.87 <= result.apache_or_mit.share_downloads <= 0.94
    assert result.whole.correlation is not None
    assert result.whole.correlation.r2_log < 0.15
    assert result.breakdowns["licence"].unstated > 0
    assert result.breakdowns["licence"].unrecognised
    assert result.breakdowns["maker"].unstated > 0
    kinds = {row.code: row.models for row in result.breakdowns["maker_kind"].rows}
    assert min(kinds["organisation"], kinds["individual"]) > 30
    assert set(result.listing.frame["gated"]) == {"False", "auto"}
    assert result.listing.selection == "top 300 by downloads (synthetic)"


def test_names_are_clearly_made_up() -> None:
    for name in NAMES:
        ids = read_listing(DATA / name).frame["id"]
        assert ids.str.contains("synthetic-").all()


def test_the_table_of_the_readme_holds() -> None:
    text = (DATA / "README.md").read_text("utf-8")
    rows = [analyse_listing(read_listing(DATA / n)).apache_or_mit for n in NAMES]
    assert all(rows)
    models = " | ".join(f"{row.share_models:.1%}" for row in rows if row)
    downloads = " | ".join(f"{row.share_downloads:.1%}" for row in rows if row)
    assert f"MIT, models | {models} |".replace("%", " %") in text
    assert f"MIT, downloads | {downloads} |".replace("%", " %") in text
