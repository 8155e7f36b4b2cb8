"""Shared: responses bound from columns of text, and those of honest people."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses

COMMENTS = (
    "costs skills data models lawyers security quality vendor hosting pilots "
    "Datenschutz Betriebsrat Rechtsabteilung Fachkräfte данные модели затраты"
)
WORDS = COMMENTS.split()
SCALE = [{"code": code, "label": str(code)} for code in range(1, 6)]
GRIDS, SINGLES, OPTIONS = 3, 20, 10


def asked() -> Questionnaire:
    items = [{"code": i, "label": str(i)} for i in range(5)]
    options = [{"code": i, "label": str(i), "column": f"m{i}"} for i in range(OPTIONS)]
    questions: list[dict[str, Any]] = [
        {"id": f"s{i}", "kind": "single", "label": str(i), "categories": SCALE}
        for i in range(SINGLES)
    ]
    questions += [
        {"id": f"g{i}", "kind": "grid", "label": str(i), "categories": SCALE}
        | {"items": items}
        for i in range(GRIDS)
    ]
    questions += [
        {"id": "m", "kind": "multiple", "label": "M", "categories": options},
        {"id": "t", "kind": "text", "label": "T", "wording": "What stands in the way?"},
    ]
    paradata = {"respondent": "id", "seconds": "seconds", "finished": "End"}
    return Questionnaire.model_validate(
        {"id": "a", "title": "A", "questions": questions, "paradata": paradata}
    )


def draw(seed: int, n: int, *, spread: float = 0.2) -> Responses:
    """Answers of honest people; `spread` is that of the logarithm of their times."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {"id": [str(i) for i in range(n)]}
    names = [f"s{i}" for i in range(SINGLES)]
    names += [f"g{i}_{item}" for i in range(GRIDS) for item in range(5)]
    # People differ, and so do items: answers are correlated as in a real survey.
    lean = rng.normal(0, 0.5, n)
    for name in names:
        drawn = 3 + lean + rng.normal(0, 0.3) + rng.normal(0, 1.3, n)
        columns[name] = np.clip(np.rint(drawn), 1, 5).astype(int).astype(str)
    for i in range(OPTIONS):
        columns[f"m{i}"] = np.where(rng.random(n) < 0.4, "1", "0")
    said = [" ".join(rng.choice(WORDS, rng.integers(1, 12))) for _ in range(n)]
    columns["t"] = said
    columns["seconds"] = np.rint(600 * np.exp(rng.normal(0, spread, n))).astype(str)
    start = pd.Timestamp("2025-03-03 08:00:00")
    moments = start + pd.to_timedelta(np.rint(rng.random(n) * 864_000), unit="s")
    columns["End"] = moments.astype(str)
    frame = pd.DataFrame({k: pd.Series(v, dtype="str") for k, v in columns.items()})
    labels = {name: ColumnLabel() for name in frame.columns}
    return bind(RawTable(frame, labels, {}, (), Source("a.csv", "", "plain")), asked())


@pytest.fixture(scope="session")
def honest() -> Callable[..., Responses]:
    return draw


@pytest.fixture
def responses(
    raw_table: Callable[..., RawTable], questionnaire: Callable[..., Questionnaire]
) -> Callable[..., Responses]:
    def make(
        columns: dict[str, list[Any]], *questions: dict[str, Any], **keys: Any
    ) -> Responses:
        return bind(raw_table(columns), questionnaire(*questions, **keys))

    return make
