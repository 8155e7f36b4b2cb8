"""Everything that a user can put right is a `SurveyError`.

::

    SurveyError(ValueError)
    ├── DataFileError         an export cannot be read, or is not a survey
    ├── QuestionnaireError    a questionnaire file is wrong (file and line)
    ├── StudyError            a study file is wrong (file and line)
    ├── ListingError          a listing of models cannot be read, or is none
    ├── ModelFileError        a record of a model is wrong (file and line)
    ├── QuestionError         a question or category that is asked for is not there
    ├── WeightingError        weights cannot be made
    │   ├── MarginError       targets and respondents do not fit each other
    │   └── RakingError       the margins cannot all be met
    ├── DesignError           weights, strata, PSUs contradict each other
    ├── EstimationError       an estimate is not defined on these respondents
    ├── StyleError            a file of colours, fonts and logo is wrong (file and line)
    └── OutputError           a report cannot be written

A message says what is wrong with names and numbers, where, and what to do.
Mistakes of a programmer stay `TypeError` and `AssertionError`.
"""

from collections.abc import Iterable

from survey.said import Said


class SurveyError(ValueError):
    """Base of everything that a user can put right."""


class DataFileError(SurveyError):
    """An export cannot be read, or is not a survey."""


class QuestionnaireError(SurveyError):
    """A questionnaire file is wrong."""


class StudyError(SurveyError):
    """A study file is wrong."""


class ListingError(SurveyError):
    """A listing of models cannot be read, or is none."""


class ModelFileError(SurveyError):
    """A record of a model, or a catalogue of models, is wrong."""


class QuestionError(SurveyError):
    """A question or category that is asked for is not there."""


class WeightingError(SurveyError):
    """Weights cannot be made.

    Attributes
    ----------
    reason : Said or None
        Why, in one sentence that a report can tell in its language.
    """

    def __init__(self, message: str, reason: Said | None = None) -> None:
        """Keep what the report tells beside the message."""
        super().__init__(message)
        self.reason = reason


class MarginError(WeightingError):
    """Targets and respondents do not fit each other."""


class RakingError(WeightingError):
    """The margins cannot all be met."""


class DesignError(SurveyError):
    """Weights, strata and PSUs contradict each other."""


class EstimationError(SurveyError):
    """An estimate is not defined on these respondents."""


class StyleError(SurveyError):
    """A file of colours, fonts and logo is wrong."""


class OutputError(SurveyError):
    """A report cannot be written."""


def some(values: Iterable[object], most: int = 8) -> str:
    """List the first values in words, and say how many more there are.

    Parameters
    ----------
    values : iterable
        What to list, in the order given.
    most : int, default 8
        How many to name.

    Returns
    -------
    str
        Values separated by commas.

    Examples
    --------
    >>> some(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    listed = list(values)
    text = ", ".join(repr(value) for value in listed[:most])
    rest = len(listed) - most
    return f"{text} and {rest} more" if rest > 0 else text
