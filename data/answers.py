"""What respondents answer: every question drawn to the shares of ``plan.yaml``.

A cell is a code, ``""`` where the question was not asked, or `UNANSWERED` where it
was asked and skipped. Columns are named as in `survey.responses.table.Responses`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from draws import FloatArray, IntArray, lean_to, settle, spread
from numpy.typing import NDArray

from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import Comparison, asked, parse_routing

UNANSWERED = "?"
# Draws of a number, of which the one closest to the planned mean is kept.
TRIES = 300
# Category that a straightliner ticks in every row of a grid.
STRAIGHT = {"functions": 1, "concerns": 1, "preference_by": 2}
STAGE_DRAW = "stage_draw"
EUROPE = 1
BoolArray = NDArray[np.bool_]
TextArray = NDArray[np.object_]
Cells = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Wave:
    """All that the answers of one wave depend on.

    Attributes
    ----------
    year : int
        Year of the wave.
    questionnaire : Questionnaire
        Its instrument.
    plan : mapping
        ``plan.yaml``.
    people : DataFrame
        One row per record: organisation, traits, status.
    weight : float array (n,)
        Raked weight; 0 for records that are not complete.
    straight : bool array (n,)
        Straightliners.
    rng : Generator
        Source of randomness.
    """

    year: int
    questionnaire: Questionnaire
    plan: Mapping[str, Any]
    people: pd.DataFrame
    weight: FloatArray
    straight: BoolArray
    rng: np.random.Generator


Draw = Callable[[Wave, Question, BoolArray], Cells]


def draw_answers(wave: Wave) -> pd.DataFrame:
    """Draw the answers to all questions, in the order of the questionnaire.

    Parameters
    ----------
    wave : Wave
        The wave.

    Returns
    -------
    DataFrame
        One row per record, one text column for each answer, and ``stage_draw``, the
        uniform number that decided the stage.
    """
    answers: Cells = {}
    for question in wave.questionnaire.questions:
        answers |= _draw_question(wave, question, _is_asked(wave, question, answers))
    return pd.DataFrame(answers, index=wave.people.index)


def _is_asked(
    wave: Wave, question: Question, answers: Mapping[str, NDArray[Any]]
) -> BoolArray:
    """Apply the routing of a question to the answers before it."""

    def compare(comparison: Comparison) -> BoolArray:
        return np.isin(answers[comparison.question].astype(str), comparison.codes)

    if question.asked_if is None:
        return np.ones(len(wave.people), dtype=bool)
    return asked(parse_routing(question.asked_if), compare)


def _draw_question(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw the answers to one question, by its name or else by its kind."""
    by_name: dict[str, Draw] = {
        "size": _known,
        "industry": _known,
        "region": _known,
        "stage": _stage,
        "reasons": _reasons,
    }
    by_kind: dict[str, Draw] = {
        "single": _single,
        "grid": _grid,
        "multiple": _multiple,
        "numeric": _share,
        "text": _open,
    }
    draw = by_name.get(question.id, by_kind[question.kind])
    return draw(wave, question, is_asked)


def _single(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw the answers to a question with one answer."""
    plan = wave.plan["single"][question.id]
    return {question.id: _choose(wave, question, plan, plan[wave.year], is_asked)}


def _grid(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw the answers to every row of a grid."""
    plan = wave.plan["grid"][question.id]
    rows: dict[str, dict[int, list[float]]] = plan["items"]
    return {
        f"{question.id}_{code}": _choose(
            wave, question, plan, shares[wave.year], is_asked
        )
        for code, shares in rows.items()
    }


def _open(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Let some people write a text."""
    writes = wave.rng.random(len(is_asked)) < wave.plan["comments"]
    return {question.id: _texts(wave, question.id, is_asked & writes)}


def _known(wave: Wave, question: Question, _: BoolArray) -> Cells:
    """Give what is known of the organisation already, and the text beside it."""
    codes = np.array([c.code for c in question.categories], dtype=object)
    answer = codes[wave.people[question.id].to_numpy(int)]
    return {question.id: answer, **_beside(wave, question, {question.id: answer})}


def _skips(wave: Wave, count: int) -> BoolArray:
    """Choose who leaves a question unanswered."""
    return np.asarray(wave.rng.random(count) < wave.plan["unanswered"])


def _choose(
    wave: Wave,
    question: Question,
    plan: Mapping[str, Any],
    planned: list[float],
    is_asked: BoolArray,
) -> TextArray:
    """Draw one category for everyone who is asked."""
    at = np.flatnonzero(is_asked)
    skipped = _skips(wave, len(at))
    uniform = spread(wave.rng, len(at))
    preset = np.where(wave.straight[at], STRAIGHT.get(question.id, -1), -1)
    weight = wave.weight[at] * ~skipped
    settled = _settle(wave, plan, planned, at, weight, uniform, preset)
    codes = np.array([c.code for c in question.categories], dtype=object)
    answer = np.full(len(is_asked), "", dtype=object)
    answer[at] = np.where(skipped, UNANSWERED, codes[settled])
    return answer


def _settle(
    wave: Wave,
    plan: Mapping[str, Any],
    planned: list[float],
    at: IntArray,
    weight: FloatArray,
    uniform: FloatArray,
    preset: IntArray | None = None,
) -> IntArray:
    """Draw categories that lean to a trait and meet the planned shares."""
    shares = np.array(planned, dtype=float)
    trait = wave.people[plan["trait"]].to_numpy(float)[at]
    chance = lean_to(shares, np.array(plan["lean"], dtype=float), trait, weight)
    return settle(chance, shares, weight, uniform, preset)


def _stage(wave: Wave, question: Question, _: BoolArray) -> Cells:
    """Draw the stage, which people of one organisation mostly agree on.

    An organisation keeps its uniform number, so that it also stays near its stage
    from wave to wave.
    """
    plan = wave.plan["single"]["stage"]
    group, numbers = pd.factorize(wave.people["number"])
    uniform = spread(wave.rng, len(numbers))[group]
    before = wave.people[STAGE_DRAW].to_numpy(float)
    uniform = np.where(np.isnan(before), uniform, before)
    at = np.arange(len(group))
    settled = _settle(wave, plan, plan[wave.year], at, wave.weight, uniform)
    codes = np.array([c.code for c in question.categories], dtype=object)
    return {"stage": codes[settled], STAGE_DRAW: uniform}


def _multiple(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw any number of options, or one that excludes the others."""
    plan = wave.plan["multiple"][question.id]
    shares: dict[str, float] = plan[wave.year]
    at = np.flatnonzero(is_asked)
    skipped = _skips(wave, len(at))
    weight = wave.weight[at] * ~skipped
    trait = wave.people[plan["trait"]].to_numpy(float)[at]
    alone = [c.code for c in question.categories if c.exclusive]
    single = _exclusive(wave, np.array([shares[code] for code in alone]), weight)
    open_to = single == len(alone)
    left = 1 - sum(shares[code] for code in alone)
    picked = {code: single == i for i, code in enumerate(alone)}
    for category in question.categories:
        code = category.code
        if code not in picked:
            share = np.array([1 - shares[code] / left, shares[code] / left])
            lean = np.array([0, plan["lean"].get(code, 0.0)])
            chance = lean_to(share, lean, trait, weight * open_to)
            draws = spread(wave.rng, len(at))
            drawn = settle(chance, share, weight * open_to, draws)
            picked[code] = (drawn == 1) & open_to
    _name_one(wave, picked, shares, alone)
    columns = _option_columns(question, picked, is_asked, skipped)
    return {**columns, **_beside(wave, question, columns)}


def _exclusive(wave: Wave, shares: FloatArray, weight: FloatArray) -> IntArray:
    """Draw exclusive options; the position after the last one means none of them."""
    planned = np.append(shares, 1 - shares.sum())
    chance = np.tile(planned, (len(weight), 1))
    uniform = spread(wave.rng, len(weight))
    return settle(chance, planned, weight, uniform)


def _name_one(
    wave: Wave,
    picked: dict[str, BoolArray],
    shares: Mapping[str, float],
    alone: list[str],
) -> None:
    """Let everyone who picked nothing name one option; changes `picked`."""
    codes = [code for code in shares if code not in [*alone, "other"]]
    odds = np.array([shares[code] for code in codes])
    steps = np.cumsum(odds / odds.sum())[:-1]
    empty = np.flatnonzero(~np.any(list(picked.values()), axis=0))
    one = (wave.rng.random(len(empty))[:, None] > steps).sum(axis=1)
    for row, position in zip(empty, one, strict=True):
        picked[codes[position]][row] = True


def _option_columns(
    question: Question,
    picked: Mapping[str, BoolArray],
    is_asked: BoolArray,
    skipped: BoolArray,
) -> Cells:
    """Write choices as one column of 1 and 0 per option."""
    columns = {}
    for category in question.categories:
        column = np.full(len(is_asked), "", dtype=object)
        marks = np.where(picked[category.code], "1", "0").astype(object)
        column[is_asked] = np.where(skipped, UNANSWERED, marks)
        columns[f"{question.id}_{category.code}"] = column
    return columns


def _reasons(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw up to three reasons, each with its relative weight."""
    plan = wave.plan["reasons"]
    count = int(is_asked.sum())
    odds = np.log([plan["weights"][c.code] for c in question.categories])
    # The largest of log weight plus Gumbel noise is a draw with these weights.
    noise = -np.log(-np.log(wave.rng.random((count, len(odds)))))
    rank = np.argsort(np.argsort(-(odds + noise), axis=1, kind="stable"), axis=1)
    steps = np.cumsum(plan["named"])[:-1]
    named = 1 + (wave.rng.random(count)[:, None] > steps).sum(axis=1)
    picked = {c.code: rank[:, i] < named for i, c in enumerate(question.categories)}
    skipped = _skips(wave, count)
    return _option_columns(question, picked, is_asked, skipped)


def _share(wave: Wave, question: Question, is_asked: BoolArray) -> Cells:
    """Draw a percentage, mostly in steps of five, whose weighted mean is planned."""
    at = np.flatnonzero(is_asked)
    skipped = wave.rng.random(len(at)) < 3 * wave.plan["unanswered"]
    weight = wave.weight[at] * ~skipped
    openness = wave.people["openness"].to_numpy(float)[at]
    planned = wave.plan["numeric"][question.id][wave.year]
    # A sum of three uniform numbers: bell-shaped and bounded.
    noise = wave.rng.random((TRIES, len(at), 3)).sum(axis=2) - 1.5
    values = np.clip(planned + 10 * openness + 36 * noise, 0, 100)
    exact = wave.rng.random(len(at)) < 0.1
    values = np.where(exact, np.round(values), 5 * np.round(values / 5))
    gap = np.abs(values @ weight / weight.sum() - planned)
    kept = values[int(np.argmin(gap.round(9)))]
    answer = np.full(len(is_asked), "", dtype=object)
    texts = np.array([str(int(value)) for value in kept], dtype=object)
    answer[at] = np.where(skipped, UNANSWERED, texts)
    return {question.id: answer}


def _beside(wave: Wave, question: Question, answers: Mapping[str, TextArray]) -> Cells:
    """Draw the texts typed beside the categories that ask for one."""
    found = {}
    for category in question.categories:
        if category.specify:
            one = question.kind == "single"
            name = question.id if one else f"{question.id}_{category.code}"
            chosen = answers[name] == (category.code if one else "1")
            found[f"{question.id}_{category.code}_text"] = _texts(
                wave, question.id, chosen
            )
    return found


def _texts(wave: Wave, name: str, who: BoolArray) -> TextArray:
    """Deal texts out, each once before any comes again; German ones in Europe."""
    pools: dict[str, list[str]] = wave.plan["texts"][name]
    european = wave.people["region"].to_numpy(int) == EUROPE
    answer = np.full(len(who), "", dtype=object)
    for language, there in (("de", european), ("en", ~european)):
        pool = pools[language]
        for deal, row in enumerate(np.flatnonzero(who & there)):
            answer[row] = pool[deal % len(pool)]
    return answer
