"""What is measured of ours: all tables in one call."""

from importlib.metadata import version

import pandas as pd
from peers import SINGLE, Peer
from respondents import BANNER, Items

import survey
from survey.tabulation.layout import Crosstab

DESIGNS = {
    "weights": survey.SurveyDesign(weight="w"),
    "clusters": survey.SurveyDesign(weight="w", strata="stratum", psu="psu"),
}
# How the designs are called in print.
TITLES = {
    "weights": "(a) weights only",
    "clusters": "(b) 20 strata x 50 PSUs",
}


def tabulate(frame: pd.DataFrame, items: Items, design: str) -> Crosstab:
    """Make all tables with errors, intervals, design effects, letters and tests."""
    return survey.crosstab(
        frame,
        [*items.single, *items.sets],
        list(BANNER),
        design=DESIGNS[design],
        sets=items.sets,
    )


def as_peer(frame: pd.DataFrame, items: Items) -> Peer:
    """Give our numbers of the items that others are timed with."""
    (first, columns), *_ = items.sets.items()
    few = Items((SINGLE,), {first: columns})
    found = {design: tabulate(frame, few, design) for design in DESIGNS}
    cells = pd.concat([t.cells.assign(design=name) for name, t in found.items()])
    tests = pd.concat([t.tests.assign(design=name) for name, t in found.items()])
    # The test of one item of a set names it; that of a question is of its name.
    code = tests["code"].fillna("").astype(str)
    tables = tests.assign(item=code.where(code != "", tests["question"]))
    return Peer("ours", version("genai-survey"), cells, tables)
