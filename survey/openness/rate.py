"""Rate releases by the Model Openness Framework.

A class says what is released and under which licence. It says nothing of quality,
safety or law, and it is only as good as the record.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from survey.openness.classes import LABELS, lists_of, progress_of, tier_of
from survey.openness.components import component_ratings, reads_as_missing, resolved
from survey.openness.fixes import fixes_of
from survey.openness.model_file import read_model
from survey.openness.record_files import model_files
from survey.openness.records import ModelRecord
from survey.openness.rulesets import Ruleset, ruleset
from survey.openness.values import LEVELS, ComponentRating, OpennessRating
from survey.said import Said, counted, said

DEFAULT: Final = "mot-2025-07"


def rate_openness(
    paths: str | Path | Iterable[str | Path],
    *,
    ruleset: str = DEFAULT,
    normalise: bool = False,
    tolerant: bool = False,
) -> tuple[OpennessRating, ...]:
    """Rate the openness of models from their records.

    Parameters
    ----------
    paths : path or iterable of paths
        YAML files, or folders of them.
    ruleset : {"mot-2025-07", "mof-strict", "mof-paper"}, default "mot-2025-07"
        ``mot-2025-07`` rates as the Model Openness Tool; ``mof-strict`` asks for open
        licences made for the kind of work; ``mof-paper`` is closer to the paper.
    normalise : bool, default False
        Whether other spellings of licences, such as ``apache 2.0``, are understood;
        the last two rulesets always do so.
    tolerant : bool, default False
        Whether unknown and repeated components are read as the tool reads them.

    Returns
    -------
    tuple of OpennessRating
        One per file, in their order.

    Raises
    ------
    ModelFileError
        A file is no record of a model; with file and line.

    See Also
    --------
    rate_record : Rate a record that was made in memory.

    References
    ----------
    .. [1] White et al. (2024), The Model Openness Framework, arXiv 2403.13784.

    Examples
    --------
    Two of the six components of class III are listed, under an open licence.

    >>> from tempfile import TemporaryDirectory
    >>> listed = "[{name: Model parameters (Final)}, {name: Model card}]"
    >>> release = "{name: m, producer: p, license: {distribution: {name: MIT}}"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "m.yml"
    ...     _ = file.write_text(f"release: {release}, components: {listed}}}")
    ...     (rating,) = rate_openness(file)
    >>> rating.tier, rating.counts["III"], round(rating.progress["III"], 1)
    ('open_weights', (2, 6), 33.3)
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    rules = rules_of(ruleset, normalise=normalise)
    files = [file for path in given for file in model_files(path)]
    return tuple(rate_record(read_model(f, tolerant=tolerant), rules) for f in files)


def rules_of(name: str, *, normalise: bool = False) -> Ruleset:
    """Give the rules to rate by.

    Parameters
    ----------
    name : str
        Id of the ruleset.
    normalise : bool, default False
        Whether other spellings of licences are understood in any case.

    Returns
    -------
    Ruleset
        The rules.
    """
    rules = ruleset(name)
    return rules.model_copy(update={"normalise": rules.normalise or normalise})


def rate_record(record: ModelRecord, rules: Ruleset) -> OpennessRating:
    """Rate one release.

    Parameters
    ----------
    record : ModelRecord
        What is known of it.
    rules : Ruleset
        The rules, from `rules_of`.

    Returns
    -------
    OpennessRating
        The rating, with the rules and the licence list it was made by.

    Examples
    --------
    >>> record = ModelRecord("m", "p", {"Model card": "MIT"})
    >>> rating = rate_record(record, rules_of("mot-2025-07"))
    >>> rating.label, rating.counts["III"], rating.tier
    ('Unclassified', (1, 6), 'closed')
    """
    components = component_ratings(record, rules)
    progress = progress_of(components, rules)
    percent = progress.percent
    spelling = ", normalised" if rules.normalise else ""
    edition = f"SPDX {rules.licences.edition} ({rules.licences.as_of})"
    unsuitable = tuple(
        c.name for c in components if c.state == "open" and not c.type_appropriate
    )
    return OpennessRating(
        file=record.file,
        sha256=record.sha256,
        name=record.name,
        producer=record.producer,
        huggingface=record.huggingface,
        model_class=progress.model_class,
        label=LABELS[progress.model_class],
        tier=tier_of(components, rules, progress.model_class),
        progress=percent,
        counts=progress.counts,
        total=(percent["I"] + percent["II"] + percent["III"]) / 3,
        components=components,
        lists={level: lists_of(components, rules, level) for level in LEVELS},
        not_type_appropriate=unsuitable,
        fixes=fixes_of(record, components, rules),
        assertions=_asserted(record),
        warnings=(*record.warnings, *_warnings(record, components, rules)),
        ruleset=rules.id,
        licence_list=edition + spelling,
    )


def _asserted(record: ModelRecord) -> tuple[str, ...]:
    """Tell what the author states, with the reason."""
    # "in" is a word of both languages: the text is not translated.
    return tuple(
        f"{a.component}{f' (in {a.inside})' if a.inside else ''}: {a.reason}"
        for a in record.assertions
    )


def _warnings(
    record: ModelRecord, components: Sequence[ComponentRating], rules: Ruleset
) -> tuple[Said, ...]:
    """Say what a reader of the rating should know."""
    return (
        *_respelled(record, components),
        *_listed_as_missing(components),
        *_unrecorded(components, rules),
    )


def _respelled(
    record: ModelRecord, components: Sequence[ComponentRating]
) -> tuple[Said, ...]:
    """Name licences that were read under another spelling."""
    written = {
        resolved(record, c.kind, record.components[c.name]).text: c.licence
        for c in components
        if c.name in record.components
    }
    return tuple(
        said("The licence {found!r} was read as {licence}.", found=text, licence=meant)
        for text, meant in sorted(written.items())
        if meant and text != meant
    )


def _listed_as_missing(components: Sequence[ComponentRating]) -> tuple[Said, ...]:
    """Name components that are listed with words that say that they are not there."""
    names = tuple(c.name for c in components if reads_as_missing(c.licence))
    if not names:
        return ()
    return (
        counted(
            len(names),
            "{count} component is listed with a licence that reads as if it were not "
            "released: {names}. Remove it from the list if so.",
            "{count} components are listed with a licence that reads as if they were "
            "not released: {names}. Remove them from the list if so.",
            names=names,
        ),
    )


def _unrecorded(
    components: Sequence[ComponentRating], rules: Ruleset
) -> tuple[Said, ...]:
    """Say that weights which are not listed may only be missing from the record."""
    weights = next(c for c in components if c.name == rules.weights)
    if weights.state != "absent":
        return ()
    return (
        said(
            "The final parameters are not listed: they are not released, or the record "
            "is not complete."
        ),
    )
