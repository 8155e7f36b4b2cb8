"""The published cells of a wave: the rows of ``results.csv``."""

from dataclasses import asdict

import pandas as pd

from survey.indicators.preference import NET
from survey.report.cells import TOTAL
from survey.report.context import Context, usual_base
from survey.results_changes import change_rows
from survey.results_weights import other_cells, weighting_cells
from survey.tabulation.layout import CELL_COLUMNS
from survey.wave.model_tables import published_model_cells
from survey.wave.result import OTHER_SHARES, QuestionResult


def published_cells(context: Context) -> pd.DataFrame:
    """Give the published cells of a wave.

    Parameters
    ----------
    context : Context
        One wave as it is reported.

    Returns
    -------
    DataFrame
        One row per cell, in the columns of ``results.csv``. The Total column without
        weights has the banner ``unweighted``; barriers on other bases have the banner
        ``base`` and the point ``asked``, ``named`` or ``everyone``. Rows on weights
        are those of `other_cells` and `weighting_cells`, and changes since earlier
        waves those of `change_rows`. Models in use stand by the stated preference as
        well, and other questions by ``models_openness``.
    """
    wave = context.wave
    frame = wave.crosstab.to_frame()[[*CELL_COLUMNS]]
    if context.weighted:
        plain = pd.DataFrame(map(asdict, wave.unweighted.values()))
        plain = plain.assign(banner="unweighted", letters="")
        frame = pd.concat([frame, plain[list(frame.columns)]], ignore_index=True)
    if wave.bases:
        frame = pd.concat([frame, _on_bases(context)], ignore_index=True)
    more = [*_nonempty(other_cells(context)), *published_model_cells(wave.model_use)]
    frame = pd.concat([frame, *more], ignore_index=True)
    frame = _with_differences(frame, context)
    frame["note"] = _with_ranks(frame, context)
    others = [*_nonempty(weighting_cells(context)), *_nonempty(change_rows(context))]
    frame = pd.concat([frame, *others], ignore_index=True)
    frame.insert(0, "wave", wave.wave.id)
    # A hidden base is missing, and the others stay whole numbers.
    return frame.astype({"base_unweighted": "Int64"})


def _nonempty(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Leave out an empty table, whose columns have no kind."""
    return [] if frame.empty else [frame]


def _on_bases(context: Context) -> pd.DataFrame:
    """Give the barriers on the bases that their table does not have."""
    usual = {r.question.id: usual_base(context, r.question) for r in _barriers(context)}
    rows = [
        {**asdict(cell), "question": name, "banner": "base", "point": base}
        for (name, _, base), cell in context.wave.bases.items()
        if base != usual[name]
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def _barriers(context: Context) -> list[QuestionResult]:
    """Give the questions that stand on several bases."""
    names = dict.fromkeys(name for name, _, _ in context.wave.bases)
    found = (context.wave.question(name) for name in names)
    return [result for result in found if result is not None]


def _with_differences(frame: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Call the mean of scores a difference of shares, and name numbers in words."""
    ending = f":{NET}"
    is_net = frame["question"].str.endswith(ending)
    changed = frame.copy()
    changed.loc[is_net, "question"] = frame.loc[is_net, "question"].str.removesuffix(
        ending
    )
    changed.loc[is_net, "code"] = NET
    changed.loc[is_net, "label"] = context.say("net_preference")
    changed.loc[is_net, "statistic"] = "difference"
    for name in ("mean", "median", "sd"):
        changed.loc[changed["statistic"] == name, "label"] = context.say(name)
    return changed


def _with_ranks(frame: pd.DataFrame, context: Context) -> pd.Series:
    """Add to the notes the ranks of answers, and marks against rest and Total."""
    told = {
        (name, code, "", TOTAL): f"rank {rank.low} to {rank.high}"
        for name, ranks in context.wave.ranks.items()
        for code, rank in ranks.items()
    }
    for key, marks in context.wave.marks.items():
        told[key] = "; ".join(f"against {name} {mark}" for name, mark in marks.items())
    columns = [frame[name].tolist() for name in ("question", "code", "banner", "point")]
    keys = list(zip(*columns, strict=True))
    other = frame["statistic"].isin(OTHER_SHARES).tolist()
    notes = [
        note if plain else "; ".join(filter(None, (note, told.get(key))))
        for key, note, plain in zip(keys, frame["note"].tolist(), other, strict=True)
    ]
    return pd.Series(notes, index=frame.index, dtype="str")
