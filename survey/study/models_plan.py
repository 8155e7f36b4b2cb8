"""What a study says about the models that respondents use.

The catalogue decides how open a model is; the study only says which answer means what.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from survey.errors import some
from survey.model_use.values import OPENNESS, USED_TIERS, Catalogue
from survey.questionnaire.model import Code, Part, Question, Questionnaire
from survey.study.kinds import NAMES_SCHEMA, Name, as_list
from survey.yaml_file import YamlFile

KINDS = ("multiple", "single", "text")
CROSSED_KINDS = ("multiple", "single", "grid")


SomeNames = Annotated[
    tuple[Name, ...], BeforeValidator(as_list), WithJsonSchema(NAMES_SCHEMA)
]


class ModelsPlan(Part):
    """The models that respondents use, matched to a catalogue.

    Attributes
    ----------
    catalogue : str
        File with models and families, relative to the study.
    question : str
        Which models are used: multiple or single response, or text. Texts typed
        beside an answer are read as well.
    codes : mapping of code to str or None
        Entry of the catalogue that an answer stands for; ``~`` cannot be rated. An
        answer that is not listed stands for what its code or label names.
    texts : str or list of str
        Text questions in which models are named, too.
    compare : str or list of str
        Questions that are shown by the openness of the models in use, beside the
        stage of adoption and the barriers. The preference and questions of the banner
        are columns already, and stand in no second table.
    """

    catalogue: Name
    question: Name
    codes: dict[Code, Name | None] = Field(default_factory=dict)
    texts: SomeNames = ()
    compare: SomeNames = ()


def models_problems(
    plan: ModelsPlan,
    source: YamlFile,
    questionnaires: Sequence[Questionnaire],
    catalogue: Catalogue,
) -> Iterator[str]:
    """Find what the questionnaires or the catalogue deny.

    Parameters
    ----------
    plan : ModelsPlan
        Key ``models`` of the study.
    source : YamlFile
        File of the study, for the lines.
    questionnaires : sequence of Questionnaire
        One for each wave.
    catalogue : Catalogue
        Models and families.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    newest = questionnaires[-1]
    yield from _kind_problems(plan, source, newest)
    asked = [q for each in questionnaires if (q := each.question(plan.question))]
    codes = {category.code for question in asked for category in question.categories}
    for code, entry in plan.codes.items():
        place = source.place(("models", "codes", code))
        if asked and code not in codes:
            yield (
                f"{place}: question {plan.question!r} has no code {code!r} in any "
                f"wave. Its codes: {some(sorted(codes), 40)}."
            )
        if entry is not None and entry not in catalogue.entries:
            known = some([e.id for e in catalogue.entries.values()], 60)
            yield (
                f"{place}: {catalogue.file} has no entry {entry!r}. Write one of its "
                f"ids, or '~' for what cannot be rated. Ids: {known}."
            )
    for each in questionnaires:
        taken = _taken(each)
        if taken:
            yield (
                f"{source.place(('models',))}: {each.id} has columns {some(taken)}, "
                "which are made from the models. Rename that question."
            )


def _taken(questionnaire: Questionnaire) -> list[str]:
    """List columns with the names of those that are made here."""
    return [
        name
        for question in questionnaire.questions
        for name in _columns(question)
        if name in {OPENNESS, USED_TIERS} or name.startswith(f"{USED_TIERS}_")
    ]


def _columns(question: Question) -> list[str]:
    """List the columns of a question."""
    codes = [part.code for part in question.categories]
    codes += [part.code for part in question.items]
    return [question.id, *(f"{question.id}_{code}" for code in codes)]


def _kind_problems(
    plan: ModelsPlan, source: YamlFile, newest: Questionnaire
) -> Iterator[str]:
    """Find questions that are not there, or of another kind."""
    uses: list[tuple[str, str, Sequence[str]]] = [("question", plan.question, KINDS)]
    uses += [("texts", name, ("text",)) for name in plan.texts]
    uses += [("compare", name, CROSSED_KINDS) for name in plan.compare]
    for key, name, kinds in uses:
        question, place = newest.question(name), source.place(("models", key))
        if question is None:
            known = some([q.id for q in newest.questions], 60)
            yield (
                f"{place}: there is no question {name!r} in {newest.id}. Questions: "
                f"{known}."
            )
        elif question.kind not in kinds:
            yield (
                f"{place}: question {name!r} is {question.kind}, and here stands a "
                f"question of kind {' or '.join(kinds)}. Name another one."
            )


def codes_in(plan: ModelsPlan, question: Question) -> Mapping[str, str | None]:
    """Give what the study says of the answers that a wave offers.

    Parameters
    ----------
    plan : ModelsPlan
        Key ``models`` of the study.
    question : Question
        The question of one wave.

    Returns
    -------
    mapping of str to str or None
        Codes that the wave has.
    """
    known = {category.code for category in question.categories}
    return {code: entry for code, entry in plan.codes.items() if code in known}
