import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from survey.errors import DataFileError
from survey.importers.binary import parquet
from survey.importers.raw import RawTable
from survey.importers.read import read


def written(tmp_path: Path, **columns: pa.Array) -> RawTable:
    pq.write_table(pa.table(columns), tmp_path / "wave.parquet")
    return read(tmp_path / "wave.parquet")


def cells(raw: RawTable, name: str) -> list[object]:
    return [None if pd.isna(cell) else cell for cell in raw.frame[name]]


NUMBERS = {
    "int": (pa.array([1, None, 3]), [1.0, None, 3.0]),
    "exact": (pa.array([2**53, None, 3]), [2.0**53, None, 3.0]),
    "float": (pa.array([1.5, None, float("nan")]), [1.5, None, None]),
    "bool": (pa.array([True, None, False]), [1.0, None, 0.0]),
    "decimal": (pa.array([Decimal("1.20"), None, Decimal(3)]), [1.2, None, 3.0]),
    "duration": (pa.array([1500, None, 0], pa.duration("ms")), [1.5, None, 0.0]),
}
DAY, MOMENT = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 13, 5, 7, 900_000)  # noqa: DTZ001 - a moment without a zone
TEXTS = {
    "long id": (pa.array([2**60, None, 3]), ["1152921504606846976", None, "3"]),
    "text": (pa.array(["Größe ", None, " "]), ["Größe", None, None]),
    "null": (pa.nulls(3), [None, None, None]),
    "date": (
        pa.array([DAY, None, dt.date(1, 1, 1)]),
        ["2024-02-29", None, "0001-01-01"],
    ),
    "moment": (
        pa.array([MOMENT, None, None], pa.timestamp("ns")),
        ["2024-02-29 13:05:07", None, None],
    ),
    "before 1970": (
        pa.array([-1, None, None], pa.timestamp("us")),
        ["1969-12-31 23:59:59", None, None],
    ),
    "midnight": (
        pa.array([DAY, None, None]).cast(pa.timestamp("ms")),
        ["2024-02-29", None, None],
    ),
    "zone": (
        pa.array([0, None, 15_552_000], pa.timestamp("s", tz="Europe/Berlin")),
        ["1970-01-01 01:00:00", None, "1970-06-30 01:00:00"],
    ),
    "time": (pa.array([dt.time(9, 5), None, None]), ["09:05:00", None, None]),
    "list": (pa.array([["a", "b"], None, ["c;d", "e"]]), ["a;b", None, "c;d|e"]),
    "struct": (pa.array([{"a": 1}, None, {"a": 2}]), ['{"a": 1}', None, '{"a": 2}']),
    "bytes": (pa.array([b"x", None, b"\xc3\xa4"]), ["x", None, "ä"]),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers(tmp_path: Path, kind: str) -> None:
    array, expected = NUMBERS[kind]
    raw = written(tmp_path, q=array)

    assert raw.frame["q"].dtype == np.float64
    assert cells(raw, "q") == expected


@pytest.mark.parametrize("kind", TEXTS)
def test_texts(tmp_path: Path, kind: str) -> None:
    array, expected = TEXTS[kind]
    raw = written(tmp_path, q=array)

    assert raw.frame["q"].dtype == pd.Series(["a"], dtype="str").dtype
    assert cells(raw, "q") == expected


def test_categories_keep_their_order_also_those_nobody_chose(tmp_path: Path) -> None:
    sizes = pd.Categorical(
        ["small", None, "large"], categories=["small", "medium", "large"], ordered=True
    )
    frame = pd.DataFrame({"size": sizes, "code": pd.Categorical([3, 1, None])})
    frame.to_parquet(tmp_path / "wave.parquet")
    raw = read(tmp_path / "wave.parquet")

    assert cells(raw, "size") == ["small", None, "large"]
    assert list(raw.labels["size"].values) == ["small", "medium", "large"]
    assert raw.labels["size"].measure == "ordinal"
    assert cells(raw, "code") == [3.0, 1.0, None]
    assert dict(raw.labels["code"].values) == {}


def test_an_index_without_a_name_is_left_out_and_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1, 2]}, index=[5, 7])
    frame.to_parquet(tmp_path / "a.parquet")
    frame.rename_axis("person").to_parquet(tmp_path / "b.parquet")
    unnamed, named = read(tmp_path / "a.parquet"), read(tmp_path / "b.parquet")

    assert list(unnamed.frame) == ["q"]
    assert "the index of pandas has no name: not read" in unnamed.source.reasons
    assert list(named.frame) == ["q", "person"]


def test_what_pandas_writes_and_we_weight_reads_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": ["a", None], "n": [1.0, np.nan]}).astype({"q": "str"})
    frame.to_parquet(tmp_path / "a.parquet", index=False)

    assert read(tmp_path / "a.parquet").frame.equals(frame)


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="1 columns and 0 records"):
        written(tmp_path, q=pa.array([], pa.string()))


def test_a_file_that_grows_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(parquet, "_MOST_CELLS", 2)
    with pytest.raises(DataFileError, match=r"cannot be read \(it holds 3 cells in 0"):
        written(tmp_path, q=pa.array([1, 2, 3]))


def test_texts_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 1, [*pa.array(["a"]).buffers()[:2], pa.py_buffer(b"\xff")]
    )
    with pytest.raises(DataFileError, match=r"cannot be read \(.*UTF"):
        written(tmp_path, q=broken)


@pytest.mark.parametrize("share", range(1, 20))
def test_a_truncated_file_is_refused(tmp_path: Path, share: int) -> None:
    written(tmp_path, q=pa.array(["a", "b"] * 50))
    data = (tmp_path / "wave.parquet").read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(data[: len(data) * share // 20])

    with pytest.raises(DataFileError, match=r"cut\.parquet: .*(cut off|content is)"):
        read(cut)
