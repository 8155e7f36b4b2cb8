"""What a study says about questions and codes that the questionnaire denies.

The newest questionnaire decides, except for margins, which every wave has to ask.
"""

from collections.abc import Iterator, Sequence

from survey.errors import QuestionError, some
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.problems import base_problem
from survey.responses.recode import check_nets
from survey.study.model import Indicators, Study
from survey.study.nets import wanted_nets
from survey.yaml_file import Key, Place, YamlFile

Named = tuple[Key, str, tuple[str, ...]]
# Only codes are checked, so that the words in a net do not matter.
_NO_WORDS = dict.fromkeys(
    ("in_production", "using", "share_open", "share_proprietary"), ""
)


def question_problems(
    study: Study, source: YamlFile, questionnaire: Questionnaire
) -> Iterator[str]:
    """Find questions and codes that the newest questionnaire does not have.

    Parameters
    ----------
    study : Study
        The study.
    source : YamlFile
        Its file, for the lines.
    questionnaire : Questionnaire
        The newest one.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    named: list[Named] = []
    named += [(("banner", i), name, ()) for i, name in enumerate(study.banner)]
    for name, nets in study.nets.items():
        named += [
            (("nets", name, i, "codes"), name, n.codes) for i, n in enumerate(nets)
        ]
    for part in ("bases", "summaries", "bands"):
        named += [((part, name), name, ()) for name in getattr(study, part)]
    named += [(("top_first", i), name, ()) for i, name in enumerate(study.top_first)]
    named += _indicator_questions(study.indicators)
    named += [(key, name, ()) for key, name, _ in _weighted_by(study)]
    for key, name, codes in named:
        question = questionnaire.question(name)
        if question is None:
            known = some([q.id for q in questionnaire.questions], 60)
            yield (
                f"{source.place(key)}: there is no question {name!r} in "
                f"{questionnaire.id}. Questions: {known}."
            )
        else:
            with_nets = key[0] == "nets" or key[:2] == ("indicators", "shares")
            nets = wanted_nets(study, name, _NO_WORDS) if with_nets else ()
            known_codes = [category.code for category in question.categories]
            known_codes += [net.code for net in nets]
            yield from _code_problems(question, codes, known_codes, source.place(key))


def _indicator_questions(indicators: Indicators) -> list[Named]:
    """List the questions and codes of the indicators, with their keys."""
    named: list[Named] = []
    if indicators.adoption:
        adoption = indicators.adoption
        codes = (*adoption.in_production, *adoption.using)
        named.append((("indicators", "adoption"), adoption.question, codes))
    for i, barriers in enumerate(indicators.barriers):
        named.append((("indicators", "barriers", i), barriers.question, ()))
    for i, name in enumerate(indicators.scales):
        named.append((("indicators", "scales", i), name, ()))
    for i, share in enumerate(indicators.shares):
        named.append((("indicators", "shares", i), share.question, (share.code,)))
    if indicators.preference:
        preference = indicators.preference
        codes = (*preference.open, *preference.proprietary, *preference.neutral)
        key = ("indicators", "preference")
        named.append((key, preference.overall, codes))
        if preference.dimensions:
            named.append((key, preference.dimensions, codes))
    return named


def indicator_problems(indicators: Indicators, source: YamlFile) -> Iterator[str]:
    """Find codes that contradict each other.

    Parameters
    ----------
    indicators : Indicators
        Of the study.
    source : YamlFile
        Its file, for the lines.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    if indicators.adoption:
        adoption = indicators.adoption
        outside = [c for c in adoption.in_production if c not in adoption.using]
        if outside:
            yield (
                f"{source.place(('indicators', 'adoption', 'using'))}: who is in "
                f"production uses it, too. Add {some(outside)} to 'using'."
            )
    if indicators.preference:
        preference = indicators.preference
        codes = [*preference.open, *preference.proprietary, *preference.neutral]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            yield (
                f"{source.place(('indicators', 'preference'))}: code {some(twice)} "
                "stands for two sides. Leave it with one of them."
            )


def use_problems(
    study: Study, source: YamlFile, questionnaire: Questionnaire
) -> Iterator[str]:
    """Find questions that are put to a use which their kind does not allow.

    Parameters
    ----------
    study, source, questionnaire
        As for `question_problems`; every question is known to be there.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    for key, name, kinds in _uses(study):
        question = questionnaire.question(name)
        if question is not None and question.kind not in kinds:
            yield (
                f"{source.place(key)}: question {name!r} is {question.kind}, and here "
                f"stands a question of kind {' or '.join(kinds)}. Name another one."
            )
    for name, rule in study.bases.items():
        problem = base_problem(_known(questionnaire, name), rule)
        if problem:
            yield f"{source.place(('bases', name))}: {problem}"
    for name in study.nets:
        nets = wanted_nets(study, name, _NO_WORDS)
        try:
            check_nets(_known(questionnaire, name), nets)
        except QuestionError as problem_found:
            yield f"{source.place(('nets', name))}: {problem_found}"
    if len(set(study.banner)) < len(study.banner):
        twice = sorted({n for n in study.banner if study.banner.count(n) > 1})
        yield f"{source.place(('banner',))}: {some(twice)} stands twice. Remove one."


def _known(questionnaire: Questionnaire, name: str) -> Question:
    """Give a question that is known to be there."""
    question = questionnaire.question(name)
    assert question is not None
    return question


def _uses(study: Study) -> Iterator[Named]:
    """List the keys that name questions, and the kinds that each allows."""
    indicators = study.indicators
    if indicators.adoption:
        yield ("indicators", "adoption"), indicators.adoption.question, ("single",)
    for i, barriers in enumerate(indicators.barriers):
        yield ("indicators", "barriers", i), barriers.question, ("multiple",)
    if indicators.preference:
        preference: Key = ("indicators", "preference")
        yield preference, indicators.preference.overall, ("single",)
        yield preference, indicators.preference.dimensions or "", ("grid", "single")
    for i, name in enumerate(indicators.scales):
        yield ("indicators", "scales", i), name, ("grid",)
    for i, share in enumerate(indicators.shares):
        yield ("indicators", "shares", i), share.question, ("single", "multiple")
    for key, name, kind in _weighted_by(study):
        yield key, name, (kind,)
    for i, name in enumerate(study.banner):
        yield ("banner", i), name, ("single", "multiple", "grid")


def margin_problems(
    study: Study, source: YamlFile, questionnaires: Sequence[Questionnaire]
) -> Iterator[str]:
    """Find margins that a wave did not ask.

    Parameters
    ----------
    study : Study
        The study.
    source : YamlFile
        Its file, for the lines.
    questionnaires : sequence of Questionnaire
        One for each wave.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    for wave, questionnaire in zip(study.waves, questionnaires, strict=True):
        for key, name, _ in _weighted_by(study):
            if questionnaire.question(name) is None:
                yield (
                    f"{source.place(key)}: wave {wave.id!r} "
                    f"did not ask {name!r}, so it cannot be weighted by it. Leave the "
                    "margin or the wave out."
                )


def _weighted_by(study: Study) -> Iterator[tuple[Key, str, str]]:
    """List the questions that the weights need, with their keys and kinds."""
    for i, plan in enumerate(study.weighting):
        for key, name, kind in plan.questions():
            yield ("weighting", i, *key), name, kind


def _code_problems(
    question: Question, codes: tuple[str, ...], known: Sequence[str], place: Place
) -> Iterator[str]:
    """Find codes that a question does not have."""
    unknown = [code for code in codes if code not in known]
    if unknown:
        yield (
            f"{place}: question {question.id!r} has no code {some(unknown)}. "
            f"Its codes: {some(known, 40)}."
        )
