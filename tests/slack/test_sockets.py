"""An app has ten sockets: a desk that is refused another asks again after a pause, each longer, until there is room."""

from datetime import timedelta

import pytest

from opsdesk.clock import Backoff
from opsdesk.slack import transport
from opsdesk.slack.api import SlackWeb
from opsdesk.slack.transport import SocketTransport
from tests.e2e.front import Front
from tests.patience import until
from tests.planted import APP_TOKEN, BOT_TOKEN


class Pauses(Backoff, frozen=True):
    """Pauses that take no time, and are noted: after how many refusals each was."""

    noted: list[int]

    def after(self, tries: int, asked: timedelta | None = None) -> timedelta:
        self.noted.append(tries)
        return timedelta()


def test_the_eleventh_socket_is_asked_for_again_after_longer_and_longer_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = Pauses(timedelta(), timedelta(), [])
    monkeypatch.setattr(transport, "BACKOFF", pauses)
    front = Front(most_sockets=0)
    front.start()
    sockets = SocketTransport(
        APP_TOKEN, SlackWeb(BOT_TOKEN, base_url=f"{front.url}/api/"), lambda payload: None, lambda kind, payload: {}
    )
    try:
        sockets.open()
        until(lambda: pauses.noted and max(pauses.noted) > 3, "some refusals")
        assert not sockets.is_open()
        assert len(front.made("socket")) <= len(pauses.noted) + 1  # none without a pause before it
        front.most_sockets = 10
        until(sockets.is_open, "a socket")
    finally:
        sockets.close()
        front.stop()
