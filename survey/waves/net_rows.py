"""Which codes of both waves a row of the comparison counts.

A net can be compared where all that it holds is, part by part or taken together: a net
of all parts of a merged answer needs no recode.
"""

from collections.abc import Mapping, Sequence

from survey.waves.answers import Answers, Codes
from survey.waves.consequences import Effect
from survey.waves.contract import ChangeKind
from survey.waves.joined import joined_kind
from survey.waves.recodes import Recode

Sides = tuple[Codes, Codes]


def code_rows(answers: Answers, accepted: Sequence[Recode]) -> dict[str, Sides]:
    """Give the rows of single codes, and of recodes that the study accepts.

    Parameters
    ----------
    answers : Answers
        What stands for what.
    accepted : sequence of Recode
        Codes taken together.

    Returns
    -------
    dict of str to (tuple of str, tuple of str)
        Row to the codes of the newer wave and those of the older one.

    Examples
    --------
    >>> both = Answers({"1": ("1",), "2": ("2",)})
    >>> code_rows(both, [Recode("2", ("2", "3"), ("2",))])
    {'1': (('1',), ('1',)), '2': (('2', '3'), ('2',))}
    """
    together = {c for now, _ in answers.joined for c in now}
    together |= {c for recode in accepted for c in recode.newer}
    found = {
        code: ((code,), was)
        for code, was in answers.codes.items()
        if code not in together
    }
    return found | {r.code: (r.newer, r.older) for r in accepted}


def net_sides(
    codes: Codes, answers: Answers, rows: Mapping[str, Sides]
) -> Sides | Effect:
    """Give the codes that a net counts in both waves.

    Parameters
    ----------
    codes : tuple of str
        Of the newer wave.
    answers : Answers
        What stands for what.
    rows : mapping of str to (tuple of str, tuple of str)
        As from `code_rows`.

    Returns
    -------
    (tuple of str, tuple of str) or Effect
        Codes of both waves, or what speaks against the net.

    Examples
    --------
    >>> merged = Answers({"ai": ("genai", "ml")}, ((("ai",), ("genai", "ml")),))
    >>> net_sides(("ai",), merged, {})
    (('ai',), ('genai', 'ml'))
    """
    parts = [*rows.values(), *answers.joined]
    inside = [part for part in parts if set(part[0]) <= set(codes)]
    held = {code for now, _ in inside for code in now}
    missing = [code for code in codes if code not in held]
    if not missing:
        older = dict.fromkeys(code for _, was in inside for code in was)
        return codes, tuple(older)
    kind = _lacking(missing[0], answers)
    partly = any(missing[0] in now for now, _ in answers.joined)
    return Effect(kind, "recode" if partly else "not_comparable", ("net",))


def _lacking(code: str, answers: Answers) -> ChangeKind:
    """Say why a code has no counterpart of its own."""
    for now, was in answers.joined:
        if code in now:
            return joined_kind(now, was)
    if code in answers.relabelled:
        return "options_reworded"
    return "scale_changed" if answers.scale else "options_added"
