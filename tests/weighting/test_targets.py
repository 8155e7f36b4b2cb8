from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from survey.errors import StudyError
from survey.weighting.targets import (
    Targets,
    load_targets,
    measure,
)

TEXT = """\
population: firms
source: register
as_of: 2024-01-01
unit: enterprises
margins:
  size:
    1: 900
    2: 100
notes: rounded
"""
ABOUT = {
    "population": "Unternehmen in Köln",
    "source": "Register; Stand 2024",
    "as_of": "2024",
    "unit": "enterprises",
    "url": "https://example.org/a?b=c",
    "evidence": "secondary",
}
ROWS = [
    ("margin", "code", "target", "label"),
    ("size", "1", "62.5", "klein"),
    ("size", "2", "37.5", "groß"),
    ("region", "N", "0.25", ""),
    ("region", "S", "0.75", ""),
]
LONG = Targets.model_validate(
    {
        **ABOUT,
        "margins": {"size": {"1": 62.5, "2": 37.5}, "region": {"N": 0.25, "S": 0.75}},
        "labels": {"size": {"1": "klein", "2": "groß"}},
        "totals": {"employees": 8400.0},
        "population_size": 1200.0,
        "notes": ["eins", "zwei"],
    }
)
MORE = [
    ("total employees", "8400"),
    ("population_size", "1200"),
    ("notes", "eins"),
    ("notes", "zwei"),
]


def _load(folder: Path, text: str, name: str = "targets.yaml") -> Targets:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_targets(path)


def csv_text(
    rows: Sequence[Sequence[str]], about: Mapping[str, str] | None = None
) -> str:
    said = ABOUT if about is None else about
    lines = [f"# {key}: {value}" for key, value in said.items()]
    return "\n".join([*lines, *map(",".join, rows)]) + "\n"


def write_workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[object]]],
) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def test_a_target_file(tmp_path: Path) -> None:
    targets = _load(tmp_path, TEXT)
    assert targets.margins == {"size": {"1": 900.0, "2": 100.0}}
    assert targets.as_of == "2024-01-01"
    assert targets.notes == ({"": "rounded"},)


def test_texts_of_a_target_file_may_have_several_languages(tmp_path: Path) -> None:
    text = TEXT.replace("notes: rounded", "notes: {en: rounded, de: gerundet}")
    assert text != TEXT
    targets = _load(tmp_path, f"{text}\nevidence_note: {{en: read, de: gelesen}}\n")
    assert targets.notes == ({"en": "rounded", "de": "gerundet"},)
    assert targets.evidence_note == {"en": "read", "de": "gelesen"}
    assert set(targets.population) == {""}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2: 100", "2: -1", "line 8"),
        ("2: 100", "2: many", "line 8"),
        ("2: 100", "2: true", "line 8"),
        ("2: 100", "2: .inf", "no number"),
        ("2: 100", "'1': 100", "code '1' stands here twice"),
        ("2: 100", "no: 100", "quote it"),
        ("  size:", "\tsize:", "line 6: a tab"),
        ("unit: enterprises", "unit: e\ncolour: red", "unknown key 'colour'"),
        ("source: register\n", "", "'source' is missing"),
        ("1: 900\n    2: 100", "1: 0", "no target above 0"),
        ("\n    1: 900\n    2: 100", " 900", "valid dictionary"),
        ("1: 900", "1: -5\nlabels: {size: {1: small}}\nx:\n  y:", "line 7"),
        ("1: 900\n    2: 100", "1: 0.5\n    2: 0.4", "sums to 0.9, and shares"),
        ("1: 900\n    2: 100", "1: 60\n    2: 39", "divide each by 0.99.*size: 99"),
        ("notes: r", "labels: {sice: {1: small}}\nnotes: r", "the margins are 'size'"),
        ("notes: r", "labels: {size: {3: large}}\nnotes: r", "'3', which have no targ"),
        ("notes: r", "totals: {staff: 5}\nnotes: r", "give population_size"),
        ("notes: r", "population_size: 0\nnotes: r", "greater than 0"),
        ("notes: r", "evidence: hearsay\nnotes: r", "line 9: evidence"),
        ("  size:", "  size x region:", "2 dimensions, and its codes '1', '2'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in TEXT
    with pytest.raises(StudyError, match=words) as caught:
        _load(tmp_path, TEXT.replace(old, new))
    assert "targets.yaml" in str(caught.value)


def test_no_such_file(tmp_path: Path) -> None:
    for name in ("none.yaml", "none.csv", "none.xlsx"):
        with pytest.raises(StudyError, match="no such file"):
            load_targets(tmp_path / name)


def test_a_file_without_targets(tmp_path: Path) -> None:
    text = TEXT.split("margins:", maxsplit=1)[0]
    with pytest.raises(StudyError, match="give margins, or totals"):
        _load(tmp_path, text)


def test_crossed_margins_are_written_in_one_key_or_nested(tmp_path: Path) -> None:
    head = TEXT.split("  size:", maxsplit=1)[0]
    plain = "  size x region:\n    1 x N: 30\n    1 x S: 20\n    2 x N: 5\n"
    nested = "  size x region:\n    1: {N: 30, S: 20}\n    2: {N: 5}\n"
    expected = {"size x region": {"1 x N": 30.0, "1 x S": 20.0, "2 x N": 5.0}}
    assert _load(tmp_path, head + plain).margins == expected
    assert _load(tmp_path, head + nested).margins == expected
    with pytest.raises(StudyError, match=r"line 8.*1 x N is -1"):
        _load(
            tmp_path, head + plain.replace("30", "-1").replace(" 1 x N", "\n    1 x N")
        )


def test_totals_and_the_size_of_the_population(tmp_path: Path) -> None:
    text = TEXT.split("margins:", maxsplit=1)[0]
    targets = _load(
        tmp_path, text + "population_size: 33065522\ntotals: {employees: 162200000}\n"
    )
    assert targets.totals == {"employees": 162_200_000}
    assert targets.population_size == 33_065_522


def test_shares_percentages_and_counts() -> None:
    assert measure({"a": 0.5, "b": 0.5}) == "share"
    assert measure({"a": 48.0, "b": 52.0}) == "percent"
    assert measure({"a": 4800.0, "b": 5200.0}) == "count"
    counts = Targets.model_validate(
        {**ABOUT, "population_size": 99, "margins": {"size": {"1": 60, "2": 39}}}
    )
    assert measure(counts.margins["size"], counts.population_size) == "count"


def test_a_table_is_read_like_yaml_whatever_its_dress(tmp_path: Path) -> None:
    text = csv_text(ROWS, {**ABOUT, "total employees": "8400"})
    text = text.replace("margin,", "# population size: 1200\nmargin,", 1)
    text = text.replace("margin,", "# notes: eins\n# notes: zwei\nmargin,", 1)
    german = text.replace(",", ";").replace("0.25", "0,25").replace("62.5", "62,5")
    german = german.replace("0.75", "0,75").replace("37.5", "37,5")
    dresses = {
        "comma.csv": text.encode(),
        "semicolon.csv": german.replace("\n", "\r\n").encode("cp1252"),
        "mark.csv": german.encode("utf-8-sig"),
        "tab.tsv": text.replace(",", "\t").encode("utf-16"),
        # A spreadsheet that saved the comment lines as cells.
        "saved.csv": german.replace("Köln", "Köln;;;").encode(),
    }
    for name, data in dresses.items():
        (tmp_path / name).write_bytes(data)
        assert load_targets(tmp_path / name) == LONG, name


def test_a_workbook_is_read_like_yaml(tmp_path: Path) -> None:
    about = [*ABOUT.items(), *MORE]
    numbers = [[*row[:2], float(row[2]), row[3]] for row in ROWS[1:]]
    numbers[0][1] = 1.0
    sheets = {"About": about, "read me": [], "Targets": [ROWS[0], *numbers]}
    path = write_workbook(tmp_path / "targets.xlsx", sheets)
    assert load_targets(path) == LONG


def test_a_date_in_a_workbook_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "targets.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("about")
        for number, (key, value) in enumerate(ABOUT.items()):
            sheet.write_row(number, 0, (key, value))
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_number(2, 1, 45292, date)
        table = book.add_worksheet("sizes")
        for number, row in enumerate([("size", "target"), ("1", 3.0), ("2", 5.0)]):
            table.write_row(number, 0, row)
    targets = load_targets(path)
    assert targets.as_of == "2024-01-01"
    assert targets.margins == {"size": {"1": 3.0, "2": 5.0}}


def test_a_wide_table_is_one_crossed_margin(tmp_path: Path) -> None:
    rows = [
        ("nace", "size", "target", "nace_label"),
        ("C", "10-19", "147870", "Manufacturing"),
        ("C", "20-49", "107703", "Manufacturing"),
        ("J", "10-19", "32741", ""),
    ]
    targets = _load(tmp_path, csv_text(rows), "wide.csv")
    assert targets.margins == {
        "nace x size": {"C x 10-19": 147870, "C x 20-49": 107703, "J x 10-19": 32741}
    }
    assert targets.labels == {"nace": {"C": "Manufacturing"}}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (("1.023.841", "547.973"), (1023841, 547973)),
        (('"1,023,841"', '"547,973"'), (1023841, 547973)),
        (("62.125", "37.875"), (62.125, 37.875)),
        (("1234", "5678"), (1234, 5678)),
    ],
)
def test_marks_between_digits(
    tmp_path: Path, counts: tuple[str, str], expected: tuple[float, float]
) -> None:
    rows = [("size", "target"), ("1", counts[0]), ("2", counts[1])]
    targets = _load(tmp_path, csv_text(rows), "marks.csv")
    assert tuple(targets.margins["size"].values()) == expected


@pytest.mark.parametrize("text", ["547.973", '"547,973"'])
def test_a_mark_of_which_nobody_knows_the_meaning_is_refused(
    tmp_path: Path, text: str
) -> None:
    rows = [("size", "target"), ("1", text), ("2", "54256")]
    with pytest.raises(StudyError, match=r"line 8.*may be 547973 or 547.973"):
        _load(tmp_path, csv_text(rows), "marks.csv")


def without(key: str) -> dict[str, str]:
    return {name: value for name, value in ABOUT.items() if name != key}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (csv_text(ROWS, without("source")), r"does not say 'source'.*# source: \.\.\."),
        (csv_text([]), "there is no table"),
        (csv_text([("a", "b"), ("1", "2")]), "line 7: the columns are 'a', 'b'"),
        (csv_text(ROWS[:1]), "with 0 rows below"),
        (csv_text([*ROWS, ("size", "3", "many", "")]), "line 12.*'many', which is no"),
        (csv_text([*ROWS, ("size", "3", "-1", "")]), "line 12: margins.size.3 is -1"),
        (csv_text([*ROWS, ("size", "1", "5", "")]), "line 12.*on line 8 already"),
        (csv_text([*ROWS, ("size", "", "5", "")]), "line 12: 'code' is empty"),
        (csv_text([*ROWS, ("size", "3", "5")]), "line 12: 3 cells, and the header has"),
        (csv_text(ROWS, {**ABOUT, "colour": "red"}), "line 7: unknown key 'colour'"),
        (
            csv_text(ROWS, {**ABOUT, "Unit": "x"}),
            "line 7: key 'unit' stands here twice",
        ),
        (
            csv_text(ROWS, {**ABOUT, "population_size": "many"}),
            "line 7: 'population_size' is 'many'",
        ),
        (
            csv_text(
                [
                    ("a", "b", "target", "a_label"),
                    ("1", "1", "3", "x"),
                    ("1", "2", "4", "y"),
                ]
            ),
            "line 9: code '1' of 'a' is called 'y' here and 'x' above",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_said_with_its_line(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(StudyError, match=words) as caught:
        _load(tmp_path, text, "targets.csv")
    assert "targets.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"targets": ROWS}, "there is no sheet 'about'"),
        (
            {"about": list(without("unit").items()), "targets": ROWS},
            "does not say 'unit'.*first column of sheet 'about'",
        ),
        ({"about": list(ABOUT.items())}, "there is no table"),
        (
            {"about": list(ABOUT.items()), "a": ROWS, "b": ROWS},
            "several sheets \\('a', 'b'\\).*'targets'",
        ),
        (
            {"about": list(ABOUT.items()), "a": [*ROWS, ("size", "3", "many", "")]},
            "sheet 'a', line 6.*'many'",
        ),
    ],
)
def test_what_is_wrong_in_a_workbook_is_said_with_its_place(
    tmp_path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], words: str
) -> None:
    path = write_workbook(tmp_path / "targets.xlsx", sheets)
    with pytest.raises(StudyError, match=words):
        load_targets(path)


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "targets.xlsx"
    path.write_bytes(b"PK nonsense")
    with pytest.raises(StudyError, match="cannot be opened"):
        load_targets(path)


def test_a_time_of_day_says_nothing_about_targets(tmp_path: Path) -> None:
    path = tmp_path / "targets.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("about")
        said = {**ABOUT, "url": ""}
        for number, (key, value) in enumerate(said.items()):
            sheet.write_row(number, 0, (key, value))
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_number(2, 1, 45292.25, time)
        book.add_worksheet("targets").write_column(0, 0, ["size", "1"])
        book.get_worksheet_by_name("targets").write_column(0, 1, ["target", 8])
    assert load_targets(path).as_of == "2024-01-01"
    assert load_targets(path).url == ""


def test_files_that_are_no_target_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    with pytest.raises(StudyError, match="cannot be read"):
        load_targets(folder)
    wide = csv_text([("size", "target"), ('"' + 200_000 * "x" + '"', "5")])
    with pytest.raises(StudyError, match="cannot be taken apart"):
        _load(tmp_path, wide, "wide.csv")
    path = write_workbook(tmp_path / "large.xlsx", {"about": list(ABOUT.items())})
    size = path.stat().st_size
    monkeypatch.setattr("survey.weighting.target_cells._LARGEST", size)
    with pytest.raises(StudyError, match="unpacks to"):
        load_targets(path)
    monkeypatch.setattr("survey.weighting.target_cells._LARGEST", size - 1)
    with pytest.raises(StudyError, match="hardly a target file"):
        load_targets(path)
