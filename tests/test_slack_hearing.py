"""What the admins are told about a Slack that cannot be heard, and when a socket is taken for silent."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from conftest import MovedClock
from opsdesk.slack_delivery import Silence
from opsdesk.slack_hearing import Hearing


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def hearing(clock):
    return Hearing(clock)


def test_a_connection_that_comes_back_soon_is_nobody_s_business(hearing, clock):
    assert hearing.look(False) == ""
    clock.forward(seconds=59)
    assert (hearing.look(False), hearing.look(True), hearing.look(True)) == ("", "", "")


def test_a_minute_without_slack_is_told_once_and_so_is_its_end(hearing, clock):
    hearing.look(False)
    clock.forward(minutes=1)
    assert hearing.look(False).startswith("I hear nothing from Slack any more")
    clock.forward(minutes=3)
    assert hearing.look(False) == ""
    assert hearing.look(True) == (
        "I hear Slack again, after 4 minutes. It delivers again what was typed meanwhile: "
        "what has no answer in 5 minutes has to be typed again."
    )
    assert hearing.look(True) == ""


def test_what_slack_delivers_no_more_has_to_be_typed_again(hearing, clock):
    for minutes in (1, 11):
        hearing.look(False)
        clock.forward(minutes=minutes)
    hearing.look(False)
    assert hearing.look(True) == (
        "I hear Slack again, after 12 minutes. It delivers again for 5 minutes only: "
        "what was typed before that has to be typed again."
    )


def session(answered=None, *, active=True):
    return SimpleNamespace(last_ping_pong_time=answered and answered.timestamp(), is_active=lambda: active)


@pytest.fixture
def silence(clock):
    return Silence(timedelta(seconds=14), clock)


def test_a_socket_is_silent_once_answers_to_pings_end(silence, clock):
    socket = session(clock())
    assert not silence.lasts(socket)
    clock.forward(seconds=14)
    assert not silence.lasts(socket)
    clock.forward(seconds=1)
    assert silence.lasts(socket)
    socket.last_ping_pong_time = clock().timestamp()
    assert not silence.lasts(socket)


@pytest.mark.parametrize("socket", [session(), None], ids=["a socket", "no socket"])
def test_what_never_gave_a_sign_of_life_is_silent(silence, clock, socket):
    assert not silence.lasts(socket)
    clock.forward(seconds=15)
    assert silence.lasts(socket)


def test_another_socket_has_its_own_time(silence, clock):
    silence.lasts(session())
    clock.forward(seconds=15)
    assert not silence.lasts(session())


def test_a_socket_that_is_gone_is_not_silent(silence, clock):
    gone = session(active=False)
    silence.lasts(gone)
    clock.forward(hours=1)
    assert not silence.lasts(gone)
