import yaml
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.dump import dump_questionnaire
from survey.questionnaire.model import Category, Item, Question, Questionnaire

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
TEXTS = st.text(LETTERS, min_size=1) | st.from_regex(
    r"-?[0-9eE_.:]{1,6}", fullmatch=True
)
WORDING = st.dictionaries(st.sampled_from(["", "de", "en", "no"]), TEXTS, max_size=2)
CATEGORIES = st.builds(
    Category,
    code=TEXTS,
    label=WORDING,
    dont_know=st.booleans(),
    exclusive=st.booleans(),
    column=st.none() | TEXTS,
    aliases=st.lists(TEXTS, max_size=2).map(tuple),
)
ITEMS = st.builds(
    Item, code=TEXTS, label=WORDING, columns=st.dictionaries(TEXTS, TEXTS, max_size=2)
)
QUESTIONS = st.builds(
    Question,
    id=st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,5}", fullmatch=True),
    kind=st.sampled_from(["single", "multiple", "grid", "numeric", "text"]),
    label=WORDING,
    wording=WORDING,
    categories=st.lists(CATEGORIES, max_size=3).map(tuple),
    items=st.lists(ITEMS, max_size=2).map(tuple),
    max_choices=st.none() | st.integers(1, 9),
    dont_know_in_base=st.booleans(),
    counted_value=st.none() | TEXTS,
    delimiter=st.none() | st.sampled_from([",", ";", "|", "#"]),
)
QUESTIONNAIRES = st.builds(
    Questionnaire,
    id=TEXTS,
    title=WORDING,
    complete=st.lists(TEXTS, max_size=2).map(tuple),
    personal=st.lists(TEXTS, max_size=2).map(tuple),
    questions=st.lists(QUESTIONS, max_size=3).map(tuple),
)


@given(QUESTIONNAIRES, TEXTS)
def test_what_is_written_loads_back(questionnaire: Questionnaire, comment: str) -> None:
    text = dump_questionnaire(questionnaire, comment=comment)

    assert Questionnaire.model_validate(yaml.safe_load(text)) == questionnaire


def sample() -> Questionnaire:
    size = Question(
        id="size",
        kind="single",
        label={"en": "Size", "de": "Größe"},
        wording="How many people work for your organisation, all sites and all "
        "countries taken together?",
        categories=(
            Category(code="1", label="1 to 9", column="size_1"),
            Category(code="01", label="Yes", dont_know=True),
        ),
    )
    return Questionnaire(id="wave", title="2025", questions=(size,))


def test_the_file_can_be_read_by_a_person() -> None:
    assert dump_questionnaire(sample(), comment="A draft.\n\nEdit it.") == (
        "# A draft.\n"
        "#\n"
        "# Edit it.\n"
        "id: wave\n"
        "title: '2025'\n"
        "questions:\n"
        "  - id: size\n"
        "    kind: single\n"
        "    label:\n"
        "      en: Size\n"
        "      de: Größe\n"
        "    wording: >-\n"
        "      How many people work for your organisation, all sites and all countries"
        " taken together?\n"
        "    categories:\n"
        "      - {code: 1, label: 1 to 9, column: size_1}\n"
        "      - {code: '01', label: 'Yes', dont_know: true}\n"
    )


def test_the_same_value_gives_the_same_bytes() -> None:
    assert dump_questionnaire(sample()) == dump_questionnaire(sample())
