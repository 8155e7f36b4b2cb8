"""Weighting of a file: an export and a target file in, a weighted export out.

The export is only read. Every record stays; who has no weight has weight 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import WeightingError, some
from survey.finding import Finding
from survey.importers.raw import MissingRange, RawTable, Source, is_user_missing
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import in_language
from survey.report.numbers import count, decimal
from survey.responses.bind import bind
from survey.responses.values import as_text
from survey.weighted_files.writing import check_name, check_output, write_weighted
from survey.weighting.diagnostics import margin_name
from survey.weighting.distances import Distance, Limits
from survey.weighting.distribution import weight_summary
from survey.weighting.fit import Fit, Trim, fit_weights
from survey.weighting.mapping import BETWEEN
from survey.weighting.policies import Missing, Zero
from survey.weighting.prepare import frame_input
from survey.weighting.targets import Targets, load_targets
from survey.weighting.trim_rules import Rule
from survey.weighting.weighting import Weighting


@dataclass(frozen=True, slots=True, eq=False)
class WeightedFile:
    """A file that was weighted, and what is to be known about it.

    Attributes
    ----------
    path : Path
        The file that was written.
    source : Source
        The export, and how it was read.
    records : int
        Records in it, with weight 0 or more.
    weighting : Weighting
        Weights by number of the record, from 1.
    targets : Targets
        What the records were weighted to.
    findings : tuple of Finding
        What was imputed, left out or kept as a class of its own.
    notes : tuple of str
        What changed on the way from format to format.
    """

    path: Path
    source: Source
    records: int
    weighting: Weighting
    targets: Targets
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


def weight_file(  # noqa: PLR0913 - one argument for each choice of the command
    path: str | Path,
    targets: str | Path,
    output: str | Path,
    *,
    margins: Sequence[str] | None = None,
    base_weight: str | None = None,
    missing: Missing = "error",
    zero_targets: Zero = "error",
    distance: Distance = "raking",
    limits: Limits | None = None,
    weight_limits: Limits | None = None,
    trim: str | None = None,
    name: str = "weight",
    layout: str | None = None,
    replace: bool = False,
) -> WeightedFile:
    r"""Weight an export to a target file, and write it with its weight.

    Parameters
    ----------
    path : str or Path
        The export, in any form that `read` knows.
    targets : str or Path
        Target file; its mapping says which column and which answers belong to which
        targets, where names and codes differ.
    output : str or Path
        File to write: ``.csv``, ``.tsv``, ``.parquet`` or ``.sav``.
    margins : sequence of str, optional
        Margins and totals of the target file to be met; all when omitted.
    base_weight : str, optional
        Column with the weight before the fit.
    missing, zero_targets
        Policies for missing answers and for targets of 0, as in `frame_input`.
    distance, limits, weight_limits
        As in `calibrate`. Without limits and totals, ``raking`` is done by `rake`.
    trim : str, optional
        ``RULE:UPPER``, such as ``absolute:5``, ``median:4`` or ``quantile:0.99``, or
        ``potter``; the trimmed weights are fitted again.
    name : str, default "weight"
        Name of the new column.
    layout : str, optional
        Layout of the export, where it is not to be detected.
    replace : bool, default False
        Whether an output that is there is replaced.

    Returns
    -------
    WeightedFile
        Weights, findings, and the file.

    Raises
    ------
    DataFileError
        The export cannot be read.
    StudyError
        The target file is wrong.
    WeightingError
        The records cannot be weighted to these targets in this way.
    OutputError
        The output cannot be written, or the name of the weight is taken.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "firms.csv").write_text("id,size\n1,s\n2,s\n3,s\n4,l\n")
    >>> _ = (folder / "targets.yaml").write_text(
    ...     "{population: firms, source: us, as_of: 2024, unit: firms,"
    ...     " margins: {size: {s: 0.5, l: 0.5}}}")
    >>> made = weight_file(
    ...     folder / "firms.csv", folder / "targets.yaml", folder / "weighted.csv")
    >>> made.path.read_text().splitlines()[-1]
    '4,l,2'
    """
    source, goal = Path(path), Path(targets)
    file = check_output(output, (source, goal), replace=replace)
    raw = read(source, layout=layout)
    check_name(name, raw.frame.columns)
    wanted = load_targets(goal)
    totals, crossed = _chosen(wanted, margins)
    frame = _answers(raw)
    if any(name not in frame for name in _columns(wanted, crossed)):
        frame = frame.assign(**_spread_questions(raw))
    given = frame_input(
        frame,
        wanted,
        margins=crossed,
        missing=missing,
        zero=zero_targets,
        base_weight=base_weight,
    )
    fit = Fit(distance, limits, weight_limits, _read_trim(trim) if trim else None)
    numbers = frame[[name for name in totals if name in frame]]
    weighting = fit_weights(given, fit, numbers, totals)
    weight = weighting.weight.to_numpy(dtype=float)
    notes = write_weighted(
        source, raw, weight, file, name=name, label=_label(weighting, wanted)
    )
    return WeightedFile(
        file, raw.source, weight.size, weighting, wanted, given.findings, notes
    )


def summary(done: WeightedFile) -> tuple[str, ...]:
    """Say what was weighted to what, and what the weights cost.

    Parameters
    ----------
    done : WeightedFile
        A file that was weighted.

    Returns
    -------
    tuple of str
        Lines for a terminal.
    """
    made, targets = done.weighting, done.targets
    spread = weight_summary(made)
    without = done.records - spread.respondents
    low, high = (decimal(w, digits=3) for w in (spread.smallest, spread.largest))
    deff, efficiency = decimal(spread.deff, digits=2), decimal(spread.efficiency)
    base = f"{decimal(spread.base_effective)} of {count(spread.respondents)}"
    return (
        f"Read: {done.source.name} ({', '.join(done.source.reasons)})",
        f"Records: {count(done.records)}, weighted to {_met(made)}",
        f"Population: {in_language(targets.population, 'en')}",
        f"Source: {in_language(targets.source, 'en')} (as of {targets.as_of})",
        *(f"{f.severity}: {f.message} ({f.action})" for f in done.findings),
        *(f"Step: {step}" for step in made.steps),
        f"Passes: {made.passes}, largest gap {made.gap:.1e}",
        f"Weights: {low} to {high}, mean 1",
        f"Design effect {deff}, efficiency {efficiency}%, effective base {base}",
        *([f"Records with weight 0: {count(without)}"] if without else []),
        *done.notes,
        f"wrote {done.path}",
    )


def _answers(raw: RawTable) -> pd.DataFrame:
    """Give answers by number of the record, user-missing values blank."""
    answers = {
        name: _codes(_without_missing(raw.frame[name], raw.missing.get(name, ())))
        for name in raw.frame.columns
    }
    return pd.DataFrame(answers).set_axis(range(1, len(raw.frame) + 1))


def _columns(targets: Targets, margins: Sequence[str]) -> list[str]:
    """Name the columns that margins need."""
    names = [name for margin in margins for name in margin.split(BETWEEN)]
    mapped = targets.mapping
    return [(name in mapped and mapped[name].column) or name for name in names]


def _spread_questions(raw: RawTable) -> dict[str, NDArray[np.object_]]:
    """Give the questions with one answer whose options have a column each."""
    drafted = draft_questionnaire(raw)
    if not drafted.questions:
        return {}
    answers = bind(raw, drafted).frame
    found = {}
    for question in drafted.questions:
        if question.kind == "single" and question.id not in raw.frame:
            unsure = [c.code for c in question.categories if c.dont_know or c.missing]
            codes = answers[question.id].astype(object)
            found[question.id] = codes.mask(codes.isin(unsure)).to_numpy()
    return found


def _without_missing(column: pd.Series, ranges: Sequence[MissingRange]) -> pd.Series:
    """Blank the values that the file declares missing."""
    if not ranges:
        return column
    place, values = pd.factorize(column)
    gone = [is_user_missing(t, ranges) for t in as_text(pd.Series(values)).fillna("")]
    # A blank is at place -1, and stays blank.
    return column.mask(np.array([*gone, True])[place])


def _codes(column: pd.Series) -> pd.Series:
    """Turn whole numbers into codes where a program wrote all of them as ``1.0``."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    values = column.dropna().drop_duplicates()
    if values.empty or not values.str.fullmatch(r"-?(?:0|[1-9]\d*)\.0+").all():
        return column
    return column.str.partition(".")[0]


def _chosen(
    targets: Targets, names: Sequence[str] | None
) -> tuple[dict[str, float], list[str]]:
    """Tell totals from margins among the targets that are to be met."""
    if not names:
        return dict(targets.totals), list(targets.margins)
    totals = {name: targets.totals[name] for name in names if name in targets.totals}
    return totals, [name for name in names if name not in targets.totals]


def _read_trim(text: str) -> Trim:
    """Read a rule for trimming and its upper limit."""
    word, _, upper = text.partition(":")
    rules = {rule: rule for rule in get_args(Rule)}
    try:
        return Trim(rules[word], float(upper) if upper else None)
    except (KeyError, ValueError):
        raise WeightingError(
            f"trimming {text!r} cannot be read. Write a rule ({some(rules)}), a colon "
            "and the largest weight, such as median:4; potter needs no weight."
        ) from None


def _met(weighting: Weighting) -> str:
    """List margins and totals."""
    names = [margin_name(margin) for margin in weighting.margins]
    return ", ".join([*names, *(total.name for total in weighting.totals)])


def _label(weighting: Weighting, targets: Targets) -> str:
    """Say in the label of the weight what it was fitted to."""
    return f"Weight: {_met(weighting)}; {in_language(targets.source, 'en')}"
