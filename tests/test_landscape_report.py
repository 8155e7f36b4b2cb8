"""From listings to a report: numbers, inputs, hostile names, and the same bytes."""

import csv
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from survey.errors import ListingError
from survey.landscape_report import landscape
from survey.report.document import ChartBlock, TableBlock
from survey.report.files import write
from survey.study.model import Language
from survey.tabulation.layout import CELL_COLUMNS

HOSTILE = (
    "<script>alert(1)</script>/<b>x</b>",
    "$x$/$\\frac{1}{0}$",
    "=HYPERLINK(1)/=cmd|' /C calc'!A0",
    '#read/#read("/etc/hostname")',
    "{0}/{model}",
    "@SUM(1)/+1",
)
REAL = Path(__file__).parents[2] / "shared/exports/hf_models"


def make_file(path: Path, names: tuple[str, ...], day: str = "2026-05-07") -> Path:
    fields = ("id", "author", "downloads", "likes", "license", "pipeline_tag", "date")
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(fields[:-1])
        for number, name in enumerate(names):
            licence = ("apache-2.0", "mit", name)[number % 3]
            rows.writerow(
                [name, name.split("/")[0], 1000 // (number + 1), number, licence, name]
            )
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return make_file(tmp_path / "models.csv", ("a/x", "a/y", "b/z", "c/u"))


def test_results_have_the_columns_of_results_csv(plain: Path) -> None:
    frame = landscape([plain], dates={"": "2026-05-07"}).results
    assert list(frame.columns) == ["wave", *CELL_COLUMNS]
    assert set(frame["wave"]) == {"2026-05-07"}
    assert frame["question"].str.startswith("listing:").all()
    keys = ["wave", "question", "code", "banner", "point", "statistic"]
    assert not frame.duplicated(keys).any()
    for name in ("std_error", "conf_low", "conf_high", "deff"):
        assert frame[name].isna().all()


def test_results_by_hand(plain: Path) -> None:
    frame = landscape([plain]).results
    mit = frame[(frame["question"] == "listing:licence") & (frame["code"] == "MIT")]
    # Downloads 1000, 500, 333 and 250: 2,083; a/y is the only one under MIT; without
    # a/x 1,083.
    found = mit.set_index(["banner", "point"])["estimate"].to_dict()
    assert found == pytest.approx(
        {
            ("", "Total"): 1 / 4,
            ("weights", "downloads"): 500 / 2083,
            ("sensitivity", "without largest"): 1 / 3,
            ("sensitivity", "downloads without largest"): 500 / 1083,
        }
    )
    assert mit["count"].dropna().tolist() == [1, 1]
    weighted = mit[mit["banner"] == "weights"].iloc[0]
    assert (weighted["base_unweighted"], weighted["base_weighted"]) == (4, 2083)
    one = frame[(frame["statistic"] == "concentration") & (frame["code"] == "top_1")]
    whole = one[(one["banner"] == "") & one["question"].str.endswith("_models")]
    assert whole["estimate"].tolist() == pytest.approx([1000 / 2083])


def test_provenance_names_inputs_and_days(plain: Path) -> None:
    report = landscape([plain], dates={"models.csv": "2026-05-07"}, selection="all")
    digest = hashlib.sha256(plain.read_bytes()).hexdigest()
    assert report.provenance["inputs"] == [{"name": "models.csv", "sha256": digest}]
    listed = report.provenance["listings"][0]
    assert (listed["date"], listed["selection"]) == ("2026-05-07", "all")
    assert str(plain.parent) not in json.dumps(report.provenance)


HEAD = "id,author,downloads,likes,license,pipeline_tag\n"
THIN = {
    "one model": "a/b,a,5,1,mit,fill-mask\n",
    "all zero but one": "a/b,a,5,1,mit,fill-mask\nc/d,c,0,2,mit,fill-mask\n",
    "licences without downloads": "a/b,a,5,1,,\nc/d,c,0,2,mit,fill-mask\n",
    "all equal": "".join(f"m{n}/b,m{n},5,5,mit,x\n" for n in range(8)),
    "nobody has likes": "a/b,a,5,,mit,x\nc/d,c,4,,zlib,y\n",
    "no free licence": "a/b,a,5,1,llama3,x\nc/d,c,4,2,gemma,y\n",
}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", THIN)
def test_thin_listings_have_a_report(
    name: str, language: Language, tmp_path: Path
) -> None:
    (tmp_path / "m.csv").write_text(HEAD + THIN[name])
    report = landscape([tmp_path / "m.csv"], language=language)
    write(report, tmp_path / "out", formats=["html", "csv"])
    for sentence in report.headlines:
        # A table has "-" for nothing; a sentence has 0%, or is not written.
        assert not sentence.startswith("-")
        assert "not defined" not in sentence
        assert "nicht definiert" not in sentence
    titles = [getattr(b, "title", "") for p in report.pages for b in p.blocks]
    assert not [t for t in titles if "not defined" in t or "nicht definiert" in t]


def test_many_listings_are_shown_in_part(tmp_path: Path) -> None:
    for year in range(2000, 2020):
        text = "id,downloads,license\na/b,3,mit\nc/d,2,llama3\n"
        (tmp_path / f"m-{year}-01-01.csv").write_text(text)
    report = landscape(sorted(tmp_path.glob("*.csv")))
    blocks = [block for page in report.pages for block in page.blocks]
    lines = [b for b in blocks if isinstance(b, ChartBlock) and b.kind == "lines"]
    assert lines
    for chart in lines:
        days = [series.label for series in chart.series]
        assert (len(days), days[0], days[-1]) == (
            8,
            "January 1, 2000",
            "January 1, 2019",
        )
        assert all(len(row.values) == len(days) for row in chart.rows)
        assert "Of 20 listings 8 are shown" in chart.footer[0]
        assert "m-2000-01-01.csv" in chart.footer[-1]
    tables = [b for b in blocks if isinstance(b, TableBlock)]
    table = next(b for b in tables if b.name == "listing_licence_family_changes")
    assert len(table.columns) == 2 * 8 + 3
    assert {len(row.cells) for row in table.rows} == {len(table.columns)}
    # All of them stand in the results.
    assert report.results["wave"].nunique() == 20


def test_what_is_not_defined_has_no_number(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(HEAD + THIN["one model"])
    frame = landscape([tmp_path / "m.csv"]).results
    half = frame[frame["code"] == "half"].set_index("banner")["estimate"]
    assert half[""] == 1
    assert half.isna()["sensitivity"]


def test_a_day_and_a_selection_for_all_fill_in_only(tmp_path: Path) -> None:
    told = "id,downloads,listed_on,selection\na/b,3,2025-01-01,all\n"
    (tmp_path / "old.csv").write_text(told)
    (tmp_path / "new.csv").write_text("id,downloads\na/b,4\n")
    both = [tmp_path / "new.csv", tmp_path / "old.csv"]
    report = landscape(both, dates={"": "2026-01-01"}, selection="top 1")
    found = [(one["date"], one["selection"]) for one in report.provenance["listings"]]
    assert found == [("2025-01-01", "all"), ("2026-01-01", "top 1")]
    with pytest.raises(ListingError, match="is no day"):
        landscape(both, dates={"": "1.1.2026"})


def test_no_listing_is_refused() -> None:
    with pytest.raises(ListingError, match="no listing"):
        landscape([])


def test_a_day_of_a_file_that_is_not_read_is_refused(plain: Path) -> None:
    with pytest.raises(ListingError, match="for 'other"):
        landscape([plain], dates={"other.csv": "2026-05-07"})


def test_an_unknown_language_is_refused(plain: Path) -> None:
    with pytest.raises(ListingError, match="'fr'"):
        landscape([plain], language="fr")  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "de"])
def test_names_cannot_break_out_of_any_format(tmp_path: Path, language: str) -> None:
    path = make_file(tmp_path / "hostile.csv", HOSTILE)
    made = tmp_path / "out"
    report = landscape([path], language="de" if language == "de" else "en")
    write(report, made)
    html = (made / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert (made / "report.pdf").read_bytes().startswith(b"%PDF")
    cells = pd.read_csv(made / "results.csv", dtype=str, keep_default_na=False)
    begins = {text[:1] for name in ("code", "label") for text in cells[name]}
    assert not begins & set("=+-@")
    raw = pd.read_parquet(made / "results.parquet")
    assert "$x$" in set(raw["code"])


def test_formulas_are_texts_in_the_workbook(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = make_file(tmp_path / "hostile.csv", HOSTILE)
    write(landscape([path]), tmp_path / "out", formats=["xlsx"])
    book = openpyxl.load_workbook(tmp_path / "out/tables.xlsx")
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    shown = [cell for cell in found if "HYPERLINK(1)" in str(cell.value)]
    assert shown
    assert all(cell.data_type == "s" for cell in shown)


def test_the_same_run_gives_the_same_bytes(plain: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        write(landscape([plain]), folder, formats=["html", "pptx", "xlsx", "svg"])
    first, second = (
        {p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()}
        for f in folders
    )
    assert first == second
    assert Path("slides.pptx") in first


@pytest.mark.skipif(not REAL.exists(), reason="../shared is not there")
def test_a_real_listing_without_licences() -> None:
    report = landscape([REAL / "transformersjs_07-05-2026.csv"])
    frame = report.results
    makers = frame[(frame["question"] == "listing:maker") & (frame["banner"] == "")]
    # Counted in the file: 99 models, 76 of them by Xenova.
    found = makers.set_index("code")["estimate"]
    assert found["Xenova"] == pytest.approx(76 / 99)
    assert not frame["question"].str.contains("licence").any()
    assert report.headlines[0].startswith("The listing has no licences")
