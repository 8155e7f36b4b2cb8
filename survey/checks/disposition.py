"""What became of every record: complete, partial, screened out."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.importers.labels import comparable
from survey.responses.table import ANSWERED, Responses

Disposition = Literal["complete", "partial", "screened_out", "empty"]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)


def dispositions(responses: Responses) -> pd.Series:
    """Say what became of every record.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.

    Returns
    -------
    Series of str
        ``complete``, ``partial``, ``screened_out`` or ``empty`` (no answer at all).
        Without a status in the export, every record with an answer is complete.
    """
    asked = responses.questionnaire
    answered = (responses.states.to_numpy() == ANSWERED).any(axis=1)
    result = np.where(answered, "complete", "empty").astype(object)
    if "status" in responses.paradata and asked.complete:
        status = responses.paradata["status"].map(
            lambda text: comparable(str(text)), na_action="ignore"
        )
        complete = status.isin([comparable(v) for v in asked.complete]).to_numpy()
        screened = status.isin([comparable(v) for v in asked.screened_out]).to_numpy()
        result[answered & ~complete] = "partial"
        result[screened] = "screened_out"
    return pd.Series(result, index=responses.frame.index, name="disposition")
