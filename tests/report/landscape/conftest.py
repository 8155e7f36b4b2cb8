"""A small listing whose numbers can be checked by hand.

Five models with 1,000 downloads: 600, 200, 100, 50 and 50. Apache 2.0 has 600 + 100,
MIT has 200; one model has a text that nobody knows, one states no licence. Maker a is
an organisation with two models and 800 downloads, b is a person with two models and
150, c is an organisation with one model and 50.
"""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from survey.landscape_report import landscape_of
from survey.listing.values import COLUMNS, Listing
from survey.report.landscape_parts import Landscape

MODELS = [
    ("a/big", 600, 10, "Apache-2.0", "apache-2.0", "apache", "fill-mask", "training"),
    ("a/mid", 200, 40, "MIT", "mit", "mit", "text-generation", "application"),
    ("b/one", 100, 20, "Apache-2.0", "Apache 2", "apache", "fill-mask", "training"),
    (
        "b/two",
        50,
        0,
        "other",
        "my own terms",
        "other",
        "text-generation",
        "application",
    ),
    ("c/x", 50, 5, None, None, None, "text-to-image", "application"),
]
KINDS = {"a": "organisation", "b": "individual", "c": "organisation"}


def make_listing(day: str = "2026-05-07") -> Listing:
    rows = [
        {
            "id": name,
            "author": name.split("/")[0],
            "maker_kind": KINDS[name.split("/")[0]],
            "downloads": float(downloads),
            "likes": float(likes),
            "licence": licence,
            "licence_raw": raw,
            "licence_family": family,
            "task": task,
            "task_group": group,
        }
        for name, downloads, likes, licence, raw, family, task, group in MODELS
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return Listing(
        frame=frame,
        date=day,
        name=f"models-{day}.csv",
        sha256="0" * 64,
        selection="five models",
        present=frozenset(COLUMNS),
    )


@pytest.fixture
def listing() -> Listing:
    return make_listing()


@pytest.fixture
def listing_of() -> Callable[[str], Listing]:
    return make_listing


@pytest.fixture
def without(listing: Listing) -> Callable[..., Listing]:
    """Take columns out of the listing, as if the file lacked them."""

    def take_out(*names: str) -> Listing:
        frame = listing.frame.copy()
        frame[list(names)] = None
        return replace(listing, frame=frame, present=listing.present - set(names))

    return take_out


@pytest.fixture
def land(listing: Listing) -> Landscape:
    return landscape_of([listing], "en")


@pytest.fixture
def german(listing: Listing) -> Landscape:
    return landscape_of([listing], "de")
