"""Several listings: what changed, of all models and of those in both."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.landscape_report import landscape_of
from survey.listing.values import Listing
from survey.report.document import ChartBlock, Note, TableBlock
from survey.report.landscape_changes import change_blocks
from survey.report.landscape_parts import Landscape


@pytest.fixture
def two(listing_of: Callable[[str], Listing]) -> Landscape:
    """The listing, and one a year before in which a/big was not yet listed."""
    now, before = listing_of("2026-05-07"), listing_of("2025-05-07")
    frame = before.frame.iloc[1:].reset_index(drop=True)
    return landscape_of([now, replace(before, frame=frame)], "en")


def test_one_listing_has_no_changes(land: Landscape) -> None:
    assert change_blocks(land) == ()


def test_listings_are_in_the_order_of_their_days(two: Landscape) -> None:
    assert [r.listing.date for r in two.results] == ["2025-05-07", "2026-05-07"]


def test_sentences_by_hand(two: Landscape) -> None:
    note = change_blocks(two)[0]
    assert isinstance(note, Note)
    # a/big came, with 600 of 1,000 downloads. Apache or MIT before: 300 of 350.
    assert "4 models stayed in the listing, 1 came and 0 went" in note.points[0]
    assert "60% of the downloads of the newer listing" in note.points[0]
    assert "86% of the downloads in the listing of May 7, 2025, 95%" in note.points[1]
    assert (
        note.points[2] == "Of the 4 models in every listing alone: 86% before, 86% now."
    )


def test_table_of_changes_by_hand(two: Landscape) -> None:
    blocks = change_blocks(two)
    table = next(b for b in blocks if b_name(b) == "listing_licence_family_changes")
    assert isinstance(table, TableBlock)
    apache = next(row for row in table.rows if row.label == "Apache")
    # Downloads: 100 of 350 before, 700 of 950 now: 28.6 % and 73.7 %, +45.1 points.
    # The same models: 100 of 350 in both.
    assert [c.text for c in apache.cells] == [
        *("33%", "50%", "29%", "74%"),
        *("+17", "+45", "0"),
    ]
    assert apache.cells[5].value == pytest.approx(100 * (700 / 950 - 100 / 350))


def test_lines_have_a_value_per_listing(two: Landscape) -> None:
    chart = next(
        b for b in change_blocks(two) if b_name(b) == "listing_licence_family_lines"
    )
    assert isinstance(chart, ChartBlock)
    assert [one.label for one in chart.series] == ["May 7, 2025", "May 7, 2026"]
    assert chart.rows[0].label == "Apache"
    assert [v.text for v in chart.rows[0].values] == ["29%", "74%"]


def test_models_that_came(two: Landscape) -> None:
    names = [b_name(block) for block in change_blocks(two)]
    assert "listing_models_came" in names
    assert "listing_models_went" not in names


def b_name(block: object) -> str:
    return str(getattr(block, "name", ""))


def test_a_section_has_one_table_of_changes_on_paper(
    listing_of: Callable[[str], Listing],
) -> None:
    days = ("2025-05-07", "2026-05-07")
    brief = landscape_of([listing_of(day) for day in days], "en", brief=True)
    blocks = change_blocks(brief)
    tables = [block for block in blocks if isinstance(block, TableBlock)]
    assert [table.name for table in tables if table.paper] == [
        "listing_licence_family_changes"
    ]
    assert not any(isinstance(block, ChartBlock) for block in blocks)
