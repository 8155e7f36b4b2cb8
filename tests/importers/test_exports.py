"""Real exports, where they are there: each gives a table or a message."""

from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.raw import MissingRange
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
SUFFIXES = {".csv", ".tsv", ".xlsx", ".sav", ".zsav"}
REFUSED = {
    "Cloud_Native_Survey_2021-Part_1.xlsx": "summary export",
    "CNCF_Maintainers_Survey_2020_H2_Summary.csv": "summary export",
    "survey_results_public.LFS_POINTER.csv": "Git LFS pointer",
    "form_likert.xlsx": "an XLSForm",
    "sample_xlsform.xlsx": "an XLSForm",
    "sample_xlsform_with_plan.xlsx": "an XLSForm",
}
FILES = sorted(p for p in EXPORTS.rglob("*") if p.suffix in SUFFIXES)
SHAPES = {
    "todo_ospo/2024/Raw_Data/2024 OSPO N222 Raw Data Numeric.csv": (222, 1072),
    "todo_ospo/2024/Raw_Data/2024 OSPO N222 Raw Data Text.csv": (222, 1072),
    "todo_ospo/2023/RawData.csv": (489, 492),
    "todo_ospo/2022/RawData.csv": (1048, 321),
    "todo_ospo/2021/results_2021.csv": (1141, 246),
    "google_forms_r_community_2019/2019 English R Community Survey Responses.csv": (
        1838,
        52,
    ),
    "stackoverflow/so2024_3rows/survey_results_public.csv": (3, 114),
    "cncf/Cloud_Native_Survey_1H_2020.csv": (1324, 955),
    "cncf/2022 CNCF Survey - Raw Data.csv": (2286, 215),
    "allenai_llm/SurveyResults.csv": (816, 67),
    "chatgpt_de_volker/chatgpt_de.csv": (101, 19),
    "alchemer_jupyter_2015/20160115235816-SurveyExport.csv": (1706, 37),
    "qualtrics_legitimacy/qualtrics.csv": (156, 195),
    "qualtrics_climate/qualtrics.csv": (452, 27),
    "quantipy/Example Data (A).csv": (8255, 78),
    "pew_pewmethods/dec13_excerpt.csv": (2001, 14),
}

pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not here"
)


def identity(path: Path) -> str:
    return path.relative_to(EXPORTS).as_posix()


@pytest.mark.parametrize("path", FILES, ids=identity)
def test_every_export_is_read_or_refused_with_a_message(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(DataFileError, match=REFUSED[path.name]):
            read(path)
        return
    raw = read(path)

    assert len(raw.frame) > 0
    assert raw.frame.columns.is_unique
    assert list(raw.labels) == list(raw.frame.columns)
    assert raw.frame.notna().any(axis=1).all()


@pytest.mark.parametrize(("name", "shape"), SHAPES.items())
def test_exports_have_the_shape_of_their_index(
    name: str, shape: tuple[int, int]
) -> None:
    assert read(EXPORTS / name).frame.shape == shape


def test_numeric_and_text_file_have_the_same_columns() -> None:
    folder = EXPORTS / "todo_ospo" / "2024" / "Raw_Data"
    numeric, text = (
        read(folder / f"2024 OSPO N222 Raw Data {kind}.csv")
        for kind in ("Numeric", "Text")
    )

    assert dict(numeric.labels) == dict(text.labels)
    assert "688 empty rows left out" in text.source.reasons


def test_undeclared_mac_roman_is_recognised() -> None:
    raw = read(EXPORTS / "cncf" / "Cloud_Native_Survey_1H_2020.csv")
    options = {label.option for label in raw.labels.values()}

    assert raw.source.encoding == "mac_roman"
    assert "South and Central America" in options


def test_google_forms_csv_and_tsv_are_the_same() -> None:
    folder = EXPORTS / "google_forms_r_community_2019"
    stem = "2019 English R Community Survey Responses"
    comma, tab = (read(folder / f"{stem}.{kind}").frame for kind in ("csv", "tsv"))

    assert comma.shape == tab.shape
    assert list(comma.columns) == list(tab.columns)


def test_multiple_response_sets_of_both_kinds() -> None:
    folder = EXPORTS / "spss_pyreadstat" / "multiple_response"
    sets = {found.name: found for found in read(folder / "simple_alltypes.sav").sets}

    assert sets["mymrset"].columns == ("bool1", "bool2", "bool3")
    assert sets["mymrset"].counted_value == "1"
    assert sets["mymrset"].label == "My multiple response set"
    assert sets["categorical_array"].counted_value is None


def test_every_shape_of_user_missing_values() -> None:
    missing = read(EXPORTS / "spss_foreign" / "tests" / "mval_bug.sav").missing

    assert missing["Q1_MISSING_RANGE_1"] == (
        MissingRange(-3.0, -1.0),
        MissingRange(99.0, 99.0),
    )
    assert missing["Q1_MISSING_LOW"] == (MissingRange(float("-inf"), -1.0),)
    assert "Q1_MISSING_NONE" not in missing


def test_a_date_that_pandas_cannot_hold() -> None:
    path = EXPORTS / "spss_haven" / "tests" / "testthat" / "spss" / "datetime.sav"
    frame = read(path).frame

    assert frame["date"].tolist() == ["2014-09-22", "2014-09-23"]
    assert frame["date.posix"].iloc[1] == "2014-09-23 15:59:20"
    assert frame["time"].tolist() == ["12:11:10.09", "15:59:20.01"]


LAYOUTS = {
    "todo_ospo/2021/results_2021.csv": "surveymonkey (certain)",
    "todo_ospo/2023/RawData.csv": "surveymonkey (certain)",
    "cncf/maintainer/CNCF_Maintainers_Survey_2021_H1.csv": "surveymonkey (likely)",
    "cncf/maintainer/CNCF Maintainers Survey 2024 H1.csv": "plain (guess)",
    "cncf/maintainer/results-h1-2017.csv": "google_forms (likely)",
    "alchemer_jupyter_2015/20160115235816-SurveyExport.csv": "alchemer (certain)",
    "qualtrics_climate/qualtrics.csv": "qualtrics (certain)",
    "r_survey/nhanes.csv": "plain (guess)",
}


@pytest.mark.parametrize(("name", "layout"), LAYOUTS.items())
def test_layouts_are_recognised(name: str, layout: str) -> None:
    reasons = read(EXPORTS / name).source.reasons

    assert [r for r in reasons if r.startswith(layout)] != []


def test_serial_dates_of_excel_become_dates() -> None:
    raw = read(EXPORTS / "todo_ospo" / "2021" / "results_2021.csv")

    assert raw.frame["Start Date"].iloc[0] == "2021-06-14 20:50:12"
    assert raw.frame["Start Date"].str.startswith("2021-").all()
    assert "5 empty rows left out" in raw.source.reasons


def test_literal_na_of_stack_overflow_is_no_answer() -> None:
    folder = EXPORTS / "stackoverflow" / "so2024_3rows"
    raw = read(folder / "survey_results_public.csv")

    assert not (raw.frame == "NA").any(axis=None)
    assert "NA means no answer: 207 cells" in raw.source.reasons
