import shutil
import struct
import subprocess
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from survey.importers.binary.sav_dictionary import (
    declared_records,
    parse_dictionary,
    weighted_by,
)
from survey.importers.binary.sav_sets import parse_sets, read_extras
from survey.importers.raw import MultipleSet
from survey.importers.read import read

NAMES = {name: f"long_{name.lower()}" for name in "ABCDEFGHIJKLMNOP"}
needs_pspp = pytest.mark.skipif(shutil.which("pspp") is None, reason="pspp is not here")

SYNTAX = """
data list list /a b c d e1 e2 (f2) s1 (a8) s2 (a8).
begin data
1 0 1 2 1 0 'Yes' 'No'
0 1 0 3 0 1 'No' 'Yes'
end data.
value labels e1 1 'Same' /e2 1 'Other'.
rename variables (d=a_longer_name).
mrsets /mdgroup name=$dich label='Über uns' variables=a b c value=1
 /mcgroup name=$cats variables=c a_longer_name
 /mdgroup name=$ext categorylabels=countedvalues variables=e1 e2 value=1
 /mdgroup name=$extl label='Two' categorylabels=countedvalues labelsource=varlabel
    variables=e1 e2 value=1
 /mdgroup name=$txt variables=s1 s2 value='Yes'.
weight by a_longer_name.
save outfile='wave.sav'.
save outfile='wave.zsav' /zcompressed.
"""


def write_by_pspp(folder: Path, syntax: str) -> None:
    (folder / "make.sps").write_text(syntax, encoding="utf-8")
    done = subprocess.run(
        ["pspp", "-o", "/dev/null", "make.sps"], cwd=folder, check=False
    )
    assert done.returncode == 0


# The line of every kind that the developers' guide of PSPP shows.
def test_sets_of_every_kind() -> None:
    content = (
        b"$a=C 10 my mcgroup a b c\n"
        b"$b=D2 55 0  g e f d\n"
        b"$c=D3 Yes 10 mdgroup #2 h i j\n"
        b"$d=E 1 2 34 13 third mdgroup k l m\n"
        b"$e=E 11 6 choice 0  n o p\n"
    )
    assert parse_sets(content, NAMES, "utf-8") == (
        MultipleSet("a", "my mcgroup", ("long_a", "long_b", "long_c"), None),
        MultipleSet("b", "", ("long_g", "long_e", "long_f", "long_d"), "55"),
        MultipleSet("c", "mdgroup #2", ("long_h", "long_i", "long_j"), "Yes"),
        MultipleSet("d", "third mdgroup", ("long_k", "long_l", "long_m"), "34"),
        MultipleSet("e", "", ("long_n", "long_o", "long_p"), "choice"),
    )


def test_lengths_count_bytes_of_the_encoding() -> None:
    latin = "$a=D1 1 4 Über a b\n".encode("latin-1")
    utf_8 = "$a=D1 1 5 Über a b\n".encode()

    assert parse_sets(latin, NAMES, "cp1252") == parse_sets(utf_8, NAMES, "utf-8")


def test_variables_that_were_not_read_are_left_out() -> None:
    (found,) = parse_sets(b"$a=C 0  a zz\n$b=C 0  zz\n", NAMES, "utf-8")

    assert found.columns == ("long_a",)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"$a=X 1 a", b"no set at all"])
def test_what_is_no_set_gives_none(content: bytes) -> None:
    assert parse_sets(content, NAMES, "utf-8") == ()


@needs_pspp
@pytest.mark.parametrize("name", ["wave.sav", "wave.zsav"])
def test_sets_and_weight_of_a_file_that_pspp_wrote(tmp_path: Path, name: str) -> None:
    write_by_pspp(tmp_path, SYNTAX)
    raw = read(tmp_path / name)

    assert raw.weight == "a_longer_name"
    assert raw.sets == (
        MultipleSet("dich", "Über uns", ("a", "b", "c"), "1"),
        MultipleSet("cats", "", ("c", "a_longer_name"), None),
        MultipleSet("txt", "", ("s1", "s2"), "Yes"),
        MultipleSet("ext", "", ("e1", "e2"), "1"),
        MultipleSet("extl", "Two", ("e1", "e2"), "1"),
    )


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    frame = pd.DataFrame({"size": [1.0, 2.0], "why": ["a" * 20, "b"]})
    file = tmp_path / "wave.sav"
    pyreadstat.write_sav(frame, str(file), variable_value_labels={"size": {1: "small"}})
    return file.read_bytes()


def test_the_header_tells_the_number_of_records(data: bytes) -> None:
    assert declared_records(data) == 2


def test_a_file_without_weight_and_sets_has_none(data: bytes) -> None:
    found = read_extras(data, {"SIZE": "size", "WHY": "why"}, "utf-8")

    assert (found.sets, found.weight) == ((), "")
    assert weighted_by(data) == ""


def test_a_declared_weight_is_named(data: bytes) -> None:
    weighted = data[:76] + struct.pack("<i", 1) + data[80:]

    assert weighted_by(weighted) == "SIZE"
    assert read_extras(weighted, {"SIZE": "size"}, "utf-8").weight == "size"


@pytest.mark.parametrize("place", [2**31 - 1, 99, -5])
def test_a_weight_that_no_variable_is_is_none(data: bytes, place: int) -> None:
    weighted = data[:76] + struct.pack("<i", place) + data[80:]

    assert read_extras(weighted, {"SIZE": "size"}, "utf-8").weight == ""


def test_a_record_that_leads_back_is_refused(data: bytes) -> None:
    record = struct.pack("<iiii", 7, 7, -1, 40)

    with pytest.raises(ValueError, match="record at byte 176 ends at byte 152"):
        parse_dictionary(data[:176] + record + data[176:])


@pytest.mark.parametrize("end", range(0, 700, 9))
def test_a_cut_or_changed_dictionary_never_fails(data: bytes, end: int) -> None:
    names = {"SIZE": "size"}
    changed = data[:end] + bytes([255]) + data[end + 1 :]

    assert read_extras(data[: min(end, 300)], names, "utf-8").sets == ()
    assert read_extras(changed, names, "no such encoding").sets == ()
