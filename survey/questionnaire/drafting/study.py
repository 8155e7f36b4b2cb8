"""Write a study that a person can read and edit, with the reason for every proposal.

What is proposed and not certain stands in comments; it works when the ``#`` in front
of its lines is removed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from survey.questionnaire.drafting.uses import Use, Uses
from survey.questionnaire.drafting.weight import LikelyWeight
from survey.questionnaire.dump import as_comment, dump_mapping, written_code
from survey.questionnaire.model import Questionnaire, in_language

_HEAD: Final = (
    "How the export is analysed. Check the proposals, and remove the '#' in front of\n"
    "those that are right; keys of the same name belong together."
)
_LONGEST: Final = 60


def draft_study(
    study: Mapping[str, Any],
    questionnaire: Questionnaire,
    uses: Uses,
    weights: Sequence[LikelyWeight],
) -> str:
    """Write a draft study as YAML.

    Parameters
    ----------
    study : mapping
        Name, title, waves and other keys that are known.
    questionnaire : Questionnaire
        What was asked; gives the labels in the comments.
    uses : Uses
        Questions proposed for the banner and for indicators.
    weights : sequence of LikelyWeight
        Columns that may be the weight; one that the file declares is used.

    Returns
    -------
    str
        UTF-8 text. Banner questions are set; indicators and weights that are only
        likely are comments.

    Examples
    --------
    >>> asked = Questionnaire(id="a", title="A", questions=[])
    >>> text = draft_study({"name": "a"}, asked, Uses(), [])
    >>> text.splitlines()[2:]
    ['name: a', '', 'banner: []']
    """
    parts = [
        as_comment(_HEAD) + dump_mapping(study),
        _banner(questionnaire, uses.banner),
        _weights(weights),
        _indicators(questionnaire, uses),
    ]
    return "\n".join(filter(None, parts))


def _label(questionnaire: Questionnaire, question: str) -> str:
    """Give the label of a question in quotes, cut to the width of a comment."""
    found = questionnaire.question(question)
    label = in_language(found.label, "en") if found else ""
    short = label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"
    return f'"{short}"'


def _banner(questionnaire: Questionnaire, banner: Sequence[Use]) -> str:
    """Write the questions across the tables, one per line with the reason."""
    if not banner:
        return "banner: []\n"
    lines = [
        f"  - {use.question}   # {use.reason}: {_label(questionnaire, use.question)}\n"
        for use in banner
    ]
    return "".join(["# Questions across the tables.\n", "banner:\n", *lines])


def _weights(weights: Sequence[LikelyWeight]) -> str:
    """Write the declared weight as a key, and likely ones as comments."""
    if not weights:
        return ""
    first, *more = weights
    lines = dump_mapping({"design": {"weight": first.column}})
    head = f"Weight: {first.column!r} is {first.reason}."
    if more:
        others = "; ".join(f"{weight.column!r} ({weight.reason})" for weight in more)
        head += f"\nOther candidates: {others}."
    return as_comment(head) + (lines if first.declared else as_comment(lines))


def _indicators(questionnaire: Questionnaire, uses: Uses) -> str:
    """Write the proposed indicators as one block in comments."""
    proposed, reasons = _proposed(uses)
    if not proposed:
        return ""
    lines = [
        f"{name}: {_label(questionnaire, name)}: {reason}." for name, reason in reasons
    ]
    head = as_comment("\n".join(["Likely indicators:", *lines]))
    return f"{head}#\n{as_comment(dump_mapping({'indicators': proposed}))}"


def _proposed(uses: Uses) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Give the block of indicators, and the reason for each of its questions."""
    block: dict[str, Any] = {}
    reasons = []
    if uses.adoption:
        found = uses.adoption
        reasons.append((found.question, f"adoption, because {found.reason}"))
        block["adoption"] = {
            "question": found.question,
            "in_production": _codes(found.in_production),
            "using": _codes(found.using),
        }
    if uses.barriers:
        reasons += [
            (b.question, f"barriers, because {b.reason}") for b in uses.barriers
        ]
        block["barriers"] = [{"question": use.question} for use in uses.barriers]
    if uses.preference:
        preference = uses.preference
        reasons.append(
            (preference.question, f"preference, because {preference.reason}")
        )
        block["preference"] = {
            "overall": preference.question,
            **({"dimensions": preference.dimensions} if preference.dimensions else {}),
            "open": _codes(preference.open),
            "proprietary": _codes(preference.proprietary),
            **({"neutral": _codes(preference.neutral)} if preference.neutral else {}),
        }
    return block, reasons


def _codes(codes: Sequence[str]) -> list[int | str]:
    """Write codes as a questionnaire does."""
    return [written_code(code) for code in codes]
