"""Pages of a listing say what its numbers support; the numbers are checked by hand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from survey.landscape_report import landscape_of
from survey.listing.values import Listing
from survey.report.document import ChartBlock, Note, Page, TableBlock
from survey.report.landscape_pages import cautions, landscape_pages
from survey.report.landscape_parts import Landscape, models_to_half
from survey.report.landscape_sentences import leader, sentences


def tables(pages: tuple[Page, ...]) -> dict[str, TableBlock]:
    blocks = (block for page in pages for block in page.blocks)
    return {block.name: block for block in blocks if isinstance(block, TableBlock)}


def charts(pages: tuple[Page, ...]) -> dict[str, ChartBlock]:
    blocks = (block for page in pages for block in page.blocks)
    return {block.name: block for block in blocks if isinstance(block, ChartBlock)}


def texts(pages: tuple[Page, ...]) -> Iterator[str]:
    for page in pages:
        yield page.title
        for block in page.blocks:
            if isinstance(block, Note):
                yield from (block.text, *block.points)
            elif isinstance(block, ChartBlock):
                yield from (block.title, block.subtitle, block.alt, *block.footer)
            else:
                yield from (block.title, *block.notes)


def cells(table: TableBlock, label: str) -> list[str]:
    return next([c.text for c in row.cells] for row in table.rows if row.label == label)


def test_licences_by_models_and_by_downloads(land: Landscape) -> None:
    table = tables(landscape_pages(land))["listing_licence_family"]
    # Base: 4 models with 950 downloads; without a/big 3 models with 350.
    # Apache: 2 of 4, 700 of 950 (73.7 %); without 1 of 3, 100 of 350 (28.6 %).
    assert cells(table, "Apache") == ["2", "700", "50%", "74%", "33%", "29%"]
    assert cells(table, "MIT") == ["1", "200", "25%", "21%", "33%", "57%"]
    assert cells(table, "Base")[:2] == ["4", "950"]
    assert (
        "the 4 models of the listing that state a licence; 1 do not" in table.notes[0]
    )


def test_what_is_not_recognised_is_listed_and_not_open(land: Landscape) -> None:
    found = tables(landscape_pages(land))
    assert [row.label for row in found["listing_licence_other"].rows] == [
        "my own terms"
    ]
    # Open: Apache, MIT: 3 of 4 models, 900 of 950 downloads.
    keys = found["listing_key_figures"]
    assert cells(keys, "Under an open licence, share of models") == ["75%", "67%"]
    assert cells(keys, "Under an open licence, share of downloads") == ["95%", "86%"]


def test_concentration_by_hand(land: Landscape) -> None:
    table = tables(landscape_pages(land))["listing_concentration"]
    # 1 / (0.36 + 0.04 + 0.01 + 0.0025 + 0.0025) = 2.41; without a/big the shares are
    # 1/2, 1/4, 1/8, 1/8: 1 / 0.34375 = 2.91.
    assert cells(table, "Effective number of models") == ["2.4", "2.9"]
    assert cells(table, "Share of downloads of the largest model") == ["60%", "50%"]
    # Makers: 0.8, 0.15, 0.05: 1 / 0.665 = 1.50.
    assert cells(table, "Effective number of makers")[0] == "1.5"
    assert models_to_half(land.newest) == 1
    # Half of 400 is what a/mid has alone.
    assert models_to_half(land.newest, without=True) == 1


def test_sentences(land: Landscape) -> None:
    said = sentences(land)
    assert said[0] == (
        "75% of the models and 95% of their downloads are under Apache 2.0 or MIT "
        "(of 4 models that state a licence)."
    )
    assert said[1].startswith(
        'One of 5 models makes half of the downloads or more: "a/big"'
    )
    # Organisations: a (2) and c (1) of 5 models, 850 of 1,000 downloads.
    assert "Organisations made 60% of the models and have 85%" in said[2]
    assert "individuals made 40% and have 15%" in said[2]
    assert 'The maker with the most downloads is "a": 80% of them, with 40%' in said[3]
    assert 'The task with the most downloads is "fill-mask": 70% of them' in said[4]
    assert said[-1] == (
        'Without "a/big", the largest model, 86% of the downloads are under Apache 2.0 '
        "or MIT; with it, 95%."
    )


def test_nobody_leads_where_two_are_the_same_as_printed(listing: Listing) -> None:
    frame = listing.frame.copy()
    frame["downloads"] = [201.0, 1.0, 200.0, 1.0, 0.0]
    land = landscape_of([replace(listing, frame=frame)], "en")
    breakdown = land.breakdown("maker")
    assert breakdown is not None
    assert leader(land, breakdown, "downloads") is None
    assert not any(text.startswith("The maker with") for text in sentences(land))


def test_what_is_not_recognised_leads_nothing(listing: Listing) -> None:
    frame = listing.frame.copy()
    frame["licence"] = frame["licence_family"] = "other"
    land = landscape_of([replace(listing, frame=frame)], "en")
    assert all("Other, not" not in text for text in sentences(land))
    found = charts(landscape_pages(land))
    assert "listing_licence" not in found, "one bar says nothing"


def test_without_licences_nothing_is_said_of_them(
    without: Callable[..., Listing],
) -> None:
    gone = without("licence", "licence_raw", "licence_family")
    pages = landscape_pages(landscape_of([gone], "en"))
    assert "listing_licences" not in [page.name for page in pages]
    said = sentences(landscape_of([gone], "en"))
    assert said[0] == "The listing has no licences. Nothing is said about them."
    assert not any("Apache" in text for text in texts(pages))


def test_what_a_file_lacks_is_said(without: Callable[..., Listing]) -> None:
    land = landscape_of([without("likes", "author", "maker_kind")], "en")
    said = " ".join(cautions(land))
    assert "does not tell who made" in said
    assert "no likes" in said
    names = [page.name for page in landscape_pages(land)]
    assert "listing_likes" not in names
    assert "listing_makers" not in names


def test_a_selection_is_no_random_sample(land: Landscape, listing: Listing) -> None:
    assert 'chosen so: "five models". It is no random sample' in cautions(land)[0]
    unknown = landscape_of([replace(listing, selection="")], "en")
    assert cautions(unknown)[0].startswith("Nothing tells how")


@pytest.mark.parametrize("language", ["en", "de"])
def test_under_every_figure_stands_what_a_download_is(
    listing: Listing, language: str
) -> None:
    land = landscape_of([listing], "de" if language == "de" else "en")
    found = charts(landscape_pages(land))
    assert {"listing_likes", "listing_lorenz", "listing_maker"} <= set(found)
    for chart in found.values():
        assert land.say("land_downloads_are") in chart.footer
        assert all(
            v.low is None and v.high is None for r in chart.rows for v in r.values
        )


def test_every_number_has_its_recipe(land: Landscape) -> None:
    for table in tables(landscape_pages(land)).values():
        for row in table.rows:
            for cell in row.cells:
                assert bool(cell.recipe) == (cell.value is not None), row.label


def test_scatter_draws_what_is_above_zero(land: Landscape) -> None:
    chart = charts(landscape_pages(land))["listing_likes"]
    assert chart.kind == "scatter"
    assert chart.logarithmic
    # b/two has no likes.
    assert sorted(row.label for row in chart.rows) == ["a/big", "a/mid", "b/one", "c/x"]
    assert all(v.estimate > 0 for r in chart.rows for v in r.values if v.estimate)
    assert "the 4 with both above 0 are drawn" in chart.footer[0]


def test_the_fit_is_that_of_the_logarithms(land: Landscape) -> None:
    found = land.newest.whole.correlation
    assert found is not None
    for across, up in charts(landscape_pages(land))["listing_likes"].reference:
        wanted = (1 + across) ** found.slope_log * 10**found.intercept_log - 1
        assert up == pytest.approx(wanted)


def test_lorenz_curve_goes_from_nothing_to_all(land: Landscape) -> None:
    chart = charts(landscape_pages(land))["listing_lorenz"]
    models = [row for row in chart.rows if row.group == "Models"]
    ends = [[value.estimate for value in models[place].values] for place in (0, -1)]
    assert ends == [[0.0, 0.0], [1.0, 1.0]]
    # The two smallest of five have 100 of 1,000 downloads.
    assert [v.estimate for v in models[2].values] == pytest.approx([0.4, 0.1])


def test_many_makers_become_one_row(listing: Listing) -> None:
    frame = listing.frame.loc[[3] * 40].reset_index(drop=True)
    frame["id"] = [f"m{n}/x" for n in range(40)]
    frame["author"] = [f"m{n}" for n in range(40)]
    frame["downloads"] = [float(n + 1) for n in range(40)]
    land = landscape_of([replace(listing, frame=frame)], "en")
    table = tables(landscape_pages(land))["listing_maker"]
    assert len(table.rows) == 15 + 1 + 1
    # The largest fifteen, 26 to 40, have 495 of 820 downloads; 25 others have 325.
    assert cells(table, "25 others")[:4] == ["25", "325", "63%", "40%"]


def test_a_section_of_a_survey_has_fewer_figures(listing: Listing) -> None:
    brief = landscape_of([listing], "en", brief=True)
    pages = landscape_pages(brief)
    assert set(charts(pages)) == {
        "listing_licence_family",
        "listing_maker",
        "listing_task_group",
        "listing_likes",
        "listing_lorenz",
    }
    assert {page.section for page in pages} == {"The models themselves"}
    assert not {"methods", "glossary"} & {page.name for page in pages}
    on_paper = {name for name, table in tables(pages).items() if table.paper}
    assert "listing_licence" not in on_paper
    assert "listing_licence_family" in on_paper


def test_german(german: Landscape) -> None:
    pages = landscape_pages(german)
    assert sentences(german)[0].startswith("75\xa0% der Modelle und 95\xa0%")
    table = tables(pages)["listing_maker_kind"]
    assert [row.label for row in table.rows][:2] == ["Organisation", "Einzelperson"]
    # The name of the file and its selection are data.
    own = [
        text.replace("models-2026", "").replace("five models", "")
        for text in texts(pages)
    ]
    english = re.compile(r"\b(the|models|downloads|licence|Base)\b")
    assert not [text for text in own if english.search(text)]


def test_names_of_the_data_are_no_words_of_ours(listing: Listing) -> None:
    frame = listing.frame.copy()
    frame["author"] = ["kind_organisation", "other", "{models}", "rest", "{"]
    land = landscape_of([replace(listing, frame=frame)], "de")
    table = tables(landscape_pages(land))["listing_maker"]
    labels = {row.label for row in table.rows}
    assert {"kind_organisation", "other", "{models}", "rest", "{"} <= labels


def test_a_section_draws_fewer_points_and_says_so(listing: Listing) -> None:
    frame = listing.frame.loc[[0] * 500].reset_index(drop=True)
    frame["id"] = [f"a/{n}" for n in range(500)]
    frame["downloads"] = [float(n + 1) for n in range(500)]
    frame["likes"] = [float(n % 7 + 1) for n in range(500)]
    brief = landscape_of([replace(listing, frame=frame)], "en", brief=True)
    chart = charts(landscape_pages(brief))["listing_likes"]
    named = [row for row in chart.rows if row.role == "net"]
    assert named
    assert len(chart.rows) <= 120 + len(named)
    assert f"Base: 500 models with both counts; {len(chart.rows)}" in chart.footer[0]


def test_a_correlation_of_nothing_has_no_sign(listing: Listing) -> None:
    land = landscape_of([listing], "en")
    assert [land.decimal(n) for n in (-0.001, -0.25, 0.25)] == ["0.00", "−0.25", "0.25"]
