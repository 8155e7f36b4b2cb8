import io
import zipfile
from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.read import read


def archive(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name), "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b" \n \r\n", "the file is empty"),
        (
            "a.csv",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n",
            "Git LFS pointer.*git lfs pull",
        ),
        ("a.csv", archive("data.csv"), "a zip archive"),
        ("a.csv", archive("xl/workbook.xml"), "an Excel workbook"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(40), "a PNG image"),
        ("a.csv", b"\xff\xd8\xff\xe0" + bytes(40), "a JPEG image"),
        ("a.csv", b"%PDF-1.7\n", "a PDF document"),
        ("a.csv", b"PAR1" + bytes(20), "a Parquet file"),
        ("a.csv", b"\x1f\x8b\x08" + bytes(20), "a gzip archive"),
        ("a.csv", b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "a web page"),
        ("a.csv", bytes(range(32)) * 40, "binary data"),
        ("a.sav", b"size,region\n1,EU\n", "says SPSS, but the content is a text file"),
        ("a.xlsx", b"size,region\n1,EU\n", "says Excel.* a text file"),
        ("a.xlsx", archive("data.csv"), "the workbook cannot be (opened|read)"),
        ("a.xlsx", archive("data.csv")[:60], "the workbook cannot be (opened|read)"),
        (
            "a.por",
            b"size,region\n1,EU\n",
            "says SPSS portable file, but .* a text file",
        ),
        ("a.dta", b"size,region\n1,EU\n", "says Stata, but .* a text file"),
        ("a.parquet", b"size,region\n1,EU\n", "says Parquet, but .* a text file"),
        ("a.csv", b"<stata_dta><header>", "a Stata file"),
        ("a.csv", bytes([114, 2, 1, 0]) + bytes(200), "a Stata file"),
        (
            "a.sss",
            b"size,region\n1,EU\n",
            "says Triple-S definition, but .* a text file",
        ),
        (
            "a.xml",
            b"<?xml version='1.0'?><rss/>",
            "says Triple-S definition, but .* XML",
        ),
        ("a.qsf", b"{}", "says Qualtrics definition, but .* a text file"),
        ("a.lss", b"<document><sss/></document>", "but .* a Triple-S definition"),
        (
            "a.qsf",
            b'{"SurveyEntry":{},"SurveyElements":[]}',
            "a definition of a Qualtrics survey.*--with a.qsf",
        ),
        (
            "a.lss",
            b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>",
            "a definition of a LimeSurvey survey.*--with a.lss",
        ),
        (
            "a.lsq",
            b"<document><LimeSurveyDocType>Question</LimeSurveyDocType></document>",
            "a LimeSurvey question.*a part of a survey only",
        ),
        ("a.R", b"data <- read.csv('x.csv')", "R syntax of a LimeSurvey.*--with a.R"),
        ("a.docx", b"anything", "files that end in '.docx' are not read"),
        ("export", b"anything", "files that end in 'export' are not read"),
    ],
)
def test_a_file_that_is_no_export_says_what_it_is(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(DataFileError, match=message) as caught:
        read(file)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="there is no such file"):
        read(tmp_path / "gone.csv")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="this is a folder"):
        read(tmp_path)


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(DataFileError, match="cannot be opened"):
        read("a\x00b.csv")
