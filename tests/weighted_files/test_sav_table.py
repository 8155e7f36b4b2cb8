from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.errors import OutputError
from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    Source,
)
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.responses.bind import bind
from survey.weighted_files.sav_table import write_sav

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT.parent / "shared" / "exports"
FILES = sorted((*EXPORTS.glob("spss_*/**/*.*sav"), *EXPORTS.glob("spss_*/**/*.por")))
SPSS = [path for path in FILES if path.suffix in {".sav", ".zsav", ".por"}]
needs_exports = pytest.mark.skipif(
    not EXPORTS.exists(), reason="../shared/exports is not here"
)


def table(frame: pd.DataFrame, **fields: object) -> RawTable:
    labels = {name: ColumnLabel(name, f"Text of {name}") for name in frame.columns}
    raw = RawTable(frame, labels, {}, (), Source("wave.csv", "", "plain"))
    return replace(raw, **fields)


def through(raw: RawTable, tmp_path: Path) -> RawTable:
    write_sav(raw, tmp_path / "again.sav")
    return read(tmp_path / "again.sav")


def same(again: RawTable, raw: RawTable) -> None:
    assert list(again.frame.columns) == list(raw.frame.columns)
    assert again.frame.equals(raw.frame)
    assert dict(again.missing) == dict(raw.missing)
    assert again.sets == raw.sets
    assert again.weight == raw.weight
    for name, label in raw.labels.items():
        assert again.labels[name].wording == label.wording
        assert dict(again.labels[name].values) == dict(label.values)
        assert again.labels[name].measure in {label.measure, "nominal", "scale"}
        if label.measure:
            assert again.labels[name].measure == label.measure


@pytest.fixture
def full() -> RawTable:
    frame = pd.DataFrame(
        {
            "a": [1.0, 0.0, np.nan],
            "b": [0.0, 1.0, 9.0],
            "a_name_longer_than_eight": [1.5, 97.0, 2.0],
            "why": pd.Series(["Größe", None, "NA"], dtype="str"),
            "day": pd.Series(["2024-02-29", None, "1999-12-31"], dtype="str"),
            "moment": pd.Series(["2024-02-29 13:05:00", None, None], dtype="str"),
        }
    )
    raw = table(
        frame,
        missing={
            "b": (MissingRange(9.0, 9.0),),
            "a_name_longer_than_eight": (
                MissingRange(97.0, 99.0),
                MissingRange(-1.0, -1.0),
            ),
            "why": (MissingRange("NA", "NA"),),
        },
        sets=(
            MultipleSet("uses", "Womit? Größe", ("a", "b"), "1"),
            MultipleSet("more", "", ("a", "a_name_longer_than_eight"), None),
        ),
        weight="a_name_longer_than_eight",
    )
    labels = dict(raw.labels)
    labels["b"] = ColumnLabel("b", "B", values={"1": "ja", "9": "weiß nicht"})
    labels["a"] = ColumnLabel("a", "A", measure="ordinal")
    return replace(raw, labels=labels)


def test_everything_of_a_table_comes_back(full: RawTable, tmp_path: Path) -> None:
    same(through(full, tmp_path), full)


def test_responses_are_the_same(tmp_path: Path) -> None:
    raw = read(ROOT / "data" / "wave-2024.sav")
    write_sav(raw, tmp_path / "wave-2024.sav")
    again = read(tmp_path / "wave-2024.sav")
    questionnaire = draft_questionnaire(raw)
    first, second = bind(raw, questionnaire), bind(again, questionnaire)

    same(again, raw)
    assert draft_questionnaire(again) == questionnaire
    assert first.frame.equals(second.frame)
    assert first.states.equals(second.states)
    assert first.findings == second.findings


@needs_exports
@pytest.mark.parametrize("path", SPSS, ids=lambda path: path.name)
def test_files_of_others_come_back(path: Path, tmp_path: Path) -> None:
    raw = read(path)
    notes = write_sav(raw, tmp_path / "again.sav")
    again = read(tmp_path / "again.sav")
    changed = dict(zip(raw.frame.columns, again.frame.columns, strict=True))

    assert again.frame.set_axis(raw.frame.columns, axis=1).equals(raw.frame)
    assert {changed[n]: set(m) for n, m in raw.missing.items()} == {
        n: set(m) for n, m in again.missing.items()
    }
    assert [len(one.columns) for one in again.sets] == [
        len(s.columns) for s in raw.sets
    ]
    assert bool(notes) == any(old != new for old, new in changed.items())


def test_the_same_table_gives_the_same_bytes(full: RawTable, tmp_path: Path) -> None:
    write_sav(full, tmp_path / "a.sav")
    write_sav(full, tmp_path / "b.sav")

    assert (tmp_path / "a.sav").read_bytes() == (tmp_path / "b.sav").read_bytes()


def test_missing_codes_that_do_not_fit_are_told(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0], "r": [1.0, 2.0]})
    many = tuple(MissingRange(float(code), float(code)) for code in range(5, 9))
    raw = table(frame, missing={"q": many, "r": many[:3]})
    notes = write_sav(raw, tmp_path / "a.sav")

    assert notes == (
        "SPSS cannot hold the missing codes of 'q': they are plain codes.",
    )
    assert dict(read(tmp_path / "a.sav").missing) == {"r": many[:3]}


def test_columns_get_names_that_spss_takes(tmp_path: Path) -> None:
    frame = pd.DataFrame({"1. Größe": [1.0], "q": [2.0], "Q": [3.0]})
    notes = write_sav(table(frame), tmp_path / "a.sav", taken=["q"])

    assert len(set(map(str.lower, read(tmp_path / "a.sav").frame.columns))) == 3
    assert "Q is Q_3" in notes[0]


def test_what_the_writer_refuses_is_told(full: RawTable, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"wave\.csv: cannot be written as \.sav"):
        write_sav(full, tmp_path / "no folder" / "a.sav")
