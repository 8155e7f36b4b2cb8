"""Triple-S 2.0 and 3.0: expected values are read off the definitions by hand."""

from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.raw import MissingRange, RawTable, Source
from survey.importers.read import read
from survey.importers.triple_s.triple_s import read_triple_s

EXAMPLES = (
    Path(__file__).parents[2].parent
    / "shared/exports/triples_net/TripleS.NET/v20/Examples"
)
needs_examples = pytest.mark.skipif(
    not EXAMPLES.is_dir(), reason="the examples of the standard are not here"
)

CODES = '<values><value code="1">Yes</value><value code="2">No</value></values>'


def xml(*variables: str, record: str = 'ident="A"', sss: str = 'version="2.0"') -> str:
    inside = "".join(variables)
    return f"<sss {sss}><survey><record {record}>{inside}</record></survey></sss>"


def variable(name: str, kind: str, at: str, inside: str = "", more: str = "") -> str:
    start, _, finish = at.partition("-")
    end = f' finish="{finish}"' if finish else ""
    return (
        f'<variable ident="{name}" type="{kind}" {more}><name>{name}</name>'
        f'<label>{name}?</label><position start="{start}"{end}/>{inside}</variable>'
    )


def values(*codes: str) -> str:
    inside = "".join(f'<value code="{code}">text {code}</value>' for code in codes)
    return f"<values>{inside}</values>"


def table(
    folder: Path, definition: str | bytes, data: str | bytes, suffix: str = ".asc"
) -> RawTable:
    path = folder / "wave.sss"
    path.write_bytes(
        definition if isinstance(definition, bytes) else definition.encode()
    )
    answers = data if isinstance(data, bytes) else data.encode()
    path.with_suffix(suffix).write_bytes(answers)
    return read(path)


def column(raw: RawTable, name: str) -> list[str | None]:
    return [None if cell != cell else str(cell) for cell in raw.frame[name]]  # noqa: PLR0124 - NaN is what differs from itself


@needs_examples
@pytest.mark.parametrize("name", ["example1.sss", "example2.sss"])
def test_both_examples_of_the_standard_hold_the_answers_it_prints(name: str) -> None:
    raw = read(EXAMPLES / name)

    assert column(raw, "RESPONDENT_ID") == ["520001", "520002", "520003"]
    assert column(raw, "Q1.a") == ["2005-05-04", "2005-05-06", "2005-05-03"]
    assert column(raw, "Q1.b") == ["11:20:00", "13:43:00", "18:05:00"]
    assert column(raw, "Q3_1") == ["1", "0", "1"]
    assert column(raw, "Q3_9") == ["1", "0", "1"]
    assert column(raw, "Q3.a") == ["Nottingham Goose Fair", None, '"Heritage" Zone']
    assert column(raw, "Q5_mention_1") == ["5", "2", "9"]
    assert column(raw, "Q5_mention_2") == ["1", None, "2"]
    assert column(raw, "Q8") == ["A", None, "C"]
    assert [float(w) for w in raw.frame["WT"]] == [1.131, 0.9921, 1.0089]
    assert raw.weight == "WT"
    assert raw.definitions["Q8"].asked_if == "Q7 == 1"
    assert raw.labels["Q2"].wording == "Have you visited here before?"
    assert raw.labels["Q4"].measure == "ordinal"
    assert {found.name: found.counted_value for found in raw.sets} == {
        "Q3": "1",
        "Q5": None,
    }


@needs_examples
def test_data_may_be_named_with_the_definition_as_companion() -> None:
    raw = read(EXAMPLES / "example1.asc", companions=[EXAMPLES / "example1.sss"])

    assert raw.frame.shape == (3, 18)
    assert raw.source.name == "example1.asc"


@needs_examples
def test_fixed_data_find_the_definition_beside_them() -> None:
    assert read(EXAMPLES / "example1.asc").weight == "WT"


@needs_examples
def test_a_hierarchy_is_refused_and_its_levels_are_read() -> None:
    folder = EXAMPLES / "hierarchyExamples"

    with pytest.raises(DataFileError, match=r"hierarchy of 3 levels.*persondata\.sss"):
        read(folder / "hierarchyDefinition.sss")
    assert read(folder / "persondata.sss").frame.shape == (6, 4)


def test_bits_that_are_blank_are_no_answer_and_zeros_are_none_chosen(
    tmp_path: Path,
) -> None:
    definition = xml(variable("use", "multiple", "2-5", values("1", "4")))
    raw = table(tmp_path, definition, "a1001\nb0000\nc    \nd1\n")

    assert column(raw, "use_1") == ["1", "0", None, "1"]
    assert column(raw, "use_4") == ["1", "0", None, "0"]
    assert raw.labels["use_4"].option == "text 4"
    assert raw.definitions["use"].categories[1].column == "use_4"


def test_a_sign_that_is_no_bit_stays_for_the_checks(tmp_path: Path) -> None:
    definition = xml(variable("use", "multiple", "1-2", values("1", "2")))

    assert column(table(tmp_path, definition, "X1\n"), "use_1") == ["X"]


def test_codes_beyond_the_field_of_bits_are_refused(tmp_path: Path) -> None:
    definition = xml(variable("use", "multiple", "1-2", values("1", "9")))

    with pytest.raises(DataFileError, match="'use' has code 9, and its field has 2"):
        table(tmp_path, definition, "11\n")


def test_literal_codes_cannot_be_bits(tmp_path: Path) -> None:
    definition = xml(variable("use", "multiple", "1-2", values("A", "B")))

    with pytest.raises(DataFileError, match="string of bits and has code 'A'"):
        table(tmp_path, definition, "11\n")


def test_spread_mentions_of_two_digits(tmp_path: Path) -> None:
    spread = '<spread subfields="3" width="2"/>' + values("1", "2", "12")
    definition = xml(
        variable("use", "multiple", "1-6", spread), variable("a", "single", "7")
    )
    raw = table(tmp_path, definition, "1202001\n 1  121\n0000001\n      1\n")

    assert column(raw, "use_mention_1") == ["12", "1", None, None]
    assert column(raw, "use_mention_2") == ["2", None, None, None]
    assert column(raw, "use_mention_3") == [None, "12", None, None]
    assert raw.sets[0].counted_value is None
    assert "use: 1 records name none of the codes" in raw.source.reasons


def test_a_spread_without_a_width_shares_its_field(tmp_path: Path) -> None:
    spread = '<spread subfields="2"/>' + values("1", "2")
    raw = table(
        tmp_path, xml(variable("use", "multiple", "1-4", spread)), "0201\n", ".dat"
    )

    assert column(raw, "use_mention_1") == ["2"]
    assert raw.definitions["use"].max_choices is None


def test_zeros_that_a_spreadsheet_dropped_are_put_back(tmp_path: Path) -> None:
    definition = xml(
        variable("use", "multiple", "1", values("1", "2", "3")),
        variable(
            "two", "multiple", "2", '<spread subfields="2" width="2"/>' + values("12")
        ),
        record='ident="A" format="csv"',
    )
    raw = table(tmp_path, definition, "11,1200\n101,12\n", ".csv")

    assert column(raw, "use_1") == ["0", "1"]
    assert column(raw, "use_3") == ["1", "1"]
    assert "use: zeros put back at the start of 1 values" in raw.source.reasons
    assert column(raw, "two_mention_1") == ["12", "12"]


def test_a_header_that_the_definition_forgets_is_skipped(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "single", "1", CODES),
        variable("b", "quantity", "2"),
        record='ident="A" format="csv"',
    )
    raw = table(tmp_path, definition, "a,b\n1,007\n2,0.50\n", ".csv")

    assert column(raw, "a") == ["1", "2"]
    assert column(raw, "b") == ["7", "0.50"]
    assert "1 header record" in raw.source.reasons


def test_padded_codes_are_the_codes_of_the_definition(tmp_path: Path) -> None:
    raw = table(tmp_path, xml(variable("a", "single", "1-2", CODES)), "01\n 2\n9 \n")

    assert column(raw, "a") == ["1", "2", "9"]


def test_values_outside_the_range_are_counted_and_kept(tmp_path: Path) -> None:
    limits = (
        '<values><range from="0" to="100.5"/><value code="999">none</value></values>'
    )
    raw = table(
        tmp_path, xml(variable("a", "quantity", "1-4", limits)), "99.5\n 999\n 200\n"
    )

    assert column(raw, "a") == ["99.5", "999", "200"]
    assert "a: 1 values outside 0 to 100.5" in raw.source.reasons


def test_whole_ranges_of_a_multiple_are_its_codes(tmp_path: Path) -> None:
    limits = '<values><range from="1" to="3"/><value code="2">Two</value></values>'
    raw = table(tmp_path, xml(variable("a", "multiple", "1-3", limits)), "011\n")

    assert list(raw.frame.columns) == ["a_2", "a_1", "a_3"]
    assert raw.frame.iloc[0].tolist() == ["1", "0", "1"]


def test_version_3_missing_values_and_utf_8(tmp_path: Path) -> None:
    inside = (
        '<values><value code="1">Größe</value>'
        '<value code="8" missing="yes">Weiß nicht</value>'
        '<missing code="9">Keine Angabe</missing></values>'
    )
    span = '<values><range from="0" to="89"/><range from="90" to="99" missing="yes"/>'
    definition = xml(
        variable("a", "single", "1", inside),
        variable("b", "quantity", "2-3", span + "</values>"),
        variable("c", "character", "4-8"),
        sss='version="3.0"',
    )
    raw = table(tmp_path, definition, "817Müßig\n923Maß  \n")

    assert raw.missing["a"] == (MissingRange(8.0, 8.0), MissingRange(9.0, 9.0))
    assert raw.missing["b"] == (MissingRange(90.0, 99.0),)
    assert column(raw, "c") == ["Müßig", "Maß"]
    assert raw.source.reasons[0] == "Triple-S 3.0, fixed data"


def test_positions_that_count_bytes_are_recognised(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "character", "1-4"), variable("b", "single", "5", CODES)
    )
    raw = table(tmp_path, definition, "äß1\nabcd2\n")

    assert column(raw, "a") == ["äß", "abcd"]
    assert column(raw, "b") == ["1", "2"]
    assert "positions count bytes" in raw.source.reasons


def test_texts_in_several_languages_and_modes(tmp_path: Path) -> None:
    label = (
        "<label>Use<br/>of AI"
        '<text xml:lang="de">KI-Nutzung</text>'
        '<text mode="interview">Do you use AI?</text>'
        '<text mode="interview" xml:lang="de">Nutzen Sie KI?</text>'
        '<text mode="analysis">AI</text></label>'
    )
    code = '<value code="1">Yes<text xml:lang="de">Ja</text></value>'
    definition = xml(
        f'<variable ident="1" type="single"><name>a</name>{label}<position start="1"/>'
        f"<values>{code}</values></variable>",
        sss='version="2.0" languages="en de" modes="interview analysis"',
    )
    raw = table(tmp_path, definition, "1\n")

    assert raw.definitions["a"].wording == {
        "en": "Do you use AI?",
        "de": "Nutzen Sie KI?",
    }
    assert raw.definitions["a"].categories[0].label == {"en": "Yes", "de": "Ja"}
    assert raw.labels["a"].values == {"1": "Yes"}


def test_windows_quotes_in_a_definition_that_claims_latin_1(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE sss PUBLIC'
        ' "-//triple-s//DTD Survey Interchange v2.0//EN"'
        ' "http://www.triple-s.org/dtd/sss_v20.dtd">'
    ) + xml(variable("a", "single", "1", CODES)).replace("a?", "Don\u2019t?")
    raw = table(tmp_path, text.encode("cp1252"), "1\n")

    assert raw.labels["a"].wording == "Don\u2019t?"


def test_impossible_dates_and_times_stay_as_typed(tmp_path: Path) -> None:
    definition = xml(variable("d", "date", "1-8"), variable("t", "time", "9-14"))
    raw = table(tmp_path, definition, "20240230256061\n20240229235959\n")

    assert column(raw, "d") == ["20240230", "2024-02-29"]
    assert column(raw, "t") == ["256061", "23:59:59"]


def test_a_filter_that_is_no_logical_variable_stays_in_words(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "single", "1", CODES),
        variable("b", "single", "2", "<filter>a</filter>" + CODES),
    )
    raw = table(tmp_path, definition, "11\n")

    assert raw.definitions["b"].asked_if == ""
    assert raw.definitions["b"].routing == "a"


def test_a_name_in_the_definition_is_found_and_no_folder_is_followed(
    tmp_path: Path,
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("1\n")
    (inner / "other.txt").write_text("2\n")
    path = inner / "wave.xml"
    only = variable("a", "single", "1", CODES)
    path.write_text(xml(only, record='ident="A" href="..\\other.txt"'))
    assert column(read(path), "a") == ["2"]

    path.write_text(xml(only, record='ident="A" href="../secret.txt"'))
    with pytest.raises(DataFileError, match=r"looked for .secret\.txt"):
        read(path)


def test_columns_of_different_variables_never_share_a_name(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "multiple", "1-1", values("1")),
        variable("a_1", "single", "2", CODES),
    )
    raw = table(tmp_path, definition, "12\n")

    assert list(raw.frame.columns) == ["a_1", "a_1_2"]
    assert raw.sets[0].columns == ("a_1",)


@pytest.mark.parametrize(
    ("definition", "match"),
    [
        ("<sss version='2.0'><survey><record ident='A'>", "damaged, or no XML"),
        (xml(), "has no variables"),
        (
            xml(variable("a", "single", "1"), variable("a", "single", "2")),
            "names variables twice: 'a'",
        ),
        (xml(variable("a", "single", "5-2")), "runs from 5 to 2"),
        (xml(variable("a", "single", "x")), "start is 'x'"),
        (xml("<variable ident='1' type='single'/>"), "needs a name and a position"),
        ("<sss version='2.0'><survey/></sss>", "describes 0 records"),
        (
            xml(
                variable(
                    "a",
                    "multiple",
                    "1",
                    '<values><range from="1" to="99999"/></values>',
                )
            ),
            "makes 100000 columns",
        ),
        (
            '<!DOCTYPE sss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            + xml(variable("c", "single", "1")).replace("c?", "&b;"),
            "defines entities",
        ),
        (
            '<!DOCTYPE sss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
            + xml(variable("c", "single", "1")).replace("c?", "&a;"),
            "defines entities",
        ),
    ],
)
def test_broken_definitions_say_what_is_wrong(
    tmp_path: Path, definition: str, match: str
) -> None:
    with pytest.raises(DataFileError, match=match):
        table(tmp_path, definition, "1\n")


def test_data_of_another_survey_are_refused(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "single", "90", CODES), variable("b", "single", "95")
    )

    with pytest.raises(DataFileError, match=r"longest record.*different surveys"):
        table(tmp_path, definition, "12\n")


def test_data_without_a_definition_or_without_records_are_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(DataFileError, match="without their definition"):
        read_triple_s(tmp_path / "wave.asc", b"12\n", Source("wave.asc", "", ""))
    with pytest.raises(DataFileError, match="hold no record after the first 2"):
        table(
            tmp_path,
            xml(variable("a", "single", "1"), record='ident="A" skip="2"'),
            "1\n2\n",
        )


def test_csv_with_too_few_fields_is_of_another_survey(tmp_path: Path) -> None:
    definition = xml(
        variable("a", "single", "1"),
        variable("b", "single", "9"),
        record='ident="A" format="csv"',
    )

    with pytest.raises(DataFileError, match=r"2 fields.*'b' into field 9"):
        table(tmp_path, definition, "1,2\n2,1\n", ".csv")


def test_other_xml_beside_a_mention_of_the_standard_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="it begins with <survey>"):
        table(tmp_path, "<survey><sss/></survey>", "1\n")


def test_empty_and_early_ending_records_are_counted(tmp_path: Path) -> None:
    definition = xml(variable("a", "single", "1", CODES), variable("b", "single", "3"))
    raw = table(tmp_path, definition, "1 2\r\n\r\n2\r\n\x1a")

    assert column(raw, "b") == ["2", None]
    assert "1 empty line left out" in raw.source.reasons
    assert "1 records end before variable 'b'" in raw.source.reasons
