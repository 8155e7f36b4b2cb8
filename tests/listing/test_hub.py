"""The hub, as a server of our own answers for it."""

import builtins
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from survey.errors import ListingError
from survey.listing.analyse import analyse_listing
from survey.listing.hub import from_hub
from survey.listing.read import read_listing

PAGE = 2
MODELS = [
    {
        "_id": f"{number:024x}",
        "id": name,
        "author": name.partition("/")[0],
        "downloads": downloads,
        "downloadsAllTime": downloads * 9,
        "likes": likes,
        "trendingScore": trend,
        "tags": ["transformers", f"license:{licence}"],
        "pipeline_tag": "fill-mask",
        "library_name": "transformers",
        "createdAt": "2022-03-02T23:29:04.000Z",
        "gated": gated,
        "cardData": {"license": licence},
    }
    for number, (name, downloads, likes, trend, licence, gated) in enumerate(
        [
            ("aria/one", 900, 5, 1, "mit", False),
            ("aria/two", 500, 7, 0, "apache-2.0", "auto"),
            ("bolt/three", 300, 1, 9, "llama3", False),
            ("bolt/four", 200, 90, 8, "mit", "manual"),
        ]
    )
]


class Hub(BaseHTTPRequestHandler):
    """Answers /api/models in pages of two, as the hub does."""

    def do_GET(self) -> None:
        state: Any = self.server
        state.requests.append(self.path)
        parts = urlsplit(self.path)
        if parts.path != "/api/models":
            self.send_error(404)
            return
        if state.status != 200:
            self.send_response(state.status)
            self.end_headers()
            return
        query = parse_qs(parts.query)
        key = query["sort"][0]
        start = int(query.get("cursor", ["0"])[0])
        limit = int(query["limit"][0])
        ordered = sorted(MODELS, key=lambda model: -int(str(model[key])))[:limit]
        body = json.dumps(ordered[start : start + PAGE]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if start + PAGE < len(ordered):
            host = self.headers["Host"]
            more = f"sort={key}&limit={limit}&cursor={start + PAGE}"
            link = f'<http://{host}/api/models?{more}>; rel="next"'
            self.send_header("Link", link)
        self.end_headers()
        self.wfile.write(body if not state.broken else body[:-5])

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    pytest.importorskip("huggingface_hub")
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.status, server.requests, server.broken = 200, [], False
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    # The library waits longer and longer between attempts.
    http = "huggingface_hub.utils._http.time"
    clock = SimpleNamespace(sleep=lambda _seconds: None, time=lambda: 0.0)
    monkeypatch.setattr(http, clock)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_pages_are_put_together_and_read_again(hub: Any, tmp_path: Path) -> None:
    path = from_hub(3, folder=tmp_path, date="2026-05-07")
    assert path.name == "models-2026-05-07-top3-downloads.jsonl"
    assert sum("/api/models" in request for request in hub.requests) == 2
    listing = read_listing(path)
    assert listing.date == "2026-05-07"
    assert listing.selection == "top 3 by downloads"
    frame = listing.frame
    assert frame["id"].tolist() == ["aria/one", "aria/two", "bolt/three"]
    assert frame["licence"].tolist() == ["MIT", "Apache-2.0", "LicenseRef-Llama-3"]
    assert frame["created"].tolist() == ["2022-03-02"] * 3
    assert frame["gated"].tolist() == ["False", "auto", "False"]
    result = analyse_listing(listing)
    assert result.apache_or_mit is not None
    assert result.apache_or_mit.share_downloads == pytest.approx(1400 / 1700)


def test_the_request_asks_for_what_a_listing_needs(hub: Any, tmp_path: Path) -> None:
    from_hub(1, sort="likes", folder=tmp_path)
    query = parse_qs(urlsplit(hub.requests[0]).query)
    assert query["sort"] == ["likes"]
    assert {"downloads", "likes", "tags", "cardData", "author"} <= set(query["expand"])


def test_the_union_with_trending_models_says_where_each_is_from(
    hub: Any, tmp_path: Path
) -> None:
    path = from_hub(2, trending=True, folder=tmp_path, date="2026-05-07")
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {record["id"]: record["listed_in"] for record in records} == {
        "aria/one": "downloads",
        "aria/two": "downloads",
        "bolt/three": "trending_score",
        "bolt/four": "trending_score",
    }
    assert read_listing(path).selection == (
        "top 2 by downloads and top 2 by trending_score"
    )
    both = from_hub(3, trending=True, folder=tmp_path, date="2026-05-07")
    records = [json.loads(line) for line in both.read_text("utf-8").splitlines()]
    assert records[0]["listed_in"] == "downloads and trending_score"


def test_the_same_day_gives_the_same_bytes(hub: Any, tmp_path: Path) -> None:
    first = from_hub(4, folder=tmp_path / "a", date="2026-05-07").read_bytes()
    again = from_hub(4, folder=tmp_path / "b", date="2026-05-07").read_bytes()
    assert first == again
    assert len(hub.requests) >= 4


def test_too_many_requests_are_one_message(hub: Any, tmp_path: Path) -> None:
    hub.status = 429
    with pytest.raises(
        ListingError, match=r"429, too many requests.*Wait some minutes"
    ):
        from_hub(2, folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_refusal_is_one_message(hub: Any, tmp_path: Path) -> None:
    hub.status = 403
    with pytest.raises(ListingError, match=r"refuses the request \(403\)"):
        from_hub(2, folder=tmp_path)


def test_an_answer_that_is_cut_off_is_one_message(hub: Any, tmp_path: Path) -> None:
    hub.broken = True
    with pytest.raises(ListingError, match="No listing from http://127"):
        from_hub(2, folder=tmp_path)


def test_no_network_is_one_message(
    hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Port 9 discards; nothing listens there.
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(ListingError, match="Check the network"):
        from_hub(2, folder=tmp_path)
    assert not hub.requests


def test_without_the_library_the_message_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("huggingface_hub"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ListingError, match=r"pip install 'genai-survey\[hub\]'"):
        from_hub(2, folder=tmp_path)


def test_an_unknown_order_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListingError, match="Choose one of downloads, likes"):
        from_hub(2, sort="size", folder=tmp_path)  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_made_is_named(hub: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ListingError, match="cannot be written"):
        from_hub(1, folder=tmp_path / "file")
    assert hub.requests
