"""A folder stands for all records in it, and for nothing else."""

from pathlib import Path

import pytest

from survey.errors import ModelFileError
from survey.openness.record_files import model_files


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.txt"):
        (tmp_path / name).write_text("x")

    assert [f.name for f in model_files(tmp_path)] == ["a.yaml", "b.yml"]
    assert model_files(tmp_path / "b.yml") == (tmp_path / "b.yml",)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelFileError, match=r"no \.yml or \.yaml file"):
        model_files(tmp_path / "empty")


def test_a_folder_is_read_with_those_inside_it(tmp_path: Path) -> None:
    for name in ("B.YML", "sub/c.yaml", "x.yml/in.yml", ".git/d.yml", "._B.yml"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)

    found = [f.relative_to(tmp_path).as_posix() for f in model_files(tmp_path)]
    assert found == ["B.YML", "sub/c.yaml", "x.yml/in.yml"]
