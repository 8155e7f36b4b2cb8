"""One mutated export: made from a seed and a number, read, drafted, bound.

The same seed and number give the same files, so that a failure can be repeated.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from fuzz_seeds import SUFFIXES, Seed

from survey.errors import SurveyError
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.responses.bind import bind

Mutation = Callable[[bytes, bytes, np.random.Generator], bytes]

# Every so many results are drafted and bound as well, made seeds more often than real.
DRAFTED: Final = 2
_MADE: Final = 0.6
_RENAMED: Final = 0.12
_TWICE: Final = 0.3
_MOST_FLIPS: Final = 12
# Bytes at which parsers of numbers, texts and markup go different ways.
_TELLING: Final = (0, 1, 9, 10, 13, 34, 39, 44, 45, 59, 60, 62, 123, 127, 128, 254, 255)
_WORDS: Final = (
    *(b"1e999", b"-1", b"0", b"99999999999999999999", b"45000.5", b"nan", b"1_0"),
    *(b"NA", b"null", b"[]", b"{}", b"true", b"[[1]]", b'"', b"'", b"<!--", b"]]>"),
    *(b"{", b"}", b"(", b"(" * 3000, b"[" * 3000, b"&#x0;", b"&amp;", b"\x00", b""),
    *(b"\xef\xbb\xbf", b"\r\r\n", b"\n\n", b",,,,", b";;;;", b"||", b"=1+1", b"%s{0}"),
    *(b"9999-99-99", b"0001-01-01", b"31/02/2024 25:61:00", b"12:00:00 AM", b"Other"),
    *("\u00a0\u2019\U0001f600\u202e".encode(), "\u0661\u00b2".encode(), b"a" * 40_000),
)
_CELL: Final = re.compile(rb"[^,;\t\n<>\"=|]+")
_QUOTED: Final = re.compile(rb'"[^"\n]*"|<[^<>]*>')


@dataclass(frozen=True, slots=True)
class Case:
    """Files to write, the one to read, and those to name beside it."""

    what: str
    files: tuple[tuple[str, bytes], ...]
    companions: tuple[str, ...]
    drafted: bool


def make_case(made: Sequence[Seed], real: Sequence[Seed], seed: int, n: int) -> Case:
    """Make case n of a run."""
    rng = np.random.default_rng([seed, n])
    pool = made if not real or rng.random() < _MADE else real
    chosen, other = (pool[rng.integers(len(pool))] for _ in range(2))
    place = int(rng.integers(len(chosen.files)))
    name, data = chosen.files[place]
    donor = other.files[0][1]
    done = []
    for _ in range(1 + (rng.random() < _TWICE)):
        told = list(_MUTATIONS)[rng.integers(len(_MUTATIONS))]
        data = _mutated(data, donor, told, rng)
        done.append(told)
    if rng.random() < _RENAMED:
        name = f"{Path(name).stem}{sorted(SUFFIXES)[rng.integers(len(SUFFIXES))]}"
        done.append("renamed")
    files = list(chosen.files)
    files[place] = (name, data)
    named = [name for name, _ in files[1:]] if rng.random() < 0.8 else []
    what = f"{chosen.name}: {name} {', '.join(done)}"
    return Case(what, tuple(files), tuple(named), bool(rng.integers(DRAFTED) == 0))


def run_case(case: Case, folder: Path) -> tuple[str, bool]:
    """Read a case; give ``result`` or ``error``, and whether it was bound as well."""
    for name, data in case.files:
        (folder / name).write_bytes(data)
    try:
        raw = read(
            folder / case.files[0][0],
            companions=[folder / name for name in case.companions],
        )
        if case.drafted:
            bind(raw, draft_questionnaire(raw))
    except SurveyError as error:
        return ("error" if str(error).strip() else "error without words"), False
    finally:
        for name, _ in case.files:
            (folder / name).unlink(missing_ok=True)
    return "result", case.drafted


def _mutated(data: bytes, donor: bytes, told: str, rng: np.random.Generator) -> bytes:
    """Mutate bytes, or, half of the time, what a zip archive holds."""
    mutate = _MUTATIONS[told]
    if data.startswith(b"PK\x03\x04") and rng.random() < 0.7:
        try:
            return _in_archive(data, mutate, rng)
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError):
            return mutate(data, donor, rng)
        except NotImplementedError:
            return mutate(data, donor, rng)
    return mutate(data, donor, rng)


def _in_archive(data: bytes, mutate: Mutation, rng: np.random.Generator) -> bytes:
    """Mutate one member of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    chosen, other = (list(held)[rng.integers(len(held))] for _ in range(2))
    held[chosen] = mutate(held[chosen], held[other], rng)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return written.getvalue()


def _span(size: int, rng: np.random.Generator) -> tuple[int, int]:
    """Choose a place and a length, short ones more often."""
    start = int(rng.integers(size + 1))
    return start, start + int((size - start) * rng.random() ** 4) + 1


def _flip(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Flip single bits, in the head of the file more often than elsewhere."""
    held = bytearray(data)
    for _ in range(int(rng.integers(1, _MOST_FLIPS)) if held else 0):
        most = len(held) if rng.random() < 0.5 else min(len(held), 600)
        held[rng.integers(most)] ^= 1 << int(rng.integers(8))
    return bytes(held)


def _set(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Set a few neighbouring bytes to one telling value."""
    start, _ = _span(len(data), rng)
    width = int(rng.integers(1, 9))
    value = _TELLING[rng.integers(len(_TELLING))]
    return data[:start] + bytes([value]) * width + data[start + width :]


def _truncate(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Cut the end off."""
    return data[: int(rng.integers(len(data) + 1))]


def _drop(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Leave a part out."""
    start, end = _span(len(data), rng)
    return data[:start] + data[end:]


def _repeat(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Write a part several times."""
    start, end = _span(len(data), rng)
    part = data[start:end][:2000]
    return data[:end] + part * int(rng.integers(1, 20)) + data[end:]


def _splice(data: bytes, donor: bytes, rng: np.random.Generator) -> bytes:
    """Put a part of another file in, over what was there or between."""
    start, end = _span(len(data), rng)
    first, last = _span(len(donor), rng)
    return (
        data[:start] + donor[first:last] + data[end if rng.random() < 0.5 else start :]
    )


def _cross(data: bytes, donor: bytes, rng: np.random.Generator) -> bytes:
    """Begin as one file and end as another."""
    return data[: _span(len(data), rng)[0]] + donor[_span(len(donor), rng)[0] :]


def _swap(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Exchange two lines."""
    lines = data.split(b"\n")
    one, two = rng.integers(len(lines), size=2)
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def _number(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Overwrite four bytes with a count or a length that is hard to believe."""
    values = (-1, 0, 1, 9, len(data), 65_536, 99_999_999, 2**31 - 1, -(2**31))
    order = "little" if rng.random() < 0.8 else "big"
    value = values[rng.integers(len(values))].to_bytes(4, order, signed=True)
    start = int(rng.integers(len(data) // 4 + 1)) * 4
    return data[:start] + value + data[start + 4 :]


def _token(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Put a word in that some reader takes for more than a word."""
    start = int(rng.integers(len(data) + 1))
    return data[:start] + _WORDS[rng.integers(len(_WORDS))] + data[start:]


def _cell(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Write such a word over a cell, a value of JSON, or a name of markup."""
    pattern = _CELL if rng.random() < 0.7 else _QUOTED
    start = int(rng.integers(len(data) + 1))
    found = pattern.search(data, start) or pattern.search(data)
    word = _WORDS[rng.integers(len(_WORDS))]
    return data[: found.start()] + word + data[found.end() :] if found else data


def _copy(data: bytes, _: bytes, rng: np.random.Generator) -> bytes:
    """Write one cell over another."""
    cells = [cell for cell, _ in zip(_CELL.finditer(data), range(3000), strict=False)]
    if not cells:
        return data
    one, two = (cells[rng.integers(len(cells))] for _ in range(2))
    return data[: one.start()] + two[0] + data[one.end() :]


_MUTATIONS: Final[dict[str, Mutation]] = {
    "flipped": _flip,
    "set": _set,
    "truncated": _truncate,
    "dropped": _drop,
    "repeated": _repeat,
    "spliced": _splice,
    "crossed": _cross,
    "swapped": _swap,
    "number": _number,
    "token": _token,
    "cell": _cell,
    "copied": _copy,
}
