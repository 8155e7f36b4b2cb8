from pathlib import Path

import pandas as pd
import pytest

from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    Source,
)
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import Question, Questionnaire


def table(
    columns: dict[str, list[object]],
    labels: dict[str, ColumnLabel] | None = None,
    missing: dict[str, tuple[MissingRange, ...]] | None = None,
    sets: tuple[MultipleSet, ...] = (),
) -> RawTable:
    frame = pd.DataFrame(columns)
    texts = {name: str for name in frame if frame[name].dtype != "float64"}
    known = {name: ColumnLabel(name, f"About {name}?") for name in columns}
    return RawTable(
        frame.astype(texts).where(frame.notna()),
        known | (labels or {}),
        missing or {},
        sets,
        Source("wave 1.csv", "", "plain"),
    )


def drafted(raw: RawTable, question_id: str) -> Question:
    found = draft_questionnaire(raw).question(question_id)
    assert found is not None
    return found


def codes(question: Question) -> list[tuple[str, str]]:
    return [(c.code, c.label[""]) for c in question.categories]


def spread(options: list[str], wording: str, cells: list[list[str]]) -> RawTable:
    names = [f"q1_{k}" for k in range(1, len(options) + 1)]
    labels = {
        name: ColumnLabel("q1", wording, option)
        for name, option in zip(names, options, strict=True)
    }
    columns = {name: [row[k] or None for row in cells] for k, name in enumerate(names)}
    return table(columns, labels)


def test_a_draft_says_that_routing_is_unknown() -> None:
    draft = draft_questionnaire(table({"use": ["Yes", "No"]}))

    assert (draft.id, draft.title) == ("wave_1", {"": "wave 1"})
    assert draft.routing == "unknown"


def test_options_with_one_answer_each_are_put_together() -> None:
    options = ["Don't know", "Small", "Large", "Other (please specify)"]
    cells = [["0", "", "", ""], ["", "1", "", ""], ["", "", "2", ""]]
    cells.append(["", "", "", "a guild"])
    question = drafted(spread(options, "Size? (select one)", cells), "q1")

    assert question.kind == "single"
    assert codes(question) == list(zip("0123", options, strict=True))
    assert [c.column for c in question.categories] == ["q1_1", "q1_2", "q1_3", "q1_4"]
    assert question.categories[0].dont_know
    assert question.categories[3].specify == "q1_4"


def test_codes_and_labels_in_the_cells_give_the_same_draft() -> None:
    options = ["0", "1 to 5", "6 or more", "Don't know"]
    answers = [0, 1, 2, 3, 1]
    coded, worded = (
        spread(
            options,
            "How many models?",
            [[cell(k) if k == a else "" for k in range(4)] for a in answers],
        )
        for cell in (lambda k: str(k + 1), lambda k: options[k])
    )

    assert drafted(coded, "q1") == drafted(worded, "q1")
    assert drafted(coded, "q1").ordered


def test_two_answers_of_one_record_make_it_multiple() -> None:
    cells = [["1", "2"], ["1", ""]]
    question = drafted(spread(["Cost", "Privacy"], "Barriers?", cells), "q1")

    assert question.kind == "multiple"


@pytest.mark.parametrize(
    ("wording", "most"),
    [
        ("Barriers? (select all that apply)", None),
        ("Barriers? (select up to three)", 3),
        ("What are the top 5 barriers?", 5),
        ("Welche Hürden? (Mehrfachnennung möglich)", None),
        ("Welche Hürden? Bitte nennen Sie bis zu drei.", 3),
    ],
)
def test_wording_makes_it_multiple_and_gives_the_cap(
    wording: str, most: int | None
) -> None:
    cells = [["1", ""], ["", "2"]]
    question = drafted(spread(["Cost", "Privacy"], wording, cells), "q1")

    assert (question.kind, question.max_choices) == ("multiple", most)


def test_none_of_the_above_excludes_the_others() -> None:
    cells = [["1", "2", ""], ["", "", "3"]]
    raw = spread(["Cost", "Privacy", "None of the above"], "Barriers?", cells)

    assert [c.exclusive for c in drafted(raw, "q1").categories] == [False, False, True]


def test_yes_and_no_in_the_cells_are_told_apart() -> None:
    cells = [["Yes", "No"], ["No", "No"]]
    question = drafted(spread(["Cost", "Privacy"], "Barriers?", cells), "q1")

    assert (question.kind, question.counted_value) == ("multiple", "Yes")


def test_a_comment_beside_a_single_answer_is_no_answer_of_its_own() -> None:
    options = ["Yes", "No", "Other (please specify)"]
    cells = [["1", "", "as a pilot"], ["", "2", ""], ["", "", "maybe"]]
    question = drafted(spread(options, "Use? (select one)", cells), "q1")

    assert question.kind == "single"
    assert question.categories[2].column is None
    assert question.categories[2].specify == "q1_3"


def test_items_times_points_are_folded_at_the_last_dash() -> None:
    options = [f"{i} - {p}" for i in ("Code - open", "Law") for p in ("Never", "Often")]
    options.append("Other (please specify)")
    cells = [["1", "", "", "2", ""], ["", "2", "1", "", "words"]]
    question = drafted(
        spread(options, "How often? (one response per row)", cells), "q1"
    )

    assert (question.kind, question.ordered) == ("grid", True)
    assert codes(question) == [("1", "Never"), ("2", "Often")]
    assert [item.label[""] for item in question.items] == ["Code - open", "Law"]
    assert question.items[1].columns == {"1": "q1_3", "2": "q1_4"}
    assert question.specify == "q1_5"


def test_several_answers_in_a_row_make_one_question_of_each_row() -> None:
    options = [f"{i} - {p}" for i in ("Code", "Law") for p in ("open", "closed")]
    cells = [["1", "1", "", "1"], ["", "1", "1", ""]]
    draft = draft_questionnaire(spread(options, "Which models?", cells))

    assert [(q.id, q.kind) for q in draft.questions] == [
        ("q1_1", "multiple"),
        ("q1_2", "multiple"),
    ]
    assert [c.column for c in draft.questions[1].categories] == ["q1_3", "q1_4"]


def test_a_column_per_item_is_a_grid() -> None:
    cells = [["Often", "Never"], ["Never", "Don't know"], ["Sometimes", "Often"]]
    question = drafted(spread(["Code", "Law"], "How often?", cells), "q1")

    assert (question.kind, question.ordered) == ("grid", True)
    assert codes(question) == [
        ("1", "Never"),
        ("2", "Sometimes"),
        ("3", "Often"),
        ("4", "Don't know"),
    ]
    assert [item.column for item in question.items] == ["q1_1", "q1_2"]


def test_several_boxes_of_text_are_several_questions() -> None:
    cells = [[f"first answer {k}", f"second one {k}"] for k in range(30)]
    draft = draft_questionnaire(spread(["Box 1", "Box 2"], "Why?", cells))

    assert [(q.id, q.kind) for q in draft.questions] == [
        ("q1_1", "text"),
        ("q1_2", "text"),
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_codes_do_not_depend_on_the_order_of_the_records(order: int) -> None:
    values = ["50 to 249", "1 to 9", "10 to 49", "Not sure"] * 3
    question = drafted(table({"size": values[::order]}), "size")

    assert codes(question) == [
        ("1", "1 to 9"),
        ("2", "10 to 49"),
        ("3", "50 to 249"),
        ("4", "Not sure"),
    ]
    assert question.ordered
    assert question.column == "size"


def test_spellings_of_one_label_are_one_category() -> None:
    values = ["Don't know", "Don\u2019t\u00a0know", "Yes", "No"] * 3
    question = drafted(table({"use": values}), "use")

    assert [c[1] for c in codes(question)] == ["Yes", "No", "Don't know"]
    assert question.categories[2].aliases == ("Don\u2019t\u00a0know",)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([str(k) for k in range(40)], "numeric"),
        ([f"{k}.5" for k in range(4)] * 5, "numeric"),
        (["1", "2", "3"] * 10, "single"),
        ([f"a long answer, number {k}" for k in range(40)], "text"),
        (["red", "green", "blue"] * 10, "single"),
        ([None] * 4, "text"),
        (["open;closed", "open", "closed;none"] * 5, "multiple"),
    ],
)
def test_kind_of_a_single_column(values: list[object], kind: str) -> None:
    assert drafted(table({"answer": values}), "answer").kind == kind


def test_answers_joined_in_a_cell_are_taken_apart() -> None:
    values = ["open;closed", "open", "closed;None of these"] * 5
    question = drafted(table({"answer": values}), "answer")

    assert question.delimiter == ";"
    assert [c[1] for c in codes(question)] == ["closed", "open", "None of these"]
    assert question.categories[2].exclusive


def test_numbers_among_labels_keep_their_code() -> None:
    values = ["Strongly agree", "2", "5", "1"] * 5
    question = drafted(table({"agree": values}), "agree")

    assert ("5", "5") in codes(question)
    assert len({c.code for c in question.categories}) == 4


def test_platform_columns_are_paradata_and_personal_columns_are_named() -> None:
    raw = table(
        {
            "Respondent ID": [str(k) for k in range(6)],
            "Start Date": ["2025-01-01 10:00"] * 6,
            "IP Address": [f"192.0.2.{k}" for k in range(6)],
            "contact": [f"a{k}@example.org" for k in range(6)],
            "Status": ["Complete", "Disqualified"] * 3,
            "weight": ["0.5", "1.5"] * 3,
            "day": ["2025-01-31"] * 6,
            "use": ["Yes", "No"] * 3,
        }
    )
    draft = draft_questionnaire(raw)

    assert [q.id for q in draft.questions] == ["day", "use"]
    assert draft.paradata.respondent == "Respondent ID"
    assert draft.paradata.started == "Start Date"
    assert draft.paradata.status == "Status"
    assert draft.paradata.weight == "weight"
    assert draft.complete == ("Complete",)
    assert draft.screened_out == ("Disqualified",)
    assert draft.personal == ("IP Address", "contact")


def test_weights_in_kilograms_are_a_question() -> None:
    values = [f"{60 + k}.5" for k in range(20)]

    assert drafted(table({"weight": values}), "weight").kind == "numeric"


def test_value_labels_are_categories_and_user_missing_ones_are_missing() -> None:
    labels = {"1": "small", "2": "large", "9": "refused"}
    raw = table(
        {"size": [1.0, 2.0, 9.0, 3.0, None]},
        {"size": ColumnLabel("size", "Size?", values=labels)},
        {"size": (MissingRange(9.0, 9.0),)},
    )
    question = drafted(raw, "size")

    assert codes(question) == [
        ("1", "small"),
        ("2", "large"),
        ("3", "3"),
        ("9", "refused"),
    ]
    assert [c.missing for c in question.categories] == [False, False, False, True]


def test_unlabelled_numbers_of_a_binary_file_are_numeric() -> None:
    assert drafted(table({"age": [1.0, 2.0, 2.0, 1.0]}), "age").kind == "numeric"


def test_labels_of_missing_values_alone_leave_a_number_a_number() -> None:
    raw = table(
        {"age": [float(k) for k in range(20, 50)] + [99.0]},
        {"age": ColumnLabel("age", "Age?", values={"99": "refused"})},
        {"age": (MissingRange(99.0, 99.0),)},
    )

    assert drafted(raw, "age").kind == "numeric"


def test_multiple_response_sets() -> None:
    labels = {name: ColumnLabel(name, f"Label of {name}") for name in ("a", "b")}
    mentions = {name: ColumnLabel(name, values={"1": "open"}) for name in ("c", "d")}
    raw = table(
        {"a": [1.0, 0.0], "b": [1.0, 1.0], "c": [1.0, 1.0], "d": [None, 1.0]},
        labels | mentions,
        sets=(
            MultipleSet("why", "Why so?", ("a", "b"), "1"),
            MultipleSet("which", "", ("c", "d"), None),
        ),
    )
    why, which = draft_questionnaire(raw).questions

    assert (why.id, why.kind, why.counted_value) == ("why", "multiple", "1")
    assert [(c.label[""], c.column) for c in why.categories] == [
        ("Label of a", "a"),
        ("Label of b", "b"),
    ]
    assert (which.id, codes(which)) == ("which", [("1", "open")])


def battery(names: list[str], wording: str) -> RawTable:
    scale = {"1": "never", "2": "often", "9": "refused"}
    labels = {
        name: ColumnLabel(name, f"{wording}{name.upper()}", values=scale)
        for name in names
    }
    missing = {name: (MissingRange(9.0, 9.0),) for name in names}
    return table({name: [1.0, 2.0, 9.0] for name in names}, labels, missing)


def test_neighbours_with_one_scale_and_one_name_are_a_grid() -> None:
    raw = battery(["use_law", "use_code", "use_sales"], "How often do you use AI? ")
    question = drafted(raw, "use")

    assert (question.kind, question.ordered) == ("grid", True)
    assert question.wording == {"": "How often do you use AI?"}
    assert [(i.code, i.label[""], i.column) for i in question.items] == [
        ("law", "USE_LAW", "use_law"),
        ("code", "USE_CODE", "use_code"),
        ("sales", "USE_SALES", "use_sales"),
    ]
    assert [c.missing for c in question.categories] == [False, False, True]


@pytest.mark.parametrize(
    "names", [["use_law", "use_code"], ["law", "code", "sales"], ["a_x", "b_x", "c_x"]]
)
def test_too_little_in_common_is_no_grid(names: list[str]) -> None:
    draft = draft_questionnaire(battery(names, ""))

    assert [(q.id, q.kind) for q in draft.questions] == [(n, "single") for n in names]


def test_a_text_named_after_a_question_belongs_to_it() -> None:
    raw = table(
        {
            "sector": [1.0, 2.0, 2.0],
            "sector_2_other": [None, "Fishing", "Mining"],
            "why_cost": [1.0, 0.0, 0.0],
            "why_other": [0.0, 1.0, 0.0],
            "why_other_other": [None, "own words", None],
        },
        {
            "sector": ColumnLabel("sector", values={"1": "IT", "2": "Another sector"}),
            "why_cost": ColumnLabel("why_cost", "Cost"),
            "why_other": ColumnLabel("why_other", "Another reason"),
        },
        sets=(MultipleSet("why", "Why?", ("why_cost", "why_other"), "1"),),
    )
    sector, why = draft_questionnaire(raw).questions

    assert [c.specify for c in sector.categories] == [None, "sector_2_other"]
    assert [(c.code, c.specify) for c in why.categories] == [
        ("cost", None),
        ("other", "why_other_other"),
    ]


def test_a_labelled_status_describes_the_record() -> None:
    labels = {"1": "complete", "2": "partial", "3": "screened out"}
    raw = table(
        {"status": [1.0, 2.0, 3.0], "finished": ["2024-01-31 10:00"] * 3},
        {"status": ColumnLabel("status", "Outcome", values=labels)},
    )
    draft = draft_questionnaire(raw)

    assert (draft.complete, draft.screened_out) == (("1",), ("3",))
    assert draft.paradata.finished == "finished"
    assert draft.questions == ()


def test_a_marital_status_is_a_question() -> None:
    raw = table(
        {"status": [1.0, 2.0]},
        {"status": ColumnLabel("status", values={"1": "single", "2": "married"})},
    )

    assert drafted(raw, "status").kind == "single"


def test_comments_stay_text_even_if_they_repeat() -> None:
    assert drafted(table({"comment": ["none", "-"] * 20}), "comment").kind == "text"


def test_numbers_with_a_few_words_among_them_are_numbers() -> None:
    values = [str(k) for k in range(30)] + ["ca. 40"]

    assert drafted(table({"share": values}), "share").kind == "numeric"


def test_ids_are_valid_and_unique() -> None:
    names = ["ותק", "@2", "size", "Size", "a b"]
    labels = {name: ColumnLabel(name, name) for name in names}
    raw = table({name: ["Yes", "No"] for name in names}, labels)

    assert [q.id for q in draft_questionnaire(raw).questions] == [
        "q_1",
        "q_2",
        "size",
        "Size_2",
        "a_b",
    ]


@pytest.fixture
def limesurvey(tmp_path: Path) -> Questionnaire:
    file = tmp_path / "wave.csv"
    file.write_text(
        "id,submitdate,lastpage,startlanguage,stage,region,region[other],why[3],why[5],"
        "why[other],use[code],use[law]\n"
        "1,2025-01-01,3,en,4,2,,Y,,,1,5\n"
        "2,2025-01-02,3,de,1,-oth-,Mars,,Y,own words,2,4\n"
        "3,,1,en,2,1,,Y,Y,,3,3\n"
        "4,2025-01-02,3,de,4,2,,,,,1,2\n"
        "5,2025-01-02,3,de,1,1,,,,,4,1\n"
        "6,2025-01-02,3,de,2,-oth-,Moon,Y,,,5,2\n",
        encoding="utf-8",
    )
    return draft_questionnaire(read(file))


def test_limesurvey_option_codes_are_kept(limesurvey: Questionnaire) -> None:
    why = limesurvey.question("why")
    assert why is not None

    assert (why.kind, [c.code for c in why.categories]) == (
        "multiple",
        ["3", "5", "other"],
    )
    assert why.categories[2].specify == "why[other]"


def test_limesurvey_other_belongs_to_its_question(limesurvey: Questionnaire) -> None:
    region = limesurvey.question("region")
    assert region is not None

    assert (region.kind, region.column) == ("single", "region")
    assert [c.code for c in region.categories] == ["1", "2", "other"]
    assert region.categories[2].aliases == ("-oth-",)
    assert region.categories[2].specify == "region[other]"


def test_limesurvey_items_are_a_grid(limesurvey: Questionnaire) -> None:
    use = limesurvey.question("use")
    assert use is not None

    assert use.kind == "grid"
    assert [(i.code, i.column) for i in use.items] == [
        ("code", "use[code]"),
        ("law", "use[law]"),
    ]
    assert [c.code for c in use.categories] == ["1", "2", "3", "4", "5"]


def test_limesurvey_paradata(limesurvey: Questionnaire) -> None:
    assert limesurvey.paradata.respondent == "id"
    assert limesurvey.paradata.finished == "submitdate"
    assert limesurvey.paradata.language == "startlanguage"
    assert [q.id for q in limesurvey.questions] == ["stage", "region", "why", "use"]
