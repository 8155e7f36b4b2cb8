"""R survey: a few tables of the file, timed one by one in R."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pandas as pd
from peers import MULTIPLE, REPEATS, SINGLE, Peer
from respondents import BANNER


def run_r(path: Path) -> Peer | None:
    """Let R time its tables; nothing where R or its package is not there."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = (path, SINGLE, MULTIPLE, ",".join(BANNER), REPEATS, folder)
        version = rscript("tables.R", *map(str, arguments))
        if version is None:
            return None
        text = {"code": str, "point": str}
        cells = pd.read_csv(Path(folder, "cells.csv"), dtype=text)
        tables = pd.read_csv(Path(folder, "tables.csv"))
    return Peer("R survey", version.strip(), cells, tables)


def rscript(script: str, *arguments: str) -> str | None:
    """Run a script of this folder; give what it printed, nothing where it cannot."""
    program = shutil.which("Rscript")
    if program is None:
        print(f"No Rscript: {script} is left out.")
        return None
    command = [program, str(Path(__file__).with_name(script)), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{script} is left out: {' '.join(done.stderr.split())}")
        return None
    return done.stdout
