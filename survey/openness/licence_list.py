"""The licence lists that come with the package: facts, each with its edition.

An id is matched as it is written, case included; `licence_names` knows spellings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

_OPEN_DATA: Final = "open-data"


@dataclass(frozen=True, slots=True)
class LicenceList:
    """One edition of the SPDX list, with what a ruleset adds to it.

    Attributes
    ----------
    edition : str
        Of the SPDX list.
    as_of : str
        Day on which the list had this state.
    ids : frozenset of str
        All ids that are known.
    osi, fsf : frozenset of str
        Approved by the Open Source Initiative; free by the Free Software Foundation.
    open_data : frozenset of str
        Open licences for data and documents that neither of the two judges.
    """

    edition: str
    as_of: str
    ids: frozenset[str]
    osi: frozenset[str]
    fsf: frozenset[str]
    open_data: frozenset[str]

    @property
    def open_ids(self) -> frozenset[str]:
        """Ids that are open by any of the three."""
        return self.osi | self.fsf | self.open_data


@cache
def licence_list(edition: str) -> LicenceList:
    """Read one edition.

    Parameters
    ----------
    edition : {"3.24", "3.29"}
        Edition of the SPDX list.

    Returns
    -------
    LicenceList
        Its ids.

    Examples
    --------
    >>> "MIT" in licence_list("3.29").osi, "mit" in licence_list("3.29").ids
    (True, False)
    """
    data = licence_data(f"spdx-{edition}")
    extra = licence_data(_OPEN_DATA)[edition]
    both, osi = frozenset(data["osi_and_fsf"]), frozenset(data["osi"])
    fsf, rest = frozenset(data["fsf"]), frozenset(data["neither"])
    renamed: dict[str, str] = extra.get("written", {})
    ids = _as_written(both | osi | fsf | rest, renamed) | frozenset(extra["added"])
    return LicenceList(
        edition=edition,
        as_of=data["as_of"],
        ids=ids,
        osi=both | osi,
        fsf=both | fsf,
        open_data=frozenset(extra["open_data"]),
    )


def licence_data(name: str) -> Any:
    """Read a file of this folder.

    Parameters
    ----------
    name : str
        Without its ending.

    Returns
    -------
    Any
        Its content.
    """
    file = files("survey") / "openness" / "licences" / f"{name}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _as_written(ids: Iterable[str], renamed: dict[str, str]) -> frozenset[str]:
    """Give ids in the spelling that the edition itself had."""
    return frozenset(renamed.get(i, i) for i in ids)
