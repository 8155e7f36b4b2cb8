from pathlib import Path

import pytest

from survey.errors import StudyError
from survey.weighting.targets import Targets, load_targets

TEXT = """\
population: firms
source: register
as_of: 2024-01-01
unit: enterprises
margins:
  size:
    1: 900
    2: 100
notes: rounded
"""


def _load(folder: Path, text: str) -> Targets:
    path = folder / "targets.yaml"
    path.write_text(text, encoding="utf-8")
    return load_targets(path)


def test_a_target_file(tmp_path: Path) -> None:
    targets = _load(tmp_path, TEXT)
    assert targets.margins == {"size": {"1": 900.0, "2": 100.0}}
    assert targets.as_of == "2024-01-01"
    assert targets.notes == ("rounded",)


def test_the_shipped_target_files_load() -> None:
    folder = Path(__file__).parents[2] / "data" / "targets"
    files = sorted(folder.glob("*.yaml"))
    assert files
    assert all(load_targets(path).margins for path in files)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2: 100", "2: -1", "line 8"),
        ("2: 100", "2: many", "line 8"),
        ("2: 100", "2: true", "line 8"),
        ("  size:", "\tsize:", "line 6: a tab"),
        ("unit: enterprises", "unit: e\ncolour: red", "unknown key 'colour'"),
        ("source: register\n", "", "'source' is missing"),
        ("1: 900\n    2: 100", "1: 0", "no target above 0"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in TEXT
    with pytest.raises(StudyError, match=words) as caught:
        _load(tmp_path, TEXT.replace(old, new))
    assert "targets.yaml" in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such file"):
        load_targets(tmp_path / "none.yaml")
