"""Fetch a listing from the Hugging Face hub, and save it before it is used.

The saved file says of itself which day it is of and how its models were chosen, so
that reading it again gives the same listing.
"""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, get_args

from survey.errors import ListingError

Sort: TypeAlias = Literal["downloads", "likes", "trending_score"]
_Lists: TypeAlias = dict[Sort, dict[str, dict[str, Any]]]
_MOST: Final = 100_000
_FIELDS: Final = (
    "downloads",
    "downloadsAllTime",
    "likes",
    "tags",
    "pipeline_tag",
    "library_name",
    "author",
    "createdAt",
    "gated",
    "trendingScore",
    "cardData",
)
_TOO_MANY: Final = 429


def from_hub(
    top: int = 300,
    sort: Sort = "downloads",
    *,
    trending: bool = False,
    folder: str | Path = ".",
    date: str = "",
) -> Path:
    """Fetch the first models of the hub and save them as JSON lines.

    Parameters
    ----------
    top : int, default 300
        How many models, 1 to 100,000.
    sort : {"downloads", "likes", "trending_score"}
        What they are the first by.
    trending : bool, default False
        Add as many of the models that trend; ``listed_in`` then says in which of the
        two lists each model stands.
    folder : str or Path
        Where the file goes; made if it is missing.
    date : str, optional
        Day to write; today in UTC by default.

    Returns
    -------
    Path
        ``models-2026-05-07-top300-downloads.jsonl``, one model per line, with the
        columns ``listed_on`` and ``selection``.

    Raises
    ------
    ListingError
        ``huggingface_hub`` is not installed, or the hub gives no listing.

    Examples
    --------
    >>> from_hub(0)
    Traceback (most recent call last):
    ...
    survey.errors.ListingError: top is 0. Ask for 1 to 100000 models.
    """
    _check(top, sort)
    day = date or dt.datetime.now(dt.UTC).date().isoformat()
    lists: _Lists = {sort: _fetched(top, sort)}
    if trending and sort != "trending_score":
        lists["trending_score"] = _fetched(top, "trending_score")
    selection = " and ".join(f"top {top} by {name}" for name in lists)
    kind = "-".join([f"top{top}", *lists]).replace("_", "-")
    path = Path(folder) / f"models-{day}-{kind}.jsonl"
    records = _union(lists, {"listed_on": day, "selection": selection})
    _save(path, "".join(f"{json.dumps(record)}\n" for record in records))
    return path


def _check(top: int, sort: str) -> None:
    """Refuse what the hub could not answer."""
    if not 1 <= top <= _MOST:
        raise ListingError(f"top is {top}. Ask for 1 to {_MOST} models.")
    if sort not in get_args(Sort):
        known = ", ".join(get_args(Sort))
        raise ListingError(f"sort is {sort!r}. Choose one of {known}.")


def _fetched(top: int, sort: Sort) -> dict[str, dict[str, Any]]:
    """Fetch the records of the first models, by id."""
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError:
        raise ListingError(
            "The hub is read with huggingface_hub, which is not installed. Run:"
            " pip install 'genai-survey[hub]'"
        ) from None
    # The library looks at the address only once, when it is first loaded.
    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None)
    try:
        listed = api.list_models(sort=sort, limit=top, expand=list(_FIELDS))
        return {model.id: _record(model) for model in listed}
    except HfHubHTTPError as problem:
        raise ListingError(_refused(problem)) from problem
    except (OSError, _network_error(), ValueError, KeyError, TypeError) as problem:
        raise ListingError(
            f"No listing from {api.endpoint} ({_short(problem)}). Check the network,"
            " or name a saved listing instead."
        ) from problem


def _network_error() -> type[Exception]:
    """Give the error of the library's connection, whose module changes its name."""
    from huggingface_hub.errors import HfHubHTTPError

    # Its first base is the error of any HTTP client that the library is made with.
    base = HfHubHTTPError.__mro__[1]
    return base if issubclass(base, Exception) else OSError


def _refused(problem: Exception) -> str:
    """Say why the hub refuses."""
    code = getattr(getattr(problem, "response", None), "status_code", None)
    if code == _TOO_MANY:
        return (
            "The hub refuses more requests for now (429, too many requests). Wait some"
            " minutes, or log in with 'hf auth login', which allows more."
        )
    return (
        f"The hub refuses the request ({code or _short(problem)}). Try again later, or"
        " name a saved listing instead."
    )


def _short(problem: Exception) -> str:
    """Give the first line of an error."""
    lines = str(problem).strip().splitlines()
    return (lines[0] if lines else type(problem).__name__)[:200]


def _record(model: Any) -> dict[str, Any]:
    """Keep what a listing needs of a model, in the hub's own names."""
    card = model.card_data
    licence = getattr(card, "license", None)
    created = model.created_at
    return {
        "id": model.id,
        "author": model.author,
        "downloads": model.downloads,
        "downloadsAllTime": model.downloads_all_time,
        "likes": model.likes,
        "trendingScore": model.trending_score,
        "pipeline_tag": model.pipeline_tag,
        "library_name": model.library_name,
        "license": licence if isinstance(licence, str | list) else None,
        "tags": model.tags,
        "createdAt": created.isoformat() if created is not None else None,
        "gated": model.gated,
    }


def _union(lists: _Lists, about: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give every model of the lists once, in their order."""
    models: dict[str, dict[str, Any]] = {}
    for records in lists.values():
        for name, record in records.items():
            models.setdefault(name, record)
    for name, record in models.items():
        places = " and ".join(key for key, found in lists.items() if name in found)
        yield {**record, **about, "listed_in": places}


def _save(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(path)
    except OSError as problem:
        raise ListingError(
            f"{path}: cannot be written ({problem.strerror}). Name another folder."
        ) from None
