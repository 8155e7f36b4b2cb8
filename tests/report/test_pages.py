from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from survey.analysis import analyze
from survey.report.context import Context
from survey.report.document import ChartBlock, Page, TableBlock
from survey.report.pages import all_pages, data_page

TARGETS = {
    "population": "firms",
    "source": "a register",
    "as_of": 2024,
    "unit": "firms",
    "margins": {"size": {1: 1, 2: 1}},
}


def single(name: str, *labels: str, **keys: object) -> dict[str, object]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    return {
        "id": name,
        "kind": "single",
        "label": name.title(),
        "categories": categories,
        **keys,
    }


QUESTIONS = [
    single("size", "Small", "Large"),
    single("use", "Uses it", "Does not"),
    {"id": "remark", "kind": "text", "label": "Remark"},
]
# 150 small firms of which 90 use it, 50 large ones of which 10 do.
ANSWERS = {
    "size": [1] * 150 + [2] * 50,
    "use": [1] * 90 + [2] * 60 + [1] * 10 + [2] * 40,
    "remark": ["=secret()"] * 3 + [None] * 197,
}


@pytest.fixture
def study(make_study: Callable[..., Path]) -> Path:
    plan = {"targets": "targets.yaml", "margins": ["size"]}
    path = make_study(ANSWERS, QUESTIONS, weighting=plan, banner=["size"])
    text = yaml.safe_dump(TARGETS)
    (path.parent / "targets.yaml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def context(study: Path, context_of: Callable[..., Context]) -> Context:
    return context_of(study)


def only_table(page: Page, name: str) -> TableBlock:
    found = [b for b in page.blocks if isinstance(b, TableBlock) and b.name == name]
    assert len(found) == 1
    return found[0]


def test_every_question_has_a_page_and_texts_are_not_printed(context: Context) -> None:
    pages = all_pages([context])
    names = [page.name for page in pages]
    assert names == [
        "size",
        "use",
        "remark",
        "toplines",
        "weighting",
        "findings",
        "methods",
        "disclosure",
        "glossary",
    ]
    for page in pages[:3]:
        assert isinstance(page.blocks[0], ChartBlock)
        assert isinstance(page.blocks[1], TableBlock)
    assert "secret" not in repr(pages)


def test_weights_move_the_results_as_they_should(study: Path) -> None:
    results = analyze(study).results
    use = results.query("question == 'use' and code == '1'").set_index("banner")
    # 0.5 x 90/150 + 0.5 x 10/50 = 0.4; unweighted 100/200.
    assert use.loc["", "estimate"] == pytest.approx(0.4)
    assert use.loc["unweighted", "estimate"] == pytest.approx(0.5)
    assert use.loc["", "count"] == 100
    # Weights 2/3 and 2: 200 squared over 150 x 4/9 + 50 x 4.
    assert use.loc["", "base_effective"] == pytest.approx(200**2 / (150 * 4 / 9 + 200))


def test_a_margin_of_the_weights_has_no_sampling_error(context: Context) -> None:
    pages = {page.name: page.blocks[0] for page in all_pages([context])}
    feet = {n: b.footer[1] for n, b in pages.items() if isinstance(b, ChartBlock)}
    assert "no sampling error" in feet["size"]
    assert "Lines are 95% intervals" in feet["use"]


def test_headlines_stand_weighted_and_unweighted_with_their_bases(
    study: Path, context_of: Callable[..., Context]
) -> None:
    data = yaml.safe_load(study.read_text(encoding="utf-8"))
    adoption = {"question": "use", "in_production": [1], "using": [1]}
    data["indicators"] = {"adoption": adoption}
    study.write_text(yaml.safe_dump(data), encoding="utf-8")
    pages = {page.name: page for page in all_pages([context_of(study)])}
    table = only_table(pages["key_findings"], "headlines")
    assert [column.label for column in table.columns] == [
        *("Weighted", "95% interval", "Unweighted", "Design effect"),
        *("Respondents", "Effective base"),
    ]
    # 0.5 x 90/150 + 0.5 x 10/50 = 0.4; unweighted 100/200; 200**2 / (200/3 + 200).
    cells = table.rows[0].cells
    assert [cells[n].text for n in (0, 2, 4, 5)] == ["40%", "50%", "200", "150"]
    charts = [b.name for b in pages["adoption"].blocks if isinstance(b, ChartBlock)]
    assert charts == ["in_production_by_size", "using_by_size"]


def test_the_page_on_the_data_lists_what_was_found(context: Context) -> None:
    page = data_page([context])
    rows = only_table(page, "findings_1").rows
    assert len(rows) == len(context.wave.findings) == 1
    assert [cell.text for cell in rows[0].cells[::2]] == ["Remark", "3"]


def test_waves_stand_side_by_side_and_earlier_ones_keep_their_toplines(
    study: Path,
) -> None:
    data = yaml.safe_load(study.read_text(encoding="utf-8"))
    data["waves"] = [{**data["waves"][0], "id": name} for name in ("a", "b")]
    study.write_text(yaml.safe_dump(data), encoding="utf-8")
    report = analyze(study)
    pages = {page.name: page for page in report.pages}
    table = only_table(pages["waves"], "waves")
    assert [column.label for column in table.columns] == ["a", "b"]
    assert [cell.value for cell in table.rows[0].cells] == [200.0, 200.0]
    assert "wave_a" in pages
    assert "wave_b" not in pages
    both = report.results.groupby("wave")["estimate"].sum()
    assert both["a"] == pytest.approx(both["b"])
