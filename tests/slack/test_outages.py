"""What the admins are told about a Slack that cannot be heard, and when a socket is taken for silent."""

from datetime import timedelta
from queue import Queue
from threading import Event
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from opsdesk.slack.outages import OutageWatch
from opsdesk.slack.transport import Silence, SocketTransport
from tests.conftest import MovedClock
from tests.patience import LONG


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def outage(clock):
    return OutageWatch(clock)


def test_a_connection_that_comes_back_soon_is_nobody_s_business(outage, clock):
    assert outage.check(False) == ""
    clock.forward(seconds=59)
    assert (outage.check(False), outage.check(True), outage.check(True)) == ("", "", "")


def test_a_minute_without_slack_is_told_once_and_so_is_its_end(outage, clock):
    outage.check(False)
    clock.forward(minutes=1)
    assert outage.check(False).startswith("I hear nothing from Slack any more")
    clock.forward(minutes=3)
    assert outage.check(False) == ""
    assert outage.check(True) == (
        "I hear Slack again, after 4 minutes. It delivers again what was typed meanwhile: "
        "what has no answer in 5 minutes has to be typed again."
    )
    assert outage.check(True) == ""


def test_what_slack_delivers_no_more_has_to_be_typed_again(outage, clock):
    for minutes in (1, 11):
        outage.check(False)
        clock.forward(minutes=minutes)
    outage.check(False)
    assert outage.check(True) == (
        "I hear Slack again, after 12 minutes. It delivers again for 5 minutes only: "
        "whoever typed a change before that is told of it, to type it again."
    )


def session(answered=None, *, active=True):
    return SimpleNamespace(last_ping_pong_time=answered and answered.timestamp(), is_active=lambda: active)


@pytest.fixture
def silence(clock):
    return Silence(timedelta(seconds=14), clock)


def test_a_socket_is_silent_once_answers_to_pings_end(silence, clock):
    socket = session(clock())
    assert not silence.is_too_long(socket)
    clock.forward(seconds=14)
    assert not silence.is_too_long(socket)
    clock.forward(seconds=1)
    assert silence.is_too_long(socket)
    socket.last_ping_pong_time = clock().timestamp()
    assert not silence.is_too_long(socket)


@pytest.mark.parametrize("socket", [session(), None], ids=["a socket", "no socket"])
def test_what_never_gave_a_sign_of_life_is_silent(silence, clock, socket):
    assert not silence.is_too_long(socket)
    clock.forward(seconds=15)
    assert silence.is_too_long(socket)


def test_another_socket_has_its_own_time(silence, clock):
    silence.is_too_long(session())
    clock.forward(seconds=15)
    assert not silence.is_too_long(session())


def test_a_socket_that_is_gone_is_not_silent(silence, clock):
    gone = session(active=False)
    silence.is_too_long(gone)
    clock.forward(hours=1)
    assert not silence.is_too_long(gone)


def test_a_clock_that_is_set_back_hides_no_silence(silence, clock):
    socket = session(clock())
    assert not silence.is_too_long(socket)
    clock.forward(hours=-1)
    assert not silence.is_too_long(socket)
    clock.forward(seconds=15)
    assert silence.is_too_long(socket)


class Connections:
    """What slack_sdk makes its connections with, and where it asks where to: none of them ever says a word."""

    ssl = None

    def __init__(self):
        self.made, self.refused = Queue(), None
        self.asked, self.held = Event(), None

    def apps_connections_open(self, *, app_token):
        if self.refused:
            raise self.refused
        held, self.held = self.held, None
        self.asked.set()
        assert held is None or held.wait(LONG)
        return {"url": "ws://127.0.0.1/link"}

    def hold(self):
        """Keeps the next one who asks waiting until what is returned is set."""
        self.asked, self.held = Event(), Event()
        return self.held

    def next(self):
        """The next connection that was not looked at yet, waited for."""
        return self.made.get(timeout=LONG)

    def __call__(self, **told):
        socket = Socket(told["on_message_listener"])
        self.made.put(socket)
        return socket


class Socket:
    session_id, last_ping_pong_time = "", None

    def __init__(self, hear):
        self.hear, self.stands, self.closed = hear, False, Event()

    def connect(self):
        self.stands = True

    def is_active(self):
        return self.stands

    def check_state(self):
        pass

    def run_until_completion(self, state):
        assert self.closed.wait(LONG)

    def close(self):
        self.stands = False
        self.closed.set()


@pytest.fixture
def connections(monkeypatch):
    made = Connections()
    monkeypatch.setattr("slack_sdk.socket_mode.builtin.client.Connection", made)
    return made


@pytest.fixture
def delivery(connections, clock):
    delivery = SocketTransport("xapp-test", connections, lambda payload: None, lambda kind, payload: {}, now=clock)
    yield delivery
    delivery.close()


def test_after_a_silent_socket_the_next_is_open_once_it_says_something(delivery, connections, clock):
    assert not delivery.is_open()
    delivery.open()
    delivery.mend()
    assert delivery.is_open()
    clock.forward(seconds=19)
    delivery.mend()
    assert not delivery.is_open()
    silent, another = connections.next(), connections.next()
    assert silent.closed.wait(LONG)
    another.last_ping_pong_time = 1795470990.0
    assert delivery.is_open()


def test_a_socket_that_was_about_to_be_opened_is_left_with_the_silent_one(delivery, connections, clock):
    delivery.open()
    delivery.mend()
    silent, held = connections.next(), connections.hold()
    silent.hear('{"type": "disconnect"}')
    assert connections.asked.wait(LONG)
    clock.forward(seconds=19)
    delivery.mend()
    another = connections.next()
    assert silent.closed.wait(LONG)
    held.set()
    assert connections.next().closed.wait(LONG)
    assert another.is_active()


def test_an_answer_that_slack_sdk_cannot_read_ends_nothing(delivery, connections, clock, caplog):
    busy = {"ok": False, "error": "ratelimited"}
    limited = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=busy,
        headers={"Retry-After": "soon"},
        status_code=429,
    )
    connections.refused = SlackApiError("limited", limited)
    clock.forward(seconds=19)
    delivery.mend()
    assert "There is no other socket yet" in caplog.text
