"""A finding: something about the data that a reader of the numbers should know.

No respondent, answer or row disappears without one.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


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
    message : str
        What was found, in one sentence with its numbers.
    count : int
        How many records or answers are concerned.
    action : str
        What was done: ``kept``, ``set to not answered``, ``excluded`` ...
    respondents : tuple of str
        Ids of the records concerned, the first ones where there are many.
    wave : str
        Wave it is about; empty where there is one wave only.
    """

    severity: Severity
    check: str
    question: str
    message: str
    count: int
    action: str = "kept"
    respondents: tuple[str, ...] = ()
    wave: str = ""
