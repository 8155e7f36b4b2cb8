from pathlib import Path

import survey


def test_public_names_are_sorted_and_exist() -> None:
    assert list(survey.__all__) == sorted(survey.__all__)
    assert all(hasattr(survey, name) for name in survey.__all__)


def test_public_names_are_documented() -> None:
    undocumented = [n for n in survey.__all__ if not getattr(survey, n).__doc__]
    assert undocumented == []


def test_public_names_are_not_hidden_by_modules_of_the_same_name() -> None:
    names = {path.stem for path in Path(survey.__file__).parent.iterdir()}
    assert names.isdisjoint(survey.__all__)
