from collections.abc import Callable
from pathlib import Path

import pytest

from survey.report.context import Context
from survey.report.headlines import headline_cells, sentences
from survey.report.titles import barrier_title, preference_title, production_title

STAGES = ["None", "Pilot", "In production"]
SIDES = ["Open", "Proprietary", "Neither"]
REASONS = ["a", "b", "c"]
INDICATORS = {
    "adoption": {"question": "stage", "in_production": 3, "using": [2, 3]},
    "preference": {"overall": "pref", "open": 1, "proprietary": 2},
    "barriers": [{"question": "why"}],
}


def single(name: str, labels: list[str]) -> dict[str, object]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    return {"id": name, "kind": "single", "label": name, "categories": categories}


WHY = {
    "id": "why",
    "kind": "multiple",
    "label": "Reasons",
    "categories": [{"code": c, "label": f"Reason {c}"} for c in REASONS],
}
QUESTIONS = [single("stage", STAGES), single("pref", SIDES), WHY]


@pytest.fixture
def told(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., Context]:
    """Analyse counts of stages, of sides, and of reasons out of 200."""

    def make(stages: list[int], sides: list[int], reasons: list[int]) -> Context:
        columns: dict[str, list[int]] = {
            "stage": [i + 1 for i, n in enumerate(stages) for _ in range(n)],
            "pref": [i + 1 for i, n in enumerate(sides) for _ in range(n)],
        }
        size = len(columns["stage"])
        for code, n in zip(REASONS, reasons, strict=True):
            columns[f"why_{code}"] = [1] * n + [0] * (size - n)
        return context_of(make_study(columns, QUESTIONS, indicators=INDICATORS))

    return make


def test_sentences_by_hand(told: Callable[..., Context]) -> None:
    made = sentences(told([60, 40, 100], [100, 20, 80], [150, 60, 10]))
    assert made[0].startswith(
        "50% of organisations have generative AI in production (95% interval: 43–57%)"
    )
    assert made[1].startswith("70% use it at all")
    assert made[2].startswith("50% prefer open source, 10% proprietary: a net")
    assert "+40 points (95% interval: +31 to +49)" in made[2]
    assert made[3].startswith('Most named in "Reasons": Reason a, 100%')


@pytest.mark.parametrize(
    ("in_production", "title"),
    [
        (104, "52% of organisations have generative AI in production"),
        (120, "More than half of organisations have generative AI in production"),
    ],
)
def test_more_than_half_needs_its_interval(
    told: Callable[..., Context], in_production: int, title: str
) -> None:
    context = told([200 - in_production, 0, in_production], [100, 100, 0], [9, 9, 9])
    cell = context.wave.cells["stage", "in_production", "", "Total"]
    assert production_title(context, cell) == title


@pytest.mark.parametrize(
    ("sides", "title"),
    [
        ([90, 40, 70], "Open source is preferred over proprietary, 45% to 20%"),
        ([40, 90, 70], "Proprietary is preferred over open source, 45% to 20%"),
        ([70, 60, 70], "No clear preference between open source and proprietary"),
    ],
)
def test_a_lead_needs_a_net_that_is_not_zero(
    told: Callable[..., Context], sides: list[int], title: str
) -> None:
    assert preference_title(told([100, 50, 50], sides, [9, 9, 9])) == title


@pytest.mark.parametrize(
    ("reasons", "title"),
    [
        ([180, 60, 50], "Reason a is named most often"),
        ([100, 100, 20], "Reason a and Reason b are named most often"),
        ([60, 60, 60], "Reason a is named most often, but 3 answers may rank first"),
    ],
)
def test_a_first_place_needs_its_rank(
    told: Callable[..., Context], reasons: list[int], title: str
) -> None:
    context = told([100, 50, 50], [100, 50, 50], reasons)
    result = context.wave.question("why")
    assert result is not None
    assert barrier_title(context, result) == title


def test_nothing_is_said_of_a_hidden_number(told: Callable[..., Context]) -> None:
    context = told([5, 5, 10], [10, 5, 5], [9, 5, 3])
    assert sentences(context) == ()
    assert headline_cells(context) == ()
    assert preference_title(context) == ""
