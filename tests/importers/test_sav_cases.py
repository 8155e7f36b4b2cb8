import struct
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey.importers.binary import statfile
from survey.importers.binary.sav_cases import read_cases
from survey.importers.binary.sav_dictionary import parse_dictionary
from survey.importers.read import read

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT.parent / "shared" / "exports"
FILES = EXPORTS.glob("spss_*/**/*.*sav")
PATHS = sorted({*FILES, ROOT / "data" / "wave-2024.sav"})


def same_numbers(path: Path) -> None:
    frame, meta = pyreadstat.read_sav(
        str(path), user_missing=True, disable_datetime_conversion=True
    )
    kinds = meta.readstat_variable_types
    names = [name for name in frame.columns if kinds[name] != "string"]
    found = statfile._numbers(str(path), names, len(frame))

    assert list(found) == names
    for name in names:
        expected = frame[name].to_numpy(dtype=float, na_value=np.nan)
        np.testing.assert_array_equal(found[name], expected)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_numbers_are_those_of_pyreadstat(path: Path) -> None:
    same_numbers(path)


@pytest.fixture
def frame() -> pd.DataFrame:
    random = np.random.default_rng(5)
    codes = np.where(random.random(500) < 0.2, np.nan, random.integers(-120, 400, 500))
    return pd.DataFrame(
        {
            "code": codes,
            "why": random.choice(["", "short", "x" * 300, "Größe " * 60], 500),
            "number": random.normal(size=500),
            "last": random.choice([0.0, 1e300, -1e-300, 151.0, 152.0], 500),
        }
    )


@pytest.mark.parametrize(
    "way", [{}, {"row_compress": True}, {"compress": True}], ids=["raw", "rows", "zlib"]
)
def test_every_compression(
    way: dict[str, bool], frame: pd.DataFrame, tmp_path: Path
) -> None:
    file = tmp_path / ("a.zsav" if "compress" in way else "a.sav")
    pyreadstat.write_sav(frame, str(file), **way)
    same_numbers(file)

    found = read(file).frame
    assert found["code"].equals(frame["code"])
    assert found["why"].fillna("").tolist() == frame["why"].str.strip().tolist()


def test_more_cases_than_the_file_holds_are_refused(
    frame: pd.DataFrame, tmp_path: Path
) -> None:
    ways: list[dict[str, bool]] = [{}, {"row_compress": True}]
    for way in ways:
        pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), **way)
        file = parse_dictionary((tmp_path / "a.sav").read_bytes())
        with pytest.raises(ValueError, match=r"buffer|reshape"):
            read_cases(file, 501)


@pytest.mark.parametrize("problem", [ValueError, IndexError, struct.error, zlib.error])
def test_numbers_that_we_cannot_read_come_from_pyreadstat(
    problem: type[Exception],
    frame: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise problem

    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    expected = read(tmp_path / "a.sav").frame
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr(statfile, "_numbers", refuse)

    assert read(tmp_path / "a.sav").frame.equals(expected)


def test_a_file_of_texts_only_and_one_of_numbers_only(tmp_path: Path) -> None:
    pyreadstat.write_sav(pd.DataFrame({"a": ["x", ""]}), str(tmp_path / "a.sav"))
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0, 2.0]}), str(tmp_path / "b.sav"))

    assert read(tmp_path / "a.sav").frame["a"].fillna("").tolist() == ["x", ""]
    assert read(tmp_path / "b.sav").frame["a"].tolist() == [1.0, 2.0]
