"""What a file was made from, as a digest: an unchanged file is not made again.

The digest covers the values that a writer reads, the source of the writers, and the
versions of the libraries that they use.
"""

from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from survey.report.document import ChartBlock, Report

_LIBRARIES: Final = (
    "genai-survey",
    "font-source-sans-pro",
    "fonttools",
    "Jinja2",
    "matplotlib",
    "python-pptx",
    "typst",
    "XlsxWriter",
)
_SOURCES: Final = ("*.py", "*.typ", "*.yaml", "*.html", "*.css", "*.js")


def figure_origin(block: ChartBlock, report: Report) -> str:
    """Digest what a figure is drawn from.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    report : Report
        Its language and look.

    Returns
    -------
    str
        64 hexadecimal digits, the same for the same figure.
    """
    return _digest(repr((block, report.language, report.look)))


def report_origin(report: Report) -> str:
    """Digest everything that is said; not the results, which have files of their own.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.

    Returns
    -------
    str
        64 hexadecimal digits, the same for the same report.
    """
    said = (
        report.name,
        report.title,
        report.subtitle,
        report.language,
        report.cautions,
        report.pages,
        report.findings,
        report.headlines,
        sorted(report.words.items()),
        report.look,
        sha256(report.template).hexdigest(),
    )
    return _digest(repr(said))


def _digest(text: str) -> str:
    """Digest a text together with the writers."""
    return sha256(f"{_writers()}{text}".encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _writers() -> str:
    """Digest the source of the writers, and name their libraries."""
    home = Path(__file__).parent
    files = sorted(path for kind in _SOURCES for path in home.rglob(kind))
    parts = [sha256(path.read_bytes()).hexdigest() for path in files]
    return " ".join([*parts, *(f"{name} {_version(name)}" for name in _LIBRARIES)])


def _version(name: str) -> str:
    """Give the version of a library, empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
