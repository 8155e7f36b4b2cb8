import pandas as pd
import pytest

from survey.errors import DataFileError
from survey.importers.text import decode, find_delimiter, read_text


def cells(data: bytes) -> list[list[object]]:
    frame = read_text(data, "wave.csv").cells
    return [[None if pd.isna(x) else x for x in row] for row in frame.to_numpy()]


ROWS = [["size", "why"], ["1", "Größe – “neu”"], ["2", None]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_encoding_gives_the_same_cells(encoding: str) -> None:
    text = "size,why\n1,Größe – “neu”\n2,\n"

    assert cells(text.encode(encoding)) == ROWS


def test_mac_roman_is_told_from_cp1252_by_its_characters() -> None:
    text = "why\n" + "it doesn’t scale – yet\nwe can’t say\n" * 3

    assert decode(text.encode("mac_roman")) == (text, "mac_roman")
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end_gives_the_same_cells(end: str) -> None:
    data = end.join(["size,why", "1,Größe – “neu”", "2,", ""]).encode()

    assert cells(data) == ROWS


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_gives_the_same_cells(delimiter: str) -> None:
    rows = ["size,why", "1,Größe – “neu”", "2,"]
    data = "\n".join(row.replace(",", delimiter) for row in rows).encode()

    assert cells(data) == ROWS


def test_a_decimal_comma_is_no_delimiter() -> None:
    assert find_delimiter("a;b\n1,5;2,5\n2,5;3,5\n") == ";"


def test_line_ends_and_delimiters_stay_inside_quoted_cells() -> None:
    found = cells(b'why,size\n"Cost, time\nand people",1\n')

    assert found == [["why", "size"], ["Cost, time\nand people", "1"]]


def test_rows_of_different_length_are_filled_and_mentioned() -> None:
    grid = read_text(b"a,b,c\n1,2\n3,4,5,6\n", "wave.csv")

    assert grid.cells.shape == (3, 4)
    assert "rows of different length" in grid.reasons


def test_values_stay_as_typed() -> None:
    assert cells(b"id,x\n007,NA\n 8 ,1.0\n") == [
        ["id", "x"],
        ["007", "NA"],
        [" 8 ", "1.0"],
    ]


def test_blank_cells_are_missing() -> None:
    assert cells("a,b,c\n1,  ,\u00a0\n".encode())[1] == ["1", None, None]


def test_nul_characters_are_left_out_and_counted() -> None:
    grid = read_text(b"size,region\n1\x00,EU\n", "wave.csv")

    assert grid.cells.iloc[1].tolist() == ["1", "EU"]
    assert "1 NUL characters left out" in grid.reasons


def test_a_text_without_line_ends_is_refused_at_once() -> None:
    with pytest.raises(DataFileError, match="the first row has 60001 cells"):
        read_text(b"lorem, " * 60_000, "prose.csv")


@pytest.mark.parametrize("delimiter", ["^", "~", "\x1f"])
def test_rare_delimiters_are_found(delimiter: str) -> None:
    rows = ["size,why", "1,Größe – “neu”", "2,"]
    data = "\n".join(row.replace(",", delimiter) for row in rows).encode()

    assert cells(data) == ROWS


def test_title_lines_above_the_headers_are_left_out_and_named() -> None:
    grid = read_text(b"My survey\nexported 2025\n\nid,size,region\n1,2,EU\n", "a.csv")

    assert grid.cells.to_numpy().tolist() == [
        ["id", "size", "region"],
        ["1", "2", "EU"],
    ]
    assert "title lines left out: 'My survey', 'exported 2025'" in grid.reasons
    assert "rows of different length" not in grid.reasons


def test_blank_lines_above_the_headers_are_no_titles() -> None:
    grid = read_text(b"\n\nid,size,region\n1,2,EU\n", "a.csv")

    assert grid.cells.iloc[2].tolist() == ["id", "size", "region"]
    assert not any("title" in reason for reason in grid.reasons)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_a_newline_in_a_quoted_cell_is_no_row(end: str) -> None:
    data = f'why,size{end}"Cost{end}and people",1{end}'.encode()

    assert cells(data) == [["why", "size"], ["Cost\nand people", "1"]]


def test_a_delimiter_within_quotes_separates_nothing() -> None:
    # A cut at semicolons gives three cells in each row, but within the quotes.
    assert find_delimiter('1,"a;b;c"\n2,"b;a;c"\n') == ","


def test_rankings_without_quotes_do_not_cut_rows() -> None:
    assert find_delimiter("id,rank\n1,Cost;Law;Time\n2,Law;Cost;Time\n") == ","
