"""The files for machines: results, findings, and what the run was.

A text that a spreadsheet would run gets an apostrophe in front; numbers are left
alone.
"""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.errors import OutputError, some
from survey.finding import Finding
from survey.report.document import Report
from survey.report.made import Made, digest
from survey.report.wording import action_text
from survey.said import tell

_LISTS: Final = (".csv", ".json")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_OF_FINDINGS: Final = (
    "wave",
    "severity",
    "check",
    "question",
    "message",
    "count",
    "action",
    "respondents",
)


def run_file(report: Report, made: Mapping[str, Made]) -> bytes:
    """Write down what the run was, without times and places.

    Parameters
    ----------
    report : Report
        Its provenance.
    made : mapping of str to Made
        The files of the run.

    Returns
    -------
    bytes
        JSON.
    """
    files = []
    for name, one in made.items():
        origin = {"made_from": one.made_from} if one.made_from else {}
        files.append({"name": name, "sha256": one.sha256, **origin})
    data: dict[str, Any] = {**report.provenance, "files": files}
    if report.template:
        data["template"] = {"sha256": digest(report.template)}
    text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    return f"{text}\n".encode()


def csv(frame: pd.DataFrame) -> bytes:
    r"""Write a table as CSV in which no text is a formula.

    Parameters
    ----------
    frame : DataFrame
        The table; its index is left out.

    Returns
    -------
    bytes
        UTF-8, lines end with a line feed.

    Examples
    --------
    >>> csv(pd.DataFrame({"label": ["=1+1"], "estimate": [-0.5]}))
    b"label,estimate\n'=1+1,-0.5\n"
    """
    guarded = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            guarded[name] = _guarded(frame[name])
    text: str = guarded.to_csv(index=False, lineterminator="\n")
    return text.encode()


def parquet(frame: pd.DataFrame) -> bytes:
    """Write a table as Parquet, with its texts as they are.

    Parameters
    ----------
    frame : DataFrame
        The table; its index is left out.

    Returns
    -------
    bytes
        A Parquet file.
    """
    stream = BytesIO()
    frame.reset_index(drop=True).to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()


def listed(findings: Sequence[Finding], language: str) -> pd.DataFrame:
    """Turn findings into a table.

    Parameters
    ----------
    findings : sequence of Finding
        About the data.
    language : str
        ``en`` or ``de``, for what was found and what was done.

    Returns
    -------
    DataFrame
        A row each; ids of respondents stand in one text.
    """
    rows = (
        (
            finding.wave,
            finding.severity,
            finding.check,
            finding.question,
            tell(finding.said, language),
            finding.count,
            action_text(finding.action, language),
            " ".join(finding.respondents),
        )
        for finding in findings
    )
    return pd.DataFrame(rows, columns=list(_OF_FINDINGS))


def check_list(path: Path) -> None:
    """Refuse a file for a list, before the work begins.

    Parameters
    ----------
    path : Path
        Where the list goes.

    Raises
    ------
    OutputError
        Its ending is unknown, or its folder is not there.
    """
    if path.suffix.lower() not in _LISTS:
        raise OutputError(
            f"{path}: a list is written as {some(_LISTS)}. Name such a file."
        )
    if not path.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}. Make it first.")


def write_list(findings: Sequence[Finding], path: Path, language: str = "en") -> None:
    """Write findings as a table.

    Parameters
    ----------
    findings : sequence of Finding
        About the data.
    path : Path
        A .csv or .json file; replaced if it is there.
    language : str, default "en"
        Of the messages.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    write_table(listed(findings, language), path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table by the ending of its file.

    Parameters
    ----------
    frame : DataFrame
        The table.
    path : Path
        A .csv or .json file; replaced if it is there.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    check_list(path)
    if path.suffix.lower() == ".csv":
        content = csv(frame)
    else:
        rows = frame.to_dict(orient="records")
        content = f"{json.dumps(rows, ensure_ascii=False, indent=2)}\n".encode()
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OutputError(f"{path} cannot be written: {reason}.") from error


def _guarded(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Guard the texts of a column; the same text is looked at once."""
    known = {value: _guard(value) for value in column.unique()}
    if all(text is value for value, text in known.items()):
        return column
    return column.astype(object).map(lambda value: known.get(value, value))


def _guard(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run."""
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    # The writer does not quote a lone carriage return, and readers end the row there.
    return text.replace("\r\n", "\n").replace("\r", "\n")
