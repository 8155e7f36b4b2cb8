"""Drafts of a questionnaire and of a study, to be edited.

No file that is there is replaced unless the caller says so.
"""

import os
import re
import unicodedata
from pathlib import Path

import yaml

from survey.errors import OutputError, some
from survey.importers.read import read
from survey.questionnaire.draft import draft_questionnaire
from survey.questionnaire.dump import dump_questionnaire


def safe_name(text: str) -> str:
    """Make a name of a study, which is also the name of a folder.

    Parameters
    ----------
    text : str
        Such as the name of a file.

    Returns
    -------
    str
        Letters, digits, dots, dashes and underscores; ``export`` when none are left.

    Examples
    --------
    >>> safe_name("../Größe 2024")
    'Groe-2024'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._") or "export"


def draft_files(
    export: str | Path,
    output: str | Path | None = None,
    *,
    layout: str | None = None,
    replace: bool = False,
) -> tuple[Path, Path]:
    """Write a draft questionnaire and a draft study for an export.

    Parameters
    ----------
    export : str or Path
        The export.
    output : str or Path, optional
        Questionnaire file to write; ``questionnaires/NAME.yaml`` when omitted. The
        study stands beside it as ``NAME.study.yaml``.
    layout : str, optional
        Layout of the export, where it is not to be detected.
    replace : bool, default False
        Whether files that are there are replaced.

    Returns
    -------
    (Path, Path)
        Questionnaire and study.

    Raises
    ------
    OutputError
        A file is there already, or cannot be written.
    """
    source = Path(export)
    drafted = draft_questionnaire(read(source, layout=layout))
    path = Path(output) if output else Path("questionnaires") / f"{drafted.id}.yaml"
    study = path.with_name(f"{path.stem}.study.yaml")
    there = [str(p) for p in (path, study) if p.exists() and not replace]
    if there:
        raise OutputError(
            f"{some(there)} is there already. Give another name with -o, or use "
            "--force to replace it."
        )
    comment = f"Drafted from {source.name}. Correct kinds, labels, codes and routing."
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_questionnaire(drafted, comment=comment), encoding="utf-8")
        study.write_text(_draft_study(source, path, layout), encoding="utf-8")
    except OSError as problem:
        raise OutputError(
            f"{path}: cannot be written ({problem.strerror}). Choose another place."
        ) from None
    return path, study


def _draft_study(export: Path, questionnaire: Path, layout: str | None) -> str:
    """Write a study with one wave, ready to be extended."""
    file = os.path.relpath(export, questionnaire.parent)
    wave = {"id": "1", "file": file, "questionnaire": questionnaire.name}
    if layout:
        wave["layout"] = layout
    study = {
        "name": safe_name(questionnaire.stem),
        "title": questionnaire.stem,
        "language": "en",
        "sample": "opt_in",
        "waves": [wave],
        "exclude": ["screened_out", "empty"],
        "banner": [],
    }
    head = (
        "# How the export is analysed. Name the questions across the tables under\n"
        "# 'banner'; add weighting, nets and indicators as in\n"
        "# questionnaires/genai-adoption.study.yaml.\n"
    )
    return head + yaml.safe_dump(study, sort_keys=False, allow_unicode=True)
