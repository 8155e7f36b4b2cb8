"""A finding: something about the data that a reader of the numbers should know.

No respondent, answer or row disappears without one.
"""

from dataclasses import dataclass
from typing import Literal

from survey.said import Said, tell

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
# A report has words for each of them: ``action_kept`` and so on.
Action = Literal[
    "kept",
    "excluded by the study",
    "left out",
    "left out (weight 0)",
    "left out of every output",
    "set to not answered",
    "set to not asked",
    "treated as not asked",
    "counted as not chosen",
    "the first one counts",
    "the longest options count",
    "not compared",
    "imputed",
    "kept with their share of the sample",
    "shares are of the counts",
    "size left open",
    "base: answered",
    "written as text, never as a formula",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found in the data, and what was done about it.

    Attributes
    ----------
    severity : {"error", "warning", "note"}
        ``error`` makes numbers wrong, ``warning`` may, ``note`` is for the record.
    check : str
        Short name of the check, such as ``unknown_code``.
    question : str
        Question, column or margin it is about; empty for the whole file.
    said : Said
        What was found, in one sentence with its numbers.
    count : int
        How many records or answers are concerned.
    action : str
        What was done: ``kept``, ``set to not answered``, ``excluded by the study`` ...
    respondents : tuple of str
        Ids of the records concerned, the first ones where there are many.
    wave : str
        Wave it is about; empty where there is one wave only.
    """

    severity: Severity
    check: str
    question: str
    said: Said
    count: int
    action: Action = "kept"
    respondents: tuple[str, ...] = ()
    wave: str = ""

    @property
    def message(self) -> str:
        """What was found, in English."""
        return tell(self.said)
