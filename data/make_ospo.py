"""Write a synthetic file in the layout of the OSPO survey 2024 of LF Research.

Run ``python data/make_ospo.py``. The counts of every answer are the published ones;
wording, and which answers stand together in a record, are made up. Three header rows,
and one column per option, as SurveyMonkey exports "numeric" data.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
NAME = "ospo-2024-layout.csv"
SEED = 20_240_617
RECORDS = 222
WITH_OSPO = ("1", "2")

# Published counts of "2024 State of OSPOs and OSS Management" (TODO Group and Linux
# Foundation Research), by code: n = 222 for q4 and q12, n = 100 for the others.
SIZE = {"0": 2, "1": 39, "2": 25, "3": 26, "4": 28, "5": 38, "6": 11, "7": 53}
OSPO = {"1": 58, "2": 42, "3": 26, "4": 96}
SECURITY = {"0": 2, "1": 37, "2": 51, "3": 10}
GENAI_RISK = {"0": 25, "1": 7, "2": 19, "3": 40, "4": 2, "5": 7}
AI_ROLE = {"0": 9, "1": 15, "2": 37, "3": 34, "4": 5}

LABELS: dict[str, tuple[str, dict[str, str]]] = {
    "q4": (
        "How many people work for your organization? (select one)",
        {
            "0": "Don't know",
            "1": "1 to 10",
            "2": "11 to 49",
            "3": "50 to 249",
            "4": "250 to 999",
            "5": "1,000 to 9,999",
            "6": "10,000 to 19,999",
            "7": "20,000 or more",
        },
    ),
    "q12": (
        "Is there an open source program office (OSPO)? (select one)",
        {
            "0": "Don't know",
            "1": "Yes, a formal one",
            "2": "Yes, an informal one",
            "3": "No, but planned",
            "4": "No",
        },
    ),
    "q16": (
        "Does it deal with the security of open source? (select one)",
        {
            "0": "Don't know",
            "1": "Yes, it decides",
            "2": "It advises others",
            "3": "No",
        },
    ),
    "q19": (
        "How well does it manage the risks of generative AI? (select one)",
        {
            "0": "Don't know",
            "1": "Extremely badly",
            "2": "Very badly",
            "3": "Well",
            "4": "Very well",
            "5": "Extremely well",
        },
    ),
    "q20": (
        "What part does it have in AI infrastructure? (select one)",
        {
            "0": "Don't know",
            "1": "None",
            "2": "Involved at times",
            "3": "Consulted regularly",
            "4": "In the lead",
        },
    ),
}
COUNTS = {"q4": SIZE, "q12": OSPO, "q16": SECURITY, "q19": GENAI_RISK, "q20": AI_ROLE}


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write the synthetic OSPO layout.")
    parser.add_argument("-o", "--output", type=Path, default=HERE)
    path = parser.parse_args().output / NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(_rows())
    print(f"{path}: {RECORDS} records")


def _rows() -> Iterator[Sequence[str]]:
    """Give header rows and records."""
    own = ["Respondent ID", "Collector ID", "Start Date", "End Date", "language"]
    blanks = [""] * len(own)
    heads: list[list[str]] = [[*blanks], own, [*blanks]]
    for name, (wording, options) in LABELS.items():
        blank = [""] * (len(options) - 1)
        for head, first in zip(heads, (name, wording), strict=False):
            head.extend([first, *blank])
        heads[2].extend(options.values())
    yield from heads
    rng = np.random.default_rng(SEED)
    answers = _answers(rng)
    for number, started in enumerate(_times(rng)):
        ended = started + timedelta(seconds=int(rng.integers(280, 1500)))
        record = [str(114_600_000_000 + 41_377 * number), "432674090"]
        record += [str(started), str(ended), "en"]
        for name, (_, options) in LABELS.items():
            given = answers[name][number]
            record += [code if code == given else "" for code in options]
        yield record


def _times(rng: np.random.Generator) -> list[datetime]:
    """Draw when people began: 17 June to 12 September 2024."""
    seconds = np.sort(rng.integers(0, 87 * 86_400, RECORDS))
    first = datetime(2024, 6, 17, 8)  # noqa: DTZ001 - the platform writes no time zone
    return [first + timedelta(seconds=int(second)) for second in seconds]


def _answers(rng: np.random.Generator) -> dict[str, NDArray[np.str_]]:
    """Give every question its published counts; larger ones have an OSPO more often."""
    size = rng.permutation(_spread(SIZE))
    rank = size.astype(int) + rng.normal(0, 3, RECORDS)
    ospo = np.empty(RECORDS, dtype=size.dtype)
    ospo[np.argsort(-rank)] = _spread(OSPO)
    answers = {"q4": size, "q12": ospo}
    has = np.isin(ospo, WITH_OSPO)
    for name in ("q16", "q19", "q20"):
        answers[name] = np.full(RECORDS, "", dtype=size.dtype)
        answers[name][has] = rng.permutation(_spread(COUNTS[name]))
    return answers


def _spread(counts: dict[str, int]) -> NDArray[np.str_]:
    """Repeat every code as often as it was given."""
    return np.repeat(list(counts), list(counts.values()))


if __name__ == "__main__":
    main()
