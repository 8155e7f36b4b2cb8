"""What became of every record: complete, partial, screened out."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.responses.paradata import status_masks
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
    masks = status_masks(responses.paradata, responses.questionnaire)
    answered = (responses.states.to_numpy() == ANSWERED).any(axis=1)
    result = np.where(answered, "complete", "empty").astype(object)
    if masks.complete is not None:
        result[answered & ~masks.complete] = "partial"
        result[masks.screened_out] = "screened_out"
    return pd.Series(result, index=responses.frame.index, name="disposition")
