"""An editor that knows the schemas finds what the loaders find."""

import json
from pathlib import Path

import pytest
import yaml

from survey.schemas import schemas


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schemas_in_questionnaires_are_current(name: str, root: Path) -> None:
    stored = (root / "questionnaires" / name).read_text(encoding="utf-8")
    assert stored == schemas()[name], "run 'make schemas'"


def test_every_shipped_file_names_its_schema_and_its_known_keys(root: Path) -> None:
    files = sorted((root / "questionnaires").glob("*.yaml"))
    assert len(files) >= 4
    files.append(root / "data" / "models.yaml")
    for path in files:
        text = path.read_text(encoding="utf-8")
        name = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / name).is_file()
        schema = json.loads(schemas()[Path(name).name])
        assert set(yaml.safe_load(text)) <= set(schema["properties"]), path.name
        assert set(schema["required"]) <= set(yaml.safe_load(text)), path.name
