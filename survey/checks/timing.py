"""When and how fast: speeders, and records that programs send."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.responses.paradata import times
from survey.responses.table import ANSWERED, Responses

BoolArray = NDArray[np.bool_]
Floats = NDArray[np.float64]
SPEEDER_SHARE: Final = 1 / 3
ADDRESS_RECORDS: Final = 5
ADDRESS_SECONDS: Final = 60.0
SWARM_RECORDS: Final = 10
SWARM_SECONDS: Final = 10.0
SWARM_FACTOR: Final = 20.0
SWARM_SHARE: Final = 0.5
RECAPTCHA_SCORE: Final = 0.5


def speeders(responses: Responses, complete: BoolArray) -> BoolArray:
    """Flag complete records that took less than a third of the median time.

    Parameters
    ----------
    responses : Responses
        Coded answers; ``paradata`` holds ``seconds``.
    complete : bool array (n,)
        Complete records, which make the median. The median does not mind records
        that were left open for days.

    Returns
    -------
    bool array (n,)
        True where the whole time and the time per answered question both are less
        than a third of their medians, so that nobody is flagged for having been
        asked less; nobody where the export has no times.

    Notes
    -----
    Limits relative to the median are what [1]_ and [2]_ compare; [1]_ finds that the
    results of a survey hardly depend on the limit. A third is stricter than the half
    that [2]_ proposes, so that fast readers stay. Where the logarithms of honest times
    are normal with standard deviation s, it flags a share of Phi(-ln 3 / s) of them:
    0.3 % for 0.4, 1.4 % for 0.5.

    References
    ----------
    .. [1] R. Greszki, M. Meyer and H. Schoen, "Exploring the effects of removing
       'too fast' responses and respondents from web surveys", Public Opinion
       Quarterly 79, 2015.
    .. [2] D. J. Leiner, "Too fast, too straight, too weird: non-reactive indicators
       for meaningless data in internet surveys", Survey Research Methods 13, 2019.
    """
    nobody = np.zeros(len(responses.frame), dtype=bool)
    if "seconds" not in responses.paradata:
        return nobody
    seconds = responses.paradata["seconds"].to_numpy(dtype=float)
    answered = (responses.states.to_numpy() == ANSWERED).sum(axis=1)
    timed = complete & np.isfinite(seconds) & (seconds > 0) & (answered > 0)
    if not timed.any():
        return nobody
    pace = seconds / np.maximum(answered, 1)
    fast = [_below(measure, timed) for measure in (seconds, pace)]
    return np.asarray(timed & fast[0] & fast[1], dtype=bool)


def programs(responses: Responses) -> BoolArray:
    """Flag records that a program seems to have sent.

    Parameters
    ----------
    responses : Responses
        Coded answers; ``paradata`` holds times, addresses and scores as far as the
        export has them.

    Returns
    -------
    bool array (n,)
        True for `swarms`, and where the ``recaptcha`` score of Qualtrics is below
        0.5, the limit its manual gives for a likely bot.
    """
    flagged = swarms(responses)
    if "recaptcha" in responses.paradata:
        scores = responses.paradata["recaptcha"].to_numpy(dtype=float)
        flagged = flagged | (scores < RECAPTCHA_SCORE)
    return flagged


def swarms(responses: Responses) -> BoolArray:
    """Flag records that came in faster than people do.

    Parameters
    ----------
    responses : Responses
        Coded answers; ``paradata`` holds ``finished`` or ``started``, and
        ``address`` and ``agent`` where the export has them.

    Returns
    -------
    bool array (n,)
        True for five and more records within a minute from one IP address (and one
        browser, where that is known). Without addresses, for ten and more records
        within ten seconds, and twenty times as many as ten seconds usually bring;
        nobody where half of the records did, because then they were loaded from
        elsewhere, or where the times know no seconds.
    """
    nobody = np.zeros(len(responses.frame), dtype=bool)
    moments = _moments(responses.paradata)
    if moments is None:
        return nobody
    if "address" in responses.paradata:
        return _from_one_address(responses.paradata, moments)
    return _at_once(moments)


def _below(measure: Floats, timed: BoolArray) -> BoolArray:
    """Say who is below a third of the median."""
    return np.asarray(measure < SPEEDER_SHARE * float(np.median(measure[timed])))


def _moments(paradata: pd.DataFrame) -> Floats | None:
    """Give when records came in, in seconds; None where times know no seconds."""
    name = next((n for n in ("finished", "started") if n in paradata), None)
    if name is None:
        return None
    moments = times(paradata[name])
    known = moments.notna().to_numpy()
    if not known.any() or float((moments[known].dt.second == 0).mean()) > SWARM_SHARE:
        return None
    seconds = (moments - moments.min()).dt.total_seconds()
    return np.asarray(seconds, dtype=float)


def _from_one_address(paradata: pd.DataFrame, moments: Floats) -> BoolArray:
    """Flag many records within a minute from one address and browser."""
    sources = paradata[[n for n in ("address", "agent") if n in paradata]]
    group = sources.groupby(list(sources), dropna=False).ngroup().to_numpy()
    known = np.isfinite(moments) & paradata["address"].notna().to_numpy()
    flagged = np.zeros(len(moments), dtype=bool)
    rows = np.flatnonzero(known)
    order = rows[np.lexsort((moments[rows], group[rows]))]
    # Every group has a stretch of time of its own, so that one pass counts them all.
    stretch = float(np.max(moments[rows], initial=0.0)) + 2 * ADDRESS_SECONDS
    shifted = moments[order] + group[order] * stretch
    flagged[order] = _crowded(shifted, ADDRESS_SECONDS, ADDRESS_RECORDS)
    return flagged


def _at_once(moments: Floats) -> BoolArray:
    """Flag many more records within seconds than usual."""
    flagged = np.zeros(len(moments), dtype=bool)
    rows = np.flatnonzero(np.isfinite(moments))
    order = rows[np.argsort(moments[rows], kind="stable")]
    low, high = np.quantile(moments[order], (0.05, 0.95))
    usual = 0.9 * len(order) * SWARM_SECONDS / max(high - low, SWARM_SECONDS)
    least = int(np.ceil(max(SWARM_RECORDS, SWARM_FACTOR * usual)))
    flagged[order] = _crowded(moments[order], SWARM_SECONDS, least)
    return flagged if flagged.mean() < SWARM_SHARE else np.zeros_like(flagged)


def _crowded(moments: Floats, seconds: float, least: int) -> BoolArray:
    """Say which of sorted moments lie in a window that holds at least so many."""
    starts = np.flatnonzero(moments[least - 1 :] - moments[: -least + 1] <= seconds)
    marks = np.zeros(len(moments) + 1, dtype=int)
    np.add.at(marks, starts, 1)
    np.add.at(marks, starts + least, -1)
    return np.asarray(np.cumsum(marks)[:-1] > 0, dtype=bool)
