"""What real files have: stray codes, broken routing, pages that were never read."""

from collections.abc import Iterable, Mapping

import pandas as pd
from answers import STAGE_DRAW, Wave
from draws import order


def spoil(wave: Wave, answers: pd.DataFrame, dirt: Mapping[str, int]) -> pd.DataFrame:
    """Put in what real files have: stray codes, broken routing, unread pages.

    Parameters
    ----------
    wave : Wave
        The wave.
    answers : DataFrame
        Its answers; not changed.
    dirt : mapping of str to int
        How much of it, from ``plan.yaml``.

    Returns
    -------
    DataFrame
        Answers as the platform would have stored them.
    """
    spoiled = answers.copy()
    status = wave.people["status"].to_numpy()
    shuffled = order(wave.rng, len(status))
    complete = shuffled[status[shuffled] == "complete"]
    stray = complete[: dirt["unknown_codes"]]
    spoiled.loc[stray, "role"] = "8"
    planned = complete[answers["stage"].to_numpy()[complete] == "3"]
    astray = planned[: dirt["wrong_routing"]]
    spoiled.loc[astray, ["concerns_openness", "share_open"]] = ["2", "40"]
    numbers = complete[answers["stage"].to_numpy()[complete] == "5"]
    spoiled.loc[numbers[: dirt["worded_numbers"]], "share_open"] = "ca. 40"
    unread = shuffled[status[shuffled] == "partial"][: dirt["size_unknown"]]
    spoiled.loc[unread, "size"] = "9"
    return _leave_out_pages(spoiled, wave)


def _leave_out_pages(answers: pd.DataFrame, wave: Wave) -> pd.DataFrame:
    """Blank what stands on pages that a record never reached."""
    page_of = {
        question: number
        for number, page in enumerate(wave.plan["pages"], start=1)
        for question in page
    }
    last = wave.people["last_page"].to_numpy(int)
    kept = {
        name: answers[name].where(last >= page_of[_question_of(name, page_of)], "")
        for name in answers.columns
        if name != STAGE_DRAW
    }
    return pd.DataFrame({**kept, STAGE_DRAW: answers[STAGE_DRAW]})


def _question_of(column: str, questions: Iterable[str]) -> str:
    """Give the question a column belongs to: the longest id that it begins with."""
    fitting = (q for q in questions if column == q or column.startswith(f"{q}_"))
    return max(fitting, key=len)
