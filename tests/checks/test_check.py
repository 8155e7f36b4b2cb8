from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.checks.check import FLAGS, check, exclude, flags
from survey.checks.disposition import dispositions
from survey.checks.file_findings import empty_rows
from survey.importers.raw import RawTable
from survey.questionnaire.model import Questionnaire
from survey.report.wording import words
from survey.responses.bind import bind
from survey.responses.table import Responses
from survey.said import tell

SCALE = [{"code": code, "label": str(code)} for code in (1, 2, 3)]
ITEMS = [{"code": code, "label": code} for code in "abcd"]
Make = Callable[..., RawTable]
Ask = Callable[..., Questionnaire]


@pytest.fixture
def wave(raw_table: Make, questionnaire: Ask) -> Responses:
    """Seven records: four honest, one straight and fast, one duplicate, one empty."""
    columns: dict[str, list[object]] = {
        "id": ["1", "2", "3", "4", "5", "2", "7"],
        "org": ["A", "B", "C", "C", "E", "B", "F"],
        "status": ["done"] * 5 + ["done", "out"],
        "seconds": ["600", "620", "9999999", "610", "60", "620", None],
    }
    answers = {
        "a": ["1", "2", "3", "1", "2", "2", None],
        "b": ["2", "3", "1", "3", "2", "3", None],
        "c": ["3", "1", "2", "2", "2", "1", None],
        "d": ["1", "1", "2", "3", "2", "1", None],
    }
    for grid in ("g", "h"):
        columns |= {f"{grid}_{item}": list(cells) for item, cells in answers.items()}
    columns["t"] = ["=1+1", None, None, None, None, None, None]
    grids = [
        {"id": g, "kind": "grid", "label": g, "categories": SCALE, "items": ITEMS}
        for g in ("g", "h")
    ]
    asked = questionnaire(
        *grids,
        {"id": "t", "kind": "text", "label": "T"},
        paradata={
            "respondent": "id",
            "organisation": "org",
            "status": "status",
            "seconds": "seconds",
        },
        complete=["done"],
        screened_out=["out"],
    )
    return bind(raw_table(columns), asked)


def test_every_flag_finds_its_record(wave: Responses) -> None:
    found = {
        str(flag): list(column[column].index) for flag, column in flags(wave).items()
    }
    assert found == {
        "screened_out": ["7"],
        "partial": [],
        "empty": [],
        "duplicate": ["2-2"],
        "speeder": ["5"],
        "straightliner": ["5"],
        "break_off": [],
        "trap": [],
        "bot": [],
        "gibberish": [],
        "copied": [],
    }


def test_dispositions(wave: Responses) -> None:
    assert dispositions(wave).tolist() == ["complete"] * 6 + ["screened_out"]


def test_findings_are_counted_and_the_worst_come_first(wave: Responses) -> None:
    found = {f.check: f.count for f in check(wave)}
    assert found["several_respondents"] == 4
    assert found["formula_text"] == 1
    severities = [f.severity for f in check(wave)]
    assert severities == sorted(severities, key=["error", "warning", "note"].index)


def test_exclusions_follow_the_study_and_are_told(wave: Responses) -> None:
    kept, found = exclude(wave, ["screened_out", "duplicate"])
    assert list(kept.frame.index) == ["1", "2", "3", "4", "5"]
    assert len(kept.states) == len(kept.paradata) == 5
    actions = {f.check: f.action for f in found}
    assert actions["duplicate"] == "excluded by the study"
    assert actions["speeder"] == "kept"


def test_one_record_left_open_for_days_does_not_move_the_limit(wave: Responses) -> None:
    assert flags(wave)["speeder"].sum() == 1


def test_without_status_or_times_nobody_is_flagged(
    raw_table: Make, questionnaire: Ask
) -> None:
    asked = questionnaire(
        {"id": "q", "kind": "single", "label": "Q", "categories": SCALE}
    )
    responses = bind(raw_table({"q": ["1", None]}), asked)
    found = flags(responses).sum()
    assert found[found > 0].to_dict() == {"empty": 1}


def test_who_broke_off_and_came_back_counts_once(
    raw_table: Make, questionnaire: Ask
) -> None:
    raw = raw_table(
        {
            "id": ["1", "1", "2"],
            "status": ["open", "done", "done"],
            "q": ["1", "2", "3"],
        }
    )
    asked = questionnaire(
        {"id": "q", "kind": "single", "label": "Q", "categories": SCALE},
        paradata={"respondent": "id", "status": "status"},
        complete=["done"],
    )
    kept, _ = exclude(bind(raw, asked), ["partial", "duplicate"])
    assert kept.frame["q"].tolist() == ["2", "3"]


def test_codes_that_make_the_numbers_wrong_are_errors(
    raw_table: Make, questionnaire: Ask
) -> None:
    asked = questionnaire(
        {"id": "q", "kind": "single", "label": "Q", "categories": SCALE}
    )
    # 1 of 20 answers is a twentieth, 1 of 21 is less.
    for known, severity in ((19, "error"), (20, "warning")):
        responses = bind(raw_table({"q": ["1"] * known + ["9"]}), asked)
        (found,) = [f for f in check(responses) if f.check == "unknown_code"]
        assert found.severity == severity


def test_what_concerns_most_records_comes_first(wave: Responses) -> None:
    counts = [f.count for f in check(wave) if f.severity == "warning"]
    assert counts == sorted(counts, reverse=True)


def test_the_words_of_every_flag_stand_in_both_languages() -> None:
    for language in ("en", "de"):
        assert {f"rule_{flag}" for flag in FLAGS} <= set(words(language))


def test_every_flag_can_exclude(wave: Responses) -> None:
    kept, found = exclude(wave, FLAGS)
    assert list(kept.frame.index) == ["1", "2", "3", "4"]
    out = {f.check: f.count for f in found if f.action == "excluded by the study"}
    flagged = flags(wave).sum()
    assert out == flagged[flagged > 0].to_dict()


@pytest.mark.parametrize(
    ("rows", "english", "german"),
    [
        (1, "1 row of the file holds", "1 Zeile der Datei enthält"),
        (1250, "1,250 rows of the file hold", "1.250 Zeilen der Datei enthalten"),
    ],
)
def test_empty_rows_of_the_file_are_counted(
    wave: Responses, rows: int, english: str, german: str
) -> None:
    assert empty_rows(wave) == []
    source = replace(wave.source, empty_rows=rows)
    (found,) = empty_rows(replace(wave, source=source))
    assert (found.severity, found.count, found.action) == ("note", rows, "left out")
    assert found.message.startswith(english)
    assert tell(found.said, "de").startswith(german)
