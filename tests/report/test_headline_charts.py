"""Headlines in pairs: the numbers of the tables, drawn beside each other."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from survey.report.context import Context
from survey.report.headline_charts import pairs_by_weights, weighted_pairs
from survey.report.headlines import headline_cells

SIZES = [{"code": i + 1, "label": text} for i, text in enumerate(["Small", "Large"])]
USES = [{"code": i + 1, "label": text} for i, text in enumerate(["Uses it", "Not"])]
QUESTIONS = [
    {"id": "size", "kind": "single", "label": "Size", "categories": SIZES},
    {"id": "use", "kind": "single", "label": "Use", "categories": USES},
]
# 150 small firms of which 90 use it, 50 large ones of which 10 do.
ANSWERS = {
    "size": [1] * 150 + [2] * 50,
    "use": [1] * 90 + [2] * 60 + [1] * 10 + [2] * 40,
}
SHARES = {"shares": [{"question": "use", "code": 1, "label": "Users"}]}


def targets(small: float) -> str:
    return yaml.safe_dump(
        {
            "population": "firms",
            "source": "a register",
            "as_of": 2024,
            "unit": "firms",
            "margins": {"size": {1: small, 2: 1 - small}},
        }
    )


@pytest.fixture
def context(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Context:
    plans = [
        {"name": name, "targets": f"{name}.yaml", "margins": ["size"]}
        for name in ("even", "small")
    ]
    path = make_study(ANSWERS, QUESTIONS, weighting=plans, indicators=SHARES)
    for name, share in (("even", 0.5), ("small", 0.9)):
        file = path.parent / f"{name}.yaml"
        file.write_text(targets(share), encoding="utf-8")
    return context_of(path)


def test_weighted_stands_beside_unweighted(context: Context) -> None:
    [made] = weighted_pairs(context, headline_cells(context))
    assert (made.kind, made.name) == ("pairs", "headlines_weighted")
    assert [s.role for s in made.series] == ["weighted", "unweighted"]
    [row] = made.rows
    # 0.5 x 90/150 + 0.5 x 10/50 = 0.4; unweighted 100/200.
    assert (row.label, [v.text for v in row.values]) == ("Users", ["40%", "50%"])
    assert row.values[0].low is not None
    assert row.values[0].estimate == pytest.approx(0.4)
    assert made.footer[0] == "Base: respondents of each headline, n = 200."
    assert "Users: 40%, 50%" in made.alt


def test_two_sets_of_weights_stand_beside_each_other(context: Context) -> None:
    [made] = pairs_by_weights(context, headline_cells(context))
    assert [(s.label, s.role) for s in made.series] == [
        ("even", "weighted"),
        ("small", "other"),
    ]
    # 0.9 x 0.6 + 0.1 x 0.2 = 0.56.
    assert [value.text for value in made.rows[0].values] == ["40%", "56%"]
    assert "even, small" in made.subtitle


def test_without_weights_there_are_no_pairs(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    plain = context_of(make_study(ANSWERS, QUESTIONS, indicators=SHARES))
    found = headline_cells(plain)
    assert len(found) == 1
    assert weighted_pairs(plain, found) == ()
    assert pairs_by_weights(plain, found) == ()
