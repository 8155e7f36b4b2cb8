from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.analysis import analyze
from survey.checks.check import check
from survey.checks.personal import masked
from survey.finding import Finding
from survey.importers.personal import (
    personal_value,
    personal_values,
    without_personal,
)
from survey.report.files import write
from survey.responses.table import Responses
from survey.said import said

Make = Callable[..., Responses]
TEXT = {"id": "t", "kind": "text", "label": "Comment"}
YES_NO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]


def told(data: Responses) -> list[tuple[str, int, str]]:
    return [
        (f.question, f.count, f.severity) for f in check(data) if f.check == "personal"
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("anna.b+c@mail.example.co.uk", "e-mail address"),
        ("jürgen@beispiel.example", "e-mail address"),
        ("192.0.2.255", "IP address"),
        ("2001:db8:0:0:0:0:2:1", "IP address"),
        ("::1", "IP address"),
        ("+1 (555) 010-9999", "telephone number"),
        ("0049 30 901820", "telephone number"),
        ("52.520008, 13.404954", "coordinate"),
        ("(-33.8688,151.2093)", "coordinate"),
        ("52.5200 13.4050 34.0 10.0", "coordinate"),
        ("", ""),
        ("@handle", ""),
        ("user@host", ""),
        ("3.11.2", ""),
        ("102.0.5005.61", ""),
        ("10:20:30", ""),
        ("0151 23456789", "telephone number"),
        ("030/901820", "telephone number"),
        ("(415) 555-0123", "telephone number"),
        ("007 12345", ""),
        ("978-3-16-148410-0", ""),
        ("1234567890", ""),
        ("+5 %", ""),
        ("2025-03-01 10:00", ""),
        ("12.5, 13.5", ""),
        ("a" * 300 + "@example.org", ""),
    ],
)
def test_values_that_identify_a_person(value: str, kind: str) -> None:
    assert personal_value(value) == kind


def test_more_than_half_of_the_values_decide() -> None:
    assert personal_values(["a@example.org", "none"]) == ""
    assert personal_values(["a@example.org", "b@example.org", "none"]) == (
        "e-mail address"
    )
    assert personal_values([]) == ""


def test_masking_hides_what_stands_in_a_sentence() -> None:
    told = (
        "Call 0049 (0)30 901820 or 415-555-0123, host 2001:db8::7, at 52.5200 13.4050"
    )
    hidden = "Call (telephone) or (telephone), host (address), at (place)"
    assert without_personal(told) == hidden
    for kept in ("2024-01-15 10:20:30", "a::b", "10:20:30", "ISO 27001 2013", "1,234"):
        assert without_personal(kept) == kept


@given(st.text())
def test_masking_any_text_ends(text: str) -> None:
    assert without_personal(without_personal(text)) == without_personal(text)


def test_open_answers_that_name_a_person_are_counted(responses: Make) -> None:
    texts = ["Costs", "mail me: a@example.org", "+49 30 1234567", None, "Skills"]
    assert told(responses({"t": texts}, TEXT)) == [("t", 2, "warning")]


def test_a_version_is_no_address_but_a_column_of_them_is(responses: Make) -> None:
    assert told(responses({"t": ["10.0.0.1", "Costs", "Skills"]}, TEXT)) == []
    addresses = ["192.0.2.1", "192.0.2.1", "192.0.2.2", "none"]
    assert told(responses({"t": addresses}, TEXT)) == [("t", 4, "warning")]


def test_listed_columns_are_counted(responses: Make) -> None:
    data = responses({"t": ["Costs"]}, TEXT, personal=["Email", "Name"])
    assert told(data) == [("", 2, "note")]


def test_categories_that_are_addresses_are_reported(responses: Make) -> None:
    categories = [{"code": c, "label": f"{c}@example.org"} for c in "ab"]
    asked = {"id": "q", "kind": "single", "label": "Q", "categories": categories}
    assert told(responses({"q": ["a"]}, asked)) == [("q", 2, "warning")]


def test_findings_do_not_quote_addresses(responses: Make) -> None:
    asked = {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO}
    columns = {"q": ["1", "a@example.org", "192.0.2.7"], "id": ["b@example.org"] * 3}
    data = responses(columns, asked, paradata={"respondent": "id"})
    assert "a@example.org" in data.findings[0].message
    for finding in check(data):
        assert "example.org" not in finding.message + " ".join(finding.respondents)
        assert "192.0.2.7" not in finding.message


def test_masked_changes_nothing_else() -> None:
    quoted = said("2 records: {values}.", values=("a@example.org",))
    hidden = said("2 records: {values}.", values=("(address)",))
    finding = Finding("note", "c", "q", quoted, 2, "kept", ("7",))
    assert masked(finding) == Finding("note", "c", "q", hidden, 2, "kept", ("7",))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A survey with addresses under headers that do not say so, few enough to code."""
    people = [f"person{i % 6}@example.org" for i in range(60)]
    columns = {
        "Who are you?": people,
        "Came from": [f"198.51.100.{i % 5}" for i in range(60)],
        "Call": [f"+49 30 55501{i % 4}0" for i in range(60)],
        "IP Address": [f"203.0.113.{i}" for i in range(60)],
        "Email": people,
        "Use": ["Yes" if i % 3 else "No" for i in range(60)],
        "Comment": ["Write to secret@example.org", *["Costs"] * 59],
    }
    path = tmp_path / "wave.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def contents(path: Path) -> bytes:
    if path.suffix == ".xlsx":
        with ZipFile(path) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return "".join(p.extract_text() for p in PdfReader(path).pages).encode()
    return path.read_bytes()


def test_no_output_holds_an_address(export: Path, tmp_path: Path) -> None:
    report = analyze(export)
    assert {"Use"} <= set(report.results["question"].str.capitalize())
    written = write(report, tmp_path / "out", formats=["pdf", "svg", "xlsx"])
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written
    assert {path.suffix for path in files} >= {".csv", ".parquet", ".xlsx", ".pdf"}
    for path in files:
        held = contents(path)
        for secret in (b"@example.org", b"198.51.100", b"203.0.113", b"55501"):
            assert secret not in held, path.name


def test_a_draft_lists_columns_by_what_they_hold(export: Path) -> None:
    found = [f for f in analyze(export).findings if f.check == "personal"]
    listed = next(f for f in found if not f.question)
    assert listed.count == 5
    assert listed.action == "left out of every output"
