"""What Sentry tells of an issue is its type, place and counts: nothing of a user, a request or a value."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from opsdesk.alerts.sentry_api import SentryApi

ISSUE = {
    "id": "12345",
    "title": "BackendServiceException: 987-65-4329",
    "culprit": "V2::Chip::Service in token",
    "count": "14",
    "userCount": 3,
    "firstSeen": "2026-11-23T18:00:00Z",
    "lastSeen": "2026-11-23T19:00:00Z",
    "metadata": {"type": "BackendServiceException", "value": "987-65-4329"},
}
EVENT = {
    "entries": [
        {
            "type": "exception",
            "data": {
                "values": [{"type": "Faraday::TimeoutError", "value": "secret"}, {"type": "BackendServiceException"}]
            },
        },
        {"type": "breadcrumbs", "data": {"values": [{"message": "secret"}]}},
        {"type": "request", "data": {"url": "https://example.gov/secret"}},
    ],
    "tags": [{"key": "external_service", "value": "chip"}, {"key": "user.ip", "value": "secret"}],
    "user": {"email": "secret@example.gov"},
}
TOLD = [
    "BackendServiceException · V2::Chip::Service in token · 14 events · 3 users · "
    "seen 2026-11-23 18:00 to 2026-11-23 19:00",
    "behind it: Faraday::TimeoutError, BackendServiceException · external_service chip",
]


class Sentry(BaseHTTPRequestHandler):
    """Answers by path; every path asked for is kept."""

    answers: dict[str, Any]
    asked: list[str]

    def do_GET(self) -> None:  # the handler's own name
        self.asked.append(self.path)
        body = self.answers.get(self.path)
        status = 401 if self.headers["Authorization"] != "Bearer token" else 404 if body is None else 200
        self.send_response(status)
        self.end_headers()
        if status == 200:
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, *given: object) -> None:
        pass


@pytest.fixture
def sentry() -> Iterator[tuple[type[Sentry], str]]:
    handler = type("Answering", (Sentry,), {"answers": {}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def api(url: str, organisation: str = "vsp", token: str = "token") -> SentryApi:
    return SentryApi({"DESK_SENTRY_URL": url, "DESK_SENTRY_ORG": organisation, "DESK_SENTRY_TOKEN": token})


@pytest.mark.parametrize("root", ["/api/0/organizations/vsp/issues/12345/", "/api/0/issues/12345/"])
def test_an_issue_is_told_by_either_form_of_path_without_anything_private(
    sentry: tuple[type[Sentry], str], root: str
) -> None:
    handler, url = sentry
    handler.answers.update({root: ISSUE, f"{root}events/latest/": EVENT})
    assert api(url).lines("12345") == TOLD


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "Sentry unavailable: it refused (HTTP 404)"),
        (b"<html>", "Sentry unavailable: its answer cannot be read"),
        (b"[]", "Sentry unavailable: its answer cannot be read"),
        (b"[" * 100_000, "Sentry unavailable: its answer cannot be read"),
    ],
)
def test_why_sentry_tells_nothing_is_said(sentry: tuple[type[Sentry], str], body: bytes | None, told: str) -> None:
    handler, url = sentry
    handler.answers["/api/0/organizations/vsp/issues/1/"] = body
    assert api(url).lines("1") == [told]


def test_a_wrong_token_is_said_and_never_shown(
    sentry: tuple[type[Sentry], str], caplog: pytest.LogCaptureFixture
) -> None:
    assert api(sentry[1], token="wrong").lines("1") == ["Sentry unavailable: it refused (HTTP 401)"]
    assert "wrong" not in caplog.text


def test_without_its_variables_nothing_is_asked(sentry: tuple[type[Sentry], str]) -> None:
    assert SentryApi({"DESK_SENTRY_URL": sentry[1]}).lines("1") == []
    assert api(sentry[1]).lines("../1") == []
    assert sentry[0].asked == []


@pytest.mark.parametrize(
    "mangled", [{}, {"metadata": []}, {"count": None, "tags": {}}, {"entries": [None, {"data": 3}]}]
)
def test_an_answer_of_another_shape_tells_less_and_raises_nothing(
    sentry: tuple[type[Sentry], str], mangled: dict[str, Any]
) -> None:
    handler, url = sentry
    root = "/api/0/issues/1/"
    handler.answers.update({root: mangled, f"{root}events/latest/": mangled})
    assert api(url).lines("1") == []
