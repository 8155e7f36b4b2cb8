import pandas as pd
import pytest

from survey.importers.grid import Grid
from survey.importers.layout import Headed
from survey.importers.platforms.limesurvey import is_limesurvey, read_headers


def grid(*headers: str) -> Grid:
    cells = [list(headers), ["1"] * len(headers)]
    return Grid(pd.DataFrame(cells), "utf-8")


def headed(*headers: str) -> Headed:
    return read_headers(grid("id", "submitdate", "lastpage", *headers))


def parts(found: Headed) -> list[tuple[str, str, str]]:
    return [(x.question, x.option, x.option_code) for x in found.labels[3:]]


def test_codes_of_questions_options_and_other() -> None:
    found = headed("use", "why[SQ001]", "why[other]", "rank[1]")

    assert parts(found) == [
        ("use", "", ""),
        ("why", "SQ001", "SQ001"),
        ("why", "other", "other"),
        ("rank", "1", "1"),
    ]


def test_the_scales_of_a_dual_array_are_two_questions() -> None:
    found = headed("rate[SQ001][1]", "rate[SQ001][2]")

    assert parts(found) == [
        ("rate_1", "SQ001", "SQ001"),
        ("rate_2", "SQ001", "SQ001"),
    ]


def test_comments_are_questions_of_their_own() -> None:
    found = headed("use[comment]", "why[SQ001comment]")

    assert parts(found) == [
        ("use_comment", "", ""),
        ("why_comment", "SQ001", "SQ001"),
    ]


def test_code_and_text_in_one_header() -> None:
    headers = [
        "id. Response ID",
        "submitdate. Date submitted",
        "lastpage. Last page",
        "use. Do you use AI? Really.",
        "why[SQ001]. Which barriers? [Cost]",
        "rate[SQ001][1]. Rate [Cost][Scale 1]",
    ]
    found = read_headers(grid(*headers))

    assert is_limesurvey(grid(*headers))
    assert found.names == (
        "id",
        "submitdate",
        "lastpage",
        "use",
        "why[SQ001]",
        "rate[SQ001][1]",
    )
    assert [label.question for label in found.labels[:3]] == ["", "", ""]
    assert found.labels[3].wording == "Do you use AI? Really."
    assert (found.labels[4].wording, found.labels[4].option) == (
        "Which barriers?",
        "Cost",
    )
    assert found.labels[5].option == "Cost - Scale 1"


@pytest.mark.parametrize(
    "system",
    [
        ("Response ID", "Date submitted", "Last page", "Start language"),
        ("Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache"),
    ],
)
def test_texts_alone(system: tuple[str, ...]) -> None:
    cells = grid(*system, "Do you use AI?", "Why? [Cost]", "Why? [Other]")
    found = read_headers(cells)

    assert is_limesurvey(cells)
    assert [label.question for label in found.labels[:4]] == ["", "", "", ""]
    assert [label.option for label in found.labels[5:]] == ["Cost", "Other"]
    assert found.labels[5].question == found.labels[6].question


def test_times_are_no_questions() -> None:
    found = headed("interviewtime", "groupTime17", "G01Q02Time", "responsetime")

    assert [x.question for x in found.labels[3:]] == ["", "", "", "responsetime"]


def test_other_tables_are_not_taken_for_it() -> None:
    assert not is_limesurvey(grid("id", "seed", "size"))
