"""Records among waves: only where every difference that they rest on is marked."""

from types import MappingProxyType, SimpleNamespace
from typing import Any, cast

import pytest

from survey.errors import StudyError
from survey.study.model import Wave
from survey.wave.result import WaveResult
from survey.waves.change_baselines import baselines
from survey.waves.change_history import CellHistory, histories
from survey.waves.contract import Consequence
from survey.waves.values import CellChange

KEY = ("use", "1", "", "Total")
NAN = float("nan")


def _change(newer: str, older: str, difference: float, level: int) -> CellChange:
    numbers = dict.fromkeys(CellChange.__dataclass_fields__, NAN)
    known: dict[str, Any] = {
        "question": "use",
        "code": "1",
        "banner": "",
        "point": "Total",
        "statistic": "share",
        "newer": newer,
        "older": older,
        "against": "previous",
        "difference": difference,
        "level": level,
        "overlap": 0,
        "consequence": Consequence("comparable"),
    }
    return CellChange(**cast("Any", {**numbers, **known}))


def _wave(name: str, low: float = NAN, high: float = NAN) -> WaveResult:
    cell = SimpleNamespace(conf_low=low, conf_high=high)
    cells = MappingProxyType({KEY: cell})
    wave = SimpleNamespace(wave=SimpleNamespace(id=name), cells=cells)
    return cast("WaveResult", wave)


def _history(waves: list[WaveResult], changes: list[CellChange]) -> CellHistory:
    (found,) = histories(waves, changes)
    return found


FOUR = [_wave(name) for name in "abcd"]


def test_highest_since_the_last_wave_that_it_does_not_exceed() -> None:
    found = _history(
        FOUR,
        [
            _change("d", "c", 0.10, 2),
            _change("d", "b", 0.08, 2),
            _change("d", "a", 0.03, 0),
            _change("c", "b", 0.02, 0),
        ],
    )
    assert (found.higher_than, found.highest_since) == (2, "a")
    assert (found.lower_than, found.lowest_since) == (0, "")
    assert found.compared == ("c", "b", "a")
    # The rise from b to c is not significant: there is one rise in a row, not two.
    assert (found.rises, found.falls) == (1, 0)


def test_the_lowest_of_all() -> None:
    changes = [_change("d", older, -0.1, 2) for older in "cba"]
    found = _history(FOUR, changes)
    assert (found.lower_than, found.lowest_since) == (3, "")


def test_a_third_rise_in_a_row_needs_three_significant_rises() -> None:
    steps = [_change(new, old, 0.1, 2) for new, old in ("dc", "cb", "ba")]
    assert _history(FOUR, steps).rises == 3
    steps[2] = _change("b", "a", 0.1, 1)
    assert _history(FOUR, steps).rises == 2


def test_what_cannot_be_compared_ends_a_row_of_waves() -> None:
    changes = [
        _change("d", "c", 0.1, 2),
        _change("d", "b", NAN, 0),
        _change("d", "a", 0.1, 2),
    ]
    found = _history(FOUR, changes)
    assert (found.compared, found.higher_than) == (("c",), 1)


@pytest.mark.parametrize(
    ("before", "first"), [((0.40, 0.48), True), ((0.40, 0.51), False)]
)
def test_first_above_half_needs_every_earlier_interval_below(
    before: tuple[float, float], *, first: bool
) -> None:
    waves = [_wave("a", 0.30, 0.38), _wave("b", *before), _wave("c", 0.52, 0.60)]
    changes = [_change("c", "b", 0.1, 2), _change("c", "a", 0.2, 2)]
    found = _history(waves, changes)
    assert found.first_above_half is first
    assert not found.first_below_half


def test_a_single_wave_has_no_history() -> None:
    assert histories(FOUR[:1], []) == ()


def _waves(**periods: str | None) -> list[Wave]:
    return [
        Wave(id=name, file="f", questionnaire="q", period=period)
        for name, period in periods.items()
    ]


def test_a_wave_is_compared_with_another_once() -> None:
    waves = _waves(a="2023", b="2024", c="2025")
    assert baselines(waves, "b") == {"previous": "a"}
    assert baselines(waves, "c") == {"previous": "b", "first": "a"}
    assert baselines(waves, "a") == {}


def test_quarters_of_the_year_before() -> None:
    waves = _waves(a="2023-Q1", b="2024-Q1", c="2024-Q3", d="2025-Q1")
    assert baselines(waves, "d")["year_before"] == "b"


def test_waves_out_of_order() -> None:
    with pytest.raises(StudyError, match=r"'b' \(2023\) stands after 'a' \(2024\)"):
        baselines(_waves(a="2024", b="2023"), "b")
