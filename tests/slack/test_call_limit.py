"""A call of Slack's ends in its time, whatever holds it up."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from opsdesk.chat.chat import SendError
from opsdesk.slack import call_limit
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.call_limit import CallLimit
from opsdesk.slack.chat import SlackChat
from tests.patience import LONG
from tests.slack.stage import GENERAL


@pytest.fixture
def dripping() -> Iterator[str]:
    """The address of somebody who answers byte by byte, without an end."""
    over = threading.Event()

    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
            while not over.wait(0.05):
                self.request.sendall(b" ")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Dripping) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        over.set()
        server.shutdown()


def test_an_answer_that_only_drips_is_not_waited_for(dripping: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_limit, "GRACE", 0.0)
    web = SlackWeb("xoxb-test", base_url=dripping, timeout=1)
    web.lookups.signed_in({"user_id": "U09DESK"})
    with pytest.raises(SendError, match="Slack did not answer in time") as unsent:
        SlackChat(web).topic(GENERAL, "On call: Alice until 8pm")
    assert unsent.value.unclear


def test_a_call_that_could_not_be_begun_in_time_is_not_made_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_limit, "MOST", 1)
    monkeypatch.setattr(call_limit, "GRACE", LONG)
    begun, held, made = threading.Event(), threading.Event(), list[str]()
    limit = CallLimit(0.01)

    def hold() -> None:
        begun.set()
        held.wait(LONG)

    def first() -> None:
        with suppress(TimeoutError):
            limit.within(hold)()

    threading.Thread(target=first, daemon=True).start()
    assert begun.wait(LONG)
    monkeypatch.setattr(call_limit, "GRACE", 0.0)
    with pytest.raises(TimeoutError):
        limit.within(lambda: made.append("late"))()
    monkeypatch.setattr(call_limit, "GRACE", LONG)
    held.set()
    assert limit.within(lambda: "made")() == "made"
    assert made == []
