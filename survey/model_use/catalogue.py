"""A catalogue of models, YAML that a person edits -> Catalogue.

Every step of the ladder has a source and a date, or comes from a record that is rated
here. Where members of a family differ, the family says so.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from survey.errors import ModelFileError, some
from survey.model_use.match import folded
from survey.model_use.values import Catalogue, Entry, Origin, step
from survey.openness.rate import rate_openness
from survey.openness.values import TIERS, OpennessRating, Tier
from survey.questionnaire.model import Code, Part
from survey.yaml_file import Key, YamlFile, read_yaml, validated

Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CatalogueFamily(Part):
    """A family of models, as the file has it.

    ``aliases`` count also inside a text, ``whole`` only where they are all of an
    answer or of a part of a list. A family has a ``tier``; with ``varies: true`` it has
    ``lowest`` and ``best`` instead; with neither, it is that of its lowest rated
    member.
    """

    id: Filled
    name: Filled
    maker: str = ""
    aliases: tuple[Code, ...] = ()
    whole: tuple[Code, ...] = ()
    tier: Tier | None = None
    varies: bool = False
    lowest: Tier | None = None
    best: Tier | None = None
    source: str = ""
    as_of: Code | None = None


class CatalogueModel(Part):
    """One model, as the file has it.

    It has a ``tier`` with source and date, or ``rating``: a model file, relative to
    the catalogue.
    """

    id: Filled
    name: Filled
    family: str | None = None
    maker: str = ""
    aliases: tuple[Code, ...] = ()
    tier: Tier | None = None
    rating: str | None = None
    source: str = ""
    as_of: Code | None = None


class CatalogueFile(Part):
    """The whole file; ``not_models`` are names that only look like a family's."""

    id: Filled
    as_of: Code
    families: tuple[CatalogueFamily, ...] = Field(min_length=1)
    models: tuple[CatalogueModel, ...] = ()
    not_models: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rated:
    """Ratings of the records that a catalogue names, by model."""

    ratings: Mapping[str, OpennessRating] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def load_catalogue(path: str | Path) -> Catalogue:
    """Read a catalogue of models.

    Parameters
    ----------
    path : str or Path
        A YAML file; records under ``rating`` are relative to it.

    Returns
    -------
    Catalogue
        Every model and family with its step of the ladder.

    Raises
    ------
    ModelFileError
        File and line of an unknown key, an id that stands twice, a step without
        source or date, a family that is missing or whose members differ unsaid.
    """
    source = read_yaml(path, ModelFileError)
    read = validated(CatalogueFile, source, ModelFileError)
    problems = [*_id_problems(read, source), *_step_problems(read, source)]
    problems += _name_problems(read, source)
    if problems:
        raise ModelFileError("\n".join(problems[:8]))
    rated = _rated(read, source)
    models = {m.id: _model(m, rated.ratings.get(m.id)) for m in read.models}
    families = {f.id: _family(f, models) for f in read.families}
    problems = [*_member_problems(read, families, models, source)]
    if problems:
        raise ModelFileError("\n".join(problems[:8]))
    stamps = (f"{r.ruleset}, {r.licence_list}" for r in rated.ratings.values())
    return Catalogue(
        id=read.id,
        as_of=str(read.as_of),
        sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        entries=families | models,
        not_models=tuple(read.not_models),
        files=(Path(path), *rated.files),
        rulesets=tuple(sorted(set(stamps))),
    )


def catalogue_facts(catalogue: Catalogue | None) -> dict[str, object]:
    """Say for ``run.json`` what answers were matched to.

    Parameters
    ----------
    catalogue : Catalogue or None
        None where the study names none.

    Returns
    -------
    dict
        Id, date, hash and rules under ``models``; empty without a catalogue.
    """
    if catalogue is None:
        return {}
    told = {
        "catalogue": catalogue.id,
        "file": catalogue.file,
        "as_of": catalogue.as_of,
        "sha256": catalogue.sha256,
        "entries": len(catalogue.entries),
        "rulesets": [*catalogue.rulesets],
    }
    return {"models": told}


def _id_problems(read: CatalogueFile, source: YamlFile) -> Iterator[str]:
    """Find ids that stand twice, and families that are not there."""
    seen: set[str] = set()
    families = {family.id for family in read.families}
    for key, entry in _entries(read):
        if entry.id in seen:
            yield (
                f"{source.place((*key, 'id'))}: id {entry.id!r} stands here twice. "
                "Rename one of the two, or remove it."
            )
        seen.add(entry.id)
        family = entry.family if isinstance(entry, CatalogueModel) else None
        if family is not None and family not in families:
            yield (
                f"{source.place((*key, 'family'))}: there is no family {family!r}. "
                f"Families: {some(sorted(families), 60)}."
            )


def _entries(
    read: CatalogueFile,
) -> Iterator[tuple[Key, CatalogueFamily | CatalogueModel]]:
    """List all entries with their keys."""
    for i, family in enumerate(read.families):
        yield ("families", i), family
    for i, model in enumerate(read.models):
        yield ("models", i), model


def _step_problems(read: CatalogueFile, source: YamlFile) -> Iterator[str]:
    """Find entries whose step is missing, contradicts itself or has no source."""
    for key, entry in _entries(read):
        place, name = source.place(key), entry.id
        if isinstance(entry, CatalogueModel):
            if (entry.tier is None) == (entry.rating is None):
                yield (
                    f"{place}: model {name!r} needs either 'tier' or 'rating'. Write "
                    "one of them."
                )
            stated = entry.tier is not None
        else:
            yield from _varying_problems(entry, f"{place}: family {name!r}")
            stated = entry.tier is not None or entry.varies
        if stated and not (entry.source and entry.as_of):
            yield (
                f"{place}: {name!r} states how open it is without 'source' and "
                "'as_of'. Write where that is said, and when it was so."
            )


def _varying_problems(family: CatalogueFamily, place: str) -> Iterator[str]:
    """Find families that vary and do not say between what."""
    ends = (family.lowest, family.best)
    if family.varies:
        low, high = ends
        if low is None or high is None or step(low) >= step(high):
            yield (
                f"{place} varies, so it needs 'lowest' and 'best', with a best step "
                "that is more open. Write both, or leave 'varies' out."
            )
        if family.tier is not None:
            yield f"{place} has 'tier' and 'varies'. Leave one of them out."
    elif ends != (None, None):
        yield f"{place} has 'lowest' or 'best' without 'varies: true'. Add that."


def _name_problems(read: CatalogueFile, source: YamlFile) -> Iterator[str]:
    """Find names without any letter or digit, which would match everything."""
    for key, entry in _entries(read):
        names = (entry.name, *entry.aliases)
        empty = [name for name in names if not folded(name)]
        if empty:
            yield (
                f"{source.place(key)}: {some(empty)} has no letter and no digit. "
                "Write a name that an answer can hold."
            )


def _rated(read: CatalogueFile, source: YamlFile) -> _Rated:
    """Rate the records that the catalogue names."""
    ratings, files = {}, []
    for i, model in enumerate(read.models):
        if model.rating is not None:
            path = Path(source.file).parent / model.rating
            if not path.is_file():
                place = source.place(("models", i, "rating"))
                raise ModelFileError(
                    f"{place}: no such model file {path}. Paths are relative to the "
                    "catalogue."
                )
            ratings[model.id] = rate_openness(path)[0]
            files.append(path)
    return _Rated(ratings, tuple(dict.fromkeys(files)))


def _model(model: CatalogueModel, rating: OpennessRating | None) -> Entry:
    """Give a model with its step."""
    tier = rating.tier if rating is not None else model.tier
    assert tier is not None
    origin: Origin = "stated" if rating is None else "rated"
    source = model.source if rating is None else f"{rating.ruleset}, {rating.file}"
    return Entry(
        id=model.id,
        name=model.name,
        maker=model.maker,
        family=model.family or "",
        is_model=True,
        names=(model.name, *model.aliases),
        whole=(),
        lowest=tier,
        best=tier,
        origin=origin,
        source=source,
        as_of=str(model.as_of or ""),
    )


def _family(family: CatalogueFamily, models: Mapping[str, Entry]) -> Entry:
    """Give a family with its step, which may be that of its lowest member."""
    members = [m.lowest for m in models.values() if m.family == family.id]
    lowest: Tier = family.lowest or family.tier or _least(members)
    best: Tier = family.best or lowest
    stated = family.varies or family.tier is not None
    return Entry(
        id=family.id,
        name=family.name,
        maker=family.maker,
        family=family.id,
        is_model=False,
        names=(family.name, *family.aliases),
        whole=family.whole,
        lowest=lowest,
        best=best,
        origin="stated" if stated else "members",
        source=family.source,
        as_of=str(family.as_of or ""),
    )


def _least(tiers: Sequence[Tier]) -> Tier:
    """Give the least open step; closed where there is none."""
    return TIERS[min(map(step, tiers), default=0)]


def _member_problems(
    read: CatalogueFile,
    families: Mapping[str, Entry],
    models: Mapping[str, Entry],
    source: YamlFile,
) -> Iterator[str]:
    """Find families without a step, and members outside that of their family."""
    for i, stated in enumerate(read.families):
        family, place = families[stated.id], source.place(("families", i))
        members = [m for m in models.values() if m.family == stated.id]
        if family.origin == "members":
            if not members:
                yield (
                    f"{place}: family {stated.id!r} has no 'tier' and no rated member. "
                    "State its tier, with source and date."
                )
            continue
        ends = step(family.lowest), step(family.best)
        outside = [m.id for m in members if not ends[0] <= step(m.lowest) <= ends[1]]
        if outside:
            yield (
                f"{place}: members {some(outside)} are not as open as family "
                f"{stated.id!r} says. Write 'varies: true' with 'lowest' and 'best' "
                "around all of them."
            )
