"""Contracts as rows of a table, and as lines for a terminal.

Nothing is left out: a question to which nothing happened has a row as well.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from survey.waves.contract import (
    Change,
    QuestionContract,
    Statistic,
    Verdict,
    WaveContract,
)

COLUMNS: Final = (
    "wave",
    "against",
    "question",
    "earlier",
    "change",
    "code",
    "before",
    "after",
    "share",
    "net",
    "mean",
    "rank",
    "because",
    "recode",
    "accepted",
    "common_base",
    "reason",
)
_VERDICTS: Final[dict[Verdict, str]] = {
    "comparable": "comparable",
    "common_base": "comparable on the common base",
    "recode": "comparable after a recode",
    "not_comparable": "not comparable",
}
_WIDE: Final[tuple[Statistic, ...]] = ("mean", "rank")
_ACCEPTED: Final = "comparable by the accepted recode"
_WIDTH: Final = 60
# What an analyst may know better than a comparison of texts.
_VOUCHED: Final = (
    "reused_id",
    "reworded",
    "scale_changed",
    "options_reworded",
    "options_added",
    "options_removed",
    "cap_changed",
)


def contract_rows(contracts: Iterable[WaveContract]) -> pd.DataFrame:
    """Put contracts into a table, one row per change.

    Parameters
    ----------
    contracts : iterable of WaveContract
        Pairs of waves.

    Returns
    -------
    DataFrame
        Texts only. ``share`` to ``rank`` hold the verdict on the code of the row, or
        on the question as a whole; they are empty for a change of the survey and for
        questions that one wave alone has.

    Examples
    --------
    >>> same = QuestionContract("q", "q", (Change("same", "q"),))
    >>> frame = contract_rows([WaveContract("2025", "2024", {"q": same})])
    >>> frame.loc[0, ["wave", "question", "change"]].tolist()
    ['2025', 'q', 'same']
    """
    rows = [row for contract in contracts for row in _rows(contract)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _rows(contract: WaveContract) -> Iterator[list[str]]:
    """Give the rows of one pair of waves."""
    waves = [contract.newer, contract.older]
    for change in contract.changes:
        earlier = change.question if change.kind == "dropped" else ""
        name = "" if earlier else change.question
        texts = [change.kind, change.code, change.before, change.after]
        yield [*waves, name, earlier, *texts, *[""] * 9]
    for pact in contract.questions.values():
        for change in pact.changes:
            yield [*waves, pact.question, pact.earlier, *_change(pact, change)]


def _change(pact: QuestionContract, change: Change) -> list[str]:
    """Describe one change of a question and what follows from all of them."""
    own = change.code if ("share", change.code) in pact.consequences else ""
    share = pact.consequence("share", own)
    rest = [pact.consequence("net"), pact.consequence("mean"), pact.consequence("rank")]
    recode = "; ".join(f"{c}: {', '.join(held)}" for c, held in pact.recode.items())
    return [
        change.kind,
        change.code,
        change.before,
        change.after,
        share.verdict,
        *(consequence.verdict for consequence in rest),
        share.because,
        recode,
        ("yes" if pact.accepted else "no") if recode else "",
        pact.common_base,
        next(iter(pact.reason.values()), ""),
    ]


def contract_lines(contract: WaveContract) -> Iterator[str]:
    """Say what happened to every question, for a terminal.

    Parameters
    ----------
    contract : WaveContract
        A pair of waves.

    Yields
    ------
    str
        One line per change, then the counts.

    Examples
    --------
    >>> from survey.waves.contract import Consequence
    >>> same = QuestionContract("q", "q", (Change("same", "q"),),
    ...                         consequences={("share", ""): Consequence("comparable")})
    >>> list(contract_lines(WaveContract("2025", "2024", {"q": same})))
    ['2025 against 2024', '  1 question without a change: q', '  1 comparable']
    """
    yield f"{contract.newer} against {contract.older}"
    for change in contract.changes:
        yield f"  {_line(change)}"
    pacts = contract.questions.values()
    plain = [p.question for p in pacts if p.changes[0].kind == "same"]
    for pact in pacts:
        if pact.question not in plain:
            yield from _question_lines(pact)
    if plain:
        noun = "question" if len(plain) == 1 else "questions"
        yield f"  {len(plain)} {noun} without a change: {', '.join(plain)}"
    yield from (f"  {line}" for line in acceptance_lines(contract))
    yield f"  {_counts(contract)}"


def acceptance_lines(contract: WaveContract) -> list[str]:
    """Say what to write into the study to compare more.

    Parameters
    ----------
    contract : WaveContract
        A pair of waves.

    Returns
    -------
    list of str
        The recodes that are proposed, as one line to paste, and how to vouch for a
        question; empty where everything is compared.

    Examples
    --------
    >>> asked = QuestionContract("q", "q", (), proposal="q: {ai: [ai, ml]}")
    >>> acceptance_lines(WaveContract("2025", "2024", {"q": asked}))[1]
    '  recodes: {q: {ai: [ai, ml]}}'
    """
    proposals = [p.proposal for p in contract.questions.values() if p.proposal]
    lost = [
        pact.question
        for pact in contract.questions.values()
        if pact.consequence("share").verdict == "not_comparable"
        and pact.consequence("share").because in _VOUCHED
    ]
    lines = []
    if proposals:
        lines += [f"To accept these recodes, write under wave {contract.newer}:"]
        lines += [f"  recodes: {{{', '.join(proposals)}}}"]
    if lost:
        lines += [f"To vouch for a question, write under wave {contract.newer}:"]
        lines += [f"  comparable: {{{lost[0]}: why its answers still mean the same}}"]
    return lines


def _question_lines(pact: QuestionContract) -> Iterator[str]:
    """Describe one question that changed."""
    name = pact.question
    was = f" (was {pact.earlier})" if pact.earlier != name else ""
    yield f"  {name}{was}: {verdict_line(pact)}"
    for change in pact.changes:
        yield f"    {_line(change)}"


def verdict_line(pact: QuestionContract) -> str:
    """Say in a few words what follows for a question.

    Parameters
    ----------
    pact : QuestionContract
        A question in two waves.

    Returns
    -------
    str
        Verdict on the shares; statistics and codes that differ from it are named.

    Examples
    --------
    >>> from survey.waves.contract import Consequence
    >>> never = Consequence("not_comparable", "cap_changed")
    >>> pact = QuestionContract("q", "q", (), consequences={
    ...     ("share", ""): Consequence("comparable"), ("rank", ""): never,
    ...     ("mean", ""): Consequence("comparable")})
    >>> verdict_line(pact)
    'comparable; not comparable: rank'
    """
    whole = pact.consequence("share").verdict
    parts = [_VERDICTS[whole]]
    for verdict, text in _VERDICTS.items():
        told = [
            code
            for (statistic, code), each in pact.consequences.items()
            if statistic == "share" and code and each.verdict == verdict != whole
        ]
        told += [
            statistic
            for statistic in _WIDE
            if pact.consequence(statistic).verdict == verdict != whole
        ]
        if told:
            taken = verdict == "recode" and pact.accepted
            parts.append(f"{_ACCEPTED if taken else text}: {', '.join(told)}")
    if pact.common_base:
        parts.append(f"asked in both waves: {pact.common_base}")
    if pact.reason:
        parts.append(f"accepted: {next(iter(pact.reason.values()))}")
    return "; ".join(parts)


def _line(change: Change) -> str:
    """Describe one change."""
    text = change.kind.replace("_", " ")
    about = [part for part in (change.question, change.code) if part]
    head = f"{text}: {' '.join(about)}" if about else text
    shown = [_short(change.before), _short(change.after)]
    if not any(shown):
        return head
    return f"{head} [{shown[0] or '-'} -> {shown[1] or '-'}]"


def _short(text: str) -> str:
    """Cut a long text."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _WIDTH else f"{plain[: _WIDTH - 3]}..."


def _counts(contract: WaveContract) -> str:
    """Count the questions by what follows for their shares."""
    found: Counter[str] = Counter(
        pact.consequence("share").verdict for pact in contract.questions.values()
    )
    kinds: Counter[str] = Counter(change.kind for change in contract.changes)
    texts = [f"{found[v]} {text}" for v, text in _VERDICTS.items() if found[v]]
    texts += [f"{kinds[k]} {k}" for k in ("new", "dropped") if kinds[k]]
    return ", ".join(texts) or "no questions"
