"""The example with two weights: published counts, and what each weighting costs."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.analysis import analyze
from survey.report.context import Context
from survey.report.document import Report
from survey.weighting.diagnostics import deff_kish, effective_base

STUDY = "questionnaires/ospo-2024.study.yaml"
FILE = "ospo-2024-layout.csv"
# Published for the survey whose layout it has: n = 222, then n = 100.
COUNTS = {
    "q4": {"0": 2, "1": 39, "2": 25, "3": 26, "4": 28, "5": 38, "6": 11, "7": 53},
    "q12": {"0": 0, "1": 58, "2": 42, "3": 26, "4": 96},
    "q16": {"0": 2, "1": 37, "2": 51, "3": 10},
    "q19": {"0": 25, "1": 7, "2": 19, "3": 40, "4": 2, "5": 7},
    "q20": {"0": 9, "1": 15, "2": 37, "3": 34, "4": 5},
}


@pytest.fixture(scope="module")
def report(root: Path) -> Report:
    return analyze(root / STUDY)


def test_the_file_is_what_its_program_writes(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, "data/make_ospo.py", "-o", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    stored = (root / "data" / FILE).read_bytes()
    assert (tmp_path / FILE).read_bytes() == stored


def test_the_counts_are_the_published_ones(root: Path) -> None:
    with (root / "data" / FILE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    heads = pd.Series(rows[0]).replace("", None).ffill()
    for name, counts in COUNTS.items():
        cells = [row[i] for row in rows[3:] for i in np.flatnonzero(heads == name)]
        given = pd.Series(cells).value_counts().drop("").to_dict()
        assert given == {code: n for code, n in counts.items() if n}, name


def test_what_each_weighting_costs(root: Path, context_of: type[Context]) -> None:
    made = {each.plan.name: each for each in context_of(root / STUDY).wave.made}
    for name, deff, base in (("employment", 1.24, 178), ("enterprises", 5.04, 44)):
        weight = made[name].weighting.weight
        assert (weight > 0).sum() == 220
        assert round(deff_kish(weight), 2) == deff
        assert round(effective_base(weight)) == base


def test_the_headline_stands_under_both(root: Path, report: Report) -> None:
    rows = report.results.query("question == 'q12' and code == 'has_ospo'")
    found = {(r.banner, r.point): r.estimate for r in rows.itertuples()}
    with (root / "data" / FILE).open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))[3:]
    # Columns 5 to 12 hold the size, 14 and 15 the two answers with an OSPO.
    size = np.array(["".join(line[5:13]) for line in lines])
    has = np.array([bool(line[14] or line[15]) for line in lines])

    def share(bands: dict[str, float]) -> float:
        of_band = [has[np.isin(size, list(codes))].mean() for codes in bands]
        return float(np.average(of_band, weights=list(bands.values())))

    employment = {"12": 80.1, "3": 24.5, "4567": 58.4}
    enterprises = {"1": 31190636, "2": 1023841 + 547973, "3": 248817, "4567": 54256}
    assert found["", "Total"] == pytest.approx(share(employment), rel=1e-9)
    by_enterprises = found["weights", "enterprises"]
    assert by_enterprises == pytest.approx(share(enterprises), rel=1e-9)
    assert found["unweighted", "Total"] == pytest.approx(has[size != "0"].mean())
