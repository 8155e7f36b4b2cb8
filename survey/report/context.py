"""What every page needs: the study, its language, and small texts made from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from survey.questionnaire.model import Question, in_language
from survey.questionnaire.routing import Comparison, Condition, parse_routing
from survey.report.numbers import count, interval, percent
from survey.report.wording import say
from survey.study.model import Study
from survey.wave.result import Cell, WaveResult, label_of
from survey.waves.result import Waves


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One wave as it is reported; `waves` is None where there are no others."""

    study: Study
    wave: WaveResult
    drafted: bool = False
    waves: Waves | None = None

    @property
    def language(self) -> str:
        """Language of the report."""
        return self.study.language

    def say(self, key: str, **values: object) -> str:
        """Give a fixed text."""
        return say(self.language, key, **values)

    def text(self, wording: dict[str, str]) -> str:
        """Give a wording in the language of the report."""
        return in_language(wording, self.language)

    def percent(self, share: float) -> str:
        """Write a share."""
        return percent(share, self.language)

    def count(self, number: float) -> str:
        """Write a count."""
        return count(number, self.language)

    def base(self, cell: Cell) -> str:
        """Write a base, or how that of a hidden cell compares with the minimum."""
        if isfinite(cell.base_unweighted):
            return self.count(cell.base_unweighted)
        return f"{'≥' if cell.protects else '<'}{self.study.report.min_base}"

    def respondents(self, cell: Cell) -> str:
        """Write a base with its letter: ``n = 304``, ``n < 30``."""
        text = self.base(cell)
        return f"n {text[0]} {text[1:]}" if text[0] in "<≥" else f"n = {text}"

    def interval(self, cell: Cell) -> str:
        """Write the interval of a cell with its level."""
        ends = interval(cell.conf_low, cell.conf_high, self.language)
        return f"{self.level_interval}: {ends}" if ends else ""

    @property
    def level_interval(self) -> str:
        """``95% interval``."""
        return self.say("interval", level=percent(self.level, self.language))

    @property
    def level(self) -> float:
        """Confidence level, 0 to 1."""
        return self.study.report.conf_level

    @property
    def wave_label(self) -> str:
        """Name of the wave; a bare export has none."""
        return "" if self.drafted else label_of(self.wave.wave, self.language)

    @property
    def weighted(self) -> bool:
        """Whether the wave has weights, made here or in the export."""
        return self.wave.weighting is not None or bool(self.study.design.weight)


def method_line(context: Context, kind: str) -> str:
    """Say in one line how the numbers were weighted and where intervals stand.

    Parameters
    ----------
    context : Context
        The wave.
    kind : {"bars_are", "net_is", "stacks_are", "margin_is"}
        Where the intervals stand.

    Returns
    -------
    str
        For the foot of a figure.
    """
    level = percent(context.level, context.language)
    return f"{weight_line(context)} {context.say(kind, level=level)}"


def weight_line(context: Context) -> str:
    """Say in one sentence where the weights come from.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        Margins, or the column of the export.
    """
    plan, column = context.study.main_weights, context.study.design.weight
    if context.weighted and plan is not None:
        names = [margin_name(context, plan.columns(m)) for m in plan.margins]
        names += [in_sentence(context, name) for name in plan.totals]
        key = "weighted_by_calibration" if plan.calibrated else "weighted_by"
        return context.say(key, margins=joined(context, names))
    if column:
        return context.say("weighted_by_file", column=column)
    return context.say("not_weighted")


def margin_name(context: Context, columns: Sequence[str]) -> str:
    """Give the name of a margin as it stands inside a sentence.

    Parameters
    ----------
    context : Context
        The wave.
    columns : sequence of str
        Questions of the margin.

    Returns
    -------
    str
        Such as ``size`` or, crossed, ``size × region``.
    """
    return " × ".join(in_sentence(context, name) for name in columns)


def source_line(context: Context) -> str:
    """Name the source of the numbers.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        For the foot of a figure.
    """
    source = context.text(context.study.source) or context.wave.responses.source.name
    wave = f", {context.wave_label}" if context.wave_label else ""
    return context.say("source", source=f"{source}{wave}")


def base_line(context: Context, question: Question, cells: list[Cell]) -> str:
    """Name the base of a question with its number of respondents.

    Parameters
    ----------
    context : Context
        The wave.
    question : Question
        The question.
    cells : list of Cell
        One Total cell for every row that has a base of its own.

    Returns
    -------
    str
        Base, routing, n, and where "don't know" stands.
    """
    base = context.say(f"base_{usual_base(context, question)}")
    routing = ""
    if question.asked_if:
        told = routing_text(context, parse_routing(question.asked_if))
        routing = context.say("asked_of", routing=told)
    parts = {"base": base, "routing": routing}
    ordered = sorted(cells, key=lambda cell: _least(context, cell))
    ends = [context.base(ordered[n]) for n in (0, -1)] if ordered else ["0", "0"]
    if ends[0] == ends[1]:
        told = context.respondents(ordered[0]) if ordered else "n = 0"
        line = context.say("base_line", n=told, **parts)
    else:
        line = context.say("base_line_items", low=ends[0], high=ends[1], **parts)
    return " ".join(filter(None, [line, *_choices(context, question)]))


def _least(context: Context, cell: Cell) -> float:
    """Give the smallest base that a cell may have, as far as it is told."""
    if isfinite(cell.base_unweighted):
        return cell.base_unweighted
    return context.study.report.min_base if cell.protects else 0


def usual_base(context: Context, question: Question) -> str:
    """Say which base the numbers of a question have.

    Parameters
    ----------
    context : Context
        The wave.
    question : Question
        The question.

    Returns
    -------
    str
        ``asked``, ``answered``, ``named`` or ``all``.
    """
    if question.kind == "numeric":
        return "answered"
    if question.kind == "text":
        known = context.wave.responses.questionnaire.routing == "stated"
        return "asked" if known else "all"
    rule = context.study.bases.get(question.id, question.base)
    if rule == "named" and question.kind != "multiple":
        return "answered"
    return rule


def routing_text(context: Context, condition: Condition) -> str:
    """Put a routing into words, with labels instead of codes.

    Parameters
    ----------
    context : Context
        The wave.
    condition : Comparison or Combination
        Who is asked.

    Returns
    -------
    str
        Such as ``"Stage" is "Pilot" or "In production"``.
    """
    if isinstance(condition, Comparison):
        return _comparison_text(context, condition)
    parts = [routing_text(context, part) for part in condition.parts]
    if condition.operator == "not":
        return f"{context.say('not')} ({parts[0]})"
    return f" {context.say(condition.operator)} ".join(parts)


def _comparison_text(context: Context, comparison: Comparison) -> str:
    """Put one comparison into words."""
    question = context.wave.responses.questionnaire.question(comparison.question)
    labels = list(comparison.codes)
    if question is not None:
        known = {c.code: context.text(c.label) for c in question.categories}
        labels = [known.get(code, code) for code in comparison.codes]
    keys = {"in": "route_in", "not in": "route_not"}
    return context.say(
        keys.get(comparison.operator, "route_size"),
        question=_compared(context, question, comparison),
        answers=quoted(context, labels, "or"),
        sign=comparison.operator,
    )


def _compared(
    context: Context, question: Question | None, comparison: Comparison
) -> str:
    """Name what a routing compares: a question, or an item with its grid."""
    if question is None:
        return comparison.question
    items = [i.label for i in question.items if i.code == comparison.item]
    return ": ".join(map(context.text, [question.label, *items]))


def _choices(context: Context, question: Question) -> list[str]:
    """Say how many answers were possible, and where "don't know" stands."""
    texts = []
    if question.kind == "multiple":
        cap = question.max_choices
        texts.append(context.say("capped", n=cap) if cap else context.say("several"))
    unsure = [category for category in question.categories if category.dont_know]
    if unsure and not question.dont_know_in_base:
        texts.append(context.say("dk_out"))
    elif unsure and question.kind == "single":
        texts.append(_without_dont_know(context, question))
    elif unsure and _somebody_said(context, question, unsure[0].code):
        texts.append(context.say("dk_counts", label=context.text(unsure[0].label)))
    return texts


def _somebody_said(context: Context, question: Question, code: str) -> bool:
    """Say whether an answer occurs, or is hidden and may occur."""
    found = context.wave.question(question.id)
    names = [variable.name for variable in found.variables] if found else []
    cells = [context.wave.unweighted.get((name, code)) for name in names]
    return any(cell.hidden or cell.count > 0 for cell in cells if cell is not None)


def _without_dont_know(context: Context, question: Question) -> str:
    """Give the base without "don't know", where somebody said so."""
    unsure = [category for category in question.categories if category.dont_know]
    cells = [context.wave.unweighted.get((question.id, c.code)) for c in unsure]
    known = [cell for cell in cells if cell is not None and not cell.hidden]
    said = sum(cell.count for cell in known)
    if not known or said == 0:
        return ""
    rest = known[0].base_unweighted - said
    label = context.text(unsure[0].label)
    return context.say("dk_in", label=label, n=context.count(rest))


def in_sentence(context: Context, name: str) -> str:
    """Give the short label of a question as it stands inside a sentence.

    Parameters
    ----------
    context : Context
        The wave.
    name : str
        Id of a question.

    Returns
    -------
    str
        In English without its capital, unless it is an acronym; the id where the
        wave has no such question.
    """
    found = context.wave.question(name)
    label = context.text(found.question.label) if found else name
    acronym = label[1:2].isupper() or context.language == "de"
    return label if acronym else label[:1].lower() + label[1:]


def quoted(context: Context, texts: Sequence[str], last: str = "and") -> str:
    """Put texts in quotation marks and join them.

    Parameters
    ----------
    context : Context
        The wave.
    texts : sequence of str
        Labels.
    last : {"and", "or"}
        What joins the last two.

    Returns
    -------
    str
        Such as ``"Lack of skills" and "Cost"``.
    """
    marked = [context.say("quoted", text=text) for text in texts]
    return joined(context, marked, last)


def joined(context: Context, names: Sequence[str], last: str = "and") -> str:
    """Join names with commas and a last "and" or "or".

    Parameters
    ----------
    context : Context
        The wave.
    names : sequence of str
        What is joined.
    last : {"and", "or"}
        What joins the last two.

    Returns
    -------
    str
        Such as ``size, industry and region``.
    """
    if len(names) < len(("one", "two")):
        return "".join(names)
    return f"{', '.join(names[:-1])} {context.say(last)} {names[-1]}"
