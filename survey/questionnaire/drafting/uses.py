"""Guess what questions are for: the banner, and the headline indicators.

A question is proposed for one use at most, by its wording and its answers, and always
with the reason; nothing here is ever a finding.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from survey.importers.labels import comparable
from survey.questionnaire.model import Category, Question, Questionnaire, in_language

_MOST_POINTS: Final = 30
_LEAST_BARRIERS: Final = 3

# Texts are compared in their folded form, in which ß is ss.
_BANNER: Final = {
    "size": re.compile(
        r"^size$|(organi[sz]ation|company|firm|business) size|size of (your|the) "
        r"(organi[sz]ation|company|firm|business|employer)"
        r"|how (many|large).{0,30}\b(employees|people|staff|organi[sz]ation|company)\b"
        r".{0,40}\b(work|employ\w*|have|organi[sz]ation|company)\b"
        r"|number of employees|headcount|(unternehmens|betriebs|organisations)gr(ö|oe)"
        r"sse|gr(ö|oe)sse (der|ihrer?|des) (organisation|unternehmen|firma)"
        r"|wie viele (menschen|personen|mitarbeit\w+|besch(ä|ae)ftigte)"
    ),
    "industry": re.compile(
        r"^(primary |main |your )?(industry|sector)\b|\bindustry (sector|vertical)\b"
        r"|\b(what|which) (\w+ ){0,3}(industry|industries|sectors?|business area)\b"
        r"|\b(industry|sector) (does|do|is|are|of|that) (your|the)\b"
        r"|\bbranche\b|wirtschaftszweig|type of organi[sz]ation"
        r"|best describes (the|your) (organi[sz]ation|company)\b(?!')"
        r"|art der organisation"
    ),
    "region": re.compile(
        r"\b(region|country|continent|headquarter\w*|geograph\w*)\b"
        r"|where (are you|is your) \w*.{0,20}(located|based)"
        r"|\b(hauptsitz|firmensitz|bundesland|kontinent)\b|in welchem land"
    ),
    "role": re.compile(
        r"^((the )?respondent'?s?|your|current|primary|job|professional)? ?"
        r"(role|position|job title|job function|function)\b.{0,40}$"
        r"|\b(describes?|to|is) your .{0,30}\b(role|position|job|title|function)\b"
        r"|\bihre .{0,20}\b(rolle|position|funktion|t(ä|ae)tigkeit|aufgabe)\b"
        r"|aufgabe der befragten|(rolle|position|funktion) (im|in der|in ihre)"
    ),
}
_WHAT: Final = {
    "size": "asks for the size of the organisation",
    "industry": "asks for the industry or kind of organisation",
    "region": "asks for the region or country",
    "role": "asks for the role of the respondent",
}
_NO_BANNER: Final = re.compile(
    r"\bhow (long|often)\b|how many years|\bwie (lange|oft)\b"
)
_AI: Final = re.compile(
    r"\b(gen)?(ai|ki)\b|\bllms?\b|generative|language models?|machine learning|chatgpt"
    r"|copilot|k(ü|ue)nstliche\w? intelligenz|sprachmodell\w*|foundation models?"
)
_USE: Final = re.compile(
    r"\b(stage|adopt\w*|us(e|es|ed|ing)|deploy\w*|implement\w*|status|plans?)\b"
    r"|\b(einsatz|einsetz\w*|setzt|nutz\w*|stufe|stand|planen)\b"
)
_PRODUCTION: Final = re.compile(
    r"in production|productive|at scale|operational|company.wide|organi[sz]ation.wide"
    r"|\b(fully|widely) (deployed|implemented|adopted)"
    r"|across the (organi[sz]ation|company)"
    r"|produktiv|in produktion|regelbetrieb|fl(ä|ae)chendeckend|^(yes|ja)$"
    r"|^we (already )?use\b|^(wir )?setzen .{0,20}ein$|^in use$|^im einsatz$"
)
_PILOT: Final = re.compile(
    r"pilot|experiment|proof.of.concept|\bpoc\b|\btest(ing|s)?\b|trial|limited"
    r"|some (teams|departments)|erprob\w*|\bim test\b|versuch"
)
_NOT_YET: Final = re.compile(
    r"\b(no|not|never|without|plan\w*|consider\w*|evaluat\w*|explor\w*|discontinued"
    r"|abandoned|stopped)\b|\b(nein|nicht|kein\w*|nie|geplant|planen|pr(ü|ue)fen)\b"
)
_BARRIER: Final = re.compile(
    r"\b(barrier|obstacle|challenge|hurdle|inhibitor|concern|difficult(y|ie)|blocker"
    r"|risk)s?\b|\b(hinder|prevent|inhibit|hold\w* (you )?back|discourag)"
    r"|\b(keeps?|stops?) (your|the) .{0,40}\bfrom\b|\bh(ä|ae)lt .{0,60}\bab\b"
    r"|why (doesn't|don't|does not|do not|not|haven't|hasn't)|reasons? (for|why) not"
    r"|\b(h(ü|ue)rden?|hemmnis\w*|herausforderung\w*|hindernis\w*|bedenken|risiken)\b"
)
_OPEN: Final = re.compile(r"\b(open|offene?[nrsm]?|quelloffen\w*)\b")
_CLOSED: Final = re.compile(
    r"\b(proprietary|closed|propriet(ä|ae)r\w*|geschlossen\w*|commercial|kommerziell\w*)"
)
_BOTH: Final = re.compile(
    r"\b(both|equal\w*|no (clear )?(preference|difference)|neither|neutral|either"
    r"|mix\w*|depends)\b|\b(beid\w+|gleich\w*|weder|kommt darauf|kein(e klare|e)? "
    r"(vorliebe|pr(ä|ae)ferenz|unterschied))"
)


@dataclass(frozen=True, slots=True)
class Use:
    """A question with the reason why it is proposed."""

    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class AdoptionUse:
    """A question on the stage of adoption, and what counts as adopted."""

    question: str
    reason: str
    in_production: tuple[str, ...]
    using: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreferenceUse:
    """A question on open versus proprietary, and the codes of its sides."""

    question: str
    reason: str
    open: tuple[str, ...]
    proprietary: tuple[str, ...]
    neutral: tuple[str, ...]
    dimensions: str = ""


@dataclass(frozen=True, slots=True)
class Uses:
    """What the questions of a survey may be for."""

    banner: tuple[Use, ...] = ()
    adoption: AdoptionUse | None = None
    barriers: tuple[Use, ...] = ()
    preference: PreferenceUse | None = None


def likely_uses(questionnaire: Questionnaire) -> Uses:
    """Propose questions for the banner and the indicators.

    Parameters
    ----------
    questionnaire : Questionnaire
        What was asked.

    Returns
    -------
    Uses
        With a reason for each.

    Examples
    --------
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "single", "label": "Region of the headquarters",
    ...      "categories": [{"code": 1, "label": "EU"}, {"code": 2, "label": "US"}]}])
    >>> likely_uses(asked).banner
    (Use(question='q1', reason='asks for the region or country'),)
    """
    questions = questionnaire.questions
    banner = _banner(questions)
    taken = {use.question for use in banner}
    rest = [question for question in questions if question.id not in taken]
    return Uses(
        banner,
        next(filter(None, map(_adoption, rest)), None),
        tuple(Use(q.id, _quote(_BARRIER, q)) for q in rest if _is_barriers(q)),
        _preference(rest),
    )


def _texts(question: Question) -> list[str]:
    """Give label and wordings in the form in which they are compared."""
    texts = [*question.label.values(), *question.wording.values()]
    return list(dict.fromkeys(map(comparable, texts)))


def _labels(category: Category) -> list[str]:
    """Give the labels of a category in the form in which they are compared."""
    return [comparable(label).rstrip(".") for label in category.label.values()]


def _quote(pattern: re.Pattern[str], question: Question) -> str:
    """Say which words of a question made it a proposal."""
    found = next(filter(None, map(pattern.search, _texts(question))))
    return f'its wording says "{found[0].strip()}"'


def _banner(questions: Sequence[Question]) -> tuple[Use, ...]:
    """Choose one question for each of size, industry, region and role."""
    chosen: dict[str, str] = {}
    for what, pattern in _BANNER.items():
        fitting = [q for q in questions if q.id not in chosen and _fits(q, pattern)]
        named = [q for q in fitting if comparable(q.id) == what]
        if fitting:
            chosen[(named or fitting)[0].id] = _WHAT[what]
    return tuple(Use(name, reason) for name, reason in chosen.items())


def _fits(question: Question, pattern: re.Pattern[str]) -> bool:
    """Tell whether a question describes the organisation or the respondent."""
    points = sum(not (c.missing or c.dont_know) for c in question.categories)
    if question.kind != "single" or not 1 < points <= _MOST_POINTS:
        return False
    texts = _texts(question)
    if any(map(_NO_BANNER.search, texts)):
        return False
    return any(map(pattern.search, [comparable(question.id), *texts]))


def _adoption(question: Question) -> AdoptionUse | None:
    """Read a question on the stage of adoption; None where it is none."""
    texts = _texts(question)
    about = any(map(_AI.search, texts)) and any(map(_USE.search, texts))
    if question.kind != "single" or not about:
        return None
    production, using = [], []
    for category in question.categories:
        labels = _labels(category)
        if category.missing or category.dont_know or any(map(_NOT_YET.search, labels)):
            continue
        if any(map(_PILOT.search, labels)):
            using.append(category.code)
        elif any(map(_PRODUCTION.search, labels)):
            production.append(category.code)
    if not production:
        return None
    reason = f"{_quote(_AI, question)}, and its answers tell use in production"
    codes = [c.code for c in question.categories if c.code in [*using, *production]]
    return AdoptionUse(question.id, reason, tuple(production), tuple(codes))


def _is_barriers(question: Question) -> bool:
    """Tell whether a question lists what stands in the way."""
    several = question.kind == "multiple"
    enough = len(question.categories) >= _LEAST_BARRIERS
    return several and enough and any(map(_BARRIER.search, _texts(question)))


def _preference(questions: Iterable[Question]) -> PreferenceUse | None:
    """Find a question on open versus proprietary, and a grid with the same answers."""
    singles = [q for q in questions if q.kind == "single"]
    for question in singles:
        sides = _sides(question.categories)
        if sides["open"] and sides["proprietary"]:
            grid = next((q for q in questions if _same_sides(q, sides)), None)
            reason = (
                f"its answers are on the side of open ({', '.join(sides['open'])}) or "
                f"proprietary ({', '.join(sides['proprietary'])})"
            )
            return PreferenceUse(
                question.id,
                reason,
                tuple(sides["open"]),
                tuple(sides["proprietary"]),
                tuple(sides["neutral"]),
                grid.id if grid else "",
            )
    return None


def _same_sides(question: Question, sides: dict[str, list[str]]) -> bool:
    """Tell whether a grid has the answers of a question on open or proprietary."""
    return question.kind == "grid" and _sides(question.categories) == sides


def _sides(categories: Iterable[Category]) -> dict[str, list[str]]:
    """Sort answers by side: open, proprietary, neutral."""
    sides: dict[str, list[str]] = {"open": [], "proprietary": [], "neutral": []}
    for category in categories:
        label = comparable(in_language(category.label, "en"))
        is_open, is_closed = _OPEN.search(label), _CLOSED.search(label)
        if category.missing or category.dont_know:
            continue
        if _BOTH.search(label) or (is_open and is_closed):
            sides["neutral"].append(category.code)
        elif is_open or is_closed:
            sides["open" if is_open else "proprietary"].append(category.code)
    return sides
