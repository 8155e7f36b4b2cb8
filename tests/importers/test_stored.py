"""Stored data: opened where they are, with one clear error where that fails."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

import survey
import survey.importers.stored
from survey.errors import DataFileError
from survey.importers.stored_queries import collected

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
pl = pytest.importorskip("polars", reason="Polars is not installed")

FRAME = pd.DataFrame({"q1": ["a", "b", None], "w": [1.5, np.nan, 2.0]})


def rows(data: survey.importers.stored.StoredData) -> list[dict[str, object]]:
    found = collected(data.frame.sort("q1"), data.name, data.engine)
    return found.astype(object).where(found.notna(), None).to_dict("records")


ADVICE = (
    "Write all files with the same names and types, or open one folder for each kind."
)
HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print('held', flush=True)
sys.stdin.read()
"""
EXPECTED = [
    {"q1": None, "w": 2.0},
    {"q1": "a", "w": 1.5},
    {"q1": "b", "w": None},
]


def write(folder: Path, name: str, frame: pd.DataFrame = FRAME) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path)
    return path


@pytest.fixture
def spills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder in which all temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_a_parquet_file_stays_where_it_is(tmp_path: Path) -> None:
    data = survey.open(write(tmp_path, "wave.parquet"))
    assert (data.name, data.engine, data.rows) == ("wave.parquet", "duckdb", 3)
    assert rows(data) == EXPECTED


def test_a_path_may_be_a_text(tmp_path: Path) -> None:
    assert survey.open(str(write(tmp_path, "wave.parquet"))).rows == 3


@pytest.mark.parametrize(
    "given",
    [
        FRAME,
        pl.from_pandas(FRAME),
        pl.from_pandas(FRAME).lazy(),
        nw.from_native(FRAME),
        nw.from_native(FRAME).lazy(),
        nw.from_native(pl.from_pandas(FRAME).lazy()),
        pl.from_pandas(FRAME).to_arrow(),
    ],
    ids=["pandas", "polars", "lazy", "narwhals", "nw-lazy", "nw-polars", "arrow"],
)
def test_frames_of_every_engine_are_opened(given: object) -> None:
    assert rows(survey.open(given)) == EXPECTED


def test_nan_of_an_engine_is_missing() -> None:
    data = survey.open(pl.DataFrame({"q1": ["a"], "w": [float("nan")]}).lazy())
    assert rows(data) == [{"q1": "a", "w": None}]


def test_a_relation_of_duckdb_is_opened() -> None:
    relation = duckdb.connect().sql("select 'a' as q1, 1.5::double as w")
    assert rows(survey.open(relation)) == [{"q1": "a", "w": 1.5}]


def test_stored_data_are_opened_as_they_are(tmp_path: Path) -> None:
    data = survey.open(write(tmp_path, "wave.parquet"))
    assert survey.open(data) is data


def test_the_text_of_stored_data_shows_no_respondent(tmp_path: Path) -> None:
    text = repr(survey.open(write(tmp_path, "wave.parquet")))
    assert text == "StoredData(name='wave.parquet', engine='duckdb', rows=3)"


def test_files_of_a_folder_are_one_table(tmp_path: Path) -> None:
    write(tmp_path, "wave/part-0.parquet", FRAME[:1])
    write(tmp_path, "wave/more/part-1.parquet", FRAME[1:])
    write(tmp_path, "wave/_temporary/part-2.parquet", FRAME)
    (tmp_path / "wave" / "_SUCCESS").touch()
    data = survey.open(tmp_path / "wave")
    assert (data.name, data.rows) == ("wave", 3)
    assert rows(data) == EXPECTED


def test_partitions_of_a_folder_are_a_column(tmp_path: Path) -> None:
    write(tmp_path, "waves/year=2024/a.parquet", FRAME[:1])
    write(tmp_path, "waves/year=2025/a.parquet", FRAME[1:])
    data = survey.open(tmp_path / "waves")
    found = collected(data.frame.sort("year", "q1"), data.name)
    assert found["year"].astype(int).tolist() == [2024, 2025, 2025]


def database(tmp_path: Path, *names: str) -> Path:
    path = tmp_path / "waves.duckdb"
    with duckdb.connect(str(path)) as connection:
        for name in names:
            connection.execute(f"create table {name} as select 'a' as q1, 1.0 as w")
    return path


def test_the_only_table_of_a_database_needs_no_name(tmp_path: Path) -> None:
    data = survey.open(database(tmp_path, "w2025"))
    assert (data.name, data.rows) == ("waves.duckdb, table 'w2025'", 1)


def test_a_table_is_found_by_its_name_and_schema(tmp_path: Path) -> None:
    path = database(tmp_path, "w2024", '"w 2025"')
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema old; create view old.v as select 2 as q1")
    assert survey.open(path, "w 2025").rows == 1
    assert survey.open(path, "old.v").frame.collect_schema().names() == ["q1"]


def test_a_table_that_is_not_there_is_refused_with_those_that_are(
    tmp_path: Path,
) -> None:
    path = database(tmp_path, "w2024", "w2025")
    with pytest.raises(
        DataFileError, match=r"no table 'w2023'\. Tables: 'w2024', 'w2025'"
    ):
        survey.open(path, "w2023")


def test_one_of_several_tables_must_be_named(tmp_path: Path) -> None:
    path = database(tmp_path, "w2024", "w2025")
    with pytest.raises(DataFileError, match=r"2 tables .* Say which with table="):
        survey.open(path)


def test_a_database_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="holds no table"):
        survey.open(database(tmp_path))


def test_a_database_that_another_program_writes_is_refused(tmp_path: Path) -> None:
    path = database(tmp_path, "w2025")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(DataFileError, match="another program writes to the file"):
        survey.open(path)
    holder.communicate()


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no such file or folder"):
        survey.open(tmp_path / "none.parquet")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"holds no file \*\.parquet"):
        survey.open(tmp_path)


@pytest.mark.parametrize("content", [b"", b"id,q1\n1,2\n", b"PK\x03\x04"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wave.parquet"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="no Parquet and no DuckDB file"):
        survey.open(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_file_that_is_cut_is_named(tmp_path: Path, spills: Path, kept: float) -> None:
    write(tmp_path, "wave/a.parquet")
    cut = write(tmp_path, "wave/b.parquet")
    content = cut.read_bytes()
    cut.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DataFileError, match=r"b\.parquet.*cut off or damaged.*again"):
        survey.open(tmp_path / "wave")
    assert list(spills.iterdir()) == []


def test_damage_that_only_a_query_meets_is_one_error(tmp_path: Path) -> None:
    values = {"q1": [f"{i * 7919 % 10007}" for i in range(5000)]}
    path = write(tmp_path, "wave.parquet", pd.DataFrame(values))
    content = bytearray(path.read_bytes())
    content[40:4040] = b"\xff" * 4000
    path.write_bytes(content)
    data = survey.open(path)
    with pytest.raises(DataFileError, match=r"wave\.parquet: the query of duckdb"):
        collected(data.frame.sort("q1"), data.name, data.engine)


def test_files_with_other_columns_are_listed(tmp_path: Path) -> None:
    write(tmp_path, "wave/a.parquet")
    write(tmp_path, "wave/b.parquet", FRAME.assign(w="1"))
    write(tmp_path, "wave/c.parquet", FRAME.rename(columns={"q1": "q2"}))
    write(tmp_path, "wave/d.parquet")
    with pytest.raises(DataFileError) as error:
        survey.open(tmp_path / "wave")
    assert str(error.value).splitlines()[1:] == [
        "- b.parquet: 'w' is VARCHAR, not DOUBLE",
        "- c.parquet: without 'q1'; with 'q2' besides",
        ADVICE,
    ]


def test_the_first_differing_files_are_told_and_the_others_counted(
    tmp_path: Path,
) -> None:
    write(tmp_path, "a.parquet")
    for i in range(10):
        write(tmp_path, f"b{i}.parquet", FRAME[["q1"]])
    with pytest.raises(DataFileError, match="10 of 11 Parquet files") as error:
        survey.open(tmp_path)
    assert "- and 2 more files" in str(error.value)


def test_data_without_records_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="holds no record"):
        survey.open(write(tmp_path, "wave.parquet", FRAME[:0]))


def test_what_is_no_data_is_refused() -> None:
    with pytest.raises(TypeError, match=r"survey\.open\(\) cannot open a dict"):
        survey.open({"q1": [1]})


def test_a_limit_that_is_none_is_refused(tmp_path: Path, spills: Path) -> None:
    with pytest.raises(DataFileError, match="the query of duckdb failed"):
        survey.open(write(tmp_path, "wave.parquet"), memory_limit="much")
    assert list(spills.iterdir()) == []


def test_duckdb_takes_a_quarter_of_the_memory_and_its_own_folder(
    tmp_path: Path, spills: Path
) -> None:
    whole = duckdb.connect().sql("select current_setting('memory_limit')").fetchall()
    data = survey.open(write(tmp_path, "wave.parquet"))
    native = data.frame.to_native()
    settings = native.aggregate(
        "current_setting('memory_limit'), current_setting('temp_directory')"
    ).fetchall()[0]
    size = [float(text.split()[0]) for text in (settings[0], whole[0][0])]
    # DuckDB takes 80 % of the memory when it is not told otherwise.
    assert size[0] == pytest.approx(size[1] * 25 / 80, rel=0.02)
    assert Path(settings[1]).parent == spills


def test_the_folder_goes_when_nothing_needs_it(tmp_path: Path, spills: Path) -> None:
    data = survey.open(write(tmp_path, "wave.parquet"))
    assert len(list(spills.iterdir())) == 1
    del data
    assert list(spills.iterdir()) == []


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 2 million long texts, which 64 MB of memory do not hold."""
    path = tmp_path_factory.mktemp("large") / "large.parquet"
    duckdb.connect().sql(
        "select hash(i)::varchar || hash(i + 1)::varchar as q1 from range(2000000) t(i)"
    ).write_parquet(str(path))
    return path


def sorted_texts(data: survey.importers.stored.StoredData) -> nw.LazyFrame:
    """Ask for something that needs all texts in order."""
    return (
        data.frame.with_columns(one=nw.lit(1))
        .with_columns(place=nw.col("one").cum_sum().over(order_by="q1"))
        .select(nw.col("place").max(), nw.col("q1").max())
    )


def test_a_disk_that_is_full_is_one_error(large: Path, spills: Path) -> None:
    data = survey.open(large, memory_limit="64MB", spill_limit="1MB")
    with pytest.raises(DataFileError, match="does not fit on the disk") as error:
        collected(sorted_texts(data), data.name, data.engine)
    assert "TMPDIR" in str(error.value)
    del data
    assert list(spills.iterdir()) == []


def test_memory_that_is_full_is_one_error(large: Path) -> None:
    data = survey.open(large, memory_limit="10MB")
    with pytest.raises(DataFileError, match=r"memory is full.*memory_limit"):
        collected(sorted_texts(data), data.name, data.engine)


def test_a_query_that_is_interrupted_is_one_error() -> None:
    connection = duckdb.connect()
    data = survey.open(connection.sql("select i from range(1000000000000) t(i)"))
    timer = threading.Timer(0.3, connection.interrupt)
    timer.start()
    with pytest.raises(DataFileError, match=r"was interrupted .* Start it again"):
        collected(data.frame.select(nw.col("i").sum()), data.name, data.engine)


def test_an_interrupted_run_leaves_no_folder(tmp_path: Path, large: Path) -> None:
    spills = tmp_path / "spills"
    spills.mkdir()
    script = (
        "import sys, survey, narwhals as nw\n"
        "from survey.importers.stored_queries import collected\n"
        "data = survey.open(sys.argv[1], memory_limit='64MB')\n"
        "print('open', flush=True)\n"
        "while True:\n"
        "    collected(data.frame.sort('q1').select(nw.col('q1').max()), data.name)\n"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script, str(large)],
        env={**os.environ, "TMPDIR": str(spills)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"open\n"
    assert len(list(spills.iterdir())) == 1
    time.sleep(0.3)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode != 0
    assert list(spills.iterdir()) == []


def test_mistakes_of_a_programmer_stay_what_they_are(tmp_path: Path) -> None:
    data = survey.open(write(tmp_path, "wave.parquet"))

    def wrong() -> None:
        collected(data.frame.select(nw.col("q9")), data.name, data.engine)

    with pytest.raises(nw.exceptions.ColumnNotFoundError):
        wrong()


def test_a_library_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "wave.parquet")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(DataFileError, match=r"pip install genai-survey\[scale\]"):
        survey.open(path)
