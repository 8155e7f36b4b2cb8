"""Recodes: codes taken together so that two waves can be compared.

What is taken together is written in the study, code by code; two codes of a wave that
the study does not name together are never joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.errors import some
from survey.questionnaire.dump import written_code
from survey.questionnaire.model import Question
from survey.questionnaire.scales import is_other
from survey.waves.answers import Answers
from survey.waves.match import substance
from survey.waves.texts import label_of

Codes = tuple[str, ...]
_EITHER: Final = ""


@dataclass(frozen=True, slots=True)
class Recode:
    """Codes of both waves that count as one.

    ``code`` names the row; ``newer`` and ``older`` are the codes of each wave.
    """

    code: str
    newer: Codes
    older: Codes


def read_recode(
    stated: Mapping[str, Mapping[str, Codes]],
    names: tuple[str, str],
    newer: Question,
    older: Question,
    codes: Mapping[str, Codes],
) -> tuple[Recode, ...]:
    """Say which codes of both waves a recode of the study takes together.

    Parameters
    ----------
    stated : mapping of code to {wave: codes}
        As in the study; codes without a wave are those of either.
    names : (str, str)
        Newer and older wave.
    newer, older : Question
        The question in both waves.
    codes : mapping of str to tuple of str
        Newer codes, with the older ones that they stand for.

    Returns
    -------
    tuple of Recode
        In the order of the study; only those of which both waves have a code.

    Examples
    --------
    >>> def question(*codes):
    ...     entries = [{"code": c, "label": c} for c in codes]
    ...     return Question(id="q", kind="single", label="Q", categories=entries)
    >>> read_recode({"ai": {"": ("genai", "ml")}}, ("2025", "2024"),
    ...             question("ai", "none"), question("genai", "ml", "none"), {})
    (Recode(code='ai', newer=('ai',), older=('genai', 'ml')),)
    """
    now = {category.code for category in newer.categories}
    before = {category.code for category in older.categories}
    found = []
    for code, held in stated.items():
        given = held.get(names[0], held.get(_EITHER, ()))
        mine = tuple(c for c in given if c in now)
        given = held.get(names[1], held.get(_EITHER, ()))
        theirs = _older(given, before, now if names[1] not in held else set(), codes)
        mine = mine or ((code,) if code in now else ())
        theirs = theirs or ((code,) if code in before else ())
        if mine and theirs:
            found.append(Recode(code, mine, theirs))
    return tuple(found)


def _older(
    given: Codes, before: set[str], now: set[str], codes: Mapping[str, Codes]
) -> Codes:
    """Give the older codes that are named, or that named newer codes stand for."""
    listed: list[str] = []
    for code in given:
        if code in now and codes.get(code):
            listed += codes[code]
        elif code in before:
            listed.append(code)
    return tuple(dict.fromkeys(listed))


def recode_problems(
    stated: Mapping[str, Mapping[str, Codes]],
    names: tuple[str, str],
    newer: Question,
    older: Question,
    codes: Mapping[str, Codes],
) -> list[tuple[str, str]]:
    """Find what a recode of the study does not say, or says twice.

    Parameters
    ----------
    stated, names, newer, older, codes
        As for `read_recode`.

    Returns
    -------
    list of (str, str)
        Code of the recode, and what is wrong with it and what to do.

    Examples
    --------
    >>> question = Question(id="q", kind="single", label="Q", categories=[
    ...     {"code": "a", "label": "A"}, {"code": "b", "label": "B"}])
    >>> stated = {"c": {"": ("a",)}, "d": {"": ("a", "b")}}
    >>> recode_problems(stated, ("2025", "2024"), question, question, {})[0]
    ('d', "'a' of wave 2025 stands in 'c', 'd'. Keep one.")
    """
    found: list[tuple[str, str]] = []
    sides = zip(names, (newer, older), strict=True)
    known = {name: [c.code for c in question.categories] for name, question in sides}
    for code, held in stated.items():
        found += [(code, text) for text in _unknown(code, held, known)]
    if found:
        return found
    recodes = read_recode(stated, names, newer, older, codes)
    for recode in recodes:
        found += _silent(recode, recode.newer, known[names[0]], names[0])
        found += _silent(recode, recode.older, known[names[1]], names[1])
    for recode in recodes if not found else ():
        found += _silent_twin(recode, codes, names)
    found += _twice(names[0], [(r.code, r.newer) for r in recodes])
    return found + _twice(names[1], [(r.code, r.older) for r in recodes])


def _twice(wave: str, rows: Sequence[tuple[str, Codes]]) -> list[tuple[str, str]]:
    """Find codes that stand in two rows."""
    held: dict[str, str] = {}
    found = []
    for row, codes in rows:
        for code in codes:
            if held.setdefault(code, row) != row:
                text = f"{code!r} of wave {wave} stands in {some([held[code], row])}."
                found.append((row, f"{text} Keep one."))
    return found


def _unknown(
    code: str, held: Mapping[str, Codes], known: Mapping[str, Sequence[str]]
) -> list[str]:
    """Find codes that no wave has."""
    either = [c for codes in known.values() for c in codes]
    texts = []
    for wave, given in held.items():
        there = known.get(wave, either if wave == _EITHER else list(given))
        wrong = [c for c in given if c not in there]
        where = f"wave {wave}" if wave else " or ".join(f"wave {w}" for w in known)
        if wrong:
            listed = some(dict.fromkeys(there), 40)
            texts.append(
                f"{code!r} takes {some(wrong)}, which is no code of {where}. "
                f"Codes: {listed}."
            )
    return texts


def _silent(
    recode: Recode, taken: Codes, known: Sequence[str], wave: str
) -> list[tuple[str, str]]:
    """Find a code that the row of a recode would take without being told."""
    if recode.code not in known or recode.code in taken:
        return []
    written = ", ".join(_written(code) for code in (recode.code, *taken))
    text = (
        f"{recode.code!r} takes {some(taken)} and would silently take {recode.code!r} "
        f"of wave {wave} as well. Write {recode.code}: [{written}], or give the recode "
        "a name that is no code."
    )
    return [(recode.code, text)]


def _silent_twin(
    recode: Recode, codes: Mapping[str, Codes], names: tuple[str, str]
) -> list[tuple[str, str]]:
    """Find answers that are the same in both waves, of which only one is named."""
    pairs = [(now, was[0]) for now, was in codes.items() if len(was) == 1]
    missed = [(was, 1) for now, was in pairs if now in recode.newer]
    missed += [(now, 0) for now, was in pairs if was in recode.older]
    sides = (recode.newer, recode.older)
    found = []
    for code, at in missed:
        if code not in sides[at]:
            text = (
                f"{recode.code!r} takes {some(sides[1 - at])} of wave {names[1 - at]}, "
                f"and {code!r} of wave {names[at]} is the same answer as one of them: "
                "two codes would be mapped to one silently. "
                f"Name {code!r} as well, or neither."
            )
            found.append((recode.code, text))
    return found


def propose_recode(newer: Question, older: Question, answers: Answers) -> list[Recode]:
    """Find a recode that would make the answers of two waves comparable.

    Parameters
    ----------
    newer, older : Question
        The question in both waves.
    answers : Answers
        What stands for what.

    Returns
    -------
    list of Recode
        Answers that were joined or taken apart, and options that only one wave has
        together with "other". Empty where nothing helps.

    Examples
    --------
    >>> from survey.waves.answers import compare_answers
    >>> older = Question(id="q", kind="single", label="Q", categories=[
    ...     {"code": 1, "label": "Law"}, {"code": 7, "label": "Other"}])
    >>> newer = older.model_copy(update={"categories": (
    ...     *older.categories, older.categories[0].model_copy(
    ...         update={"code": "3", "label": {"": "Cost"}}))})
    >>> propose_recode(newer, older, compare_answers(newer, older, vouched=False))
    [Recode(code='7', newer=('7', '3'), older=('7',))]
    """
    found = [Recode(_row(now, was), now, was) for now, was in answers.joined]
    if not newer.categories or answers.scale or answers.relabelled:
        return found
    listed = [c for q in (newer, older) for c in substance(q.categories)]
    plain = {category.code for category in listed if not category.exclusive}
    loose = {*answers.added, *answers.removed}
    # Who chose an option that the other wave lacks would have been among the others.
    other = [c for c in substance(newer.categories) if is_other(label_of(c))]
    was = answers.codes.get(other[0].code, ()) if other else ()
    if loose and loose <= plain and len(was) == 1:
        code = other[0].code
        return [
            *found,
            Recode(code, (code, *answers.added), (*was, *answers.removed)),
        ]
    return found


def _row(newer: Codes, older: Codes) -> str:
    """Name a row for answers that were joined or taken apart."""
    if len(newer) == 1:
        return newer[0]
    return older[0] if len(older) == 1 else f"{newer[0]}_to_{newer[-1]}"


def written_recode(
    newer: Question,
    older: Question,
    recodes: Iterable[Recode],
    names: tuple[str, str],
    codes: Mapping[str, Codes],
) -> str:
    """Write what accepts the recodes of a question.

    Parameters
    ----------
    newer, older : Question
        The question in both waves.
    recodes : iterable of Recode
        Of that question.
    names : (str, str)
        Newer and older wave.
    codes : mapping of str to tuple of str
        As for `read_recode`.

    Returns
    -------
    str
        To stand under ``recodes`` of the newer wave in the study; waves are named
        where the same code means different answers. Empty without recodes.

    Examples
    --------
    >>> older = Question(id="q7", kind="single", label="Q", categories=[
    ...     {"code": c, "label": c} for c in ("genai", "ml", "none")])
    >>> newer = Question(id="q7", kind="single", label="Q", categories=[
    ...     {"code": c, "label": c} for c in ("ai", "none")])
    >>> merged = Recode("ai", ("ai",), ("genai", "ml"))
    >>> written_recode(newer, older, [merged], ("2025", "2024"), {})
    'q7: {ai: [ai, genai, ml]}'
    """
    rows = []
    for recode in recodes:
        both = tuple(dict.fromkeys((*recode.newer, *recode.older)))
        stated = {recode.code: {"": both}}
        plain = read_recode(stated, names, newer, older, codes) == (recode,)
        by_wave = zip(names, (recode.newer, recode.older), strict=True)
        apart = ", ".join(f"{_written(name)}: {_list(side)}" for name, side in by_wave)
        rows.append(
            f"{_written(recode.code)}: {_list(both) if plain else f'{{{apart}}}'}"
        )
    return f"{_written(newer.id)}: {{{', '.join(rows)}}}" if rows else ""


def _list(codes: Codes) -> str:
    """Write codes as a list of YAML."""
    return f"[{', '.join(map(_written, codes))}]"


def _written(code: str) -> str:
    """Write a code so that YAML reads it back as the same text."""
    plain = written_code(code)
    if isinstance(plain, int):
        return str(plain)
    safe = code.replace("_", "a").isalnum() and code[:1].isalpha()
    words = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}
    return code if safe and code.lower() not in words else f"{code!r}"
