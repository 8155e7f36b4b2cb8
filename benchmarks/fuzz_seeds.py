"""Small exports of every format and layout, to be mutated, and real ones beside them.

A seed is a set of files of one export: the answers first, then what belongs to them.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
import xlsxwriter

EXPORTS = Path(__file__).parents[1].parent / "shared" / "exports"
LARGEST = 200_000
SUFFIXES = {
    *(".csv", ".tsv", ".tab", ".txt", ".dat", ".asc", ".xlsx", ".sav", ".zsav"),
    *(".por", ".dta", ".parquet", ".sss", ".xml", ".qsf", ".lss", ".lsg", ".lsq"),
}
TRIPLE_S_DATA = {".asc", ".csv", ".dat"}

Rows = Sequence[Sequence[object]]
TEXTS = {
    "plain": "id,size,use_ai,cost\n1,Small,Yes,1.5\n2,Large,No,\n3,,Yes,2\n",
    "semicolon": "id;size;why\n1;Klein;Kosten, Recht\n2;Groß;\n3;Klein;Recht\n",
    "surveymonkey": "Respondent ID,Collector ID,Start Date,End Date,IP Address,"
    "Email Address,Do you use AI?,Which tools?,,\n,,,,,,Response,Chat,Code,"
    "Other (please specify)\n"
    "11,7,01/02/2024 10:00:00 AM,01/02/2024 10:09:00 AM,192.0.2.1,,Yes,Chat,,\n"
    "12,7,01/02/2024 11:00:00 AM,01/02/2024 11:04:00 AM,192.0.2.2,,No,,Code,none\n",
    "qualtrics": "StartDate,EndDate,Status,Progress,Finished,ResponseId,Q1,Q2_1\n"
    "Start Date,End Date,Response Type,Progress,Finished,Response ID,Use AI?,"
    "Tools - Chat\n"
    + ",".join(
        '"{""ImportId"":""' + name + '""}"'
        for name in (
            *("startDate", "endDate", "status", "progress", "finished"),
            *("_recordId", "QID1", "QID2_1"),
        )
    )
    + "\n2024-01-02 10:00:00,2024-01-02 10:05:00,0,100,1,R_1a,Yes,Chat\n"
    "2024-01-02 11:00:00,2024-01-02 11:05:00,0,40,0,R_2b,No,\n",
    "limesurvey": "id,submitdate,lastpage,startlanguage,seed,use,why[SQ001],"
    "why[SQ002],why[other],rate[SQ001]\n"
    "1,2024-01-02 10:00:00,3,en,5,A1,Y,,more,4\n2,,1,de,6,A2,,Y,,\n",
    "google": 'Timestamp,Do you use AI?,"Why? [Row 1]",Reasons\n'
    '2024/01/02 10:00:00 AM GMT+1,Yes,Agree,"Cost, Law"\n'
    "2024/01/02 11:00:00 AM GMT+1,No,Disagree,Law\n",
    "microsoft": "ID,Start time,Completion time,Email,Name,Use AI?,Reasons\n"
    "1,1/2/24 10:00:00,1/2/24 10:05:00,anonymous,,Yes,Cost;Law;\n"
    "2,1/2/24 11:00:00,1/2/24 11:05:00,anonymous,,No,Law;\n",
    "alchemer": '"Response ID";"Time Started";"Date Submitted";"Status";"Use?";'
    '"Cost:Why?";"Other - Write In:Why?"\n'
    '"1";"2024-01-02 10:00:00";"2024-01-02 10:05:00";"Complete";"Yes";"Cost";""\n'
    '"2";"2024-01-02 11:00:00";"2024-01-02 11:05:00";"Partial";"No";"";"more"\n',
    "kobo": "start,end,use,why,why/cost,why/law,_id,_uuid,_submission_time,_index\n"
    "2024-01-02,2024-01-02,yes,cost law,1,1,5,u-1,2024-01-02T10:00:00,1\n"
    "2024-01-03,2024-01-03,no,,0,0,6,u-2,2024-01-03T10:00:00,2\n",
    "decipher": "record,uuid,date,markers,status,Q1,Q2r1,Q2r2,Q3r1oe\n"
    "1,u1,01/02/2024 10:00,qualified,3,1,1,0,more\n"
    "2,u2,01/02/2024 11:00,terminated,1,2,0,1,\n",
}
TRIPLE_S = """<?xml version="1.0" encoding="UTF-8"?><sss version="2.0"><survey>
<record ident="A"><variable ident="1" type="single"><name>use</name><label>Use?</label>
<position start="1"/><values><value code="1">Yes</value><value code="2">No</value>
</values></variable><variable ident="2" type="multiple"><name>why</name>
<label>Why?</label><position start="2" finish="4"/><values><value code="1">Cost</value>
<value code="2">Law</value><value code="3">Risk</value></values></variable>
<variable ident="3" type="quantity"><name>staff</name><label>Staff</label>
<position start="5" finish="7"/><values><range from="0" to="999"/></values></variable>
<variable ident="4" type="character"><name>more</name><label>More</label>
<position start="8" finish="12"/><size>5</size></variable></record></survey></sss>
"""
R_SYNTAX = """data <- read.csv("survey_1_R_data_file.csv", quote = "'\\"")
data[, 1] <- as.numeric(data[, 1])
attributes(data)$variable.labels[1] <- "id"
names(data)[1] <- "id"
data[, 6] <- as.character(data[, 6])
attributes(data)$variable.labels[6] <- "Do you \\"use\\" it?"
data[, 6] <- factor(data[, 6], levels=c("A1","A2"),labels=c("Yes", "No [c(1)]"))
names(data)[6] <- "use"
attributes(data)$variable.labels[7] <- "[Cost] Why?"
names(data)[7] <- "why_SQ001"
"""


@dataclass(frozen=True, slots=True)
class Seed:
    """Files of one export, by name; the first is the one that is read."""

    files: tuple[tuple[str, bytes], ...]

    @property
    def name(self) -> str:
        """Name of the first file."""
        return self.files[0][0]


def made() -> list[Seed]:
    """Make a small export of every format and layout."""
    texts = [Seed(((f"{name}.csv", text.encode()),)) for name, text in TEXTS.items()]
    seeds = [*texts, *_encoded(), *_binary(), *_workbooks(), *_defined()]
    triple_s = ("wave.sss", TRIPLE_S.encode()), ("wave.asc", b"1101 12abc\n2011  7\n")
    return [*seeds, Seed(triple_s), Seed((triple_s[1], triple_s[0]))]


def real() -> list[Seed]:
    """Take the small real exports, where they are; all sorted by name."""
    if not EXPORTS.is_dir():
        return []
    paths = [path for path in sorted(EXPORTS.rglob("*")) if _is_small(path)]
    return [_with_data(path) for path in paths]


def _is_small(path: Path) -> bool:
    """Tell a file that may be read and is small."""
    fits = path.suffix.lower() in SUFFIXES and path.is_file()
    return fits and 0 < path.stat().st_size <= LARGEST


def _with_data(path: Path) -> Seed:
    """Take a file, and the data of a Triple-S definition with it."""
    beside = [path]
    if path.suffix.lower() == ".sss":
        others = (path.with_suffix(suffix) for suffix in sorted(TRIPLE_S_DATA))
        beside += [other for other in others if other.is_file()]
    return Seed(tuple((one.name, one.read_bytes()) for one in beside))


def _encoded() -> list[Seed]:
    """Write one text in other encodings and with other line ends."""
    text = TEXTS["semicolon"]
    kinds = {
        "utf-8-sig": text,
        "utf-16": text,
        "utf-16-le": text.replace(";", "\t"),
        "cp1252": text.replace("\n", "\r\r\n"),
        "mac-roman": text.replace("\n", "\r"),
    }
    return [
        Seed(((f"{name}.csv", content.encode(name)),))
        for name, content in kinds.items()
    ]


def _frame() -> pd.DataFrame:
    """Give a table with numbers and texts."""
    given = {"use": [1.0, 2.0, 1.0, 9.0], "staff": [5.0, None, 250.0, 12.0]}
    return pd.DataFrame({**given, "more": ["none", "", "Größe", "a long answer " * 9]})


def _binary() -> list[Seed]:
    """Write files of statistical programs and Parquet."""
    labels = {"use": {1: "Yes", 2: "No", 9: "Refused"}}
    told = {"column_labels": ["Use?", "Staff", "More"], "variable_value_labels": labels}
    missing = {"missing_ranges": {"use": [9]}}
    frame = _frame()
    writers: dict[str, Callable[[Path], object]] = {
        "a.sav": lambda p: pyreadstat.write_sav(frame, p, **told, **missing),
        "b.sav": lambda p: pyreadstat.write_sav(frame, p, row_compress=True, **told),
        "c.zsav": lambda p: pyreadstat.write_sav(frame, p, compress=True, **told),
        "d.por": lambda p: pyreadstat.write_por(frame.iloc[:, :2], p),
        "e.dta": lambda p: pyreadstat.write_dta(frame, p, version=15, **told),
        "f.dta": lambda p: pyreadstat.write_dta(frame, p, version=10),
        "g.parquet": frame.to_parquet,
        "h.parquet": lambda p: frame.astype("string").to_parquet(p, compression=None),
    }
    return [Seed(((name, _written(name, each)),)) for name, each in writers.items()]


def _workbooks() -> list[Seed]:
    """Write a workbook of answers, and a form with its answers."""
    rows = [line.split(",") for line in TEXTS["plain"].splitlines()]
    book = Seed((("wave.xlsx", _workbook({"Data": rows})),))
    answers = [line.split(",") for line in TEXTS["kobo"].splitlines()]
    form = {
        "survey": [
            ("type", "name", "label", "relevant", "constraint"),
            ("select_one yn", "use", "Use?", "", ""),
            ("begin_group", "g", "Group", "${use} = 'yes'", ""),
            ("select_multiple why", "why", "Why?", "", "count-selected(.) <= 2"),
            ("end_group", "", "", "", ""),
            ("integer", "staff", "Staff", "selected(${why}, 'cost')", ". > 0"),
        ],
        "choices": [
            ("list_name", "name", "label"),
            ("yn", "yes", "Yes"),
            ("yn", "no", "No"),
            ("why", "cost", "Cost"),
            ("why", "law", "Law"),
        ],
    }
    pair = ("kobo.xlsx", _workbook({"Data": answers})), ("form.xlsx", _workbook(form))
    return [book, Seed(pair), Seed(pair[1:])]


def _defined() -> list[Seed]:
    """Put definitions beside answers."""
    qualtrics = ("wave.csv", TEXTS["qualtrics"].encode())
    limesurvey = ("survey.csv", TEXTS["limesurvey"].encode())
    return [
        Seed((qualtrics, ("wave.qsf", _qsf()))),
        Seed((limesurvey, ("survey.lss", _lss()))),
        Seed((limesurvey, ("syntax.R", R_SYNTAX.encode()))),
        Seed((qualtrics, ("twin.csv", TEXTS["qualtrics"].encode()))),
    ]


def _workbook(sheets: dict[str, Rows]) -> bytes:
    """Write a workbook."""

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(str(path)) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)

    return _written("wave.xlsx", write)


def _written(name: str, write: Callable[[Path], object]) -> bytes:
    """Give what a function writes into a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def _qsf() -> bytes:
    """Write a Qualtrics definition of two questions, one shown after the other."""
    choices = {"1": {"Display": "Yes"}, "2": {"Display": "No"}}
    shown = {
        "LogicType": "Question",
        "LeftOperand": "q://QID1/SelectableChoice/1",
        "Operator": "Selected",
    }
    logic = {"0": {"0": shown, "Type": "If"}, "Type": "BooleanExpression"}
    common = {"QuestionType": "MC", "Choices": choices, "ChoiceOrder": ["1", "2"]}
    first = {"QuestionID": "QID1", "DataExportTag": "Q1", "Selector": "SAVR"}
    second = {"QuestionID": "QID2", "DataExportTag": "Q2", "Selector": "MAVR"}
    questions = [
        {**common, **first, "QuestionText": "Use AI?"},
        {**common, **second, "QuestionText": "Tools", "DisplayLogic": logic},
    ]
    elements = [{"Element": "SQ", "Payload": question} for question in questions]
    entry = {"SurveyLanguage": "EN", "SurveyName": "Wave"}
    return json.dumps({"SurveyEntry": entry, "SurveyElements": elements}).encode()


def _lss() -> bytes:
    """Write a LimeSurvey definition of a list and a multiple choice."""
    tables = {
        "groups": [{"gid": 1, "group_name": "G", "group_order": 1, "language": "en"}],
        "questions": [
            _lime(1, "L", "use"),
            {**_lime(2, "M", "why"), "relevance": '((use.NAOK == "A1"))'},
        ],
        "subquestions": [{**_lime(3, "T", "SQ001"), "parent_qid": 2}],
        "answers": [
            {"qid": 1, "code": code, "answer": code, "sortorder": 1, "language": "en"}
            for code in ("A1", "A2")
        ],
    }
    inside = "".join(_table(name, rows) for name, rows in tables.items())
    head = "<LimeSurveyDocType>Survey</LimeSurveyDocType><DBVersion>366</DBVersion>"
    languages = "<languages><language>en</language></languages>"
    return f"<document>{head}{languages}{inside}</document>".encode()


def _lime(number: int, kind: str, title: str) -> dict[str, object]:
    """Write a question of LimeSurvey."""
    keys = {"qid": number, "gid": 1, "parent_qid": 0, "type": kind, "title": title}
    told = {"question": f"Text of {title}", "other": "Y", "language": "en"}
    return {**keys, **told, "question_order": number, "scale_id": 0}


def _table(name: str, rows: Sequence[dict[str, object]]) -> str:
    """Write a table of a LimeSurvey definition."""
    lines = (
        "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items())
        for row in rows
    )
    return f"<{name}><rows>{''.join(f'<row>{r}</row>' for r in lines)}</rows></{name}>"
