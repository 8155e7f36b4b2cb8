"""Write the three synthetic waves of the shipped study, byte for byte the same.

Run ``python data/make_waves.py``, with ``-o FOLDER`` to write somewhere else. What the
waves aim at stands in ``plan.yaml``; nothing here looks at a clock.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from answers import STAGE_DRAW, BoolArray, Wave, draw_answers
from dirt import spoil
from draws import FloatArray, order, rake
from layouts import write_limesurvey, write_spss, write_surveymonkey
from people import Pool, add_interviews, add_second_respondents, draw_organisations

from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Questionnaire

HERE = Path(__file__).parent
INSTRUMENTS = HERE.parent / "questionnaires"
SUFFIX = {2023: "-2023", 2024: "-2024", 2025: ""}
FIRST_ID = {2023: 118_310_400_211, 2024: 1, 2025: 1}
ID_STEP = {2023: 61_417, 2024: 1, 2025: 1}
SEED = 20_231_114
COMPLETE_PAGE = 9


WRITERS = {
    2023: ("wave-2023.csv", write_surveymonkey),
    2024: ("wave-2024.sav", write_spss),
    2025: ("wave-2025.csv", write_limesurvey),
}
# Place of the one record that the export holds twice.
DUPLICATED = 40


@dataclass(frozen=True, slots=True)
class Made:
    """Records of a wave as they are written, and the organisations for the next."""

    records: pd.DataFrame
    questionnaire: Questionnaire
    pool: Pool


def main() -> None:
    """Write the waves."""
    parser = argparse.ArgumentParser(description="Write the synthetic waves.")
    parser.add_argument("-o", "--output", type=Path, default=HERE)
    folder = parser.parse_args().output
    pool = Pool(0, pd.DataFrame())
    for year, (name, write) in WRITERS.items():
        made = make_wave(year, pool)
        write(made.records, made.questionnaire, folder / name)
        pool = made.pool
        print(f"{folder / name}: {len(made.records)} records")


def make_wave(year: int, pool: Pool) -> Made:
    """Draw one wave.

    Parameters
    ----------
    year : int
        2023, 2024 or 2025.
    pool : Pool
        Organisations of the waves before.

    Returns
    -------
    Made
        Records, instrument, and the organisations so far.
    """
    plan = _read(HERE / "plan.yaml")
    rng = np.random.Generator(np.random.PCG64([SEED, year]))
    answering, others = _organisations(plan, plan["waves"][year], pool, rng)
    dirt = plan["dirt"][year]
    people = _people(answering, others, plan["waves"][year], dirt, rng)
    instrument = INSTRUMENTS / f"genai-adoption{SUFFIX[year]}.yaml"
    wave = Wave(
        year=year,
        questionnaire=load_questionnaire(instrument),
        plan=plan,
        people=people,
        weight=_weight(people),
        straight=_straightliners(people, dirt["straightliners"], rng),
        rng=rng,
    )
    answers = draw_answers(wave)
    new = int(answering[STAGE_DRAW].isna().sum()) + len(others)
    return Made(
        _records(year, people, spoil(wave, answers, dirt)),
        wave.questionnaire,
        Pool(pool.made + new, _remember(answering, people, answers)),
    )


def _organisations(
    plan: Mapping[str, Any],
    settings: Mapping[str, Any],
    pool: Pool,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw organisations that answer to the end, and others that do not."""
    industry = plan["industry"]
    answering = draw_organisations(
        settings["organisations"],
        settings,
        industry,
        pool,
        settings["kept_from_last_wave"],
        rng,
    )
    made = pool.made + int(answering[STAGE_DRAW].isna().sum())
    count = settings["partial"] + settings["screened_out"]
    nobody = Pool(made, pd.DataFrame())
    return answering, draw_organisations(count, settings, industry, nobody, 0, rng)


def _read(path: Path) -> dict[str, Any]:
    """Read a YAML file."""
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def _people(
    answering: pd.DataFrame,
    others: pd.DataFrame,
    settings: Mapping[str, Any],
    dirt: Mapping[str, int],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Give one row per record: complete, partial and screened-out ones."""
    complete = add_second_respondents(answering, settings["second_respondents"], rng)
    shuffled = others.iloc[order(rng, len(others))]
    partial = shuffled[: settings["partial"]]
    screened = shuffled[settings["partial"] :]
    # Break-offs come at any page between the second and the last but one.
    broken_at = 2 + (rng.random(len(partial)) * (COMPLETE_PAGE - 2)).astype(int)
    people = pd.concat(
        [
            complete.assign(status="complete", last_page=COMPLETE_PAGE),
            partial.assign(status="partial", last_page=broken_at),
            screened.assign(status="screened_out", last_page=1),
        ],
        ignore_index=True,
    )
    return add_interviews(people, settings, dirt["speeders"], rng)


def _weight(people: pd.DataFrame) -> FloatArray:
    """Rake complete records to the population; 0 for all others."""
    margins = _read(HERE / "targets" / "genai-population.yaml")["margins"]
    size, region = (
        np.array(list(margins[name].values())) for name in ("size", "region")
    )
    complete = people["status"].to_numpy() == "complete"
    used = people[complete]
    weight = np.zeros(len(people))
    weight[complete] = rake(
        used["size"].to_numpy(int), used["region"].to_numpy(int), (size, region)
    )
    return weight


def _straightliners(
    people: pd.DataFrame, count: int, rng: np.random.Generator
) -> BoolArray:
    """Choose complete records that tick the same answer in every row of a grid."""
    complete = np.flatnonzero(people["status"].to_numpy() == "complete")
    chosen = np.zeros(len(people), dtype=bool)
    chosen[complete[order(rng, len(complete))[:count]]] = True
    return chosen


def _remember(
    answering: pd.DataFrame, people: pd.DataFrame, answers: pd.DataFrame
) -> pd.DataFrame:
    """Keep for every organisation what decided its stage."""
    draws = dict(zip(people["number"], answers[STAGE_DRAW], strict=True))
    return answering.assign(**{STAGE_DRAW: answering["number"].map(draws)})


def _records(year: int, people: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Put people and answers together, number them, and write one of them twice."""
    number = FIRST_ID[year] + ID_STEP[year] * np.arange(len(people))
    described = people[
        ["number", "started", "finished", "status", "last_page", "language"]
    ]
    records = pd.concat(
        [described.assign(id=number), answers.drop(columns=STAGE_DRAW)], axis=1
    )
    complete = np.flatnonzero(records["status"] == "complete")
    twice = complete[DUPLICATED]
    rows = np.insert(np.arange(len(records)), twice + 3, twice)
    return records.iloc[rows].reset_index(drop=True)


if __name__ == "__main__":
    main()
