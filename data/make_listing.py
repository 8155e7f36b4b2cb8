"""Write synthetic listings of models: one of each of two years.

Run ``python data/make_listing.py``. Models, makers and counts are made up; that three
quarters of the models and nine tenths of their downloads are under Apache-2.0 or MIT is
what T. Tunguz found for the first 300 models of the Hugging Face hub (January 2024).
"""

import argparse
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEED = 20_260_502
MODELS = 300
FIELDS = (
    "id",
    "author",
    "authorData",
    "downloads",
    "likes",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "gated",
    "license",
    "listed_on",
    "selection",
)
SELECTION = f"top {MODELS} by downloads (synthetic)"

# Names of makers, how often they stand in the listing, and whether they are people.
ORGANISATIONS = {
    "synthetic-labs": 26,
    "example-ai": 22,
    "fictional-research": 18,
    "madeup-systems": 16,
    "imaginary-institute": 12,
    "placeholder-tech": 10,
    "sample-university": 8,
    "demo-collective": 6,
    "nowhere-speech": 6,
    "invented-vision": 5,
}
PEOPLE = {f"synthetic-person-{number:02d}": 4 - number // 8 for number in range(1, 25)}

# Share of the models of each kind of licence, and its spellings.
LICENCES: Mapping[str, tuple[float, Sequence[str]]] = {
    "apache": (0.43, ("apache-2.0", "apache-2.0", "apache-2.0", "Apache 2.0")),
    "mit": (0.22, ("mit", "mit", "mit", "MIT License")),
    "bsd": (0.03, ("bsd-3-clause", "BSD-3")),
    "rail": (0.08, ("openrail", "creativeml-openrail-m", "bigscience-openrail-m")),
    "vendor": (0.08, ("llama3", "gemma", "llama2")),
    "restricted": (0.07, ("cc-by-nc-4.0", "CC BY-NC 4.0", "cc-by-nc-sa-4.0")),
    "open_data": (0.03, ("cc-by-4.0", "cc-by-sa-4.0")),
    "own": (0.02, ("our own terms", "other")),
    "none": (0.04, ("",)),
}
# How much more or less than others models under a licence are downloaded.
PULL = {"apache": 1.0, "mit": 0.55}
LESS = 0.3

TASKS = {
    "fill-mask": (0.14, "bert", 2.6),
    "sentence-similarity": (0.10, "embed", 1.8),
    "feature-extraction": (0.08, "vectors", 1.2),
    "automatic-speech-recognition": (0.08, "listen", 2.0),
    "text-classification": (0.12, "classify", 1.4),
    "text-generation": (0.22, "chat", 0.8),
    "text-to-image": (0.08, "paint", 0.6),
    "image-classification": (0.06, "look", 1.0),
    "translation": (0.05, "translate", 0.5),
    "token-classification": (0.04, "names", 0.6),
    "weather-divination": (0.01, "oracle", 0.2),
    "": (0.02, "misc", 0.3),
}
SIZES = ("nano", "small", "base", "large", "xl")


@dataclass(frozen=True)
class Model:
    """One made-up model: all that stays the same between the listings."""

    name: str
    author: str
    licence: str
    spelling: str
    task: str
    gated: str
    year: int
    pull: float


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=HERE)
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "models-listing-2024.csv", listing("2024-05-07"))
    write(folder / "models-listing.csv", listing("2026-05-07"))


def listing(day: str) -> list[dict[str, object]]:
    """Make the rows of one listing, those with most downloads first."""
    pool = models(np.random.default_rng(SEED), 2 * MODELS)
    year = int(day[:4])
    draws = np.random.default_rng([SEED, year])
    there = [model for model in pool if model.year <= year]
    # A power law, as downloads of the first models of a hub follow one.
    noise = draws.normal(0, 0.5, len(there))
    order = np.argsort(-np.array([m.pull for m in there]) - noise, kind="stable")
    rows = []
    for place, index in enumerate(order[:MODELS]):
        scale = 3.0e7 if year == 2024 else 9.0e7
        downloads = int(scale / (place + 2) ** 1.25 * draws.lognormal(0, 0.15))
        likes = int(draws.lognormal(0.35 * np.log(downloads) - 0.5, 1.4))
        rows.append(row(there[index], downloads, likes, day))
    return sorted(rows, key=lambda r: (-int(str(r["downloads"])), str(r["id"])))


def models(draws: np.random.Generator, count: int) -> list[Model]:
    """Draw models that could be listed; every licence as often as it should be."""
    people = list(PEOPLE)
    names = [*ORGANISATIONS, *people]
    often = np.array([*ORGANISATIONS.values(), *PEOPLE.values()], dtype=float)
    made = []
    for number in range(count):
        task = pick(draws, {name: share for name, (share, _, _) in TASKS.items()})
        licence = pick(draws, {name: share for name, (share, _) in LICENCES.items()})
        author = names[int(draws.choice(len(names), p=often / often.sum()))]
        spelling = LICENCES[licence][1][int(draws.integers(len(LICENCES[licence][1])))]
        _, word, pull = TASKS[task]
        size = SIZES[int(draws.integers(len(SIZES)))]
        # A few old models have no namespace.
        name = f"synthetic-{word}-{size}-{number:03d}"
        is_old = number % 67 == 5
        made.append(
            Model(
                name if is_old else f"{author}/{name}",
                "" if is_old else author,
                licence,
                spelling,
                task,
                "auto" if licence == "vendor" else "False",
                2022 + int(draws.integers(5)) if number >= MODELS // 2 else 2022,
                float(np.log(pull * PULL.get(licence, LESS)) + draws.normal(0, 1.4)),
            )
        )
    return made


def pick(draws: np.random.Generator, shares: Mapping[str, float]) -> str:
    """Draw one name."""
    weights = np.array(list(shares.values()))
    return list(shares)[int(draws.choice(len(weights), p=weights / weights.sum()))]


def row(model: Model, downloads: int, likes: int, day: str) -> dict[str, object]:
    """Write one model as an export does, its licence in a column or in a tag."""
    kind = "user" if model.author in PEOPLE else "org"
    data = {"name": model.author, "type": kind, "isHf": False, "followerCount": None}
    in_tag = model.spelling.islower() and " " not in model.spelling
    tags = ["transformers", "synthetic"]
    if in_tag:
        tags.append(f"license:{model.spelling}")
    return {
        "id": model.name,
        "author": model.author,
        "authorData": str(data) if model.author else "",
        "downloads": downloads,
        "likes": likes,
        "tags": str(tags),
        "pipeline_tag": model.task,
        "library_name": "transformers",
        "createdAt": f"{model.year}-03-02T23:29:04.000Z",
        "gated": model.gated,
        "license": "" if in_tag else model.spelling,
        "listed_on": day,
        "selection": SELECTION,
    }


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write one file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
