"""Pages on weighting, with every number by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from survey.analysis import analyze
from survey.report.context import Context
from survey.report.data_pages import data_page
from survey.report.document import ChartBlock, Note, Page, TableBlock, TableRow
from survey.report.methods import methods
from survey.report.overview import overview
from survey.report.weighting_pages import weighting_pages

MakeStudy = Callable[..., Path]
ContextOf = Callable[..., Context]

SIZE = {
    "id": "size",
    "kind": "single",
    "label": {"en": "Size", "de": "Größe"},
    "categories": [
        {"code": 1, "label": {"en": "Small", "de": "Klein"}},
        {"code": 2, "label": {"en": "Large", "de": "Groß"}},
        {"code": 3, "label": "Unsure", "dont_know": True},
    ],
}
AREA = {
    "id": "area",
    "kind": "single",
    "label": "Area",
    "categories": [{"code": 1, "label": "North"}, {"code": 2, "label": "South"}],
}
USE = {
    "id": "use",
    "kind": "single",
    "label": "Use",
    "categories": [{"code": 1, "label": "Uses it"}, {"code": 2, "label": "Does not"}],
}
STAFF = {"id": "staff", "kind": "numeric", "label": "Staff"}
# 150 small firms of which 90 use it, 50 large ones of which 10 do.
ANSWERS: dict[str, list[Any]] = {
    "size": [1] * 150 + [2] * 50,
    "area": [1, 2] * 75 + [1] * 40 + [2] * 10,
    "use": [1] * 90 + [2] * 60 + [1] * 10 + [2] * 40,
    "staff": [10] * 150 + [90] * 50,
}
HALVES = {
    "population": "firms",
    "source": "a register",
    "as_of": 2024,
    "unit": "firms",
    "population_size": 4000,
    "evidence": "secondary",
    "licence": "CC BY 4.0",
    "margins": {
        "size": {1: 1, 2: 1},
        "area": {1: 1, 2: 1},
        "size x area": {1: {1: 0.3, 2: 0.2}, 2: {1: 0.3, 2: 0.2}},
    },
    "totals": {"staff": 200_000},
    "notes": ["Rounded."],
}
SHARES = {"shares": [{"question": "use", "code": 1, "label": {"": "Uses it"}}]}


@pytest.fixture
def weighted(make_study: MakeStudy) -> Callable[..., Path]:
    def make(
        *plans: dict[str, Any],
        answers: dict[str, list[Any]] = ANSWERS,
        questions: tuple[dict[str, Any], ...] = (SIZE, AREA, USE, STAFF),
        **keys: Any,
    ) -> Path:
        recipes = [{"targets": "targets.yaml", "margins": ["size"], **p} for p in plans]
        path = make_study(answers, questions, weighting=recipes, **keys)
        text = yaml.safe_dump(HALVES)
        (path.parent / "targets.yaml").write_text(text, encoding="utf-8")
        others = {**HALVES, "margins": {"size": {1: 0.8, 2: 0.2}}}
        text = yaml.safe_dump(others)
        (path.parent / "others.yaml").write_text(text, encoding="utf-8")
        return path

    return make


def tables(page: Page) -> dict[str, TableBlock]:
    return {b.name: b for b in page.blocks if isinstance(b, TableBlock)}


def texts(page: Page) -> str:
    notes = [b for b in page.blocks if isinstance(b, Note)]
    return "\n".join(t for note in notes for t in (note.text, *note.points))


def shown(rows: tuple[TableRow, ...]) -> dict[str, list[str]]:
    return {row.label: [cell.text for cell in row.cells] for row in rows}


def test_one_set_of_weights_by_hand(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    (page,) = weighting_pages([context_of(weighted({}))])
    assert (page.name, page.title) == ("weighting", "Weighting")
    said = texts(page)
    assert "Raking met every margin in one pass" in said
    # 150 weights of 2 / 3 and 50 of 2: 200**2 / (150 * 4 / 9 + 200) = 150.
    assert "Weights run from 0.67 to 2.00" in said
    assert "design effect 1.33, weighting efficiency 75%" in said
    assert "effective base 150 of 200" in said
    assert "Starting weights: the same for every record." in said
    assert "Targets: firms. Source: a register. As of 2024. Unit: firms." in said
    assert "Size of the population: 4,000." in said
    assert "quoted from others" in said
    assert "Licence: CC BY 4.0." in said
    assert "Rounded." in said
    figures = shown(tables(page)["weights_figures"].rows)
    assert {label: cells[0] for label, cells in figures.items()} == {
        "Respondents with a weight": "200",
        "Sum of the weights": "200",
        "Smallest weight": "0.67",
        "Largest weight": "2.00",
        "Largest divided by smallest": "3.00",
        "Design effect of the weights": "1.33",
        "Weighting efficiency": "75.0%",
        "Effective base": "150",
        "Respondents with a weight below 0.3": "-",
        "Respondents with a weight above 3": "-",
        "Respondents with a weight above 5": "-",
        "Passes until the margins held": "1",
        "Largest gap, percentage points": "<0.0001",
    }
    margins = tables(page)["weighting"]
    assert (margins.rows[0].label, margins.rows[0].role) == ("Size", "section")
    assert shown(margins.rows[1:]) == {
        "Small": ["50.0%", "75.0%", "50.0%", "−25", "150", "150"],
        "Large": ["50.0%", "25.0%", "50.0%", "+25", "50", "50"],
    }
    assert margins.rows[2].cells[4].flag == "small"
    largest = shown(tables(page)["weights_largest"].rows)
    assert largest == {"1": ["Large", "2.00", "≥30"], "2": ["Small", "0.67", "≥30"]}


def test_the_histogram_is_on_paper_and_in_the_workbook(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    (page,) = weighting_pages([context_of(weighted({}))])
    (chart,) = [b for b in page.blocks if isinstance(b, ChartBlock)]
    assert (chart.name, chart.kind) == ("weights_histogram", "bars")
    # Twelve bins from 2 / 3 to 2, each a ninth wide; the ends hold 75 % and 25 %.
    assert [row.label for row in chart.rows[:2]] == ["0.67 to 0.78", "0.78 to 0.89"]
    estimates = [row.values[0].estimate for row in chart.rows]
    assert estimates == [0.75, *[0.0] * 10, 0.25]
    table = tables(page)["weights_histogram"]
    assert not table.paper
    assert [row.cells[0].value for row in table.rows] == estimates
    assert chart.footer[0] == "Base: respondents with a weight, n = 200."


def test_equal_weights_have_no_histogram(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {**ANSWERS, "size": [1, 2] * 100}
    (page,) = weighting_pages([context_of(weighted({}, answers=answers))])
    assert not [b for b in page.blocks if isinstance(b, ChartBlock)]
    assert not [b for b in page.blocks if isinstance(b, Note) and b.kind == "caution"]


@pytest.mark.parametrize(
    ("large", "warns"),
    # 60 large: 200**2 / (140 * (5 / 7)**2 + 60 * (5 / 3)**2) = 168, so 84 %. 50: 75 %.
    # 40: 200**2 / (160 * 0.625**2 + 40 * 2.5**2) = 128, so 64 %.
    [(60, ""), (50, "75.0%, below 80%"), (40, "64.0%, below 70%")],
)
def test_a_costly_weighting_is_pointed_at(
    weighted: Callable[..., Path], context_of: ContextOf, large: int, warns: str
) -> None:
    answers = {**ANSWERS, "size": [1] * (200 - large) + [2] * large}
    (page,) = weighting_pages([context_of(weighted({}, answers=answers))])
    cautions = [b for b in page.blocks if isinstance(b, Note) and b.kind == "caution"]
    assert len(cautions) == bool(warns)
    assert all(warns in note.text for note in cautions)


def test_several_sets_of_weights_stand_beside_each_other(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    path = weighted(
        {"name": "firms", "label": {"en": "By firms", "de": "Nach Firmen"}},
        {"name": "people", "targets": "others.yaml"},
        indicators=SHARES,
    )
    context = context_of(path)
    pages = weighting_pages([context])
    assert [p.name for p in pages] == ["weighting", "weighting_people"]
    assert [p.title for p in pages] == ["Weighting: By firms", "Weighting: people"]
    names = [b.name for p in pages for b in p.blocks if not isinstance(b, Note)]
    figures = ["weights_histogram", "weights_histogram_2"]
    assert len(set(names)) == len(names) - len(figures)  # a figure and its table
    # Weights 0.8 / 0.75 and 0.2 / 0.25: 200**2 / (150 * 1.1378 + 50 * 0.64) = 197.4.
    assert "effective base 197 of 200" in texts(pages[1])
    (first,) = overview([context])
    table = tables(first)["headlines_by_weights"]
    groups = [column.group for column in table.columns]
    assert groups == ["By firms", "By firms", "people", "people"]
    rows = shown(table.rows)
    # 0.5 * 0.6 + 0.5 * 0.2 = 0.4, and 0.8 * 0.6 + 0.2 * 0.2 = 0.52.
    assert rows["Uses it"][::2] == ["40%", "52%"]
    assert rows["Design effect of the weights"][::2] == ["1.33", "1.01"]
    assert rows["Effective base"][::2] == ["150", "197"]
    long = tables(pages[1])["toplines_by_weights"]
    assert not long.paper
    small = next(row for row in long.rows if row.label == "Small")
    assert [cell.value for cell in small.cells[::2]] == pytest.approx([0.5, 0.8])
    staff = next(row for row in long.rows if row.label == "Mean")
    assert [cell.text for cell in staff.cells[::2]] == ["50.0", "26.0"]
    assert 'others from the same records: "people"' in methods(context)[2]
    german = weighting_pages([context_of(path, language="de")])
    assert german[0].title == "Gewichtung: Nach Firmen"
    rows = shown(tables(german[0])["weighting"].rows[1:])
    assert rows["Klein"] == ["50,0\xa0%", "75,0\xa0%", "50,0\xa0%", "−25", "150", "150"]


def test_the_last_wave_stands_beside(weighted: Callable[..., Path]) -> None:
    path = weighted({})
    plan = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan["waves"] = [{**plan["waves"][0], "id": name} for name in ("a", "b", "c")]
    path.write_text(yaml.safe_dump(plan), encoding="utf-8")
    pages = {page.name: page for page in analyze(path).pages}
    found = tables(pages["weighting"])
    assert [c.label for c in found["weights_figures"].columns] == ["c", "b"]
    assert found["weighting"].columns[-1].label == "Unweighted, b"
    assert found["weighting"].rows[1].cells[-1].text == "75.0%"


def test_means_that_the_weights_meet(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    context = context_of(weighted({"totals": ["staff"]}))
    (page,) = weighting_pages([context])
    # 200,000 over 4,000 firms; unweighted 0.75 * 10 + 0.25 * 90.
    rows = shown(tables(page)["weights_totals"].rows)
    assert rows == {"Staff": ["50.00", "30.00", "50.00"]}
    assert "Calibration (raking distance) met every target in" in texts(page)
    assert "root mean square of a number" in texts(page)


def test_recipes_in_words(weighted: Callable[..., Path], context_of: ContextOf) -> None:
    answers = {**ANSWERS, "size": [1] * 140 + [3] * 10 + [2] * 50, "w": [1, 3] * 100}
    plans = [
        {
            "name": "a",
            "missing": "own_class",
            "base_weight": "w",
            "limits": [0.2, 3],
            "weight_limits": [0, 4.5],
        },
        {"name": "b", "missing": "impute", "seed": 5, "trim": {"upper": 1.95}},
        {"name": "c", "missing": "exclude", "trim": {"rule": "median", "upper": 9}},
    ]
    path = weighted(*plans, answers=answers)
    pages = weighting_pages([context_of(path)])
    first, second, third = map(texts, pages)
    assert "Starting weights: the column w of the export." in first
    assert "size: 10. They keep their share of the sample" in first
    assert "every weight is 0.2 to 3 times what it was" in first
    assert "every weight is at most 4.5, where the mean is 1." in first
    heads = [c.label for c in tables(pages[0])["weights_largest"].columns]
    assert heads[1:3] == ["Weight", "Times weight before the fit"]
    assert "No answer" in shown(tables(pages[0])["weighting"].rows)
    assert (
        "size: 10. They take that of a random respondent like them (seed 5)" in second
    )
    assert "size: 10. Their weight is 0." in third
    assert "multiples of the median weight: 9): every weight was at most" in third
    said = methods(context_of(path))[2]
    assert "keep their share of the sample, which counts as known." in said
    assert "by calibration (raking distance)" in said
    german = "\n".join(map(texts, weighting_pages([context_of(path, language="de")])))
    assert "Jedes Gewicht ist 0,2 bis 3 mal so groß" in german
    assert "Größe: 10. Ihr Gewicht ist 0." in german


def test_trimming_in_words_and_in_numbers(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {**ANSWERS, "w": [1] * 195 + [3] * 5}
    plan = {"base_weight": "w", "trim": {"upper": 2.5}}
    (page,) = weighting_pages([context_of(weighted(plan, answers=answers))])
    # Large firms share 100: 45 have 100 / 60, five have 5, which is cut.
    assert "Trimming (fixed limits): every weight is at most 2.5." in texts(page)
    assert "Weights above: 5, below: 0;" in texts(page)
    # Small ones have 2 / 3; at the end five have 2.5 and 45 have 87.5 / 45.
    before = 200**2 / (150 * 4 / 9 + 45 * (5 / 3) ** 2 + 5 * 25)
    after = 200**2 / (150 * 4 / 9 + 45 * (87.5 / 45) ** 2 + 5 * 6.25)
    told = f"effective base {before:.0f} before and {after:.0f} after"
    assert told in texts(page)
    assert "The margins hold with these limits." in texts(page)


def test_nonresponse_in_words(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    plan = {"nonresponse": {"by": "area", "among": "partial"}}
    answers = {**ANSWERS, "state": ["done"] * 180 + ["open"] * 20}
    path = weighted(
        plan,
        answers=answers,
        instrument={"paradata": {"status": "state"}, "complete": ["done"]},
        exclude=["partial", "empty"],
    )
    (page,) = weighting_pages([context_of(path)])
    said = texts(page)
    assert (
        "records that did not answer (broken off: 20), within classes of area" in said
    )
    assert "of 180." in said


CROSSED = {"margins": [["size", "area"]]}
# 75 small firms are in either area; of the large ones, 40 are in the north.
CELLS = {"Small × North": "75", "Small × South": "75", "Large × North": "40"}


def test_a_crossed_margin_does_not_tell_a_small_group(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    context = context_of(weighted(CROSSED))
    (page,) = weighting_pages([context])
    table = tables(page)["weighting"]
    assert table.rows[0].label == "Size × area"
    assert len(table.rows) == 5
    for row in table.rows[1:]:
        assert [cell.flag for cell in row.cells] == [
            "",
            *["hidden"] * 1,
            "",
            *["hidden"] * 3,
        ]
        assert row.cells[0].text == row.cells[2].text
    for row in tables(page)["weights_largest"].rows:
        assert row.cells[1].flag == "hidden"
        assert row.cells[2].text in {"<30", "≥30"}
    assert "a table does" in " ".join(table.notes)


def test_a_crossed_margin_tells_what_a_table_tells(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    context = context_of(weighted(CROSSED, banner=["area"]))
    (page,) = weighting_pages([context])
    rows = shown(tables(page)["weighting"].rows[1:])
    # Both areas have 30 firms or more, so that the table of size shows every cell.
    assert {label: cells[4] for label, cells in rows.items()} == {
        **CELLS,
        "Large × South": "10",
    }


def test_a_column_that_is_hidden_stays_hidden(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {**ANSWERS, "area": [1] * 145 + [2] * 5 + [1] * 40 + [2] * 10}
    context = context_of(weighted(CROSSED, answers=answers, banner=["area"]))
    (page,) = weighting_pages([context])
    # 15 firms are in the south. North would tell them, and is hidden as well.
    for row in tables(page)["weighting"].rows[1:]:
        assert [cell.flag for cell in row.cells[3:]] == ["hidden"] * 3


def test_nothing_is_told_of_a_tiny_wave(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {name: values[140:160] for name, values in ANSWERS.items()}
    (page,) = weighting_pages([context_of(weighted({}, answers=answers))])
    for row in tables(page)["weighting"].rows[1:]:
        assert [cell.flag for cell in row.cells[3:]] == ["hidden"] * 3


def test_bands_have_the_labels_of_their_targets(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    bands = [
        {"targets": ["1"], "codes": ["2"], "label": "Band one"},
        {"targets": ["2"], "codes": ["1"], "label": "Band two"},
    ]
    mapping = {"size": {"bands": bands, "missing_codes": ["3"]}}
    (page,) = weighting_pages([context_of(weighted({"mapping": mapping}))])
    rows = shown(tables(page)["weighting"].rows[1:])
    assert rows["Band one"][4] == "50"
    assert rows["Band two"][4] == "150"


def test_small_weights_keep_their_digits(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {**ANSWERS, "w": [1] * 100 + [400] * 100}
    (page,) = weighting_pages(
        [context_of(weighted({"base_weight": "w"}, answers=answers))]
    )
    # Small firms share 100: a hundred have 1 / 20100 of it each.
    assert "Weights run from 0.0050 to 2.00" in texts(page)
    (chart,) = [b for b in page.blocks if isinstance(b, ChartBlock)]
    assert chart.subtitle == "Weights (mean 1), in bins that grow by the same factor"
    assert chart.rows[0].label.startswith("0.0050 to 0.0")


def test_toplines_under_each_set_of_weights(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    items = [{"code": "a", "label": "First"}, {"code": "b", "label": "Second"}]
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "Grid",
        "items": items,
        "categories": USE["categories"],
    }
    answers = {**ANSWERS, "g_a": ANSWERS["use"], "g_b": [1] * 200}
    answers["area"] = [None] * 10 + ANSWERS["area"][10:]
    preference = {"overall": "use", "open": [1], "proprietary": [2]}
    path = weighted(
        {"label": {"en": "All"}},
        {"name": "b", "margins": ["area"], "missing": "exclude"},
        answers=answers,
        questions=(SIZE, AREA, USE, grid),
        indicators={"preference": preference},
    )
    context = context_of(path)
    table = tables(weighting_pages([context])[1])["toplines_by_weights"]
    heads = [row.label for row in table.rows if row.role == "section"]
    assert heads == ["Size", "Area", "Use", "Grid: First", "Grid: Second"]
    bases = [row.cells[2].text for row in table.rows if row.role == "base"]
    # Ten records less under the second weights, but for the question on areas.
    assert bases == ["≥30", "190", "≥30", "≥30", "≥30"]
    net = next(row for row in table.rows if row.label.startswith("Net"))
    # 0.4 use it and 0.6 do not.
    assert net.cells[0].text == "−20"
    headlines = tables(overview([context])[0])["headlines_by_weights"]
    (last,) = [r for r in headlines.rows if r.label == "Net preference (points)"]
    assert last.cells[0].text == "−20"
    assert " to " in last.cells[1].text


def test_what_was_done_is_told_in_german(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {**ANSWERS, "size": [1] * 140 + [3] * 10 + [2] * 50}
    done = []
    for policy in ("impute", "exclude"):
        context = context_of(
            weighted({"missing": policy}, answers=answers), language="de"
        )
        (table,) = tables(data_page([context])).values()
        about = [
            r for r in table.rows if "keine Kategorie der Sollwerte" in r.cells[1].text
        ]
        done += [row.cells[-1].text for row in about]
    assert done == ["imputiert", "nicht gezählt (Gewicht 0)"]


def test_a_mapping_without_bands_leaves_answers_their_labels(
    weighted: Callable[..., Path], context_of: ContextOf
) -> None:
    study = weighted({"mapping": {"size": {"missing_codes": ["3"]}}})
    (page,) = weighting_pages([context_of(study, language="de")])
    assert [row.label for row in tables(page)["weighting"].rows[1:]] == [
        "Klein",
        "Groß",
    ]
