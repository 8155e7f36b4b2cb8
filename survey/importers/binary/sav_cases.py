"""Cases of a .sav file: its numbers as one matrix, without an object for each.

Written from the description of the system file format in the PSPP developers' guide.
"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from survey.importers.binary.sav_dictionary import COMPRESSION_AT, SavFile

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

# Commands of the compression: nothing, end of the data, a value of eight bytes, eight
# blanks, no value.
_NOTHING, _ENDED, _VALUE, _BLANKS, _MISSING = 0, 252, 253, 254, 255
_RAW, _PACKED, _ZLIB = 0, 1, 2
_BIAS_AT = 84
_NO_VALUE = -np.finfo(np.float64).max


def read_cases(file: SavFile, rows: int) -> Floats:
    """Read all cases as numbers.

    Parameters
    ----------
    file : SavFile
        A file.
    rows : int
        How many cases it holds.

    Returns
    -------
    float array (rows, width)
        One column for each element of eight bytes; what belongs to texts means
        nothing. NaN where there is no value.

    Raises
    ------
    ValueError, struct.error, zlib.error
        The file does not hold that many cases, or does not follow the format.
    """
    way, end = file.number(COMPRESSION_AT), file.records[-1].end
    if way == _RAW:
        count = rows * file.width
        flat = np.frombuffer(file.data, f"{file.order}f8", count, end).astype("f8")
    else:
        packed = (
            file.data[end:] if way == _PACKED else unzipped(file.data, end, file.order)
        )
        flat = _unpacked(packed, file)
    cases = flat.reshape(rows, file.width)
    cases[cases == _NO_VALUE] = np.nan
    return cases


def _unpacked(packed: bytes, file: SavFile) -> Floats:
    """Undo the compression by bytecode."""
    words = np.frombuffer(packed, np.uint8, len(packed) // 8 * 8).reshape(-1, 8)
    commands, values = split(words)
    (bias,) = struct.unpack_from(f"{file.order}d", file.data, _BIAS_AT)
    meaning = np.arange(256, dtype=np.float64) - bias
    meaning[[_BLANKS, _MISSING]] = 0, np.nan
    flat: Floats = meaning[commands]
    given = np.ascontiguousarray(values).view(f"{file.order}f8").ravel()
    flat[commands == _VALUE] = given
    return flat


def unzipped(data: bytes, start: int, order: str) -> bytes:
    """Undo the outer compression of a ``.zsav`` file.

    Parameters
    ----------
    data : bytes
        The whole file.
    start : int
        Where its dictionary ends.
    order : {"<", ">"}
        Order of the bytes of a number.

    Returns
    -------
    bytes
        Cases compressed by bytecode.

    Raises
    ------
    zlib.error, struct.error
        The file is damaged.

    Examples
    --------
    One block of which the trailer, at byte 32, says where it stands.

    >>> block = zlib.compress(bytes(8))
    >>> head = struct.pack("<qqq", 0, 24 + len(block), 48)
    >>> trailer = struct.pack("<qqii", -100, 0, 8, 1)
    >>> place = struct.pack("<qqii", 0, 24, 8, len(block))
    >>> unzipped(head + block + trailer + place, 0, "<") == bytes(8)
    True
    """
    _, trailer, _ = struct.unpack_from(f"{order}qqq", data, start)
    (count,) = struct.unpack_from(f"{order}i", data, trailer + 20)
    blocks = data[trailer + 24 : trailer + 24 * (count + 1)]
    places = struct.iter_unpack(f"{order}qqii", blocks)
    return b"".join(zlib.decompress(data[at : at + size]) for _, at, _, size in places)


def split(words: Bytes) -> tuple[Bytes, Bytes]:
    """Tell commands of compressed cases from values.

    Parameters
    ----------
    words : uint8 array (n, 8)
        Blocks of eight commands, each with the values that its commands announce.

    Returns
    -------
    uint8 array (m,), uint8 array (k, 8)
        Commands up to the end of the data, without those that mean nothing; values.

    Examples
    --------
    >>> words = np.array([[101, 253, 252, 0, 0, 0, 0, 0], [7] * 8], np.uint8)
    >>> commands, values = split(words)
    >>> commands.tolist(), values.tolist()
    ([101, 253], [[7, 7, 7, 7, 7, 7, 7, 7]])
    """
    announced = (words == _VALUE).sum(axis=1).tolist()
    is_block = np.zeros(len(words), dtype=bool)
    at = 0
    while at < len(words):
        is_block[at] = True
        at += 1 + announced[at]
    commands = words[is_block].ravel()
    ended = np.flatnonzero(commands == _ENDED)
    commands = commands[: ended[0]] if ended.size else commands
    commands = commands[commands != _NOTHING]
    return commands, words[~is_block][: np.count_nonzero(commands == _VALUE)]
