"""Write a wave as three platforms would export it.

Records have one row per respondent: answers as `answers.draw_answers` names them,
and the columns id, number, started, finished, status, last_page, language.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from answers import UNANSWERED
from sav_sets import DichotomySet, finish_sav

from survey.questionnaire.model import Category, Question, Questionnaire

# Option that was taken off the role question after the first days in the field.
REMOVED_ROLE = {"8": "Marketing or sales"}
OTHER = "Other (please specify)"
# Percentages reach 100, so their user-missing codes are larger.
MISSING_CODES = {98.0: "No answer", 99.0: "Refused"}
MISSING_NUMBERS = {998.0: "No answer", 999.0: "Refused"}
USER_MISSING = {*MISSING_CODES, *MISSING_NUMBERS}
STATUS_LABELS = {1.0: "complete", 2.0: "partial", 3.0: "screened_out"}
QUALIFICATION = {
    "complete": "Qualified",
    "partial": "Partial",
    "screened_out": "Disqualified",
}
Column = tuple[str, str, pd.Series]


def write_surveymonkey(
    records: pd.DataFrame, questionnaire: Questionnaire, path: Path
) -> None:
    """Write a CSV file with two header rows and answers as English labels.

    Parameters
    ----------
    records : DataFrame
        Respondents and answers.
    questionnaire : Questionnaire
        Wording and labels.
    path : Path
        Where to write.
    """
    columns = [*_surveymonkey_system(records)]
    for question in questionnaire.questions:
        wording = question.wording["en"]
        for number, (option, cells) in enumerate(_labelled(question, records)):
            columns.append((wording if number == 0 else "", option, cells))
    _write_csv(
        [[c[0] for c in columns], [c[1] for c in columns]],
        [c[2] for c in columns],
        path,
        csv.QUOTE_MINIMAL,
    )


def _surveymonkey_system(records: pd.DataFrame) -> Iterator[Column]:
    """Give the columns the platform adds itself."""
    blank = pd.Series("", index=records.index)
    own = {
        "Respondent ID": records["id"],
        "Collector ID": pd.Series("431902217", index=records.index),
        "Start Date": records["started"],
        "End Date": records["finished"],
        "IP Address": _addresses(records),
        "Email Address": blank,
        "First Name": blank,
        "Last Name": blank,
        "Custom Data 1": records["number"],
        "Response Status": records["status"].map(QUALIFICATION),
    }
    yield from ((name, "", cells.astype(str)) for name, cells in own.items())


def _addresses(records: pd.DataFrame) -> pd.Series:
    """Give addresses of the block that is reserved for documentation."""
    return pd.Series(
        [f"192.0.2.{1 + int(number) % 254}" for number in records["number"]],
        index=records.index,
    )


def _labelled(
    question: Question, records: pd.DataFrame
) -> Iterator[tuple[str, pd.Series]]:
    """Give the columns of a question with its answers in words."""
    words = {c.code: c.label["en"] for c in question.categories}
    words |= {"": "", UNANSWERED: ""}
    if question.id == "role":
        words |= REMOVED_ROLE
    if question.kind == "grid":
        for item in question.items:
            answers = records[f"{question.id}_{item.code}"]
            yield item.label["en"], answers.map(words)
    elif question.kind == "multiple":
        yield from _labelled_options(question, records)
    elif question.kind == "single":
        words |= {c.code: OTHER for c in question.categories if c.specify}
        yield "Response", records[question.id].map(words)
        for category in question.categories:
            if category.specify:
                yield OTHER, records[f"{question.id}_{category.code}_text"]
    else:
        yield "Open-Ended Response", records[question.id].replace(UNANSWERED, "")


def _labelled_options(
    question: Question, records: pd.DataFrame
) -> Iterator[tuple[str, pd.Series]]:
    """Give one column per option: its label where it was chosen."""
    for category in question.categories:
        name = f"{question.id}_{category.code}"
        if category.specify:
            yield OTHER, records[f"{name}_text"]
        else:
            label = category.label["en"]
            yield label, (records[name] == "1").map({True: label, False: ""})


def write_limesurvey(
    records: pd.DataFrame, questionnaire: Questionnaire, path: Path
) -> None:
    """Write a CSV file with one header row of codes and answers as codes.

    Parameters
    ----------
    records : DataFrame
        Respondents and answers.
    questionnaire : Questionnaire
        Ids and codes.
    path : Path
        Where to write.
    """
    complete = records["status"] == "complete"
    columns = {
        "id": records["id"],
        "submitdate": records["finished"].astype(str).where(complete, ""),
        "lastpage": records["last_page"],
        "startlanguage": records["language"],
        "seed": (records["number"] * 48_271 + records["id"]) % 2_147_483_647,
        "startdate": records["started"],
        "datestamp": records["finished"],
        "ipaddr": _addresses(records),
        "organisation": records["number"],
    }
    for question in questionnaire.questions:
        columns |= dict(_coded(question, records))
    cells = [column.astype(str) for column in columns.values()]
    _write_csv([list(columns)], cells, path, csv.QUOTE_ALL)


def _coded(
    question: Question, records: pd.DataFrame
) -> Iterator[tuple[str, pd.Series]]:
    """Give the columns of a question with its answers as LimeSurvey codes them."""
    name = question.id
    if question.kind == "grid":
        for item in question.items:
            answers = records[f"{name}_{item.code}"].replace(UNANSWERED, "")
            yield f"{name}[{item.code}]", answers
    elif question.kind == "multiple":
        # LimeSurvey cannot tell a skipped question from one with nothing ticked.
        marks = {"1": "Y", "0": "N", UNANSWERED: "N", "": ""}
        for category in question.categories:
            if not category.specify:
                answers = records[f"{name}_{category.code}"].map(marks)
                yield f"{name}[{category.code}]", answers
    else:
        own = {c.code: "-oth-" for c in question.categories if c.specify}
        yield name, records[name].replace({UNANSWERED: "", **own})
    for category in question.categories:
        if category.specify:
            yield f"{name}[other]", records[f"{name}_{category.code}_text"]


def _write_csv(
    header: Sequence[Sequence[str]],
    columns: Sequence[pd.Series],
    path: Path,
    quoting: Literal[0, 1],
) -> None:
    """Write rows under header rows, as UTF-8 with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=quoting)
        writer.writerows(header)
        writer.writerows(zip(*columns, strict=True))


def write_spss(records: pd.DataFrame, questionnaire: Questionnaire, path: Path) -> None:
    """Write a .sav file with labels, user-missing codes and multiple response sets.

    Parameters
    ----------
    records : DataFrame
        Respondents and answers.
    questionnaire : Questionnaire
        Ids, wording and labels.
    path : Path
        Where to write.
    """
    import pyreadstat

    variables = list(_system_variables(records))
    for question in questionnaire.questions:
        variables += _variables(question, records)
    missing: dict[str, list[Any]] = {
        v[0]: [c for c in v[3] if c in USER_MISSING] for v in variables
    }
    pyreadstat.write_sav(
        pd.DataFrame({name: cells for name, _, cells, _ in variables}),
        str(path),
        file_label=questionnaire.title["en"],
        row_compress=True,
        column_labels={name: text for name, text, _, _ in variables},
        variable_value_labels={
            name: values for name, _, _, values in variables if values
        },
        missing_ranges={name: codes for name, codes in missing.items() if codes},
        variable_measure=_measures(questionnaire, [v[0] for v in variables]),
        variable_format={
            v[0]: "F8.0" for v in variables if pd.api.types.is_numeric_dtype(v[2])
        },
    )
    finish_sav(path, dict(_sets(questionnaire)), b"14 Oct 2409:00:00")


Variable = tuple[str, str, pd.Series, dict[float, str]]


def _system_variables(records: pd.DataFrame) -> Iterator[Variable]:
    """Give the variables that describe the record."""
    codes = {text: code for code, text in STATUS_LABELS.items()}
    labels = {code: text.replace("_", " ") for code, text in STATUS_LABELS.items()}
    yield "respondent_id", "Number of the record", records["id"].astype(float), {}
    number = records["number"].astype(float)
    yield "organisation", "Number of the organisation", number, {}
    yield "started", "Start of the interview", records["started"], {}
    yield "finished", "End of the interview", records["finished"], {}
    yield "status", "Outcome", records["status"].map(codes).astype(float), labels
    yield (
        "language",
        "Language of the interview",
        records["language"].astype(object),
        {},
    )


def _variables(question: Question, records: pd.DataFrame) -> Iterator[Variable]:
    """Give the variables of one question."""
    wording = question.wording["en"]
    labels = {float(c.code): c.label["en"] for c in _numbered(question)}
    labels |= MISSING_CODES
    if question.kind == "grid":
        for item in question.items:
            name = f"{question.id}_{item.code}"
            yield name, item.label["en"], _numbers(records[name], labels), labels
    elif question.kind == "multiple":
        marks = {0.0: "Not chosen", 1.0: "Chosen", **labels}
        for category in question.categories:
            name = f"{question.id}_{category.code}"
            cells = _numbers(records[name], marks)
            yield name, category.label["en"], cells, marks
    elif question.kind == "text":
        yield question.id, wording, records[question.id].astype(object), {}
    else:
        own = MISSING_NUMBERS if question.kind == "numeric" else labels
        yield question.id, wording, _numbers(records[question.id], own), own
    yield from _texts_beside(question, records)


def _texts_beside(question: Question, records: pd.DataFrame) -> Iterator[Variable]:
    """Give the variables with the texts typed beside categories."""
    for category in question.categories:
        if category.specify:
            name = f"{question.id}_{category.code}"
            text = f"{category.label['en']}, in words"
            yield f"{name}_other", text, records[f"{name}_text"].astype(object), {}


def _numbered(question: Question) -> Iterator[Category]:
    """Give the categories of a question whose codes are numbers."""
    yield from (c for c in question.categories if c.code.isdigit())


def _numbers(answers: pd.Series, labels: Mapping[float, str]) -> pd.Series:
    """Give codes as numbers: unasked is system-missing, unanswered user-missing."""
    # Every other record without an answer was left blank, the rest refused.
    codes = np.array(sorted(USER_MISSING & set(labels)))
    skipped = codes[np.arange(len(answers)) % 2].astype(str)
    filled = answers.where(answers != UNANSWERED, pd.Series(skipped, answers.index))
    return filled.where(filled != "", "nan").astype(float)


def _measures(questionnaire: Questionnaire, names: Sequence[str]) -> dict[str, str]:
    """Give the level of measurement of every variable."""
    ordered = {q.id for q in questionnaire.questions if q.ordered}
    measures = dict.fromkeys(names, "nominal")
    for name in names:
        if any(name == q or name.startswith(f"{q}_") for q in ordered):
            measures[name] = "ordinal"
    return {**measures, "share_open": "scale", "respondent_id": "scale"}


def _sets(questionnaire: Questionnaire) -> Iterator[tuple[str, DichotomySet]]:
    """Give a multiple response set for every question that has several answers."""
    for question in questionnaire.questions:
        if question.kind == "multiple":
            names = tuple(f"{question.id}_{c.code}" for c in question.categories)
            yield question.id, DichotomySet(question.wording["en"], names)
