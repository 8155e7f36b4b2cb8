"""What differs between two waves as a whole: who belongs to it, and its weights.

None of this can be undone by a recode, so it is said with every comparison.
"""

from collections.abc import Mapping

from survey.questionnaire.model import Questionnaire, in_language
from survey.waves.contract import Change
from survey.waves.match import Pairs
from survey.waves.texts import label_of
from survey.weighting.targets import Targets

_ANY = ("",)


def survey_changes(
    newer: Questionnaire, older: Questionnaire, pairs: Pairs
) -> list[Change]:
    """Say how two waves differ in whom they asked.

    Parameters
    ----------
    newer, older : Questionnaire
        The instruments.
    pairs : Pairs
        Their questions side by side.

    Returns
    -------
    list of Change
        The universe (who is screened out) and the recruitment (languages).

    Examples
    --------
    >>> asked = {"id": "a", "title": "A", "languages": ["en"], "questions": []}
    >>> newer = Questionnaire(**{**asked, "languages": ["en", "de"]})
    >>> survey_changes(newer, Questionnaire(**asked), Pairs((), (), ()))[0].after
    'de, en'
    """
    found = []
    names = {p.older.id: p.newer.id for p in pairs.pairs if not p.reused}
    now, before = _screened(newer, {}), _screened(older, names)
    if now != before:
        found.append(Change("universe_changed", "", "", _listed(before), _listed(now)))
    spoken, spoken_before = sorted(newer.languages), sorted(older.languages)
    if list(_ANY) not in (spoken, spoken_before) and spoken != spoken_before:
        texts = ", ".join(spoken_before), ", ".join(spoken)
        found.append(Change("recruitment_changed", "", "", *texts))
    return found


def _screened(questionnaire: Questionnaire, names: Mapping[str, str]) -> set[str]:
    """List the answers that end the interview, and whether a status does."""
    found = {
        f"{names.get(question.id, question.id)}: {label_of(category)}"
        for question in questionnaire.questions
        for category in question.categories
        if category.screen_out
    }
    # Codes of a status are those of the platform and may differ in every wave.
    return found | ({"screened out by status"} if questionnaire.screened_out else set())


def _listed(texts: set[str]) -> str:
    """Write a set in a fixed order."""
    return "; ".join(sorted(texts)) or "nobody"


def weighting_changes(
    newer: Mapping[str, Targets], older: Mapping[str, Targets]
) -> list[Change]:
    """Say how the targets of two waves differ.

    Parameters
    ----------
    newer, older : mapping of weights to Targets
        Targets of both waves, by the name of the weights.

    Returns
    -------
    list of Change
        One per name of weights whose targets are others: dates and sources, or the
        margins whose figures moved.

    Examples
    --------
    >>> made = {"population": "Firms", "source": "Register", "unit": "firms",
    ...         "margins": {"size": {"1": 0.5, "2": 0.5}}}
    >>> old, new = Targets(as_of="2023", **made), Targets(as_of="2024", **made)
    >>> change = weighting_changes({"weight": new}, {"weight": old})[0]
    >>> change.before, change.after
    ('Register, 2023', 'Register, 2024')
    """
    found = []
    for name in sorted({*newer, *older}):
        now, before = newer.get(name), older.get(name)
        texts = _targets(before), _targets(now)
        if texts[0] == texts[1] and now is not None and before is not None:
            moved = _moved(now, before)
            texts = texts[0], f"{texts[1]}: {', '.join(moved)}" if moved else texts[1]
        if texts[0] != texts[1]:
            found.append(Change("weighting_changed", "", name, *texts))
    return found


def _targets(targets: Targets | None) -> str:
    """Name targets by their source and date."""
    if targets is None:
        return ""
    return f"{in_language(targets.source, 'en')}, {targets.as_of}"


def _moved(newer: Targets, older: Targets) -> list[str]:
    """List margins and totals whose figures differ."""
    parts = ((newer.margins, older.margins), (newer.totals, older.totals))
    return [
        name
        for now, before in parts
        for name in sorted({*now, *before})
        if now.get(name) != before.get(name)
    ]
