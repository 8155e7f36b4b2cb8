"""Shares, concentration and correlation of listings, against counts made by hand."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import ListingError
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import proportion
from survey.listing.analyse import analyse_listing
from survey.listing.compare import compare_listings
from survey.listing.concentration import concentrate
from survey.listing.points import MOST_POINTS
from survey.listing.read import read_listing
from survey.listing.values import ListingResult
from survey.said import tell

DATA = Path(__file__).parents[2] / "data"
HEAD = "id,downloads,likes,license,pipeline_tag,maker_kind\n"
ROWS = [
    "a/1,600,10,mit,fill-mask,org",
    "a/2,100,40,apache-2.0,fill-mask,org",
    "b/3,200,20,gpl-3.0,text-generation,user",
    "b/4,50,5,my own,odd-task,user",
    "old,50,0,,,",
    "c/5,,7,mit,text-generation,",
]


def analysed(
    folder: Path, rows: list[str], date: str = "", head: str = HEAD
) -> ListingResult:
    path = folder / "m.csv"
    path.write_text(head + "\n".join(rows) + "\n", "utf-8")
    return analyse_listing(read_listing(path, date=date))


def test_shares_by_hand(tmp_path: Path) -> None:
    result = analysed(tmp_path, ROWS)
    found = result.breakdowns["licence"]
    assert (found.models, found.downloads, found.unstated) == (5, 950.0, 1)
    assert [row.code for row in found.rows][::2] == ["MIT", "Apache-2.0"]
    assert found.rows[-1].code == "other"
    mit = found.rows[0]
    assert (mit.models, mit.downloads) == (2, 600.0)
    assert mit.share_models == pytest.approx(2 / 5)
    assert mit.share_downloads == pytest.approx(600 / 950)
    # Without a/1: of the 4 that state a licence one is MIT, and has no count.
    assert mit.share_models_without == pytest.approx(1 / 4)
    assert mit.share_downloads_without == 0.0
    assert found.unrecognised == (("my own", 1),)
    assert result.largest == "a/1"
    assert result.apache_or_mit is not None
    assert result.apache_or_mit.share_models == pytest.approx(3 / 5)
    assert result.apache_or_mit.share_downloads == pytest.approx(700 / 950)
    assert result.open_licences is not None
    assert result.open_licences.share_downloads == pytest.approx(900 / 950)
    groups = {row.code: row.models for row in result.breakdowns["task_group"].rows}
    assert groups == {"training": 2, "application": 2, "other": 1}
    assert result.breakdowns["task"].unrecognised == (("odd-task", 1),)
    assert result.breakdowns["maker"].unstated == 1


def test_concentration_by_hand(tmp_path: Path) -> None:
    result = analysed(tmp_path, ROWS)
    models = result.whole.models
    # Shares .6, .2, .1, .05, .05: squares .36 + .04 + .01 + .0025 + .0025.
    assert models.units == 5
    assert models.effective == pytest.approx(1 / 0.415)
    assert dict(models.top) == pytest.approx({1: 0.6, 3: 0.9})
    # Mean absolute difference over twice the mean, all 25 pairs.
    shares = [0.6, 0.2, 0.1, 0.05, 0.05]
    pairs = sum(abs(x - y) for x in shares for y in shares)
    assert models.gini == pytest.approx(pairs / (2 * 25 * 0.2))
    assert models.lorenz.tolist() == pytest.approx(
        np.array([[0, 0], [0.2, 0.05], [0.4, 0.1], [0.6, 0.2], [0.8, 0.4], [1, 1]])
    )
    makers = result.whole.makers
    assert makers is not None
    # a has 700 and b 250 of 950; nobody knows who made "old"; c has no count.
    assert makers.units == 2
    assert makers.top[1] == pytest.approx(700 / 950)
    assert result.without.models.units == 4
    assert result.without.models.top[1] == pytest.approx(0.5)


def test_coefficients_are_those_of_pingouin(root: Path) -> None:
    listing = read_listing(root / "data" / "models-listing.csv")
    known = analyse_listing(listing).whole.correlation
    own = analyse_listing(listing, interval=False).whole.correlation
    assert known is not None
    assert own is not None
    for name in ("r2_raw", "r2_log", "spearman"):
        assert getattr(own, name) == pytest.approx(getattr(known, name), rel=1e-12)
    assert np.isnan(own.spearman_low)


def test_correlation_by_its_definition(tmp_path: Path) -> None:
    result = analysed(tmp_path, ROWS)
    found = result.whole.correlation
    assert found is not None
    x = np.array([600.0, 200, 100, 50, 50])
    y = np.array([10.0, 20, 40, 5, 0])
    assert found.models == 5
    assert found.r2_raw == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    logs = np.log10(1 + x), np.log10(1 + y)
    assert found.r2_log == pytest.approx(np.corrcoef(*logs)[0, 1] ** 2)
    slope, intercept = np.polyfit(*logs, 1)
    assert found.slope_log == pytest.approx(slope)
    assert found.intercept_log == pytest.approx(intercept)
    # Ranks 5, 4, 3, 1.5, 1.5 against 3, 4, 5, 2, 1.
    ranks = np.corrcoef([5, 4, 3, 1.5, 1.5], [3, 4, 5, 2, 1])[0, 1]
    assert found.spearman == pytest.approx(ranks)
    # Fisher's interval: tanh(atanh r -+ 1.959964 / sqrt(n - 3)).
    half = 1.959963984540054 / np.sqrt(2)
    assert found.spearman_low == pytest.approx(np.tanh(np.arctanh(ranks) - half))
    assert found.spearman_high == pytest.approx(np.tanh(np.arctanh(ranks) + half))
    ids = ["a/1", "b/3", "a/2", "b/4", "old"]
    for name, r2 in found.leverage:
        rest = np.arange(5) != ids.index(name)
        assert r2 == pytest.approx(np.corrcoef(x[rest], y[rest])[0, 1] ** 2)
    # Without a/1 four models are left, of which nothing is said.
    assert result.without.correlation is not None
    assert np.isnan(result.without.correlation.r2_raw)


def test_shares_are_those_of_the_engine() -> None:
    result = analyse_listing(read_listing(DATA / "models-listing.csv"))
    frame = result.listing.frame[["licence_family", "downloads"]].dropna()
    frame = frame[frame["downloads"] > 0]
    design = SurveyDesign(weight="downloads")
    rows = proportion(frame, "licence_family", design=design).set_index("code")
    for row in result.breakdowns["licence_family"].rows:
        assert row.share_downloads == pytest.approx(rows.loc[row.code, "estimate"])


def test_a_listing_of_one_model(tmp_path: Path) -> None:
    result = analysed(tmp_path, ROWS[:1])
    row = result.breakdowns["licence"].rows[0]
    assert row.share_downloads == 1.0
    assert np.isnan(row.share_downloads_without)
    assert result.without.models.units == 0
    assert result.without.correlation is None


def test_columns_that_are_missing_give_no_breakdown(tmp_path: Path) -> None:
    result = analysed(tmp_path, ["a,1", "b,2"], head="id,downloads\n")
    assert dict(result.breakdowns) == {}
    assert result.open_licences is None
    assert result.whole.makers is None
    assert result.whole.correlation is None
    assert result.points.empty


def test_points_are_few_and_keep_the_largest(tmp_path: Path) -> None:
    draws = np.random.default_rng(1)
    downloads = np.floor(draws.lognormal(6, 2, 5000)).astype(int)
    likes = draws.permutation(5000)
    rows = [
        f"m/{i},{d},{n}" for i, (d, n) in enumerate(zip(downloads, likes, strict=True))
    ]
    points = analysed(tmp_path, rows, head="id,downloads,likes\n").points
    assert len(points) == MOST_POINTS
    assert points["likes"].max() == 4999
    assert points["downloads"].iloc[0] == downloads.max()
    assert 6 <= points["named"].sum() <= 12
    lowest = np.sort(downloads)[:500].max()
    assert (points["downloads"] <= lowest).sum() > 50


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**9),
            st.integers(0, 1000),
            st.sampled_from(["mit", "apache-2.0", "odd", ""]),
            st.sampled_from(["fill-mask", "text-generation", "odd", ""]),
            st.sampled_from("abc"),
        ),
        min_size=1,
        max_size=25,
    ).filter(lambda rows: any(row[0] for row in rows)),
    st.randoms(use_true_random=False),
)
def test_shares_sum_to_one_in_any_order(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int, str, str, str]],
    shuffler: random.Random,
) -> None:
    lines = [
        f"{maker}/{i},{downloads},{likes},{licence},{task},"
        for i, (downloads, likes, licence, task, maker) in enumerate(rows)
    ]
    folder = tmp_path_factory.mktemp("listing")
    first = analysed(folder, lines)
    for found in first.breakdowns.values():
        assert sum(row.share_models for row in found.rows) == pytest.approx(1)
        if found.downloads:
            assert sum(row.share_downloads for row in found.rows) == pytest.approx(1)
        assert found.models + found.unstated == len(rows)
    assert 1 <= first.whole.models.effective <= len(rows) + 1e-9
    assert 0 <= first.whole.models.gini + 1e-12 < 1
    shuffler.shuffle(lines)
    again = analysed(folder, lines)
    # As text, where NaN equals NaN.
    assert str(again.breakdowns) == str(first.breakdowns)
    assert str(again.whole.correlation) == str(first.whole.correlation)
    assert again.whole.models.gini == first.whole.models.gini
    pd.testing.assert_frame_equal(again.points, first.points)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=300))
def test_lorenz_rises_below_the_diagonal(counts: list[int]) -> None:
    curve = concentrate(np.array(counts, dtype=float)).lorenz
    assert len(curve) <= 201
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 1]
    assert (np.diff(curve, axis=0) >= -1e-12).all()
    assert (curve[:, 1] <= curve[:, 0] + 1e-12).all()


def test_two_listings_by_hand(tmp_path: Path) -> None:
    old = analysed(tmp_path, ["a/1,60,1,mit,,", "b/2,40,1,gpl-3.0,,"], "2025-01-01")
    rows = ["a/1,30,1,mit,,", "c/3,70,1,mit,,", "b/2,100,1,gpl-3.0,,"]
    new = analysed(tmp_path, rows, "2026-01-01")
    found = compare_listings([new, old])
    assert found.dates == ("2025-01-01", "2026-01-01")
    assert found.same_models == 2
    mit = found.trends["licence"][0]
    assert mit.code == "MIT"
    assert mit.share_models == pytest.approx((1 / 2, 2 / 3))
    assert mit.share_downloads == pytest.approx((0.6, 0.5))
    assert mit.change_downloads == pytest.approx(-0.1)
    assert mit.same_share_downloads == pytest.approx((0.6, 30 / 130))
    assert mit.same_change_downloads == pytest.approx(30 / 130 - 0.6)
    assert found.apache_or_mit is not None
    assert found.apache_or_mit.share_downloads == mit.share_downloads
    makers = {row.code: row.share_downloads for row in found.trends["maker"]}
    assert makers["c"] == pytest.approx((0.0, 0.35))
    change = found.turnovers[0]
    assert (change.stayed, change.came, change.went) == (2, 1, 0)
    assert change.came_share_downloads == pytest.approx(0.35)
    assert change.largest_came[0].id == "c/3"
    assert np.isnan(change.largest_came[0].downloads_before)
    assert [move.id for move in change.moved] == ["a/1", "b/2"]
    assert change.moved[0].rank_after == 3
    checks = [finding.check for finding in found.findings]
    assert checks == ["listings_selection_unknown", "listings_sizes"]


def test_listings_without_an_order_are_refused(tmp_path: Path) -> None:
    one = analysed(tmp_path, ROWS, "2025-01-01")
    with pytest.raises(ListingError, match="needs two of different days"):
        compare_listings([one])
    with pytest.raises(ListingError, match=r"same day.*2025-01-01.*Keep one"):
        compare_listings([one, one])
    with pytest.raises(ListingError, match=r"No day is known of 'm.csv'.*listed_on"):
        compare_listings([one, analysed(tmp_path, ROWS)])


def test_the_shipped_listings_are_two_waves() -> None:
    names = ("models-listing-2024.csv", "models-listing.csv")
    old, new = (analyse_listing(read_listing(DATA / name)) for name in names)
    found = compare_listings([new, old])
    assert found.dates == ("2024-05-07", "2026-05-07")
    assert found.findings == ()
    assert found.turnovers[0].stayed == found.same_models
    assert found.turnovers[0].came == 300 - found.same_models
    assert {len(trend.share_models) for trend in found.trends["licence"]} == {2}


def test_listings_that_are_not_alike_are_said_to_be_so(tmp_path: Path) -> None:
    head = "id,downloads,selection\n"
    one = analysed(tmp_path, ["a/1,5,top 1"], "2025-01-01", head)
    two = analysed(tmp_path, ["b/1,5,all", "b/2,5,all"], "2026-01-01", head)
    found = compare_listings([one, two])
    assert [finding.check for finding in found.findings] == [
        "listings_selection",
        "listings_sizes",
        "listings_no_same",
    ]
    for finding in found.findings:
        assert tell(finding.said, "de") != tell(finding.said, "en")
    assert np.isnan(found.trends["maker"][0].same_share_models[0])


def test_what_is_recognised_is_not_listed_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "id,downloads,license,pipeline_tag\na/b,3,Buddy,reinforcement-learning\n"
        "c/d,2,my own,fortune-telling\n"
    )
    found = analyse_listing(read_listing(path)).breakdowns
    for name, text in (("licence", "my own"), ("task", "fortune-telling")):
        assert found[name].unrecognised == ((text, 1),)
    assert found["licence_family"].unrecognised == (("my own", 1),)
    assert found["task_group"].unrecognised == (("fortune-telling", 1),)
    assert [row.models for row in found["task_group"].rows] == [2]


def test_equal_downloads_are_ordered_by_id(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("id,downloads\nb/x,5\na/x,5\né/x,\nc/x,5\n")
    assert analyse_listing(read_listing(path)).largest == "a/x"
