"""How a question itself differs between two waves, its answers apart."""

from survey.questionnaire.drafting.options import match_options
from survey.questionnaire.model import Question, in_language
from survey.waves.consequences import Effect
from survey.waves.contract import Change
from survey.waves.match import Pair
from survey.waves.texts import differing_texts, is_trivial, label_of


def label_of_question(question: Question) -> str:
    """Give the short label of a question, in English where it has one.

    Parameters
    ----------
    question : Question
        Of a questionnaire.

    Returns
    -------
    str
        Its label.
    """
    return question.label.get("en", next(iter(question.label.values()), question.id))


def alien_change(pair: Pair) -> Change | None:
    """Say that a pair shares no more than its id, or not even the kind of answers.

    Parameters
    ----------
    pair : Pair
        A question in both waves.

    Returns
    -------
    Change or None
        None where there is something to compare.
    """
    newer, older = pair.newer, pair.older
    if pair.reused:
        texts = wording_of(older), wording_of(newer)
        return Change("reused_id", newer.id, "", *texts)
    if newer.kind != older.kind:
        return Change("kind_changed", newer.id, "", older.kind, newer.kind)
    return None


def own_changes(pair: Pair) -> list[Change]:
    """Say how a question itself differs: wording, number of answers, unit.

    Parameters
    ----------
    pair : Pair
        A question in both waves.

    Returns
    -------
    list of Change
        Empty where nothing differs.

    Examples
    --------
    >>> old = Question(id="q", kind="multiple", label="Q", max_choices=3)
    >>> new = old.model_copy(update={"max_choices": 5})
    >>> [(c.kind, c.before, c.after) for c in own_changes(Pair(new, old))]
    [('cap_changed', '3', '5')]
    """
    return [*_wording(pair), *_cap(pair), *_unit(pair)]


def own_effect(change: Change) -> Effect:
    """Say what a change of the question itself means.

    Parameters
    ----------
    change : Change
        From `own_changes`.

    Returns
    -------
    Effect
        Of words that carry no content only a remark.

    Examples
    --------
    >>> own_effect(Change("reworded", "q", "", "Which tools?", "Which tool?")).verdict
    'comparable'
    """
    trivial = change.kind == "reworded" and is_trivial(change.before, change.after)
    return Effect(change.kind, "comparable" if trivial else "not_comparable")


def wording_of(question: Question) -> str:
    """Give the wording of a question, or its label where it has none.

    Parameters
    ----------
    question : Question
        Of a questionnaire.

    Returns
    -------
    str
        In English where there is such a text.

    Examples
    --------
    >>> wording_of(Question(id="q", kind="text", label="Comments"))
    'Comments'
    """
    return in_language(question.wording or question.label, "en")


def _wording(pair: Pair) -> list[Change]:
    """Say how the wording differs."""
    newer, older = pair.newer, pair.older
    worded = bool(newer.wording and older.wording)
    now, before = (
        (newer.wording, older.wording) if worded else (newer.label, older.label)
    )
    texts = differing_texts(now, before)
    return [Change("reworded", newer.id, "", *texts)] if texts else []


def _cap(pair: Pair) -> list[Change]:
    """Say how many answers were allowed."""
    now, before = pair.newer.max_choices, pair.older.max_choices
    if now == before:
        return []
    return [Change("cap_changed", pair.newer.id, "", str(before or ""), str(now or ""))]


def _unit(pair: Pair) -> list[Change]:
    """Say in which unit numbers were given."""
    texts = differing_texts(pair.newer.unit, pair.older.unit)
    return [Change("scale_changed", pair.newer.id, "", *texts)] if texts else []


def item_changes(pair: Pair) -> tuple[dict[str, str], list[Change]]:
    """Pair the items of a grid.

    Parameters
    ----------
    pair : Pair
        A question in both waves.

    Returns
    -------
    (dict of str to str, list of Change)
        Newer items with the older ones, and those that one wave alone has.
    """
    now = {item.code: item for item in pair.newer.items}
    before = {item.code: item for item in pair.older.items}
    options = match_options(pair.older.items, pair.newer.items)
    name = pair.newer.id
    changes = [
        Change("items_added", name, code, "", label_of(now[code]))
        for code in options.added
    ]
    changes += [
        Change("items_removed", name, code, label_of(before[code]), "")
        for code in options.absent
    ]
    return dict(options.codes), changes
