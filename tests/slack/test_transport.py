"""Who may deliver events by request, and when they are taken."""

import hashlib
import hmac
import json
import threading
import time
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from opsdesk.slack.intake import Intake
from opsdesk.slack.transport import HttpTransport
from opsdesk.store import ALONE

TYPED = {"type": "message", "channel": "C01", "user": "U01ALICE", "ts": "1795470990.000001", "text": "!incident"}


SECRET = "signing-secret"


def signed(body, at=None, secret=SECRET):
    at = str(int(at if at is not None else time.time()))
    made = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={made}"}


@pytest.fixture
def taken():
    return []


@pytest.fixture
def delivery(taken):
    return HttpTransport(SECRET, taken.append, lambda kind, payload: taken.append((kind, payload)) or {})


EVENT = json.dumps({"type": "event_callback", "event": TYPED}).encode()


def test_a_signed_event_is_taken(delivery, taken):
    delivery.open()
    assert delivery.respond(EVENT, signed(EVENT)) == ("", 200)
    assert [payload["event"] for payload in taken] == [TYPED]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(EVENT, secret="another"),
        signed(EVENT, at=time.time() - timedelta(hours=1).total_seconds()),
        signed(EVENT) | {"X-Slack-Request-Timestamp": "soon"},
        signed(EVENT) | {"X-Slack-Signature": "v0=é"},
    ],
    ids=["not signed", "by somebody else", "an hour ago", "at no time", "in no letters of Slack's"],
)
def test_an_event_that_slack_did_not_sign_is_refused(delivery, taken, headers):
    delivery.open()
    assert delivery.respond(EVENT, headers)[1] == 401
    assert taken == []


def test_bytes_that_are_no_text_are_refused(delivery, taken):
    delivery.open()
    assert delivery.respond(b"\xff", signed(EVENT))[1] == 401
    assert taken == []


def test_what_is_no_event_is_refused(delivery, taken):
    delivery.open()
    assert delivery.respond(b"<html>", signed(b"<html>"))[1] == 400
    assert taken == []


DEEP = b"[" * 100_000 + b"]" * 100_000
DEEPER_THAN_SLACK_S = b'{"event": ' * 200 + b"{}" + b"}" * 200
SHAPES = [b"[]", b"null", b"5", b'"x"', b'{"type": NaN}', DEEP, DEEPER_THAN_SLACK_S]


@pytest.mark.parametrize("body", SHAPES, ids=lambda body: body[:20].decode())
def test_what_is_signed_and_no_object_is_refused(delivery, taken, body):
    delivery.open()
    assert delivery.respond(body, signed(body))[1] == 400
    assert taken == []


@pytest.mark.parametrize(
    "event",
    [[1], "x", {"type": "message"}, {"type": "message", "subtype": "message_changed", "channel": "C01", "message": 1}],
)
def test_a_signed_object_that_holds_no_event_is_refused(event):
    body = json.dumps({"type": "event_callback", "event": event}).encode()
    intake = Intake(
        lambda event: None,
        hears=lambda room, beginning: beginning.startswith("!"),
        tell_admins=lambda text: None,
        reply=lambda event, text: None,
        admits=lambda event: True,
        active=threading.Event(),
        stopping=threading.Event(),
    )
    intake.open(SimpleNamespace(take=lambda key, command, thread: True, desks=ALONE, failed=None))
    delivery = HttpTransport(SECRET, intake.receive, lambda kind, payload: {})
    delivery.open()
    assert delivery.respond(body, signed(body)) == ("not an event", 400)


def test_a_moment_of_four_hundred_digits_is_refused(delivery, taken):
    delivery.open()
    assert delivery.respond(EVENT, signed(EVENT, at=int("9" * 400)))[1] == 400
    assert taken == []


def test_slack_s_question_for_the_address_is_answered(delivery):
    asked = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert delivery.respond(asked, signed(asked)) == ("abc", 200)


def test_before_and_after_its_time_the_desk_asks_for_another_delivery(delivery, taken):
    assert delivery.respond(EVENT, signed(EVENT))[1] == 503
    delivery.open()
    delivery.close()
    assert delivery.respond(EVENT, signed(EVENT))[1] == 503
    assert taken == []


def form(**fields):
    body = urlencode(fields).encode()
    return body, signed(body) | {"Content-Type": "application/x-www-form-urlencoded"}


def test_what_is_asked_comes_as_a_form(delivery, taken):
    delivery.open()
    assert delivery.respond(*form(command="/incident", text="list")) == ("", 200)
    assert delivery.respond(*form(payload='{"type": "shortcut"}')) == ("", 200)
    assert delivery.respond(*form(ssl_check="1")) == ("", 200)
    assert taken == [
        ("slash_commands", {"command": "/incident", "text": "list"}),
        ("interactive", {"type": "shortcut"}),
    ]


@pytest.mark.parametrize("fields", [{"payload": "[]"}, {"payload": "no JSON"}, {"words": "x"}, {}])
def test_a_form_that_is_none_of_slack_s_is_refused(delivery, taken, fields):
    delivery.open()
    assert delivery.respond(*form(**fields))[1] == 400
    assert taken == []


def test_what_a_form_is_acknowledged_with_is_sent_back():
    delivery = HttpTransport(SECRET, lambda payload: None, lambda kind, payload: {"response_action": "clear"})
    delivery.open()
    assert delivery.respond(*form(payload="{}")) == ('{"response_action": "clear"}', 200)


def test_a_form_without_what_it_needs_is_refused():
    delivery = HttpTransport(SECRET, lambda payload: None, lambda kind, payload: payload["user_id"])
    delivery.open()
    assert delivery.respond(*form(command="/incident"))[1] == 400
