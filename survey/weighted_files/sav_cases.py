"""Cases of a .sav file, plain or compressed, with one more value each.

Values are moved as the bytes that they are, so that none can change.
"""

import numpy as np
from numpy.typing import NDArray

from survey.importers.binary.sav_cases import split

Bytes = NDArray[np.uint8]

# Command of the compression: a value of eight bytes.
_VALUE = 253


def raw_cases(cases: bytes, width: int, added: Bytes) -> bytes:
    r"""Add a value to every case of a file that is not compressed.

    Parameters
    ----------
    cases : bytes
        What stands behind the dictionary.
    width, added
        As for `packed_cases`.

    Returns
    -------
    bytes
        All cases.

    Raises
    ------
    ValueError
        There are fewer cases.

    Examples
    --------
    >>> added = np.full((1, 8), 7, np.uint8)
    >>> raw_cases(bytes(8), 1, added)[6:10]
    b'\x00\x00\x07\x07'
    """
    values = np.frombuffer(cases[: len(added) * width * 8], np.uint8)
    return np.hstack([values.reshape(len(added), width * 8), added]).tobytes()


def packed_cases(cases: bytes, width: int, added: Bytes) -> bytes:
    """Add a value to every case of a file that is compressed by bytecode.

    Parameters
    ----------
    cases : bytes
        What stands behind the dictionary: blocks of eight commands, each with the
        values that its commands announce.
    width : int
        Eight-byte elements of every case.
    added : uint8 array (n, 8)
        Bytes of the value of each case.

    Returns
    -------
    bytes
        The same values and the new ones, in blocks.

    Raises
    ------
    ValueError
        There are more or fewer cases.

    Examples
    --------
    A case of one element, which is 1 as a command (101 less 100), gets a value.

    >>> block = bytes([101, 252, 0, 0, 0, 0, 0, 0])
    >>> value = np.arange(8, dtype=np.uint8).reshape(1, 8)
    >>> list(packed_cases(block, 1, value))
    [101, 253, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]
    """
    words = np.frombuffer(cases[: len(cases) // 8 * 8], np.uint8).reshape(-1, 8)
    commands, values = split(words)
    if commands.size != width * len(added):
        raise ValueError(
            f"{commands.size} values are not {width} for each of {len(added)} cases"
        )
    table = commands.reshape(len(added), width)
    before = np.cumsum((table == _VALUE).sum(axis=1))
    more = np.full((len(added), 1), _VALUE, np.uint8)
    return _joined(
        np.hstack([table, more]).ravel(), np.insert(values, before, added, axis=0)
    )


def _joined(commands: Bytes, values: Bytes) -> bytes:
    """Put commands in blocks of eight, and values behind the block that needs them."""
    blocks = np.zeros((-(-commands.size // 8), 8), np.uint8)
    blocks.ravel()[: commands.size] = commands
    announced = (blocks == _VALUE).sum(axis=1)
    place = np.arange(len(blocks)) + np.cumsum(announced) - announced
    words = np.empty((len(blocks) + len(values), 8), np.uint8)
    words[place] = blocks
    is_value = np.ones(len(words), dtype=bool)
    is_value[place] = False
    words[is_value] = values
    return words.tobytes()
