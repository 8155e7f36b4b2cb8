"""Routing in words, as it stands under a table."""

from pathlib import Path

import yaml

from survey.analysis import analyze
from survey.report.document import TableBlock

YES_NO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]


def test_an_item_is_named_with_its_grid(tmp_path: Path) -> None:
    rows = ["Q1.1,g_a,why", *["1,1,2"] * 60, *["1,2,"] * 60]
    (tmp_path / "wave.csv").write_text("\n".join(rows), encoding="utf-8")
    single = {"kind": "single", "categories": YES_NO}
    questions = [
        {"id": "Q1.1", "label": "Use", **single},
        {
            "id": "g",
            "label": "Trust",
            **single,
            "kind": "grid",
            "items": [{"code": "a", "label": "Vendors"}],
        },
        {"id": "why", "label": "Why", "asked_if": "[Q1.1] == 1 and [g/a] == 1"}
        | single,
    ]
    asked = {"id": "q", "title": "Q", "questions": questions}
    wave = {"id": "1", "file": "wave.csv", "questionnaire": "q.yaml"}
    study = {"name": "s", "title": "S", "sample": "opt_in", "waves": [wave]}
    (tmp_path / "q.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    report = analyze(tmp_path / "s.yaml")
    tables = [b for p in report.pages for b in p.blocks if isinstance(b, TableBlock)]
    said = " ".join(repr(table) for table in tables)

    routing = '(asked if "Use" is "Yes" and "Trust: Vendors" is "Yes"), n = 60.'
    assert routing in said
