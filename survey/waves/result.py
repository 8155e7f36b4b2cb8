"""Everything that a report says about more than one wave, as values."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.finding import Finding
from survey.wave.result import Key
from survey.waves.change_history import CellHistory
from survey.waves.contract import WaveContract
from survey.waves.decomposition_values import Decomposition
from survey.waves.drift import WeightDrift
from survey.waves.transitions_values import Transitions
from survey.waves.values import Against, CellChange

Changes = Mapping[Key, CellChange]


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """What is known of the waves of a study beside each other.

    Attributes
    ----------
    contracts : mapping of (str, str) to WaveContract
        By newer and older wave.
    changes : mapping of (str, against) to mapping of Key to CellChange
        By the newer wave and what it is compared with, then by question, code, banner
        question and point.
    histories : mapping of Key to CellHistory
        Records and rows of rises of the newest wave.
    decompositions : tuple of Decomposition
        Changes of the headlines since the previous wave, taken apart.
    transitions : Transitions or None
        Who started, stayed and stopped since the previous wave; None where the study
        has no indicator of adoption.
    drift : tuple of WeightDrift
        The weights of every wave.
    findings : tuple of Finding
        What calls for a second look at these.
    """

    contracts: Mapping[tuple[str, str], WaveContract]
    changes: Mapping[tuple[str, Against], Changes]
    histories: Mapping[Key, CellHistory]
    decompositions: tuple[Decomposition, ...] = ()
    transitions: Transitions | None = None
    drift: tuple[WeightDrift, ...] = ()
    findings: tuple[Finding, ...] = ()


def by_cell(changes: tuple[CellChange, ...]) -> Changes:
    """Make changes that can be looked up by cell.

    Parameters
    ----------
    changes : tuple of CellChange
        Of one pair of waves.

    Returns
    -------
    mapping of (question, code, banner, point) to CellChange
        In their order.
    """
    return {(c.question, c.code, c.banner, c.point): c for c in changes}
