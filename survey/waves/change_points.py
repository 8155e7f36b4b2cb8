"""Banner points of two waves side by side.

A point is compared where the contract of its question allows it, and, without a
contract, where code and label are the same: a band that changed is another band.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.tabulation.layout import BannerPoint
from survey.wave.result import WaveResult
from survey.waves.contract import Consequence, QuestionContract, WaveContract

_SAME = Consequence("comparable")


@dataclass(frozen=True, slots=True)
class PointPair:
    """A column of the tables in two waves.

    Attributes
    ----------
    banner, point : str
        Banner question and label in the newer wave; Total has no banner.
    earlier_banner, earlier : str
        The same in the older wave; `earlier` is empty where nothing is compared.
    consequence : Consequence
        Why it is compared, or not.
    """

    banner: str
    point: str
    earlier_banner: str
    earlier: str
    consequence: Consequence = _SAME


TOTAL = PointPair("", "Total", "", "Total")


def compared_points(
    newer: WaveResult, older: WaveResult, contract: WaveContract
) -> tuple[PointPair, ...]:
    """Put the columns of two waves side by side, Total first.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves.
    contract : WaveContract
        What can be compared.

    Returns
    -------
    tuple of PointPair
        All columns of the newer wave.
    """
    before = {(point.banner, point.code): point for point in older.points}
    return (
        TOTAL,
        *(
            _pair(point, _pact(point.banner, newer, contract), before)
            for point in newer.points
        ),
    )


def _pact(
    banner: str, newer: WaveResult, contract: WaveContract
) -> QuestionContract | None:
    """Find the contract of a banner question, or of the grid of which it is an item."""
    if banner in contract.questions or newer.question(banner):
        return contract.questions.get(banner)
    grids = (q for q in contract.questions.values() if q.items)
    return next((q for q in grids if banner.startswith(f"{q.question}_")), None)


def _pair(
    point: BannerPoint,
    pact: QuestionContract | None,
    before: Mapping[tuple[str, str], BannerPoint],
) -> PointPair:
    """Find the column of the older wave that a column stands for."""
    name, because = point.banner, Consequence("not_comparable", "new")
    if pact is None:
        return PointPair(name, point.label, name, "", because)
    item = name.removeprefix(f"{pact.question}_")
    earlier = f"{pact.earlier}_{pact.items.get(item, item)}"
    earlier = earlier if pact.items and item != name else pact.earlier
    because = pact.consequence("share", point.code)
    known = pact.codes.get(point.code, () if pact.codes else (point.code,))
    found = before.get((earlier, known[0])) if len(known) == 1 else None
    if because.verdict != "comparable" or found is None:
        reason = because.because or "options_added"
        lost = Consequence("not_comparable", reason)
        return PointPair(name, point.label, earlier, "", lost)
    return PointPair(name, point.label, earlier, found.label, because)
