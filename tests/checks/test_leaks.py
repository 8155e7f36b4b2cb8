"""What identifies people stands in no output, whatever the platform called it."""

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from survey.analysis import analyze
from survey.cli import main
from survey.drafts import draft_files
from survey.importers.read import read
from survey.report.files import write
from survey.weighted_files.convert import SUFFIXES, convert

N = 60
Columns = Mapping[str, list[str | None]]
TOOLS = ["Copilot", "ChatGPT", "Claude", "Llama"]
SECRETS = (
    "@leak.example",
    "203.0.113.",
    "2001:db8:77",
    # Long enough to stand in no hash and in no coordinate of a drawing by chance.
    "151 5550",
    "1515550",
    "30 55501",
    "3055501",
    "151 55502",
    "555-01",
    "PNL9QX",
    "52.7718",
    "13.8829",
    "Zyxanna",
    "Quorberg",
)


def numbered(pattern: str) -> list[str | None]:
    return [pattern.format(i=i) for i in range(1000, 1000 + N)]


def moments(form: str) -> list[str | None]:
    start = pd.Timestamp("2025-03-03 09:00:07")
    return [(start + pd.Timedelta(minutes=17 * i)).strftime(form) for i in range(N)]


def drawn(rng: np.random.Generator, *answers: str) -> list[str | None]:
    return [str(answer) for answer in rng.choice(answers, N)]


def comments(rng: np.random.Generator) -> list[str | None]:
    told = drawn(rng, "Costs", "Skills", "The lawyers need too long for a licence")
    told[3] = "Write to inside@leak.example please"
    told[5] = "Call +49 30 55501234 or 0151 55502345"
    told[7] = "My host is 203.0.113.99 or 2001:db8:77::5"
    told[9] = "We sit at 52.7718123, 13.8829123"
    return told


def joined(rng: np.random.Generator, delimiter: str, end: str) -> list[str | None]:
    cells = []
    for i in range(N):
        named = [tool for tool in TOOLS if rng.random() < 0.6] or TOOLS[:1]
        if i % 12 == 1:
            named.append(f"a tool of tool{i}@leak.example")
        cells.append(delimiter.join(named) + end)
    return [*cells]


def google(rng: np.random.Generator) -> Columns:
    return {
        "Zeitstempel": moments("%d.%m.%Y %H:%M:%S"),
        "E-Mail-Adresse": numbered("g{i}@leak.example"),
        "Ihr vollständiger Name": numbered("Zyxanna{i} Quorberg{i}"),
        "Ihre Telefonnummer": numbered("0151 5550{i}"),
        "Ihre Panel-ID": numbered("PNL9QX{i}"),
        "Woher kommt die Anfrage?": [f"203.0.113.{i}" for i in range(N)],
        "Nutzen Sie KI?": drawn(rng, "Ja", "Nein"),
        "Welche Werkzeuge nutzen Sie?": joined(rng, ", ", ""),
        "Was steht im Weg?": comments(rng),
    }


def forms(rng: np.random.Generator) -> Columns:
    return {
        "ID": [str(i) for i in range(1, N + 1)],
        "Start time": moments("%m/%d/%y %H:%M:%S"),
        "Completion time": moments("%m/%d/%y %H:%M:%S"),
        "Email": numbered("m{i}@leak.example"),
        "Name": numbered("Zyxanna{i} Quorberg{i}"),
        "First name": numbered("Zyxanna{i}"),
        "Last name": numbered("Quorberg{i}"),
        "Your mobile number": [f"(415) 555-0{i}" for i in range(100, 100 + N)],
        "Latitude": numbered("52.7718{i}"),
        "Longitude": numbered("13.8829{i}"),
        "Do you use AI?": drawn(rng, "Yes", "No"),
        "Which tools do you use?": joined(rng, ";", ";"),
        "What stands in the way?": comments(rng),
    }


def decipher(rng: np.random.Generator) -> Columns:
    typed = [f"ask typed{i}@leak.example" if i % 9 == 0 else None for i in range(N)]
    return {
        "record": [str(i) for i in range(1, N + 1)],
        "uuid": numbered("u{i}"),
        "date": moments("%m/%d/%Y %H:%M"),
        "markers": ["/qualified"] * N,
        "status": ["3"] * N,
        "ipAddress": [f"203.0.113.{i}" for i in range(N)],
        "url": numbered("https://s.example/?mail=u{i}@leak.example"),
        "psid": numbered("PNL9QX{i}"),
        "RID": numbered("PNL9QX{i}"),
        "qtime": numbered("{i}"),
        "vlist": ["1"] * N,
        "Q1": drawn(rng, "1", "2"),
        **{f"Q2r{row}": drawn(rng, "0", "1") for row in (1, 2, 3)},
        "Q2r3oe": typed,
        "Q3": drawn(rng, "1", "2", "3", "4"),
        "Q4": comments(rng),
        "Q5_phone": numbered("0151 5550{i}"),
        "firstname": numbered("Zyxanna{i}"),
        "Nachname": numbered("Quorberg{i}"),
        "lat": numbered("52.7718{i}"),
        "lon": numbered("13.8829{i}"),
    }


def told_by(path: Path) -> Iterator[bytes]:
    """Everything a file says; the cells of a .sav file are packed in pieces."""
    if path.suffix == ".sav":
        raw = read(path)
        yield f"{raw.frame.to_csv()}{raw.labels}".encode()
    else:
        yield from texts(path.read_bytes(), path.suffix)


def texts(data: bytes, suffix: str) -> Iterator[bytes]:
    """Everything a file says, packed files unpacked."""
    if suffix in {".xlsx", ".pptx"}:
        with ZipFile(BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from texts(packed.read(name), Path(name).suffix)
    elif suffix == ".pdf":
        from pypdf import PdfReader

        yield from (p.extract_text().encode() for p in PdfReader(BytesIO(data)).pages)
    elif suffix == ".parquet":
        yield pd.read_parquet(BytesIO(data)).to_csv().encode()
    else:
        yield data


@pytest.mark.parametrize("platform", [google, forms, decipher])
def test_no_output_names_anybody(
    platform: Callable[[np.random.Generator], Columns], tmp_path: Path
) -> None:
    export = tmp_path / "wave.csv"
    pd.DataFrame(platform(np.random.default_rng(5))).to_csv(export, index=False)
    out = tmp_path / "out"
    report = analyze(export)
    assert len(report.results) > 0
    write(report, out)
    draft_files(export, out / "draft.yaml")
    for suffix in SUFFIXES:
        assert convert(export, out / f"again{suffix}").hidden >= 4
    told = CliRunner().invoke(main, ["check", str(export)]).output
    (out / "check.txt").write_text(told, encoding="utf-8")
    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    suffixes = {path.suffix for path in files}
    assert suffixes >= {".pdf", ".html", ".pptx", ".svg", ".xlsx", ".yaml", ".sav"}
    leaks = [
        (path.name, secret)
        for path in files
        for text in told_by(path)
        for secret in SECRETS
        if secret.encode() in text
    ]
    assert leaks == []
