from pathlib import Path

import pandas as pd
import pytest

from survey.errors import DataFileError
from survey.importers.pairs import join_pair
from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
LEGITIMACY = EXPORTS / "qualtrics_legitimacy"

needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not here"
)


def table(name: str, **columns: list[str | None]) -> RawTable:
    frame = pd.DataFrame(columns, dtype=str)
    labels = {column: ColumnLabel(column) for column in columns}
    return RawTable(frame, labels, {}, (), Source(name, "", "plain"))


CODES = table("codes.csv", ResponseId=["a", "b", "c"], use=["1", "2", "1"])
TEXTS = table("texts.csv", ResponseId=["a", "b", "c"], use=["Yes", "No", "Yes"])


@pytest.mark.parametrize("pair", [(CODES, TEXTS), (TEXTS, CODES)])
def test_codes_stay_and_texts_become_labels(pair: tuple[RawTable, RawTable]) -> None:
    joined = join_pair(*pair, "twin.csv")

    assert joined.frame["use"].tolist() == ["1", "2", "1"]
    assert dict(joined.labels["use"].values) == {"1": "Yes", "2": "No"}
    assert joined.source.name == pair[0].source.name
    assert "labels for 1 columns" in joined.source.reasons[-1]


def test_records_are_paired_by_their_id() -> None:
    texts = table("t.csv", ResponseId=["c", "a", "b"], use=["Yes", "Yes", "No"])
    joined = join_pair(CODES, texts, "t.csv")

    assert dict(joined.labels["use"].values) == {"1": "Yes", "2": "No"}


def test_labels_of_joined_codes_are_found_by_what_is_left() -> None:
    codes = table("c.csv", why=["1", "1,2", "2,3", "1,2,3", None])
    law = "Law, and ethics"
    texts = table(
        "t.csv", why=["Cost", f"Cost,{law}", f"{law},Time", f"Cost,{law},Time", None]
    )
    values = join_pair(codes, texts, "t.csv").labels["why"].values

    assert dict(values) == {"1": "Cost", "2": law, "3": "Time"}


def test_a_column_without_one_text_per_code_stays_and_is_named() -> None:
    codes = table("c.csv", use=["1", "2", "2"], score=["7", "7", "8"])
    texts = table("t.csv", use=["Yes", "No", "No"], score=["7 of 10", "seven", "8"])
    joined = join_pair(codes, texts, "t.csv")

    assert dict(joined.labels["score"].values) == {}
    assert "3 cells do not pair" in joined.source.reasons[-1]
    assert "'score'" in joined.source.reasons[-1]


def test_a_cell_that_only_one_of_the_files_fills_is_counted() -> None:
    texts = table("t.csv", ResponseId=["a", "b", "c"], use=["Yes", "No", None])
    joined = join_pair(CODES, texts, "t.csv")

    assert dict(joined.labels["use"].values) == {"1": "Yes", "2": "No"}
    assert "1 cells do not pair" in joined.source.reasons[-1]


@pytest.mark.parametrize(
    ("twin", "message"),
    [
        (table("t.csv", other=["1"], third=["2"]), "only 0 of its 2 columns"),
        (
            table("t.csv", ResponseId=["a", "b", "d"], use=["Yes", "No", "Yes"]),
            "2 records stand in only one",
        ),
        (table("t.csv", use=["Yes", "No"]), "holds 2 records, codes.csv holds 3"),
    ],
)
def test_files_that_do_not_belong_together(twin: RawTable, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        join_pair(CODES, twin, "t.csv")


def test_records_without_ids_in_another_order_are_refused() -> None:
    codes = table("c.csv", use=["1", None] * 10, why=[None, "2"] * 10)
    texts = table("t.csv", use=[None, "Yes"] * 10, why=["Cost", None] * 10)

    with pytest.raises(DataFileError, match="100% of its cells are filled where"):
        join_pair(codes, texts, "t.csv")


@needs_exports
def test_both_ways_to_name_a_real_pair_give_the_same_table() -> None:
    codes, texts = LEGITIMACY / "qualtrics.csv", LEGITIMACY / "qualtrics_text.csv"
    first = read(codes, companions=[texts])
    second = read(texts, companions=[codes])

    pd.testing.assert_frame_equal(first.frame, second.frame)
    assert dict(first.labels) == dict(second.labels)
    pd.testing.assert_frame_equal(first.frame, read(codes).frame)


@needs_exports
def test_labels_of_a_real_pair_are_the_texts_of_every_cell() -> None:
    codes, texts = LEGITIMACY / "qualtrics.csv", LEGITIMACY / "qualtrics_text.csv"
    joined, told = read(codes, companions=[texts]), read(texts).frame
    labelled = {n: label.values for n, label in joined.labels.items() if label.values}

    assert len(labelled) == 50
    for name, values in labelled.items():
        codes_of = [cell.split(",") for cell in joined.frame[name].dropna()]
        cells = [",".join(values[code] for code in row) for row in codes_of]
        assert cells == told[name].dropna().str.strip().tolist()
