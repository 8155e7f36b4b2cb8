import hashlib
from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.definitions.limesurvey_r import read_r_syntax
from survey.importers.read import read

SYNTAX = r"""
data <- read.csv("survey_1_R_data_file.csv", quote = "'\"", na.strings=c("", "\"\""))

# LimeSurvey Field type: F
data[, 1] <- as.numeric(data[, 1])
attributes(data)$variable.labels[1] <- "id"
names(data)[1] <- "id"
# LimeSurvey Field type: A
data[, 2] <- as.character(data[, 2])
attributes(data)$variable.labels[2] <- "Do you \"use\"	it?
Really, don\'t you?"
data[, 2] <- factor(data[, 2], levels=c("A1","A2"),labels=c("Yes, daily", "No [c(1)]"))
names(data)[2] <- "use"
data[, 3] <- as.numeric(data[, 3])
attributes(data)$variable.labels[3] <- "[[Cost] of it] Why?"
data[, 3] <- factor(data[, 3], levels=c(1,0),
                    labels=c("Yes", "Not selected"))
names(data)[3] <- "why_SQ001"
attributes(data)$variable.labels[4] <- "[Other] Why?"
names(data)[4] <- "why_other"
attributes(data)$variable.labels[5] <- "[Comment] [Cost] Why?"
names(data)[5] <- "why_SQ001comment"
attributes(data)$variable.labels[6] <- "[Row][Scale 1] Rate"
names(data)[6] <- "rate_SQ001_0"
# names(data)[7] <- "left_out"
"""


def test_names_labels_and_levels() -> None:
    found = read_r_syntax(SYNTAX.encode("utf-8-sig"))

    assert list(found) == [
        "id",
        "use",
        "why_SQ001",
        "why_other",
        "why_SQ001comment",
        "rate_SQ001_0",
    ]
    assert found["id"].question == ""
    assert found["use"].wording == 'Do you "use" it? Really, don\'t you?'
    assert found["use"].values == {"A1": "Yes, daily", "A2": "No [c(1)]"}
    assert found["why_SQ001"].option == "[Cost] of it"
    assert found["why_SQ001"].values == {"1": "Yes", "0": "Not selected"}


def test_options_others_comments_and_scales_are_taken_apart() -> None:
    found = read_r_syntax(SYNTAX.encode())
    parts = [(x.question, x.option, x.option_code) for x in found.values()]

    assert parts[2:] == [
        ("why", "[Cost] of it", "SQ001"),
        ("why", "Other", "other"),
        ("why_comment", "Cost", "SQ001comment"),
        ("rate", "Row - Scale 1", "SQ001_0"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "names(data)[1] <- system('ls')",
        'names(data)[1] <- "open',
        "data[, 1] <- factor(data[, 1], levels=c(1,2",
    ],
)
def test_a_text_without_names_is_refused(text: str) -> None:
    with pytest.raises(DataFileError, match="no syntax of LimeSurvey"):
        read_r_syntax(text.encode())


def test_what_is_no_statement_is_not_read() -> None:
    text = 'x <- names(data)\nnames(data)[2] <- "use"\nfile.remove("a")\n'

    assert list(read_r_syntax(text.encode())) == ["use"]


def pair(folder: Path, header: str) -> list[Path]:
    data = folder / "survey_1_R_data_file.csv"
    data.write_text(f"{header}\n1,A1,1,,,2\n2,A2,0,,,3\n", encoding="utf-8")
    syntax = folder / "survey_1_R_syntax_file.R"
    syntax.write_text(SYNTAX, encoding="utf-8")
    return [data, syntax]


@pytest.mark.parametrize(
    "header",
    [
        "id,use,why_SQ001,why_other,why_SQ001comment,rate_SQ001_0",
        "id,use,why[SQ001],why[other],why[SQ001comment],rate[SQ001][0]",
        "V1,V2,V3,V4,V5,V6",
    ],
)
def test_data_and_syntax_are_one_export(tmp_path: Path, header: str) -> None:
    data, syntax = pair(tmp_path, header)
    raw = read(data, companions=[syntax])
    labels = list(raw.labels.values())

    assert labels[1].values == {"A1": "Yes, daily", "A2": "No [c(1)]"}
    assert labels[2].question == "why"
    assert "R syntax: labels of 6 columns" in raw.source.reasons


def test_the_syntax_of_another_export_is_refused(tmp_path: Path) -> None:
    data, syntax = pair(tmp_path, "a,b,c,d,e,f")
    data.write_text("size,region\n1,2\n", encoding="utf-8")

    with pytest.raises(DataFileError, match="none of its 2 columns"):
        read(data, companions=[syntax])


OLD_SYNTAX = r"""#$Rev: 12179 $ .
data <- read.table("survey_7_R_data_file.csv", sep=",", quote = "'", na.strings="")

data[, 1] <- as.numeric(data[, 1])
attributes(data)$variable.labels[1] <- "id"
names(data)[1] <- "id"

data[, 2] <- as.character(data[, 2])
attributes(data)$variable.labels[2] <- "submitdate"
names(data)[2] <- "submitdate"

data[, 3] <- as.character(data[, 3])
attributes(data)$variable.labels[3] <- "Do you use it?"
data[, 3] <- factor(data[, 3], levels=c("A1","A2"),labels=c("Yes", "No"))
names(data)[3] <- "use"

data[, 4] <- as.character(data[, 4])
attributes(data)$variable.labels[4] <- "Why?"
names(data)[4] <- "why"
"""
OLD_DATA = """1,'2012-03-01 10:00:00','A1','It''s quick, mostly'
2,'2012-03-01 11:00:00','A2',""
3,"",'A1','No "reason"'
"""


def old_export(folder: Path, data: str = OLD_DATA) -> tuple[Path, Path]:
    syntax = folder / "survey_7_R_syntax_file.R"
    syntax.write_text(OLD_SYNTAX, encoding="utf-8")
    path = folder / "survey_7_R_data_file.csv"
    path.write_text(data, encoding="utf-8")
    return path, syntax


def test_data_of_old_versions_have_no_header_row(tmp_path: Path) -> None:
    path, syntax = old_export(tmp_path)
    raw = read(path, companions=[syntax])

    assert raw.frame.shape == (3, 4)
    assert raw.frame["use"].tolist() == ["A1", "A2", "A1"]
    assert raw.labels["use"].values == {"A1": "Yes", "A2": "No"}
    assert raw.frame["why"].fillna("").tolist() == [
        "It's quick, mostly",
        "",
        'No "reason"',
    ]
    assert raw.frame["submitdate"].isna().tolist() == [False, False, True]
    assert raw.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_header_row_that_somebody_added_is_not_read_as_a_record(
    tmp_path: Path,
) -> None:
    path, syntax = old_export(tmp_path, "id,submitdate,use,why\n1,,A1,quick\n")

    assert read(path, companions=[syntax]).frame["use"].tolist() == ["A1"]


def test_data_of_old_versions_are_refused_without_their_syntax(tmp_path: Path) -> None:
    path, syntax = old_export(tmp_path)

    with pytest.raises(DataFileError, match=r"Name their R syntax file as companion"):
        read(path)
    path.write_text("1,'A1'\n2,'A2'\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="2 columns, and their R syntax names 4"):
        read(path, companions=[syntax])
