"""A listing is read whatever program wrote it, and what is wrong is said."""

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from survey.errors import ListingError
from survey.listing import source
from survey.listing.read import read_listing
from survey.listing.texts import stated
from survey.listing.values import COLUMNS, Listing
from survey.said import tell

REAL = Path(__file__).parents[3] / "shared" / "exports" / "hf_models"
RECORDS: list[dict[str, Any]] = [
    {
        "_id": "0",
        "modelId": "aria/one",
        "author": "aria",
        "authorData": {"type": "org", "fullname": "Aria 'A' \"Labs\""},
        "downloads": 1200,
        "likes": 5,
        "tags": ["pytorch", "license:apache-2.0"],
        "pipeline_tag": "fill-mask",
        "libraryName": "transformers",
        "createdAt": "2022-03-02T23:29:04.000Z",
        "gated": False,
    },
    {
        "_id": "1",
        "modelId": "bolt/two",
        "author": None,
        "authorData": {"type": "user", "fullname": "B"},
        "downloads": 300,
        "likes": 0,
        "tags": ["license:my-own"],
        "pipeline_tag": "odd-task",
        "libraryName": None,
        "createdAt": "2024-01-02T00:00:00.000Z",
        "gated": "auto",
    },
    {
        "_id": "2",
        "modelId": "bert-old",
        "author": None,
        "authorData": None,
        "downloads": 0,
        "likes": 9,
        "tags": [],
        "pipeline_tag": None,
        "libraryName": None,
        "createdAt": None,
        "gated": None,
    },
]


def save(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def checks(listing: Listing) -> dict[str, int]:
    return {finding.check: finding.count for finding in listing.findings}


def read_text(tmp_path: Path, text: str, name: str = "m.csv") -> Listing:
    return read_listing(save(tmp_path / name, text))


def as_csv(path: Path) -> Path:
    pd.DataFrame(RECORDS).astype({"tags": str}).to_csv(path)
    return path


def as_parquet(path: Path) -> Path:
    frame = pd.DataFrame(RECORDS)
    frame["gated"] = frame["gated"].astype(str)
    frame.to_parquet(path)
    return path


def test_every_format_gives_the_same_listing(tmp_path: Path) -> None:
    frame = pd.DataFrame(RECORDS)
    lines = "".join(json.dumps(record) + "\n" for record in RECORDS)
    made = [
        as_csv(tmp_path / "a.csv"),
        save(tmp_path / "b.json", json.dumps(RECORDS)),
        save(tmp_path / "c.json", frame.to_json()),
        save(tmp_path / "d.json", json.dumps({"models": RECORDS, "page": 1})),
        save(tmp_path / "e.jsonl", lines),
        as_parquet(tmp_path / "f.parquet"),
        save(tmp_path / "g.csv.gz", gzip.compress((tmp_path / "a.csv").read_bytes())),
        save(tmp_path / "h.jsonl.gz", gzip.compress(lines.encode())),
        save(tmp_path / "i.csv", b"\xef\xbb\xbf" + (tmp_path / "a.csv").read_bytes()),
        save(tmp_path / "j.json", "\ufeff" + json.dumps(RECORDS)),
        save(tmp_path / "k.json", frame.to_json(orient="split")),
        save(tmp_path / "l.json", frame.to_json(orient="index")),
    ]
    first = read_listing(made[0])
    for path in made[1:]:
        other = read_listing(path)
        assert_frame_equal(other.frame, first.frame, obj=path.name)
        assert other.present == first.present, path.name
        assert other.findings == first.findings, path.name


def test_what_the_columns_say(tmp_path: Path) -> None:
    listing = read_listing(as_csv(tmp_path / "a.csv"))
    frame = listing.frame
    assert tuple(frame.columns) == COLUMNS
    assert frame["author"].tolist() == ["aria", "bolt", None]
    assert frame["maker_kind"].tolist() == ["organisation", "individual", None]
    assert frame["licence"].tolist() == ["Apache-2.0", "other", None]
    assert frame["licence_raw"].tolist() == ["apache-2.0", "my-own", None]
    assert frame["licence_family"].tolist() == ["apache", "other", None]
    assert frame["task_group"].tolist() == ["training", "other", None]
    assert frame["created"].tolist() == ["2022-03-02", "2024-01-02", None]
    assert frame["downloads"].tolist() == [1200.0, 300.0, 0.0]
    assert checks(listing) == {"listing_author": 1}


@pytest.mark.parametrize(
    ("cell", "licence"),
    [
        ("mit", "MIT"),
        ("['mit']", "MIT"),
        ('["mit", "MIT License"]', "MIT"),
        ("['mit', 'apache-2.0']", "other"),
        ("GPL-3.0-only OR Apache-2.0", "Apache-2.0"),
        ("my terms OR your terms", "other"),
        ("not MIT or Apache-2.0", "other"),
        ("MIT AND Apache-2.0", "other"),
        ("llama3", "LicenseRef-Llama-3"),
        ("", None),
        ("None", None),
    ],
)
def test_licences_in_cells(cell: str, licence: str | None, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    pd.DataFrame({"id": ["a/b"], "downloads": [1], "license": [cell]}).to_csv(path)
    assert read_listing(path).frame["licence"].tolist() == [licence]


@pytest.mark.parametrize(
    "cell",
    [
        "['en', 'license:mit']",
        '["en", "license:mit"]',
        "en;license:mit",
        "en,license:mit",
        "en|license:mit",
        "license:mit",
    ],
)
def test_licences_in_tags(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    pd.DataFrame({"id": ["a/b"], "downloads": [1], "tags": [cell]}).to_csv(path)
    assert read_listing(path).frame["licence"].tolist() == ["MIT"]


def test_the_licence_of_a_card_counts_before_a_tag(tmp_path: Path) -> None:
    record = {
        "id": "a/b",
        "downloads": 1,
        "cardData": {"license": ["apache-2.0"]},
        "tags": ["license:mit"],
    }
    listing = read_text(tmp_path, json.dumps([record]), "m.json")
    assert listing.frame["licence"].tolist() == ["Apache-2.0"]


def test_a_tag_that_only_ends_like_a_licence_is_none(tmp_path: Path) -> None:
    text = "id,downloads,tags\na/b,1,x-license:mit\n"
    assert read_text(tmp_path, text).frame["licence"].tolist() == [None]


def test_counts_that_are_none(tmp_path: Path) -> None:
    text = (
        "id;downloads;likes\na;1,234;1\nb;1.2M;1\nc;-5;1\nd;many;1\ne;;1\nf;1.5;1\n"
        "g;inf;1\nh;1e30;1\ni;7;x\nj;True;1\n"
    )
    listing = read_text(tmp_path, text)
    found = listing.frame.set_index("id")["downloads"].dropna().to_dict()
    assert found == {"a": 1234.0, "b": 1_200_000.0, "i": 7.0}
    by_column = {(f.check, f.question): f.count for f in listing.findings}
    assert by_column["listing_negative", "downloads"] == 1
    assert by_column["listing_no_count", "downloads"] == 5
    assert by_column["listing_missing_count", "downloads"] == 1
    assert by_column["listing_rounded", "downloads"] == 1
    assert by_column["listing_no_count", "likes"] == 1


def test_points_between_thousands_are_no_decimal_points(tmp_path: Path) -> None:
    listing = read_text(tmp_path, "id,downloads\na,1.234.567\nb,1.000\nc,999\n")
    found = listing.frame.set_index("id")["downloads"].dropna().to_dict()
    assert found == {"c": 999.0}
    # Without such a neighbour a program wrote a whole number with decimals.
    listing = read_text(tmp_path, "id,downloads\na,1234.000\nb,1.000\n")
    assert listing.frame["downloads"].tolist() == [1234.0, 1.0]


def test_a_number_that_no_computer_holds_is_no_count(tmp_path: Path) -> None:
    records = [{"id": "a", "downloads": 10**400}, {"id": "b", "downloads": 2}]
    listing = read_text(tmp_path, json.dumps(records), "m.json")
    assert listing.frame["downloads"].isna().tolist() == [True, False]
    assert checks(listing)["listing_no_count"] == 1


def test_a_field_that_comes_late_is_read(tmp_path: Path) -> None:
    records = [{"id": f"a/{n}", "downloads": 1} for n in range(1500)]
    records.append({"id": "b/c", "downloads": 1, "license": "mit"})
    listing = read_text(tmp_path, json.dumps(records), "m.json")
    assert listing.frame["licence"].dropna().to_dict() == {1500: "MIT"}


def test_columns_of_parquet(tmp_path: Path) -> None:
    tags = [["en", None, "license:mit"], None, [], ["license:apache-2.0"]]
    columns = {"id": [b"a/b", b"c/d", b"e/f", b"g/h"], "downloads": [1, 2, 3, 4]}
    pq.write_table(pa.table({**columns, "tags": tags}), tmp_path / "m.parquet")
    frame = read_listing(tmp_path / "m.parquet").frame
    assert frame["id"].tolist() == ["a/b", "c/d", "e/f", "g/h"]
    assert frame["licence"].tolist() == ["MIT", None, None, "Apache-2.0"]


@pytest.mark.parametrize("kind", [object, "str"])
def test_texts_are_cleaned_alike_in_any_type(kind: type[object] | str) -> None:
    cells = [
        " a ",
        "",
        "NaN",
        "a\x00b",
        "\u200bx",
        "\xa0",
        None,
        "模型",
        "\u2028",
        "<NA>",
    ]
    wanted = ["a", None, None, "a b", "x", None, None, "模型", None, None]
    assert stated(pd.Series(cells, dtype=kind)).tolist() == wanted


def test_true_is_no_count_in_json(tmp_path: Path) -> None:
    records = [{"id": "a", "downloads": True}, {"id": "b", "downloads": 2}]
    listing = read_text(tmp_path, json.dumps(records), "m.json")
    assert listing.frame["downloads"].isna().tolist() == [True, False]


def test_rows_without_a_model_are_counted(tmp_path: Path) -> None:
    text = f'id,downloads\n,1\nnan,1\n{"x" * 300},1\n"a\n/b",1\na/c,1\n'
    listing = read_text(tmp_path, text)
    assert listing.frame["id"].tolist() == ["a /b", "a/c"]
    found = checks(listing)
    assert found["listing_no_id"] == 2
    assert found["listing_long_id"] == 1
    assert found["listing_id_characters"] == 1


def test_models_that_stand_there_twice(tmp_path: Path) -> None:
    text = "id,downloads,likes\na/b,5,1\na/c,3,1\na/b,5,1\na/b,9,0\n"
    listing = read_text(tmp_path, text)
    assert sorted(listing.frame["id"]) == ["a/b", "a/c"]
    assert listing.frame.set_index("id")["downloads"].to_dict() == {"a/b": 9, "a/c": 3}
    assert checks(listing) == {
        "listing_repeated": 1,
        "listing_twice": 1,
        "listing_licence": 2,
    }


def test_the_newest_of_two_rows_counts(tmp_path: Path) -> None:
    text = "id,downloads,listed_on\na/b,9,2025-01-01\na/b,5,2026-01-01\n"
    listing = read_text(tmp_path, text)
    assert listing.frame["downloads"].tolist() == [5.0]
    assert listing.date == "2026-01-01"
    assert checks(listing)["listing_days"] == 2


@pytest.mark.parametrize(
    ("cell", "day", "is_noted"),
    [
        ("2026-05-07", "2026-05-07", False),
        ("2026-05-07T10:00:00Z", "2026-05-07", False),
        ("07-05-2026", "2026-05-07", True),
        ("24-05-2026", "2026-05-24", False),
        ("05/24/2026", "2026-05-24", False),
        ("yesterday", "", False),
        ("2026-13-40", "", False),
    ],
)
def test_days_of_a_column(
    cell: str, day: str, is_noted: object, tmp_path: Path
) -> None:
    listing = read_text(tmp_path, f"id,downloads,mined_date\na,1,{cell}\n")
    assert listing.date == day
    assert ("listing_day_order" in checks(listing)) is is_noted


def test_an_argument_counts_before_a_column_and_a_name(tmp_path: Path) -> None:
    text = "id,downloads,listed_on,selection\na,1,2026-01-01,all\n"
    path = save(tmp_path / "models-2025-01-01.csv", text)
    assert read_listing(path).date == "2026-01-01"
    given = read_listing(path, date="2024-02-29", selection="mine")
    assert (given.date, given.selection) == ("2024-02-29", "mine")
    path = save(tmp_path / "models-2025-01-01.csv", "id,downloads\na,1\n")
    assert read_listing(path).date == "2025-01-01"
    assert "listing_day_from_name" in checks(read_listing(path))


def test_downloads_of_all_time_are_noted_and_not_used(tmp_path: Path) -> None:
    listing = read_text(tmp_path, "id,downloads,downloads_all_time\na,1,99\n")
    assert listing.frame["downloads"].tolist() == [1.0]
    assert "listing_downloads_all_time" in checks(listing)


CUT = gzip.compress(b"id,downloads\n" + b"a,1\n" * 5000)[:60]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"id,likes\na,1\n", "no column 'downloads'.*survey analyze"),
        (b"q1,q2\n1,2\n", "no column names the models.*survey analyze"),
        (b"", "empty"),
        (b"id,downloads\n", "holds no model"),
        (b"id,downloads\n,1\n", "no row names a model"),
        (b"id,downloads\na,-1\nb,x\n", "not one model has downloads above 0.*below"),
        (b"id,downloads\na,0\n", "not one model has downloads above 0"),
        (b"[", "not valid JSON.*cut off"),
        (b'{"id": "a", "downloads": 1}\n{"id": "b"', "line 2.*cut off"),
        (b"[1, 2]", "record 1 is int"),
        (b"[]", "no column names the models"),
        (b'{"a": 1}', "keys 'a'"),
        (b'{"id": {"0": "a"}, "downloads": 3}', "'downloads' is no column"),
        (b"[" * 100_000, "not valid JSON"),
        (CUT, "cannot be unpacked"),
        (gzip.compress(b"PAR1xxxx"), "Unpack it first"),
        (b"PAR1 and nothing else", "Parquet file cannot be read"),
        (b"PK\x03\x04 xl/", "an Excel workbook"),
        (b"<!doctype html><html>", "a web page"),
        (b'id,downloads\na,1\n"c', "cannot be told apart"),
        (b"id,downloads\na,1\nb,1,2\n", "cannot be told apart.*Row #3.*got 3"),
        (b"id,downloads\na,1\nb", "cannot be told apart.*Row #3.*cut off"),
        (b'"no list"', "no column names the models"),
    ],
)
def test_what_is_no_listing_is_refused(
    content: bytes, match: str, tmp_path: Path
) -> None:
    with pytest.raises(ListingError, match=match):
        read_listing(save(tmp_path / "file", content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ListingError, match="no such file"):
        read_listing(tmp_path / "no.csv")
    with pytest.raises(ListingError, match="folder"):
        read_listing(tmp_path)


def test_a_file_that_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_LARGEST", 100)
    path = save(tmp_path / "m.csv", "id,downloads\n" + "a,1\n" * 100)
    with pytest.raises(ListingError, match="larger than"):
        read_listing(path)
    packed = save(tmp_path / "m.csv.gz", gzip.compress(path.read_bytes()))
    with pytest.raises(ListingError, match="larger than"):
        read_listing(packed)


def test_a_day_that_is_none(tmp_path: Path) -> None:
    path = save(tmp_path / "m.csv", "id,downloads\na,1\n")
    with pytest.raises(ListingError, match="'07-05-2026' is no day"):
        read_listing(path, date="07-05-2026")


def test_cells_are_parsed_and_never_run(tmp_path: Path) -> None:
    cell = "{'type': __import__('os').system('touch RUN')}"
    frame = pd.DataFrame({"id": ["a/b"], "downloads": [1], "authorData": [cell]})
    frame.to_csv(tmp_path / "m.csv")
    assert read_listing(tmp_path / "m.csv").frame["maker_kind"].tolist() == [None]
    assert not Path("RUN").exists()


def test_every_finding_has_german_words(tmp_path: Path) -> None:
    text = (
        "id,downloads,likes,downloads_all_time,mined_date\n,1,1,1,01-02-2026\n"
        f"{'x' * 300},1,,1,02-02-2026\n" + '"a\nb",-1,x,1,02-02-2026\n'
        "c,1.2M,1,1,02-02-2026\nc,1.2M,1,1,02-02-2026\nc,3,1,1,02-02-2026\n"
        "d,,,1,02-02-2026\n"
    )
    found = [*read_text(tmp_path, text).findings]
    found += read_text(tmp_path, "id,downloads\na,1\n", "m-2026-01-01.csv").findings
    assert len({finding.check for finding in found}) >= 14
    for finding in found:
        assert tell(finding.said, "de") != tell(finding.said, "en")


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/exports/hf_models")
def test_a_real_listing_with_dicts_in_its_cells() -> None:
    table = read_listing(REAL / "transformersjs_07-05-2026.csv")
    by_column = read_listing(REAL / "transformersjs_07-05-2026.json")
    assert_frame_equal(table.frame, by_column.frame)
    assert len(table.frame) == 99
    assert table.date == "2026-05-07"
    assert "licence" not in table.present
    text = (REAL / "transformersjs_07-05-2026.csv").read_text("utf-8")
    organisations = text.count("'type': 'org'")
    assert (table.frame["maker_kind"] == "organisation").sum() == organisations
    assert table.frame["downloads"].max() == 15_746_851


@pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/exports/hf_models")
def test_a_real_listing_of_several_days() -> None:
    listing = read_listing(REAL / "DERIVED_union_last_seen.csv")
    assert (len(listing.frame), listing.date) == (276, "2026-05-07")
    assert checks(listing)["listing_days"] == 39
