"""Honest synthetic surveys: nobody is flagged, whatever was drawn."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.checks.check import check, flags
from survey.responses.table import Responses

Honest = Callable[..., Responses]


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_honest_answers_are_not_flagged(honest: Honest, seed: int, n: int) -> None:
    data = honest(seed, n)
    found = flags(data).sum()
    assert found[found > 0].to_dict() == {}
    assert {f.severity for f in check(data)} <= {"note"}


def test_the_flags_find_what_was_planted(honest: Honest) -> None:
    data = honest(11, 400)
    frame, paradata = data.frame.copy(), data.paradata.copy()
    grids = [name for name in frame.columns if name.startswith("g")]
    frame.loc["7", grids] = "1"
    frame.iloc[20] = frame.iloc[5]
    frame.loc["9", "t"] = "sdkjfhsdkjf sdfsdfsdf"
    paradata.loc["30", "seconds"] = 60.0
    planted = Responses(
        data.questionnaire, frame, data.states, paradata, data.source, data.findings
    )
    found = flags(planted)
    listed = {str(f): list(found.index[c]) for f, c in found.items() if c.any()}
    assert listed == {
        "straightliner": ["7"],
        "duplicate": ["20"],
        "gibberish": ["9"],
        "speeder": ["30"],
    }
