"""What is published of the shipped study equals what R survey makes of its answers.

Both add up and project, so they agree to rounding and to where raking stops (1e-10).
The logit interval is checked twice: as a transformed share, which is exact, and as a
model, which R fits by iteration and stops at a relative change of 1e-8 in deviance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey.checks.check import exclude
from survey.errors import EstimationError
from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.questionnaire.model import Net
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.study.design import _design_frame
from survey.study.load import LoadedStudy, load_study
from survey.study.weights import Sample, make_weights
from survey.weighting.diagnostics import deff_kish
from survey.weighting.targets import load_targets
from survey.weighting.weighting import Weighting

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "questionnaires" / "genai-adoption.study.yaml"
TARGETS = ROOT / "data" / "targets" / "genai-population.yaml"
WAVES = ("2023", "2024", "2025")
WITH_GAPS = (*WAVES, "gaps")
KEY = ["question", "code", "banner", "point"]
BANNER = ["banner", "point"]
SAME = {"rtol": 1e-8, "atol": 1e-13}
SAME_MODEL = {"rtol": 1e-6}


@dataclass(frozen=True)
class Weighted:
    """Records of a wave, with their weights and design."""

    responses: Responses
    weighting: Weighting
    design: SurveyDesign


@pytest.fixture(scope="module")
def theirs(reference: Callable[[str], Any]) -> dict[str, Any]:
    return reference("study")


@pytest.fixture(scope="module")
def loaded() -> LoadedStudy:
    return load_study(STUDY)


@pytest.fixture(scope="module")
def published(loaded: LoadedStudy) -> pd.DataFrame:
    results = survey.analyze(STUDY).results
    # Changes between waves have their own reference numbers: test_changes.py.
    results = results[~results["statistic"].str.startswith("change")]
    codes = dict(_codes_of_points(loaded))
    keys = zip(results["wave"], results["banner"], results["point"], strict=True)
    return results.assign(point=[codes.get(key, key[2]) for key in keys])


def _codes_of_points(
    loaded: LoadedStudy,
) -> Iterator[tuple[tuple[str, str, str], str]]:
    for wave, questionnaire in zip(
        loaded.study.waves, loaded.questionnaires, strict=True
    ):
        for name in loaded.study.banner:
            question = questionnaire.question(name)
            for category in question.categories:
                yield (wave.id, name, category.label["en"]), category.code


@pytest.fixture(scope="module")
def weighted(loaded: LoadedStudy) -> dict[str, Weighted]:
    records = {wave: _responses(loaded, wave) for wave in WAVES}
    records["gaps"] = _with_gaps(records["2025"])
    return {wave: _weighted(loaded, each) for wave, each in records.items()}


def _responses(loaded: LoadedStudy, wave: str) -> Responses:
    number = [w.id for w in loaded.study.waves].index(wave)
    raw = survey.read(loaded.folder / loaded.study.waves[number].file)
    bound = survey.bind(raw, loaded.questionnaires[number])
    return exclude(bound, loaded.study.exclude)[0]


def _with_gaps(responses: Responses) -> Responses:
    """Take away the answers that study_data.py takes away."""
    frame, paradata = responses.frame.copy(), responses.paradata.copy()
    frame.loc[frame.index[::37], "size"] = None
    frame.loc[frame.index[5::53], "size"] = "9"
    paradata.loc[frame.index[::41], "organisation"] = None
    return replace(responses, frame=frame, paradata=paradata)


def _weighted(loaded: LoadedStudy, responses: Responses) -> Weighted:
    nothing = pd.DataFrame(index=responses.frame.index)
    targets = {"weight": load_targets(TARGETS)}
    sample = Sample(loaded.study, responses, responses, nothing, targets)
    weighting = make_weights(sample, loaded.study.weighting[0]).weighting
    columns = _design_frame(loaded.study.design, responses, nothing)
    design = SurveyDesign(weight=weighting, psu=columns["organisation"])
    return Weighted(responses, weighting, design)


@pytest.mark.parametrize("wave", WITH_GAPS)
def test_weights(
    wave: str, theirs: dict[str, Any], weighted: dict[str, Weighted]
) -> None:
    ours, expected = weighted[wave], theirs[wave]
    weight = ours.weighting.weight
    assert len(weight) == expected["respondents"], "rerun tests/reference/run.sh"
    assert deff_kish(weight) == pytest.approx(expected["deff_kish"], rel=1e-8)
    assert weight.max() == pytest.approx(expected["largest_weight"], rel=1e-8)
    degrees = resolve(ours.design, ours.responses).degrees_of_freedom
    assert degrees == expected["degrees_of_freedom"]


@pytest.mark.parametrize("wave", WAVES)
def test_every_cell_of_the_headline_questions(
    wave: str, theirs: dict[str, Any], published: pd.DataFrame
) -> None:
    expected = pd.DataFrame(theirs[wave]["cells"]).set_index(KEY)
    ours = published[published["wave"] == wave].set_index(KEY)
    ours = ours.loc[expected.index]
    hidden = ours["estimate"].isna()
    # R knows no secondary suppression.
    assert (ours.loc[hidden, "note"] == "hidden: protects another cell").all()
    assert (~hidden).sum() > 0.8 * len(hidden)
    _assert_same(ours[~hidden], expected[~hidden])


def _assert_same(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    assert (ours["base_unweighted"] == theirs["base_unweighted"]).all()
    some = theirs["std_error"] > 0
    for column in ("estimate", "std_error", "base_effective"):
        np.testing.assert_allclose(ours[column], theirs[column], **SAME)
    np.testing.assert_allclose(ours["deff"][some], theirs["deff"][some], **SAME)
    for end in ("low", "high"):
        # R gives no interval at 0 % and 100 %, and fits models for Total only.
        for column, same in ((f"conf_{end}", SAME), (f"model_{end}", SAME_MODEL)):
            given = theirs[column].notna()
            assert given.any()
            np.testing.assert_allclose(
                ours[f"conf_{end}"][given], theirs[column][given], **same
            )


@pytest.mark.parametrize("wave", WAVES)
def test_no_cell_with_a_base_below_30_is_published(
    wave: str, theirs: dict[str, Any], published: pd.DataFrame
) -> None:
    enough = pd.DataFrame(theirs[wave]["cells"]).set_index(KEY).index
    others = ["unweighted", "base", "sensitivity", "models_openness"]
    ours = published[(published["wave"] == wave) & ~published["banner"].isin(others)]
    ours = ours.set_index(KEY)
    ours = ours[ours.index.droplevel(BANNER).isin(enough.droplevel(BANNER))]
    shown = ours.index[ours["estimate"].notna()]
    assert set(shown) <= set(enough)
    assert (ours.loc[~ours.index.isin(enough), "note"] == "hidden: base below 30").all()


def test_gaps_keep_their_share_of_the_sample(
    theirs: dict[str, Any], weighted: dict[str, Weighted]
) -> None:
    expected = pd.DataFrame(theirs["gaps"]["cells"]).set_index(KEY)
    gaps = weighted["gaps"]
    nets = {
        "stage": [
            Net(code="in_production", label={}, codes=("5",)),
            Net(code="using", label={}, codes=("4", "5")),
        ]
    }
    banner = ["size", "industry", "region"]
    table = survey.crosstab(
        gaps.responses, ["stage"], banner, design=gaps.design, nets=nets, min_base=1
    )
    codes = {(p.banner, p.label): p.code for p in table.columns}
    frame = table.to_frame()
    keys = zip(frame["banner"], frame["point"], strict=True)
    frame["point"] = [codes.get(key, key[1]) for key in keys]
    _assert_same(frame.set_index(KEY).loc[expected.index], expected)


@pytest.mark.parametrize("wave", WITH_GAPS)
@pytest.mark.parametrize("banner", ["size", "industry", "region"])
def test_association_of_stage_with_the_banner(
    wave: str, banner: str, theirs: dict[str, Any], weighted: dict[str, Weighted]
) -> None:
    ours, expected = weighted[wave], theirs[wave]["tests"][banner]
    if not expected:
        with pytest.raises(EstimationError, match="cells of the table are empty"):
            survey.rao_scott(ours.responses, "stage", banner, design=ours.design)
        return
    found = survey.rao_scott(ours.responses, "stage", banner, design=ours.design)
    for field in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(found, field) == pytest.approx(expected[field], rel=1e-8)


@pytest.mark.parametrize("wave", WITH_GAPS)
@pytest.mark.parametrize("banner", ["size", "region"])
def test_differences_of_columns(
    wave: str, banner: str, theirs: dict[str, Any], weighted: dict[str, Weighted]
) -> None:
    expected = pd.DataFrame(theirs[wave]["differences"])
    expected = expected[expected["banner"] == banner]
    ours = weighted[wave]
    design = resolve(ours.design, ours.responses)
    net = Net(code="using", label={}, codes=("4", "5"))
    stage = variables(ours.responses, "stage", nets=[net])[0]
    across = variables(ours.responses, banner)[0]
    layout = lay_out(columns_of(across), design)
    table = estimate_table(tally(prepare(stage, design.used), layout), layout, "share")
    one, two = (
        np.array([across.codes.index(code) + 1 for code in expected[side]])
        for side in ("first", "second")
    )
    share, v = table.estimate[0], table.covariance[0]
    error = np.sqrt(v[one, one] + v[two, two] - 2 * v[one, two])
    np.testing.assert_allclose(
        share[one] - share[two], expected["difference"], rtol=1e-8, atol=1e-11
    )
    np.testing.assert_allclose(error, expected["std_error"], **SAME)


@pytest.mark.parametrize("wave", WAVES)
@pytest.mark.parametrize("banner", ["size", "region"])
def test_letters_of_the_adoption_rate(
    wave: str, banner: str, theirs: dict[str, Any], published: pd.DataFrame
) -> None:
    pairs = pd.DataFrame(theirs[wave]["differences"])
    pairs = pairs[(pairs["banner"] == banner) & (pairs["p_value"] < 0.10)]
    expected: dict[str, list[str]] = {}
    for pair in pairs.itertuples():
        high, low = pair.first, pair.second
        if pair.difference < 0:
            high, low = low, high
        letter = "ABCD"[int(low) - 1]
        written = letter if pair.p_value < 0.05 else letter.lower()
        expected.setdefault(high, []).append(written)
    ours = published[
        (published["wave"] == wave)
        & (published["code"] == "using")
        & (published["banner"] == banner)
    ]
    assert len(ours) == 4
    for row in ours.itertuples():
        assert row.letters == " ".join(
            sorted(expected.get(row.point, []), key=str.upper)
        )
