"""Shared: where the shipped study and the real exports are, and how many ran."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.model import Questionnaire

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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    passed = terminalreporter.stats.get("passed", [])
    real = {report.nodeid for report in passed if "exports" in report.nodeid}
    where = "there" if EXPORTS.is_dir() else "not there"
    terminalreporter.write_line(
        f"real files (../shared/exports is {where}): {len(real)} tests on exports ran"
    )
