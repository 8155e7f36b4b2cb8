"""XLSForms: made here with every kind of question, and real ones where they are."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from survey.errors import DataFileError
from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.xlsform import read_xlsform
from survey.importers.definitions.xlsform_relevant import most_choices, translate
from survey.importers.definitions.xlsform_sheets import is_xlsform
from survey.importers.read import read
from survey.questionnaire.routing import parse_routing

FORMS = Path(__file__).parents[2].parent / "shared/exports/kobo_kobocruncher"
HEAD = ("type", "name", "label", "relevant", "constraint", "appearance")
CHOICES = (
    ("list_name", "name", "label"),
    ("yn", "yes", "Yes"),
    ("yn", "no", "No"),
    ("why", "cost", "Cost"),
    ("why", "law", "Law"),
    ("why", "risk", "Risk"),
)


def workbook(**sheets: Sequence[Sequence[str]]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return held.getvalue()


def form(
    *rows: Sequence[str], head: Sequence[str] = HEAD, **sheets: Sequence[Sequence[str]]
) -> Mapping[str, QuestionDefinition]:
    made = {"survey": [head, *rows], "choices": CHOICES, **sheets}
    return read_xlsform(Path("form.xlsx"), workbook(**made))


def test_kinds_of_questions_in_old_and_new_spelling() -> None:
    found = form(
        ("start", "start"),
        ("select_one yn", "a", "A"),
        ("select one yn", "b", "B"),
        ("select_multiple why", "c", "C", "", "count-selected(.) <= 2"),
        ("select all that apply from why", "d", "D"),
        ("rank why", "e", "E"),
        ("integer", "f", "F"),
        ("range", "g", "G"),
        ("text", "h", "H"),
        ("note", "i", "I"),
        ("geopoint", "j", "J"),
        ("calculate", "k", ""),
        ("date", "l", "L"),
        ("acknowledge", "m", "M"),
    )

    assert {name: d.kind for name, d in found.items()} == {
        "a": "single",
        "b": "single",
        "c": "multiple",
        "d": "multiple",
        "e": "ranking",
        "f": "numeric",
        "g": "numeric",
        "h": "text",
        "l": "",
        "m": "single",
    }
    assert found["c"].max_choices == 2
    assert [c.code for c in found["d"].categories] == ["cost", "law", "risk"]
    assert [c.code for c in found["m"].categories] == ["OK"]


def test_or_other_adds_the_answer_that_the_form_does_not_list() -> None:
    found = form(("select_one yn or_other", "a", "A"))

    assert [c.code for c in found["a"].categories] == ["yes", "no", "other"]


def test_labels_in_several_languages() -> None:
    head = ("type", "name", "label::English (en)", "label::Deutsch (de)")
    choices = [
        ("list_name", "name", "label::English (en)", "label::Deutsch (de)"),
        ("yn", "1", "Yes", "Ja"),
    ]
    found = form(("select_one yn", "a", "Use?", "Nutzung?"), head=head, choices=choices)

    assert found["a"].wording == {"en": "Use?", "de": "Nutzung?"}
    assert found["a"].categories[0].label == {"en": "Yes", "de": "Ja"}


def test_bare_labels_are_in_the_default_language() -> None:
    settings = [("form_title", "default_language"), ("Wave", "Français (fr)")]
    found = form(("text", "a", "Pourquoi ?"), settings=settings)

    assert found["a"].wording == {"fr": "Pourquoi ?"}


def test_relevance_of_groups_and_questions_holds_together() -> None:
    found = form(
        ("select_one yn", "use", "Use?"),
        ("begin group", "g", "", "${use} = 'yes'"),
        ("select_multiple why", "why", "Why?"),
        ("text", "more", "More", "selected(${why}, 'law') or selected(${why}, 'risk')"),
        ("end group",),
        ("text", "last", "Last", "string-length(${use}) > 2"),
    )

    assert found["why"].asked_if == "use == 'yes'"
    assert found["more"].asked_if == "use == 'yes' and (why == 'law' or why == 'risk')"
    assert found["last"].asked_if == ""
    assert found["last"].routing == "string-length(${use}) > 2"


def test_repeated_groups_are_left_out_and_a_stray_end_does_no_harm() -> None:
    found = form(
        ("end_group",),
        ("begin_repeat", "members", "Members"),
        ("integer", "age", "Age"),
        ("begin_group", "inner", ""),
        ("text", "deep", "Deep"),
        ("end_group",),
        ("end_repeat",),
        ("text", "after", "After"),
    )

    assert list(found) == ["after"]


@pytest.mark.parametrize("appearance", ["table-list", "field-list table-list"])
def test_a_table_list_is_a_grid_and_its_rows_are_named_in_routing(
    appearance: str,
) -> None:
    found = form(
        ("begin_group", "trust", "Do you trust?", "", "", appearance),
        ("select_one yn", "vendor", "Vendors"),
        ("select_one yn", "own", "Own models"),
        ("end_group",),
        ("text", "why", "Why?", "${own} = 'no'"),
    )

    assert found["trust"].kind == "grid"
    assert [(i.code, i.column) for i in found["trust"].items] == [
        ("vendor", "vendor"),
        ("own", "own"),
    ]
    assert found["why"].asked_if == "[trust/own] == 'no'"
    assert "own" not in found


def test_rows_without_labels_are_a_grid_and_the_head_row_is_none() -> None:
    found = form(
        ("begin_group", "trust", "Trust", "", "", "field-list"),
        ("select_one yn", "head", "Trust", "", "", "label"),
        ("select_one yn", "vendor", "Vendors", "", "", "list-nolabel"),
        ("select_one yn", "own", "Own", "", "", "list-nolabel"),
        ("end_group",),
    )

    assert [item.code for item in found["trust"].items] == ["vendor", "own"]


def test_a_group_of_different_questions_is_no_grid() -> None:
    found = form(
        ("begin_group", "g", "", "", "", "table-list"),
        ("select_one yn", "a", "A"),
        ("select_one why", "b", "B"),
        ("end_group",),
    )

    assert list(found) == ["a", "b"]


def test_a_matrix_is_a_grid_for_each_choice_and_a_number_for_each_row() -> None:
    head = (*HEAD, "kobo--matrix_list")
    found = form(
        ("begin_kobomatrix", "m", "Tools", "", "", "", "why"),
        ("select_one yn", "use", "Used?"),
        ("integer", "cost", "Cost"),
        ("end_kobomatrix",),
        head=head,
    )

    assert found["m_use"].kind == "grid"
    assert [item.column for item in found["m_use"].items][:2] == [
        "m_cost_use",
        "m_law_use",
    ]
    assert found["m_law_cost"].kind == "numeric"
    assert found["m_law_cost"].wording == {"": "Cost: Law"}


FORM = {"use": ("yes", "no"), "why": ("cost", "law"), "age": (), "size": ("1", "2")}


@pytest.mark.parametrize(
    ("relevant", "said"),
    [
        ("${use} = 'yes'", "use == 'yes'"),
        ('"yes" = ${use}', "use == 'yes'"),
        ("${use} != 'yes'", "not (use == 'yes')"),
        ("${size} = 1", "size == 1"),
        ("${size} = '1' and ${use}='no'", "size == 1 and use == 'no'"),
        ("${use} != ''", "use in ('yes', 'no')"),
        ("${use} = ''", "not (use in ('yes', 'no'))"),
        ("${age} >= 18 and 65 > ${age}", "age >= 18 and age < 65"),
        ("not(selected(${why}, 'law'))", "not (why == 'law')"),
        ("count-selected(${why}) >= 1", "why in ('cost', 'law')"),
        ("count-selected(${why}) = 0", "not (why in ('cost', 'law'))"),
        (
            "(${use} = 'yes' or ${size} = 2) and ${age} < 9",
            "(use == 'yes' or size == 2) and age < 9",
        ),
    ],
)
def test_conditions_that_the_grammar_can_say(relevant: str, said: str) -> None:
    routed = translate(relevant, FORM, {"why"})

    assert routed.said == said
    assert routed.words == relevant
    parse_routing(said)


@pytest.mark.parametrize(
    "relevant",
    [
        "${use} = ${size}",
        "${use} = 'maybe'",
        "${unknown} = 'yes'",
        "${why} = 'law'",
        "${why} > 3",
        "${age} != ''",
        "${age} + 1 > 3",
        "${use} = 'yes' and",
        "${use} = 'yes' ${size} = 1",
        "count-selected(${why}) > 2",
        "true()",
        "(" * 60 + "${size} = 1" + ")" * 60,
        "(${size} = 1",
        "${size} = 1 or " * 400 + "${size} = 2",
        "${use} = 'yes' or position(..) = 1",
    ],
)
def test_conditions_that_stay_in_words(relevant: str) -> None:
    routed = translate(relevant, FORM, {"why"})

    assert routed.said == ""
    assert routed.words


@pytest.mark.parametrize(
    ("constraint", "most"),
    [
        ("count-selected(.) < 4", 3),
        ("count-selected( . ) <= 3 and selected(., 'a')", 3),
        ("count-selected(.) = 2", 2),
        ("count-selected(.) <= 3 or selected(., 'all')", None),
        ("not(count-selected(.) <= 3)", None),
        ("count-selected(.) >= 3", None),
        (". < 120", None),
    ],
)
def test_largest_number_of_answers(constraint: str, most: int | None) -> None:
    assert most_choices(constraint) == most


def test_other_workbooks_are_no_forms() -> None:
    answers = workbook(survey=[("size", "use"), ("1", "yes")], choices=[("a",), ("b",)])

    assert not is_xlsform(answers)
    assert not is_xlsform(workbook(Sheet1=[HEAD, ("text", "a", "A")]))
    assert is_xlsform(workbook(survey=[HEAD, ("text", "a", "A")], choices=CHOICES))


def test_a_form_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook(survey=[HEAD, ("text", "a", "A")], choices=CHOICES))

    with pytest.raises(DataFileError, match="this is an XLSForm"):
        read(path)


def test_a_form_without_questions_says_so() -> None:
    with pytest.raises(DataFileError, match="has no question under the headers"):
        form(("note", "a", "A"))


@pytest.mark.skipif(not FORMS.is_dir(), reason="the real forms are not here")
def test_real_forms() -> None:
    path = FORMS / "sample_xlsform_with_plan.xlsx"
    found = read_xlsform(path, path.read_bytes())

    assert (
        found["concentimiento"].asked_if == "edad_min == 'Si' and pais_origen == 'Si'"
    )
    assert len(found["Provincia"].categories) == 24
    assert found["Q_1"].routing == "${R01}!=''"
    assert found["Q_1"].asked_if == ""
