"""What a file is by its first bytes, and why it is refused.

The name of a file is a claim; its bytes decide.
"""

from pathlib import Path
from typing import Final

from survey.errors import DataFileError

# How a file is read, by the extension of its name.
KINDS: Final = {
    ".csv": "text",
    ".tsv": "text",
    ".tab": "text",
    ".txt": "text",
    ".dat": "text",
    ".asc": "text",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".ods": "workbook",
    ".xls": "old_workbook",
    ".sav": "spss",
    ".zsav": "spss",
    ".por": "por",
    ".dta": "stata",
    ".parquet": "parquet",
    ".sss": "triple_s",
    ".xml": "triple_s",
    ".qsf": "qsf",
    ".lss": "lss",
    ".lsg": "lsg",
    ".lsq": "lsq",
    ".r": "r_syntax",
}
# What a file is that holds no answers, but says what they mean.
DEFINITIONS: Final = {
    "qsf": "a definition of a Qualtrics survey",
    "lss": "a definition of a LimeSurvey survey",
    "lsg": "a definition of a LimeSurvey group of questions",
    "lsq": "a definition of a LimeSurvey question",
    "xlsform": "an XLSForm, the definition of a KoboToolbox or ODK form",
    "r_syntax": "the R syntax of a LimeSurvey export",
}
_CLAIMS: Final = {
    "spss": "SPSS",
    "por": "SPSS portable file",
    "stata": "Stata",
    "parquet": "Parquet",
    "workbook": "Excel or LibreOffice workbook",
    "old_workbook": "old Excel workbook",
    "triple_s": "Triple-S definition",
    "qsf": "Qualtrics definition",
    "lss": "LimeSurvey definition",
    "lsg": "LimeSurvey definition",
    "lsq": "LimeSurvey definition",
}

_POINTER = b"version https://git-lfs.github.com/spec/"
_SPSS = (b"$FL2", b"$FL3")
_PORTABLE = b"SPSS PORT FILE"
_PARQUET = b"PAR1"
_STATA = b"<stata_dta>"
_OLD_STATA = frozenset({105, 108, 110, 111, 113, 114, 115})
_OLD_STATA_LEAST = 60
_HEAD = 4096
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KNOWN = (
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (_PARQUET, "a Parquet file"),
    (_STATA, "a Stata file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (_OLE, "an old or protected document of Excel or Word"),
    (b"SQLite format 3", "an SQLite database"),
)
_WEB = (b"<!doctype html", b"<html")


def read_bytes(path: Path) -> bytes:
    """Read a file that may be an export.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    DataFileError
        There is no such file, it is a folder, it is empty, it is a Git LFS pointer,
        or it cannot be opened.

    Examples
    --------
    >>> read_bytes(Path("no-such-file.csv"))
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: no-such-file.csv: there is no such file. ...
    """
    if path.is_dir():
        raise DataFileError(
            f"{path}: this is a folder, not an export. Name one file inside it."
        )
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataFileError(
            f"{path}: there is no such file. Check the name and the folder."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataFileError(
            f"{path}: the file cannot be opened ({reason}). Check its permissions."
        ) from error
    if not data or data.isspace():
        raise DataFileError(f"{path}: the file is empty. Export it again.")
    if data.startswith(_POINTER):
        raise DataFileError(
            f"{path}: this is a Git LFS pointer, a note of {len(data)} bytes that"
            " stands for the file. Fetch the file itself with 'git lfs pull'."
        )
    return data


def kind_of(path: Path, data: bytes) -> str:
    """Say how a file is to be read, from its name and its first bytes.

    Parameters
    ----------
    path : Path
        The file; only its name is used.
    data : bytes
        Its content.

    Returns
    -------
    str
        One of the values of `KINDS`.

    Raises
    ------
    DataFileError
        The extension is unknown, or the content is not what the extension says.

    Examples
    --------
    >>> kind_of(Path("wave.csv"), b"id,size")
    'text'
    """
    suffix = path.suffix.lower()
    kind = KINDS.get(suffix)
    if kind is None:
        raise DataFileError(
            f"{path}: files that end in '{suffix or path.name}' are not read."
            f" Export the responses as one of {', '.join(_of_answers())}."
        )
    if kind in {"text", "r_syntax"}:
        _accept_text(path, data)
    elif not _is(kind, data):
        raise DataFileError(
            f"{path}: the name says {_CLAIMS[kind]}, but the content is"
            f" {_binary(data) or _markup(data) or 'a text file'}."
            " Give it its own extension, or export it again."
        )
    return "workbook" if kind == "old_workbook" else kind


def refuse_definition(path: Path, kind: str) -> None:
    """Refuse a definition of a survey where answers are wanted.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        From `kind_of`.

    Raises
    ------
    DataFileError
        The file says what was asked, and holds no answers.

    Examples
    --------
    >>> refuse_definition(Path("wave.qsf"), "qsf")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.qsf: this is a definition of a Qualtrics survey...
    """
    if kind not in DEFINITIONS:
        return
    todo = (
        "It is a part of a survey only; export the structure of the whole (.lss)."
        if kind in {"lsg", "lsq"}
        else "Name the export of the answers, and this file as its companion"
        f" (--with {path.name})."
    )
    raise DataFileError(
        f"{path}: this is {DEFINITIONS[kind]}: it says what was asked and holds no"
        f" answers. {todo}"
    )


def _of_answers() -> list[str]:
    """List the extensions of files that hold answers."""
    return [suffix for suffix, kind in KINDS.items() if kind not in DEFINITIONS]


def _accept_text(path: Path, data: bytes) -> None:
    """Refuse a file that is named like a text and is none."""
    found = _binary(data)
    if found:
        raise DataFileError(
            f"{path}: the name says text, but the content is {found}."
            " Export the responses as CSV, or give the file its own extension."
        )


def _is(kind: str, data: bytes) -> bool:
    """Tell whether the first bytes are those of a kind of file."""
    if kind == "spss":
        return data.startswith(_SPSS)
    if kind == "por":
        return _PORTABLE in data[:512].translate(None, b"\r\n")
    if kind == "stata":
        return _is_stata(data)
    if kind == "parquet":
        return data.startswith(_PARQUET)
    if kind in {"workbook", "old_workbook"}:
        # Platforms also call a workbook of today .xls.
        return data.startswith(_ZIP) or (
            kind == "old_workbook" and data.startswith(_OLE)
        )
    marks = {"triple_s": "a Triple-S definition", "qsf": DEFINITIONS["qsf"]}
    return _markup(data) == marks.get(kind, "a LimeSurvey definition")


def _is_stata(data: bytes) -> bool:
    """Tell a Stata file: a mark since version 13, numbers of version and order before.

    The versions 5 to 12 begin with 105 to 115, then 1 or 2, then 1.
    """
    if data.startswith(_STATA):
        return True
    old = len(data) > _OLD_STATA_LEAST and data[0] in _OLD_STATA
    return old and data[1] in {1, 2} and data[2] == 1


def _markup(data: bytes) -> str:
    """Name the definition that a text holds; empty for another text."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"{") and b'"SurveyEntry"' in head:
        return DEFINITIONS["qsf"]
    if not head.startswith(b"<"):
        return ""
    if b"<LimeSurveyDocType>" in head:
        return "a LimeSurvey definition"
    return "a Triple-S definition" if b"<sss" in head.lower() else "XML"


def _binary(data: bytes) -> str:
    """Name the kind of a file that is no text; empty for a text."""
    for start, name in _KNOWN:
        if data.startswith(start):
            return name
    if data.startswith(_ZIP):
        return "an Excel workbook" if b"xl/" in data else "a zip archive"
    if data[:512].lstrip().lower().startswith(_WEB):
        return "a web page"
    if _is_stata(data):
        return "a Stata file"
    return "binary data" if _looks_binary(data[:65536]) else ""


def _looks_binary(data: bytes) -> bool:
    """Tell control characters of a binary format from text."""
    if data.startswith(_UTF_16) or _pairs(data):
        return False
    control = sum(data.count(bytes([code])) for code in (*range(9), *range(14, 27)))
    return control > len(data) // 50


def _pairs(data: bytes) -> bool:
    """Tell whether every second byte is mostly zero, as in UTF-16 without a mark."""
    half = max(len(data) // 2, 1)
    even, odd = data[::2].count(0) / half, data[1::2].count(0) / half
    return max(even, odd) > 0.6 and min(even, odd) < 0.2  # noqa: PLR2004 - shares
