"""What a file is by its first bytes, and why it is refused.

The name of a file is a claim; its bytes decide.
"""

from pathlib import Path

from survey.errors import DataFileError

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
SPSS_SUFFIXES = (".sav", ".zsav")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_READABLE = (*TEXT_SUFFIXES, *WORKBOOK_SUFFIXES, *SPSS_SUFFIXES)

_POINTER = b"version https://git-lfs.github.com/spec/"
_SPSS = (b"$FL2", b"$FL3")
_ZIP = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KNOWN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"<stata_dta>", "a Stata file"),
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
    if not data.strip():
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
    {"text", "workbook", "spss"}
        Which reader it needs.

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
    if suffix in SPSS_SUFFIXES:
        return _spss(path, data)
    if suffix in WORKBOOK_SUFFIXES:
        return _workbook(path, data)
    if suffix in TEXT_SUFFIXES:
        return _text(path, data)
    raise DataFileError(
        f"{path}: files that end in '{suffix or path.name}' are not read."
        f" Export the responses as one of {', '.join(_READABLE)}."
    )


def _spss(path: Path, data: bytes) -> str:
    """Accept an SPSS file."""
    if data.startswith(_SPSS):
        return "spss"
    found = _binary(data) or "a text file"
    raise DataFileError(
        f"{path}: the name says SPSS, but the content is {found}."
        " Give it its own extension, or export it from SPSS again."
    )


def _workbook(path: Path, data: bytes) -> str:
    """Accept a workbook."""
    if data.startswith(_ZIP):
        return "workbook"
    found = _binary(data) or "a text file"
    raise DataFileError(
        f"{path}: the name says Excel workbook, but the content is {found}."
        " Give it its own extension, or save it as .xlsx again."
    )


def _text(path: Path, data: bytes) -> str:
    """Accept a text file."""
    found = _binary(data)
    if not found:
        return "text"
    raise DataFileError(
        f"{path}: the name says text, but the content is {found}."
        " Export the responses as CSV, or give the file its own extension."
    )


def _binary(data: bytes) -> str:
    """Name the kind of a file that is no text; empty for a text."""
    for start, name in _KNOWN:
        if data.startswith(start):
            return name
    if data.startswith(_SPSS):
        return "an SPSS file"
    if data.startswith(_ZIP):
        return "an Excel workbook" if b"xl/" in data else "a zip archive"
    if data[:512].lstrip().lower().startswith(_WEB):
        return "a web page"
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
