"""How time and memory of ours grow; each case has a process, and so a peak, of its own.

Called with a number of respondents, a number of tables and a design, it runs that case
and writes what it measured as JSON.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bare import floor
from clock import best, ratio_text, table_text, time_text
from ours import TITLES, tabulate
from respondents import draw, items_of

RESPONDENTS = [(10_000, 150), (100_000, 150), (1_000_000, 150)]
TABLES = [(100_000, 15), (100_000, 150), (100_000, 1_500)]
MIB = 2**20
LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Case:
    """One case: seconds of ours and of the floor, bytes of frame and peak."""

    respondents: int
    tables: int
    seconds: float
    floor: float
    frame: int
    peak: int


def growth(design: str) -> str:
    """Run the cases of a design and write them as tables."""
    measured = {
        case: _started(*case, design) for case in dict.fromkeys(RESPONDENTS + TABLES)
    }
    return "\n".join(
        f"\n{TITLES[design]}, more {more}\n{_printed([measured[c] for c in cases])}"
        for more, cases in (("respondents", RESPONDENTS), ("tables", TABLES))
    )


def _started(respondents: int, tables: int, design: str) -> Case:
    """Run one case in a process of its own, so that the peak is its own."""
    command = [sys.executable, __file__, str(respondents), str(tables), design]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Case(**json.loads(done.stdout))


def _printed(cases: Sequence[Case]) -> str:
    """Write cases, each with how much more it took than the one before."""
    head = ["respondents x tables", "ours", "times", "bincount", "ours/bincount"]
    head += ["peak MiB", "without the frame"]
    before: list[Case | None] = [None, *cases]
    rows = [
        [
            f"{case.respondents:,} x {case.tables:,}",
            time_text(case.seconds),
            ratio_text(case.seconds, last.seconds) if last else "",
            time_text(case.floor),
            ratio_text(case.seconds, case.floor),
            f"{case.peak / MIB:.0f}",
            f"{(case.peak - case.frame) / MIB:.0f}",
        ]
        for case, last in zip(cases, before, strict=False)
    ]
    return table_text(head, rows)


def _measured(respondents: int, tables: int, design: str) -> Case:
    """Draw respondents, make the tables, and look at time and memory."""
    frame, items = draw(respondents, tables), items_of(tables)
    took, _ = best(lambda: tabulate(frame, items, design))
    size, peak = int(frame.memory_usage(deep=True).sum()), _peak()
    bare = floor(frame, items, clustered=design == "clusters")
    return Case(respondents, tables, took, bare.whole, size, peak)


def _peak() -> int:
    """Give the largest number of bytes this process held at a time."""
    status = Path("/proc/self/status")
    if status.exists():
        # Linux counts the process that started this one into ru_maxrss.
        lines = status.read_text("ascii").splitlines()
        (peak,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
        return int(peak) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    case = _measured(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    print(json.dumps(asdict(case)))
