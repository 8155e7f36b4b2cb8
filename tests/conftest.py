"""Shared: where the shipped study and the real exports are, and how many ran."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from survey.analysis import _analyse, _task
from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.model import Questionnaire
from survey.report.context import Context

ROOT = Path(__file__).parents[1]
EXPORTS = ROOT.parent / "shared" / "exports"


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture
def raw_table() -> Callable[..., RawTable]:
    def make(columns: dict[str, list[object]], **labels: ColumnLabel) -> RawTable:
        frame = pd.DataFrame({k: pd.Series(v, dtype="str") for k, v in columns.items()})
        known = {name: labels.get(name, ColumnLabel()) for name in frame.columns}
        return RawTable(frame, known, {}, (), Source("wave.csv", "", "plain"))

    return make


@pytest.fixture
def questionnaire() -> Callable[..., Questionnaire]:
    def make(*questions: dict[str, object], **keys: object) -> Questionnaire:
        return Questionnaire.model_validate(
            {"id": "test", "title": "Test", "questions": list(questions), **keys}
        )

    return make


@pytest.fixture
def make_study(tmp_path: Path) -> Callable[..., Path]:
    """Write a study of one wave: answers by column, questions, keys of the study."""

    def make(
        columns: Mapping[str, Sequence[object]],
        questions: Sequence[Mapping[str, Any]],
        *,
        instrument: Mapping[str, Any] | None = None,
        **keys: Any,
    ) -> Path:
        pd.DataFrame(columns).to_csv(tmp_path / "wave.csv", index=False)
        asked = {"id": "tiny", "title": "Tiny", "questions": questions}
        text = yaml.safe_dump({**asked, **(instrument or {})}, sort_keys=False)
        (tmp_path / "tiny.yaml").write_text(text, encoding="utf-8")
        wave = {"id": "1", "file": "wave.csv", "questionnaire": "tiny.yaml"}
        study = {"name": "tiny", "title": "Tiny", "waves": [wave], **keys}
        path = tmp_path / "tiny.study.yaml"
        path.write_text(yaml.safe_dump(study, sort_keys=False), encoding="utf-8")
        return path

    return make


@pytest.fixture
def context_of() -> Callable[..., Context]:
    """Analyse the last wave of a study as far as the pages need it."""

    def make(path: Path, **options: Any) -> Context:
        wanted = {"layout": None, "language": None, "banner": (), "waves": ()}
        task = _task(path, **{**wanted, **options})
        last = len(task.study.waves) - 1
        return Context(task.study, _analyse(task, last))

    return make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    real = {report.nodeid for report in passed if "exports" in report.nodeid}
    where = "there" if EXPORTS.is_dir() else "not there"
    terminalreporter.write_line(
        f"real files (../shared/exports is {where}): {len(real)} tests on exports ran"
    )
