"""Transitions of a panel and its attrition, by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import _analyse, _task
from survey.errors import StudyError
from survey.waves.compare import contract_between
from survey.waves.transitions import transitions
from survey.waves.transitions_values import Transitions

STEPS = [{"code": i, "label": t} for i, t in ((1, "None"), (2, "Pilot"), (3, "In use"))]
STAGE = {"id": "stage", "kind": "single", "label": "Stage", "categories": STEPS}
STAGE |= {"ordered": True}
SIZES = [{"code": 1, "label": "Small"}, {"code": 2, "label": "Large"}]
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
ADOPTION = {"question": "stage", "in_production": [3], "using": [3]}

# Ways of the 200 organisations in both waves; 100 more are in the older one alone.
WAYS = {
    (1, 1): 60,
    (1, 2): 20,
    (1, 3): 20,
    (2, 3): 30,
    (2, 1): 10,
    (3, 3): 48,
    (3, 1): 12,
}
PAIRS = np.array([way for way, n in WAYS.items() for _ in range(n)])
LETTERS = np.array([f"org-{i}" for i in range(300)])
OLDER = pd.DataFrame(
    {
        "organisation": LETTERS,
        "stage": [*PAIRS[:, 0], *([1] * 70 + [3] * 30)],
        "size": [1, 2] * 150,
        "w": 1.0,
    }
)
NEWER = pd.DataFrame(
    {
        "organisation": LETTERS[:200],
        "stage": PAIRS[:, 1],
        "size": [1, 2] * 100,
        "w": np.where(np.arange(200) % 2, 1.0, 3.0),
    }
)


@pytest.fixture
def panel(tmp_path: Path) -> Callable[..., Transitions]:
    def make(older: pd.DataFrame, newer: pd.DataFrame, **given: Any) -> Transitions:
        asked = {"title": "Tiny", "paradata": {"organisation": "organisation"}}
        stages = {"1": STAGE, "2": given.pop("stage", STAGE)}
        entries = []
        for name, frame in (("1", older), ("2", newer)):
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
            form = {"id": f"q{name}", **asked, "questions": [stages[name], SIZE]}
            (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(form))
            file, instrument = f"{name}.csv", f"{name}.yaml"
            entries.append({"id": name, "file": file, "questionnaire": instrument})
        study = {"name": "tiny", "title": "Tiny", "waves": entries, "banner": ["size"]}
        study |= {"indicators": {"adoption": ADOPTION}}
        study |= {"design": {"weight": "w", "psu": "organisation"}}
        path = tmp_path / "tiny.study.yaml"
        path.write_text(yaml.safe_dump({**study, **given.pop("keys", {})}))
        task = _task(path, None, None, (), ())
        before, after = (_analyse(task, place) for place in (0, 1))
        contract = contract_between(
            after.responses.questionnaire,
            before.responses.questionnaire,
            names=("2", "1"),
            study=task.study,
        )
        return transitions(after, before, contract=contract, study=task.study, **given)

    return make


def weighted(ways: list[tuple[int, int]]) -> float:
    weight = NEWER["w"].to_numpy()
    inside = np.array([tuple(pair) in ways for pair in PAIRS.tolist()])
    return float(weight[inside].sum())


def test_flows_by_hand(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER)
    assert (found.unit, found.respondents, found.mixed) == ("organisation", 200, 0)
    whole = NEWER["w"].sum()
    were = weighted([(3, 3), (3, 1)])
    new, kept = weighted([(1, 3), (2, 3)]), weighted([(3, 3)])
    flows = {name: way.of_all.estimate for name, way in found.flows.items()}
    assert flows["new"] == pytest.approx(new / whole)
    assert flows["kept"] == pytest.approx(kept / whole)
    assert flows["lapsed"] == pytest.approx(weighted([(3, 1)]) / whole)
    assert sum(flows.values()) == pytest.approx(1)
    assert found.flows["kept"].of_before.estimate == pytest.approx(kept / were)
    assert found.flows["new"].of_before.estimate == pytest.approx(new / (whole - were))


def test_the_error_of_a_flow_by_hand(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER).flows["new"].of_before
    weight = NEWER["w"].to_numpy()
    inside = PAIRS[:, 0] != 3
    yes = PAIRS[:, 1] == 3
    share = weight[inside & yes].sum() / weight[inside].sum()
    score = weight * inside * (yes - share) / weight[inside].sum()
    # Organisations are units of one stratum; those outside the domain stay in it.
    assert found.std_error == pytest.approx(np.sqrt(200 / 199 * (score**2).sum()))
    assert found.base_unweighted == 140
    assert found.conf_low < share < found.conf_high


def test_stages_by_hand(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER)
    ways = {(way.before, way.after): way for way in found.stages}
    pilot = weighted([(2, 3), (2, 1)])
    assert ways["2", "3"].of_before.estimate == pytest.approx(
        weighted([(2, 3)]) / pilot
    )
    share = weighted([(2, 3)]) / NEWER["w"].sum()
    assert ways["2", "3"].of_all.estimate == pytest.approx(share)
    assert ways["2", "2"].of_all.estimate == 0
    assert len(ways) == 9


def test_weights_of_the_older_wave(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER, weights="older")
    # There everybody counts 1.
    assert found.flows["new"].of_all.estimate == pytest.approx(50 / 200)
    assert found.flows["kept"].of_before.estimate == pytest.approx(48 / 60)


def test_attrition_by_hand(panel: Callable[..., Transitions]) -> None:
    attrition = panel(OLDER, NEWER).attrition
    assert attrition is not None
    assert (attrition.respondents, attrition.again) == (300, 200)
    assert attrition.share.estimate == pytest.approx(2 / 3)
    row = next(r for r in attrition.rows if (r.question, r.code) == ("stage", "3"))
    assert row.again.estimate == pytest.approx(60 / 200)
    assert row.gone.estimate == pytest.approx(30 / 100)
    row = next(r for r in attrition.rows if (r.question, r.code) == ("stage", "2"))
    assert row.difference == pytest.approx(40 / 200)
    # Nobody of the others was there, so that only the first share has a variance.
    variance = 300 / 299 * (0.2 * 0.8 * 200) / 200**2
    assert row.std_error == pytest.approx(np.sqrt(variance))


def test_small_columns_are_hidden_in_all_tables(
    panel: Callable[..., Transitions],
) -> None:
    few = NEWER.drop(index=range(200 - 40, 200))
    found = panel(OLDER, few)
    # Twenty who were in are left, and their number would follow from the others'.
    assert found.flows["kept"].of_all.hidden
    assert found.flows["never"].of_all.hidden
    cells = [way.of_all for way in found.stages if way.before == "3"]
    assert all(cell.hidden for cell in cells)
    assert not panel(OLDER, NEWER).flows["kept"].of_all.hidden


def test_a_panel_that_is_too_small(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER.head(20))
    assert (found.hidden, found.note) == (True, "hidden: base below 30")
    assert dict(found.flows) == {}


def test_units_whose_respondents_differ_are_counted(
    panel: Callable[..., Transitions],
) -> None:
    other = pd.DataFrame(
        {"organisation": ["org-0", "org-1"], "stage": [3, 1], "size": 1, "w": 1.0}
    )
    found = panel(pd.concat([OLDER, other]), NEWER)
    # The second says what the first of its organisation said.
    assert (found.mixed, found.respondents) == (1, 199)


def test_waves_without_ids_in_common(panel: Callable[..., Transitions]) -> None:
    found = panel(OLDER, NEWER, keys={"report": {"changes": {"unit": "none"}}})
    assert (found.unit, found.hidden) == ("", True)
    assert found.attrition is None


def test_a_study_without_adoption_has_to_name_a_question(
    panel: Callable[..., Transitions],
) -> None:
    with pytest.raises(StudyError, match="Name the question"):
        panel(OLDER, NEWER, keys={"indicators": {}})
    named = panel(OLDER, NEWER, keys={"indicators": {}}, question="stage")
    assert (dict(named.flows), len(named.stages)) == ({}, 9)


def test_answers_that_cannot_be_compared(panel: Callable[..., Transitions]) -> None:
    other = [{"code": i, "label": t} for i, t in ((1, "Low"), (2, "Mid"), (3, "High"))]
    found = panel(OLDER, NEWER, stage={**STAGE, "categories": other})
    assert found.consequence.verdict == "not_comparable"
    assert (found.hidden, found.attrition) == (True, None)
