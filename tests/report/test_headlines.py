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
ADOPTION = {"adoption": INDICATORS["adoption"]}
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
    assert made[0] == (
        "About half of organisations have generative AI in production: 50% "
        "(95% interval: 43–57%)."
    )
    assert made[1].startswith("More than half use it at all, in a pilot or in prod")
    assert "70% (" in made[1]
    assert made[2].startswith("50% prefer open source, 10% proprietary: a net")
    assert "+40 points (95% interval: +31 to +49)" in made[2]
    assert made[3].startswith('Most named in "Reasons": Reason a, 100%')


def test_where_no_fraction_holds_the_percentage_is_told(
    told: Callable[..., Context],
) -> None:
    made = sentences(told([110, 6, 84], [100, 20, 80], [9, 9, 9]))
    assert made[0].startswith(
        "42% of organisations have generative AI in production (95% interval: "
    )


@pytest.mark.parametrize(
    ("in_production", "title"),
    [
        (104, "About half of organisations have generative AI in production"),
        (120, "More than half of organisations have generative AI in production"),
        (84, "42% of organisations have generative AI in production"),
    ],
)
def test_a_fraction_in_a_title_needs_its_interval(
    told: Callable[..., Context], in_production: int, title: str
) -> None:
    context = told([200 - in_production, 0, in_production], [100, 100, 0], [9, 9, 9])
    cell = context.wave.cells["stage", "in_production", "", "Total"]
    assert production_title(context, cell) == title


def test_german_verbs_follow_the_number(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    said = []
    for using in (100, 134):
        stage = [3] * using + [1] * (200 - using)
        path = make_study({"stage": stage}, QUESTIONS[:1], indicators=ADOPTION)
        said.append(sentences(context_of(path, language="de"))[0])
    assert said[0].startswith("Etwa die Hälfte der Organisationen setzt generative KI")
    assert said[1].startswith("Etwa zwei Drittel der Organisationen setzen generative")


def test_nets_are_told_in_one_sentence_the_largest_first(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    columns = {
        f"why_{c}": [1] * n + [0] * (200 - n)
        for c, n in zip("abc", (40, 100, 200), strict=True)
    }
    nets = [
        {"code": "few", "label": "Few", "codes": ["a"]},
        {"code": "more", "label": "More", "codes": ["a", "b"]},
    ]
    path = make_study(
        columns,
        [WHY],
        nets={"why": nets},
        indicators={"barriers": [{"question": "why"}]},
    )
    made = sentences(context_of(path))
    # 40 named a, all of them b as well; all 200 named c.
    assert made[0].startswith('Most named in "Reasons": Reason c, 100%')
    assert made[1] == (
        'Reasons, several answers taken together: "More" 50% (43–57%), "Few" 20% '
        "(15–26%) (95% intervals; n = 200)."
    )


def test_dimensions_are_counted_by_their_intervals(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    sides = {"by_a": [1] * 150 + [2] * 50, "by_b": [1, 2] * 100, "by_c": [2] * 200}
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(SIDES)]
    items = [{"code": c, "label": c} for c in "abc"]
    grid = {"id": "by", "kind": "grid", "label": "By", "items": items}
    plan = {"overall": "pref", "dimensions": "by", "open": 1, "proprietary": 2}
    path = make_study(
        {"pref": [1, 2] * 100, **sides},
        [QUESTIONS[1], {**grid, "categories": categories}],
        indicators={"preference": plan},
    )
    assert sentences(context_of(path))[1] == (
        "By dimension, the net is for open source on 1 of 3, for proprietary on 1 and "
        "open on 1, by the 95% interval of each."
    )


def test_opt_in_samples_claim_no_margin_of_error(told: Callable[..., Context]) -> None:
    context = told([60, 40, 100], [100, 20, 80], [150, 60, 10])
    assert context.study.sample == "opt_in"
    said = " ".join(sentences(context))
    assert "margin" not in said
    assert "±" not in said


def test_nothing_is_said_on_a_small_base(told: Callable[..., Context]) -> None:
    # 90 respondents: shown and marked, but no finding.
    context = told([30, 20, 40], [60, 10, 20], [60, 30, 10])
    assert sentences(context) == ()
    assert headline_cells(context) != ()
    assert preference_title(context) == ""


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
        ([120, 120, 120], "Reason a is named most often, but 3 answers may rank first"),
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
