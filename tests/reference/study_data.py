"""Write the coded answers of the shipped study for study.R, before any weight.

Arguments: the folder to write to. Records and codes are those that the analysis
uses; raking, bases, nets and scores are left to R. ``gaps`` is the last wave with
answers taken away.
"""

import sys
from pathlib import Path

import pandas as pd
import yaml

import survey
from survey.checks.check import exclude
from survey.responses.table import ANSWERED, Responses
from survey.study.load import LoadedStudy, load_study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "questionnaires" / "genai-adoption.study.yaml"
TARGETS = ROOT / "data" / "targets" / "genai-population.yaml"
WAVES = ("2023", "2024", "2025")
DONT_KNOW = "9"
SINGLES = ("size", "industry", "region", "stage", "preference")


def main(folder: Path) -> None:
    """Write one table per wave, and the targets."""
    loaded = load_study(STUDY)
    for wave in WAVES:
        table = _table(_responses(loaded, wave))
        table.to_csv(folder / f"wave-{wave}.csv")
    _with_gaps(table).to_csv(folder / "wave-gaps.csv")
    margins = yaml.safe_load(TARGETS.read_text(encoding="utf-8"))["margins"]
    rows = [(m, c, share) for m, codes in margins.items() for c, share in codes.items()]
    targets = pd.DataFrame(rows, columns=["margin", "code", "share"])
    targets.to_csv(folder / "targets.csv", index=False)


def _responses(loaded: LoadedStudy, wave_id: str) -> Responses:
    """Give the records of a wave that are analysed."""
    number = [wave.id for wave in loaded.study.waves].index(wave_id)
    raw = survey.read(loaded.folder / loaded.study.waves[number].file)
    bound = survey.bind(raw, loaded.questionnaires[number])
    return exclude(bound, loaded.study.exclude)[0]


def _table(responses: Responses) -> pd.DataFrame:
    """Give codes; empty where a question was not asked or not answered."""
    frame, states = responses.frame, responses.states
    grid = [name for name in frame if name.startswith("preference_by_")]
    barriers = responses.questionnaire.question("barriers")
    assert barriers is not None
    answered = states["barriers"] == ANSWERED
    marks = {
        f"barriers_{c.code}": frame[f"barriers_{c.code}"].astype(int).where(answered)
        for c in barriers.categories
    }
    codes = frame[[*SINGLES, *grid]].astype(object)
    table = pd.concat([codes, pd.DataFrame(marks, index=frame.index)], axis=1)
    return table.assign(organisation=responses.paradata["organisation"])


def _with_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Blank sizes and organisations, which the shipped waves all have."""
    gaps = table.copy()
    gaps.loc[gaps.index[::37], "size"] = None
    gaps.loc[gaps.index[5::53], "size"] = DONT_KNOW
    gaps.loc[gaps.index[::41], "organisation"] = None
    return gaps


if __name__ == "__main__":
    main(Path(sys.argv[1]))
