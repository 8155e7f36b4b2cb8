"""What an export says about the records: ids, organisation, time, status."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.importers.labels import comparable
from survey.importers.raw import RawTable
from survey.importers.system import squeezed
from survey.questionnaire.model import Questionnaire
from survey.responses.values import as_text

FIELDS = ("organisation", "started", "finished", "status", "language")
# Columns that tell where records came from. Only which records share a value is kept.
ORIGINS = {
    "address": ("ipaddress", "ipaddr", "ipadresse"),
    "agent": ("useragent", "browserstring"),
}
RECAPTCHA = "Q_RecaptchaScore"
MONTHS = 12
_DATE = re.compile(r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)\d{4}")
# LimeSurvey dates a record when it is submitted, and has no status.
SUBMITTED = frozenset({"submitdate", "datesubmitted", "datumabgeschickt"})


@dataclass(frozen=True, slots=True)
class StatusMasks:
    """Who completed the interview and who was screened out.

    `complete` is None where the export has no status, or nothing says what of it
    means complete, and no date of submission that only some records have.
    """

    complete: NDArray[np.bool_] | None
    screened_out: NDArray[np.bool_]


def respondent_ids(raw: RawTable, questionnaire: Questionnaire) -> pd.Index:
    """Give every record an id of its own.

    Parameters
    ----------
    raw : RawTable
        The export.
    questionnaire : Questionnaire
        Says which column holds the id; without one, records are numbered from 1.

    Returns
    -------
    Index of str
        Unique; an id that stands twice gets ``-2``, ``-3`` at its end.
    """
    column = _column(raw, questionnaire.paradata.respondent)
    if column is None:
        numbers = [str(i + 1) for i in range(len(raw.frame))]
        return pd.Index(numbers, name="respondent_id")
    ids = as_text(raw.frame[column]).reset_index(drop=True)
    ids = ids.where(ids.notna(), "row " + (ids.index + 1).astype(str))
    again = ids.groupby(ids).cumcount()
    unique = ids.where(again == 0, ids + "-" + (again + 1).astype(str))
    return pd.Index(unique.astype(str), name="respondent_id")


def paradata(raw: RawTable, questionnaire: Questionnaire) -> pd.DataFrame:
    """Collect what describes the records.

    Parameters
    ----------
    raw : RawTable
        The export.
    questionnaire : Questionnaire
        Says which columns hold it.

    Returns
    -------
    DataFrame
        Columns ``organisation, started, finished, status, language`` as texts, and
        ``seconds`` and ``weight`` as numbers, as far as the export has them; an id
        that was given to several records stands in ``respondent``. ``address`` and
        ``agent`` number the distinct IP addresses and browsers; the values themselves
        identify a person and are not kept. ``recaptcha`` is the score of Qualtrics,
        from 0 (a program) to 1 (a person).
    """
    columns: dict[str, pd.Series] = {}
    for name in FIELDS:
        column = _column(raw, getattr(questionnaire.paradata, name))
        if column is not None:
            columns[name] = as_text(raw.frame[column])
    for name in ("seconds", "weight"):
        column = _column(raw, getattr(questionnaire.paradata, name))
        if column is not None:
            texts = as_text(raw.frame[column])
            columns[name] = pd.to_numeric(texts, errors="coerce").astype(float)
    if "seconds" not in columns and {"started", "finished"} <= set(columns):
        began, ended = (times(columns[name]) for name in ("started", "finished"))
        columns["seconds"] = (ended - began).dt.total_seconds()
    column = _column(raw, questionnaire.paradata.respondent)
    if column is not None:
        columns["respondent"] = as_text(raw.frame[column])
    columns |= _origins(raw)
    column = _column(raw, RECAPTCHA)
    if column is not None:
        scores = pd.to_numeric(as_text(raw.frame[column]), errors="coerce")
        columns["recaptcha"] = scores.astype(float)
    return pd.DataFrame(columns, index=raw.frame.index)


def status_masks(described: pd.DataFrame, questionnaire: Questionnaire) -> StatusMasks:
    """Say who completed the interview and who was screened out.

    Parameters
    ----------
    described : DataFrame
        As `paradata` gives it.
    questionnaire : Questionnaire
        Lists the values of the status that mean complete and screened out.

    Returns
    -------
    StatusMasks
        Two bool arrays (n,).
    """
    if "status" not in described or not questionnaire.complete:
        nobody = np.zeros(len(described), dtype=bool)
        return StatusMasks(_submitted(described, questionnaire), nobody)
    status = described["status"].map(
        lambda text: comparable(str(text)), na_action="ignore"
    )
    listed = (questionnaire.complete, questionnaire.screened_out)
    masks = [status.isin([comparable(v) for v in values]) for values in listed]
    return StatusMasks(masks[0].to_numpy(), masks[1].to_numpy())


def _submitted(
    described: pd.DataFrame, questionnaire: Questionnaire
) -> NDArray[np.bool_] | None:
    """Say who submitted, where only these have a date; None where all or nobody has."""
    header = squeezed(questionnaire.paradata.finished or "")
    if header not in SUBMITTED or "finished" not in described:
        return None
    given = described["finished"].notna().to_numpy()
    return given if given.any() and not given.all() else None


def _column(raw: RawTable, name: str | None) -> str | None:
    """Find a column by name, whatever its case."""
    names = {comparable(column): column for column in raw.frame.columns}
    return names.get(comparable(name)) if name else None


def _origins(raw: RawTable) -> dict[str, pd.Series]:
    """Give the addresses and browsers that records came from numbers."""
    origins = {}
    for name, headers in ORIGINS.items():
        names = [c for c in raw.frame.columns if squeezed(c).endswith(headers)]
        if names:
            numbers = pd.factorize(as_text(raw.frame[names[0]]))[0]
            found = pd.Series(numbers, index=raw.frame.index, dtype=float)
            origins[name] = found.where(found >= 0)
    return origins


def times(texts: pd.Series) -> pd.Series:
    """Read points of time; what is none is missing.

    Parameters
    ----------
    texts : Series of str
        Dates and times in any usual form.

    Returns
    -------
    Series of datetime64, UTC
        Missing where a text is no point of time.

    Notes
    -----
    The day comes first where dots separate it, and where slashes do and no month
    comes first: in ``13/06/2024`` there is none. All other dates begin with the
    month, or the year.

    Examples
    --------
    >>> times(pd.Series(["2025-03-01 10:00:05", "soon"])).dt.second.tolist()
    [5.0, nan]
    >>> times(pd.Series(["05.06.2024 23:58", "06.06.2024 00:03"])).dt.month.tolist()
    [6, 6]
    """
    return pd.to_datetime(
        texts, errors="coerce", format="mixed", utc=True, dayfirst=_day_first(texts)
    )


def _day_first(texts: pd.Series) -> bool:
    """Tell dates that begin with the day from those that begin with the month."""
    found = [_DATE.match(str(text)) for text in texts.dropna().unique()]
    dates = [date for date in found if date]
    if any(date["mark"] == "." for date in dates):
        return True
    first = max((int(date["first"]) for date in dates), default=0)
    second = max((int(date["second"]) for date in dates), default=0)
    return second <= MONTHS < first
