import shutil
import subprocess
from pathlib import Path

import pytest

from survey.importers.binary.por_dictionary import read_por_extras, without_missing
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
PORTABLE = sorted(EXPORTS.glob("spss_*/**/*.por"))
LOWEST, HIGHEST = float("-inf"), float("inf")
needs_exports = pytest.mark.skipif(
    not EXPORTS.exists(), reason="../shared/exports is not here"
)
needs_pspp = pytest.mark.skipif(shutil.which("pspp") is None, reason="pspp is not here")

SYNTAX = """
data list list /one two three both low mixed plain (f8.3) word (a3) long (a20).
begin data
1 2 3 4 5 6 7 'NA' 'a long text'
9 9 9 9 9 9 9 'b' 'c'
end data.
missing values one (9) /two (-1, 0.125) /three (97, 98, 99) /both (900 thru 1000).
missing values low (lowest thru 0).
missing values mixed (-9 thru -1, 99.5) /word ('NA', 'DK').
variable labels one 'Größe der Firma, in 1.000'.
value labels word 'NA' 'No answer' /one 1 'A' 9 'B/9'.
document A document of two
 lines, with 97 characters.

weight by plain.
export outfile='wave.por'.
save outfile='wave.sav'.
"""


def run_pspp(folder: Path, syntax: str) -> None:
    (folder / "make.sps").write_text(syntax, encoding="utf-8")
    done = subprocess.run(
        ["pspp", "-o", "/dev/null", "make.sps"], cwd=folder, check=False
    )
    assert done.returncode == 0


@needs_pspp
def test_missing_values_of_every_shape(tmp_path: Path) -> None:
    run_pspp(tmp_path, SYNTAX)
    found = read_por_extras((tmp_path / "wave.por").read_bytes()).missing

    assert found["ONE"] == ((9.0, 9.0),)
    assert found["TWO"] == ((-1.0, -1.0), (0.125, 0.125))
    assert [low for low, _ in found["THREE"]] == [97.0, 98.0, 99.0]
    assert found["BOTH"] == ((900.0, 1000.0),)
    assert found["LOW"] == ((LOWEST, 0.0),)
    assert set(found["MIXED"]) == {
        (-9.0, -1.0),
        (99.5, 99.5),
    }
    assert found["WORD"] == (("NA", "NA"), ("DK", "DK"))
    assert "PLAIN" not in found


@needs_pspp
def test_the_same_file_as_sav_says_the_same(tmp_path: Path) -> None:
    run_pspp(tmp_path, SYNTAX)
    por, sav = read(tmp_path / "wave.por"), read(tmp_path / "wave.sav")

    same = sav.frame.set_axis(por.frame.columns, axis=1)
    assert por.frame.equals(same)
    assert por.weight == "PLAIN"
    assert {name.lower(): set(ranges) for name, ranges in por.missing.items()} == {
        name: set(ranges) for name, ranges in sav.missing.items()
    }


@needs_exports
@needs_pspp
@pytest.mark.parametrize("path", PORTABLE, ids=lambda path: path.name)
def test_files_of_others_have_what_pspp_finds(path: Path, tmp_path: Path) -> None:
    syntax = f"import file='{path}'.\nsave outfile='wave.sav'.\n"
    run_pspp(tmp_path, syntax)
    por, sav = read(path), read(tmp_path / "wave.sav")

    assert list(por.missing.values()) == list(sav.missing.values())
    assert [name.upper() for name in sav.missing] == list(por.missing)
    assert por.frame.shape == sav.frame.shape
    assert por.weight == sav.weight.upper()


@needs_exports
@pytest.mark.parametrize("end", range(400, 3000, 37))
def test_a_cut_or_changed_file_never_fails(end: int) -> None:
    data = next(path for path in PORTABLE if path.stem == "electric").read_bytes()
    changed = data[:end] + b"T" + data[end + 1 :]

    whole = {"DAYOFWK": ((9.0, 9.0),)}
    assert read_por_extras(data[:end]).missing in ({}, whole)
    assert len(read_por_extras(changed).missing) <= 13


@needs_pspp
def test_values_declared_missing_stay_cells(tmp_path: Path) -> None:
    run_pspp(tmp_path, SYNTAX)
    frame = read(tmp_path / "wave.por").frame

    assert frame["ONE"].tolist() == [1.0, 9.0]
    assert frame["WORD"].tolist() == ["NA", "b"]


@needs_exports
def test_only_declarations_are_taken_out() -> None:
    data = next(path for path in PORTABLE if path.stem == "electric").read_bytes()
    before, after = (x.replace(b"\r\n", b"") for x in (data, without_missing(data)))

    assert len(before) - len(after) == len("89/")
    assert read_por_extras(without_missing(data)).missing == {}


def test_a_number_without_bound_is_refused() -> None:
    signs = "0" * 64 + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    head = " " * 200 + signs.ljust(256, "0") + "SPSSPORTA8/199901016/120000"
    variable = "70/1/X5/2/0/5/2/0/"
    good = f"{head}{variable}89/F".encode()
    high = f"{head}{variable}A37/F".encode()
    large = f"{head}{variable}81+TTTTTTTT/F".encode()
    many = f"{head}D{'T' * 9}/".encode()

    assert read_por_extras(good).missing == {"X": ((9.0, 9.0),)}
    # pspp 1.6.2 writes the end of a range up to HIGHEST where its start belongs.
    assert read_por_extras(high).missing == {"X": ((97.0, HIGHEST),)}
    assert read_por_extras(large).missing == {}
    assert read_por_extras(many).missing == {}
