"""Files of PowerPoint as archives: looked at before they are opened, packed the same.

Nothing is unpacked before its size is known, and nothing packed carries a date.
"""

import hashlib
from collections.abc import Callable
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from survey.errors import OutputError

MOST_BYTES: Final = 50 * 2**20
_MOST_UNPACKED: Final = 500 * 2**20
_MOST_PARTS: Final = 10_000
_TYPES: Final = "[Content_Types].xml"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_PRESENTATION: Final = (
    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main"
)
_OTHERS: Final = (
    _PRESENTATION.replace(b"presentation.main", b"template.main"),
    _PRESENTATION.replace(b"presentation.main", b"slideshow.main"),
)


def presentation(content: bytes, name: str, advice: str) -> bytes:
    """Give a file of PowerPoint as one that can be opened, or say why it cannot be.

    Parameters
    ----------
    content : bytes
        A .pptx, .potx or .ppsx file, or what somebody takes for one.
    name : str
        What the file is to the user (``the template``).
    advice : str
        What to do about a file that cannot be used.

    Returns
    -------
    bytes
        The file; a template is marked as a presentation.

    Raises
    ------
    OutputError
        It is too large, protected by a password, has macros, or is no such file.
    """
    if len(content) > MOST_BYTES:
        size = len(content) // 2**20
        raise OutputError(
            f"{name} has {size} MB, and at most {MOST_BYTES // 2**20} are read. "
            f"{advice}"
        )
    if content.startswith(_OLD_OFFICE):
        raise OutputError(
            f"{name} is protected by a password, or from before PowerPoint 2007. "
            f"{advice}"
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            types = _types(archive, name, advice)
    except (BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as why:
        if isinstance(why, OutputError):
            raise
        raise OutputError(f"{name} is no PowerPoint file. {advice}") from None
    if any(other in types for other in _OTHERS):
        return _retyped(content)
    return content


def packed(content: bytes) -> bytes:
    """Pack an archive again, so that the same parts give the same bytes.

    Parameters
    ----------
    content : bytes
        Any archive.

    Returns
    -------
    bytes
        The same parts in a fixed order and without dates, the list of types first.
    """
    return _rewritten(content, lambda _, part: part)


def digest(content: bytes, without: str) -> str:
    """Give a digest of all parts of an archive but one.

    Parameters
    ----------
    content : bytes
        Any archive.
    without : str
        Name of the part that is left out: the one that holds the digest.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    whole = hashlib.sha256()
    with ZipFile(BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            if name != without:
                whole.update(f"{name}\0".encode())
                whole.update(hashlib.sha256(archive.read(name)).digest())
    return whole.hexdigest()


def _types(archive: ZipFile, name: str, advice: str) -> bytes:
    """Give the list of types of an archive, if the archive is harmless."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(p.file_size for p in parts) > _MOST_UNPACKED:
        raise OutputError(f"{name} unpacks to more than any slides need. {advice}")
    types = archive.read(_TYPES)
    macros = any(p.filename.lower().endswith("vbaproject.bin") for p in parts)
    if macros or b"macroEnabled" in types:
        raise OutputError(
            f"{name} has macros, which are not carried over. Save it without them "
            "(.pptx or .potx)."
        )
    if not any(kind in types for kind in (_PRESENTATION, *_OTHERS)):
        raise OutputError(f"{name} is no PowerPoint file. {advice}")
    return types


def _retyped(content: bytes) -> bytes:
    """Mark a template as a presentation."""

    def change(name: str, part: bytes) -> bytes:
        if name == _TYPES:
            for other in _OTHERS:
                part = part.replace(other, _PRESENTATION)
        return part

    return _rewritten(content, change)


def _rewritten(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Write an archive again, part by part."""
    stream = BytesIO()
    with (
        ZipFile(BytesIO(content)) as archive,
        ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for name in sorted(archive.namelist(), key=lambda n: (n != _TYPES, n)):
            entry = ZipInfo(name, _DATE)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, change(name, archive.read(name)))
    return stream.getvalue()
