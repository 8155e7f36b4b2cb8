"""What is hidden cannot be computed from what is shown: an attack on whole tables."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.estimation.layout import Columns, columns_of
from survey.importers.raw import Source
from survey.questionnaire.model import Questionnaire
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable
from survey.tabulation.crosstab import crosstab
from survey.tabulation.protection import (
    joint_columns,
    mirrored_rows,
    overlap_of,
    protect,
    recoverable,
)
from survey.tabulation.small_bases import HIDDEN, PROTECTS

LIMITS = {"min_base": 30, "small_base": 100}
NOBODY = -1

# Who is asked what: `again` where `trial` is 1, `how` of those who said yes (0) to
# `again`, `why` of all who did not.
ANSWERS = [
    (trial, again, how, why)
    for trial, again, how, why in product((0, 1), (-1, 0, 1, 2), (-1, 0, 1), (-1, 0, 1))
    if (again >= 0) == (trial == 1)
    and (how >= 0) == (again == 0)
    and (why >= 0) == (again != 0)
]
TYPES = np.array([(*a, *c) for a, c in product(ANSWERS, product(range(4), range(3)))])
ASKED = Questionnaire(
    id="s",
    title={"": ""},
    questions=tuple(
        {"id": name, "kind": "text", "label": name, "asked_if": rule}
        for name, rule in [
            ("trial", None),
            ("again", "trial == 1"),
            ("how", "again == 0"),
            ("why", "again != 0"),
            ("size", None),
        ]
    ),
)
# In the second table a question is in the stub and in the banner, and so is size: the
# cells of one stand in the other, turned round. What bases of questions that follow
# from it would tell of these cells is not protected, so that none is in that table.
TABLES = {
    "routed": (("trial", "again", "how", "why", "size"), ("size", "coarse", "region")),
    "turned": (("trial", "again", "size"), ("size", "region", "again")),
    "several": (("how", "size"), ("several", "region")),
    "answers": (("several", "again"), ("size", "coarse")),
}


def _variable(name: str, position: np.ndarray, *nets: tuple[str, str]) -> Variable:
    codes = tuple(str(code) for code in range(position.max() + 1))
    rows = [Row(code, code, tuple(members), "net") for code, members in nets]
    rows += [Row(code, code, (code,)) for code in codes]
    return Variable(name, name, codes, tuple(rows), position, None, None, position >= 0)


def _questions(types: np.ndarray) -> dict[str, Variable]:
    """Make the questions over rows of types: one per respondent, or one of each."""
    trial, again, how, why, size, region = types.T
    return {
        "trial": _variable("trial", trial),
        "again": _variable("again", again, ("some", "02")),
        "how": _variable("how", how),
        "why": _variable("why", why),
        "size": _variable("size", size, ("ends", "03")),
        "coarse": _variable("coarse", np.minimum(size, 2)),
        "region": _variable("region", region),
        "several": _several(region < 2, (region == 1) | (again == 1), region > trial),
    }


def _several(*chosen: np.ndarray) -> Variable:
    """Make a question of several answers, which everybody was asked."""
    codes = tuple("abc")
    rows = tuple(Row(code, code, (code,)) for code in codes)
    rows = (Row("any", "any", ("b", "c"), "net"), *rows)
    table = np.column_stack(chosen)
    everyone = np.ones(len(table), dtype=bool)
    return Variable("several", "", codes, rows, None, table, None, everyone)


SETTLED = {
    ("size", "size"),
    ("size", "coarse"),
    ("again", "again"),
    ("trial", "again"),
}


def _row(variable: Variable, code: str) -> np.ndarray:
    """Say which types a row of a question counts."""
    (members,) = (row.codes for row in variable.rows if row.code == code)
    if variable.chosen is not None:
        held = variable.chosen[:, np.isin(variable.codes, members)]
        return held.any(axis=1).astype(float)
    codes = np.array([*variable.codes, ""])[variable.position]
    return np.isin(codes, members).astype(float)


def _column(questions: dict[str, Variable], banner: str, point: str) -> np.ndarray:
    """Say which types are in a column."""
    return _row(questions[banner], point) if banner else np.ones(len(TYPES))


def _responses(n: int) -> Responses:
    """Give respondents of whom only the routing is of interest."""
    frame = pd.DataFrame(index=range(n))
    return Responses(ASKED, frame, frame, frame, Source("wave.csv", "", "plain"), ())


def _published(
    table: str, count: np.ndarray, percent: tuple[str, ...] = ("column",)
) -> tuple[np.ndarray, np.ndarray]:
    """Publish a sample; give what is known of it and what is hidden, by type.

    What is known are sums over the types: a count, a base, or a count less its share
    times the base, which is 0.
    """
    stub, banner = TABLES[table]
    sample = _questions(np.repeat(TYPES, count, axis=0))
    made = crosstab(
        _responses(int(count.sum())),
        [sample[name] for name in stub],
        [sample[name] for name in banner],
        percent=percent,
        **LIMITS,
    )
    each = _questions(TYPES)
    known, hidden = [], []
    for cell in made.cells.itertuples():
        question, column = each[cell.question], _column(each, cell.banner, cell.point)
        base, inside = question.base.astype(float), _row(question, cell.code)
        whole = base * (column if cell.statistic in ("share", "net") else 1.0)
        if cell.statistic == "row_share":
            whole = inside
        if not np.isnan(cell.count):
            known.append(inside * column)
        if not np.isnan(cell.base_unweighted):
            known.append(whole)
        if not np.isnan(cell.estimate):
            known.append(inside * column - cell.estimate * whole)
        elif cell.statistic in ("share", "net"):
            # Here the columns decide the rows, and no survey could hide it.
            settled = (cell.question, cell.banner) in SETTLED
            hidden += [] if settled else [inside * column]
    return np.array(known), np.array([one for one in hidden if one.any()])


def _follow(shown: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Say which hidden cells are combinations of the shown sums."""
    solution = np.linalg.lstsq(shown.T, hidden.T, rcond=1e-10)[0]
    return np.abs(shown.T @ solution - hidden.T).max(axis=0) < 1e-6


PERCENTS = (("column",), ("column", "row", "total"))


@pytest.mark.parametrize("percent", PERCENTS)
@pytest.mark.parametrize("table", TABLES)
@settings(deadline=None, max_examples=8)
@given(st.integers(0, 100_000), st.sampled_from([1.0, 2.0, 6.0]))
def test_no_hidden_cell_is_a_combination_of_shown_ones(
    table: str, percent: tuple[str, ...], seed: int, mean: float
) -> None:
    random = np.random.default_rng(seed)
    share = random.lognormal(sigma=1.0, size=4)[TYPES[:, 4]]
    share = share * random.lognormal(sigma=1.0, size=3)[TYPES[:, 5]]
    known, hidden = _published(table, 1 + random.poisson(mean * share), percent)
    if len(hidden):
        assert not _follow(known, hidden).any()


def _nothing_closed(state: np.ndarray, *_: object) -> np.ndarray:
    return state


def _no_links(_: object, names: list[str]) -> np.ndarray:
    return np.zeros((len(names), len(names)), dtype=bool)


def _no_mirror(variable: Variable, *_: object) -> np.ndarray:
    return np.zeros(len(variable.rows), dtype=bool)


def _own_base(state: np.ndarray, *_: object) -> np.ndarray:
    return np.zeros_like(state)


@pytest.mark.parametrize(
    ("table", "left_out", "instead"),
    [
        ("routed", "protection._closed", _nothing_closed),
        ("routed", "crosstab.routing_links", _no_links),
        ("turned", "protection._closed", _nothing_closed),
        ("turned", "decisions.mirrored_rows", _no_mirror),
        ("routed", "blocks._own_state", _own_base),
        ("turned", "blocks._own_state", _own_base),
        ("several", "protection._closed", _nothing_closed),
        ("answers", "protection._closed", _nothing_closed),
    ],
)
def test_the_attack_succeeds_where_a_step_is_left_out(
    table: str,
    left_out: str,
    instead: Callable[..., np.ndarray],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The test above would be worth nothing if it never found a leak.
    monkeypatch.setattr(f"survey.tabulation.{left_out}", instead)
    random = np.random.default_rng(5)

    def leaks() -> bool:
        share = random.lognormal(sigma=1.0, size=4)[TYPES[:, 4]]
        count = 1 + random.poisson(2 * share)
        known, hidden = _published(table, count, PERCENTS[-1])
        return bool(len(hidden) and _follow(known, hidden).any())

    assert any(leaks() for _ in range(20))


def _exclusive(base: list[int]) -> Callable[[int], np.ndarray]:
    member = np.column_stack([np.ones(len(base)), np.eye(len(base))])
    return lambda _: member.T @ (np.array(base)[:, None] * member)


@pytest.mark.parametrize(
    ("base", "state"),
    [
        ([200, 12, 80, 150], [0, 2, 3, 0]),
        ([200, 12, 11, 150], [0, 2, 2, 0]),
        ([40, 0, 12, 35], [1, 2, 2, 3]),
        ([60, 70], [1, 1]),
        ([0, 200], [2, 0]),
        ([12, 80], [2, 3]),
    ],
)
def test_one_hidden_column_of_exclusive_ones_takes_the_next_smallest(
    base: list[int], state: list[int]
) -> None:
    whole = np.array([[sum(base), *base]], dtype=float)
    assert protect(whole, _exclusive(base), **LIMITS)[0, 1:].tolist() == state


def _columns(codes: str, position: list[int], *nets: tuple[str, str]) -> Columns:
    return columns_of(_variable(codes, np.array(position), *nets))


def _alone(columns: list[Columns]) -> tuple[np.ndarray, Callable[[int], np.ndarray]]:
    """Make bases and overlaps of one question that everybody answered."""
    joint = joint_columns(columns)
    everyone = np.ones(joint.pattern.size, dtype=bool)
    width = joint.member.shape[1] - len(columns)
    base = joint.member[joint.pattern][:, :width].sum(axis=0)
    return base[None], lambda _: overlap_of(joint, everyone)


def test_a_net_does_not_tell_its_only_hidden_column() -> None:
    position = [0] * 12 + [1] * 90 + [2] * 60 + [3] * 70
    net = _columns("q", position, ("low", "01"), ("high", "23"))
    state = protect(*_alone([net]), **LIMITS)[0]
    # Total, low, high, and the four codes: code 1 is larger than 2, and in the net.
    assert state.tolist() == [0, 0, 0, HIDDEN, PROTECTS, 1, 1]


def test_a_banner_question_that_repeats_another_tells_nothing() -> None:
    position = [0] * 12 + [1] * 50 + [2] * 90 + [3] * 140
    fine = _columns("fine", position)
    rough = _columns("rough", [min(code, 2) for code in position])
    state = protect(*_alone([fine, rough]), **LIMITS)[0]
    assert state.tolist() == [0, 2, 3, 1, 0, 2, 3, 0]


def test_two_banner_questions_are_protected_apart() -> None:
    first = _columns("a", [0] * 20 + [1] * 60 + [2] * 120)
    second = _columns("b", [0, 1, 2, 2, 2] * 40)
    state = protect(*_alone([first, second]), **LIMITS)[0]
    assert state.tolist() == [0, HIDDEN, PROTECTS, 0, 1, 1, 0]


def test_several_answers_need_no_protection() -> None:
    random = np.random.default_rng(3)
    chosen = random.uniform(size=(400, 3)) < [0.05, 0.4, 0.5]
    rows = tuple(Row(code, code, (code,)) for code in "abc")
    everyone = np.ones(400, dtype=bool)
    banner = Variable("m", "", tuple("abc"), rows, None, chosen, None, everyone)
    state = protect(*_alone([columns_of(banner)]), **LIMITS)[0]
    assert state[1] == HIDDEN
    assert PROTECTS not in state


def test_a_routed_question_is_hidden_with_the_one_that_decides_it() -> None:
    # Asked of those who said yes: 60 of the 80 in column 2, which protects column 1.
    base = np.array([[242.0, 12, 80, 150], [200, 40, 60, 100]])
    follows = np.array([[False, False], [True, False]])
    overlap = _exclusive([12, 80, 150])
    state = protect(base, overlap, **LIMITS, follows=follows)
    assert state.tolist() == [[0, 2, 3, 0], [0, 3, 3, 0]]


def test_total_alone_and_columns_of_nobody_stay() -> None:
    base = np.array([[20.0, 0, 0]])
    overlap = np.array([[20.0, 0, 0, 20], [0, 0, 0, 0], [0, 0, 0, 0], [20, 0, 0, 20]])
    state = protect(base, lambda _: overlap, **LIMITS)
    assert state.tolist() == [[HIDDEN] * 3]


def test_a_column_that_only_total_could_protect() -> None:
    # 12 of 100 are in the only column: who is in none is not published by itself.
    overlap = np.array([[100.0, 12, 88], [12, 12, 0], [88, 0, 88]])
    state = protect(np.array([[100.0, 12]]), lambda _: overlap, **LIMITS)
    assert state.tolist() == [[0, HIDDEN]]


def test_one_respondent_in_a_million_is_no_combination() -> None:
    # The columns 400,000 and 600,000 overlap in one respondent.
    overlap = np.array(
        [[999_999.0, 400_000, 600_000], [400_000, 400_000, 1], [600_000, 1, 600_000]]
    )
    assert not recoverable(overlap, np.array([True, True, False])).any()
    overlap[0, 0], overlap[1, 2], overlap[2, 1] = 1_000_000, 0, 0
    assert recoverable(overlap, np.array([True, True, False]))[2]


def test_a_net_of_rows_does_not_tell_a_mirrored_row() -> None:
    rows = [Row(code, code, (code,)) for code in "abcd"]
    rows = [Row("ab", "ab", ("a", "b"), "net"), *rows]
    place, everyone = np.arange(4), np.ones(4, dtype=bool)
    size = Variable("s", "", tuple("abcd"), tuple(rows), place, None, None, everyone)
    # a is ab less b, and c is the base less ab and d.
    hidden = mirrored_rows(size, ["a", "c"], np.array([102.0, 12, 90, 40, 70]))
    assert hidden.tolist() == [False, True, True, True, True]


def test_mirrored_rows_of_several_answers_are_those_named() -> None:
    rows = tuple(Row(code, code, (code,)) for code in "ab")
    chosen = np.ones((4, 2), dtype=bool)
    many = Variable("m", "", ("a", "b"), rows, None, chosen, None, chosen[:, 0])
    assert mirrored_rows(many, ["b"], np.array([4.0, 4])).tolist() == [False, True]
    assert mirrored_rows(many, [], np.array([4.0, 4])).tolist() == [False, False]
