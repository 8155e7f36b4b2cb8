"""A number is the same text in every format, half rounded up, in both languages."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
import yaml
from lxml import etree
from lxml import html as page
from pypdf import PdfReader

import survey
from survey.report.document import ChartBlock, Report, TableBlock, TableCell
from survey.report.numbers import percent
from survey.report.pdf import marked
from survey.report.style import clean

# 400 answers: 58 of them are 14.5 %.
PLANS = [1] * 58 + [2] + [3] * 2 + [4] * 139 + [6] * 200
SIDES = [1] * 200 + [2] * 199 + [3]
SIZES = [1, 2] * 190 + [3] * 20
SPEND = [1234.5] * 200 + [1999.25] * 200
FORMATS = ["pdf", "html", "pptx", "xlsx", "svg"]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def single(name: str, count: int) -> dict[str, object]:
    codes = [{"code": n, "label": f"{name} {n}"} for n in range(1, count + 1)]
    return {"id": name, "kind": "single", "label": name.title(), "categories": codes}


@pytest.fixture(scope="module", params=["en", "de"])
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("numbers")
    columns = {"plans": PLANS, "side": SIDES, "size": SIZES, "spend": SPEND}
    pd.DataFrame(columns).to_csv(folder / "wave.csv", index=False)
    spend = {"id": "spend", "kind": "numeric", "label": "Spend"}
    questions = [single("plans", 6), single("side", 3), single("size", 3), spend]
    asked = {"id": "asked", "title": "Asked", "questions": questions}
    wave = {"id": "1", "file": "wave.csv", "questionnaire": "asked.yaml"}
    plan = {"preference": {"overall": "side", "open": [1], "proprietary": [2]}}
    study = {"name": "n", "title": "N", "waves": [wave], "banner": ["size"]}
    told = {"asked.yaml": asked, "n.study.yaml": {**study, "indicators": plan}}
    for name, content in told.items():
        text = yaml.safe_dump(content, sort_keys=False)
        (folder / name).write_text(text, encoding="utf-8")
    report = survey.analyze(folder / "n.study.yaml", language=request.param)
    survey.write(report, folder / "out", formats=FORMATS)
    return report, folder / "out"


def tables(report: Report) -> list[TableBlock]:
    return [b for p in report.pages for b in p.blocks if isinstance(b, TableBlock)]


def charts(report: Report) -> list[ChartBlock]:
    return [b for p in report.pages for b in p.blocks if isinstance(b, ChartBlock)]


def shown(cell: TableCell) -> str:
    """Text, mark of a small base, letters, as they stand in a table."""
    return " ".join(f"{marked(cell)} {cell.letters}".split())


def sections(pattern: str) -> list[str]:
    """Cut a number format at the semicolons outside quotes."""
    return re.findall(r'(?:"[^"]*"|[^;"])+', pattern)


def section(value: float, pattern: str) -> tuple[float, str]:
    """Choose the part of a number format as spreadsheets do."""
    first, *others = sections(pattern)
    if first.startswith("["):
        for part in (first, *others):
            limit = re.match(r"\[([=<])([\d.]+)\]", part)
            if limit is None:
                return value, part
            equal, number = limit[1] == "=", float(limit[2])
            if value == number if equal else value < number:
                return value, part[limit.end() :]
    if len(others) > 0 and value < 0:
        return -value, others[0]
    return value, others[1] if len(others) > 1 and value == 0 else first


def printed(value: float, pattern: str, language: str) -> str:
    """Print a number under a number format: 15 digits, half away from zero."""
    number, part = section(value, pattern)
    pieces = re.findall(r'"[^"]*"|(?:#,##)?0(?:\.0+)?|.', part)
    text = ""
    for piece in pieces:
        if piece[0] not in "#0":
            text += piece.strip('"')
            continue
        step = Decimal(1).scaleb(-len(piece.partition(".")[2]))
        exact = Decimal(f"{number:.15g}") * (100 if "%" in pieces else 1)
        whole = exact.quantize(step, rounding=ROUND_HALF_UP)
        digits = f"{whole:,f}" if "#" in piece else f"{whole:f}"
        marks = str.maketrans(",.", ".,") if language == "de" else {}
        text += digits.translate(marks)
    return " ".join(text.split())


def test_the_study_has_the_numbers_that_go_wrong(
    written: tuple[Report, Path],
) -> None:
    report, _ = written
    texts = {c.text for t in tables(report) for row in t.rows for c in row.cells}
    mark, sign = {"en": (".", "%"), "de": (",", "\u00a0%")}[report.language]
    # 58 of 400 are 14.5 %, 2 are 0.5 %, 1 is less; nobody gave the fifth answer. The
    # preference is a quarter of a point.
    assert {f"15{sign}", f"1{sign}", f"<0{mark}5{sign}", "-", "0"} <= texts


def test_the_workbook_prints_every_cell_as_its_text(
    written: tuple[Report, Path],
) -> None:
    report, folder = written
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    told, wanted = [], []
    for table in tables(report):
        sheet = book[table.name[:31]]
        first = 6 if any(column.letter for column in table.columns) else 5
        for number, row in enumerate(table.rows, start=first):
            for column, cell in enumerate(row.cells, start=2):
                held = sheet.cell(number, column)
                text = str(held.value or "")
                if isinstance(held.value, int | float):
                    text = printed(held.value, held.number_format, report.language)
                told.append((table.name, row.label, " ".join(text.split())))
                wanted.append((table.name, row.label, shown(cell)))
    assert len(wanted) > 100
    assert told == wanted


def test_the_page_shows_every_cell_as_its_text(
    written: tuple[Report, Path],
) -> None:
    report, folder = written
    root = page.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    told = [
        [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in root.iterfind(".//table/tbody/tr")
    ]
    wanted = [[shown(c) for c in row.cells] for t in tables(report) for row in t.rows]
    assert [row for row in told if any(row)] == [row for row in wanted if any(row)]


def test_the_report_on_paper_has_every_row(written: tuple[Report, Path]) -> None:
    report, folder = written
    reader = PdfReader(folder / "report.pdf")
    text = "".join("".join(sheet.extract_text().split()) for sheet in reader.pages)
    rows = [row for table in tables(report) if table.paper for row in table.rows]
    numbers = [row for row in rows if row.cells and row.cells[0].value is not None]
    lines = ["".join([row.label, *map(shown, row.cells)]) for row in numbers]
    assert len(lines) > 20
    assert not [line for line in lines if "".join(line.split()) not in text]


def test_figures_show_every_number_as_its_text(
    written: tuple[Report, Path],
) -> None:
    report, folder = written
    root = page.fromstring((folder / "report.html").read_text(encoding="utf-8"))
    drawn = [
        {" ".join(text.text_content().split()) for text in picture.iter("text")}
        for picture in root.iterfind(".//figure//svg")
    ]
    assert len(drawn) == len(charts(report))
    for block, texts in zip(charts(report), drawn, strict=True):
        if block.kind in {"bars", "dots"}:
            values = {v.text for row in block.rows for v in row.values}
            assert {" ".join(clean(value).split()) for value in values} <= texts


def labels(chart: etree._Element, language: str) -> Iterator[str]:
    """Give the numbers beside the points of a native chart as they are printed."""
    for series in chart.iter(f"{CHART}ser"):
        values = {
            point.get("idx"): float(point.findtext(f"{CHART}v") or "nan")
            for point in series.iterfind(f"{CHART}val//{CHART}pt")
        }
        for label in series.iterfind(f"{CHART}dLbls/{CHART}dLbl"):
            index = label.find(f"{CHART}idx")
            assert index is not None
            own = "".join(label.itertext(f"{DRAWING}t"))
            form = label.find(f"{CHART}numFmt")
            if own:
                yield own
            elif form is not None and index.get("val") in values:
                value = values[index.get("val")]
                yield printed(value, form.get("formatCode", ""), language)


def test_slides_print_every_number_as_its_text(
    written: tuple[Report, Path],
) -> None:
    report, folder = written
    with ZipFile(folder / "slides.pptx") as deck:
        names = [n for n in deck.namelist() if re.fullmatch(r".*/chart[^/]*\.xml", n)]
        charts_made = [etree.parse(BytesIO(deck.read(n))).getroot() for n in names]
    told = {
        " ".join(t.split()) for c in charts_made for t in labels(c, report.language)
    }
    values = {
        " ".join(value.text.split())
        for block in charts(report)
        if block.kind in {"bars", "dots"}
        for row in block.rows
        for value in row.values
    }
    assert values
    assert values <= told


def test_the_data_round_to_what_is_printed(written: tuple[Report, Path]) -> None:
    report, folder = written
    data = pd.read_csv(folder / "results.csv", dtype={"code": str, "point": str})
    shares = data[(data["statistic"] == "share") & (data["point"] == "Total")]
    told = {
        (table.name, row.label): row.cells[0].text
        for table in tables(report)
        for row in table.rows
        if row.cells
    }
    pairs = [
        (percent(estimate, report.language), told[question, label])
        for question, label, estimate in zip(
            shares["question"], shares["label"], shares["estimate"], strict=True
        )
        if (question, label) in told
    ]
    assert len(pairs) > 10
    assert [one for one, _ in pairs] == [text for _, text in pairs]
