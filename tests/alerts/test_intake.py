"""Alerts come in by message and by webhook, once, and are on disk before anybody is answered."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta

import pytest

from opsdesk.alerts.noise import NoiseRule
from opsdesk.alerts.webhooks import LARGEST, Webhooks
from opsdesk.store import NotStored
from tests.alerts.stage import AT, MINUTE, Stage

BACKLOG = "Triggered: Puma backlog"
WEBHOOK = {
    "id": "1",
    "title": "[Triggered] Puma backlog",
    "date": "1795460400000",
    "alert": {"transition": "Triggered"},
}


def test_a_message_becomes_an_alert_and_its_edit_changes_it(stage: Stage) -> None:
    stage.intake.message(stage.message(BACKLOG))
    stage.intake.message(stage.message("Recovered: Puma backlog"), edited=True)
    [group] = stage.groups
    assert (group.title, group.count, group.is_over) == ("Puma backlog", 1, True)


@pytest.mark.parametrize(
    "given", [{"channel": "C0OTHER"}, {"thread_ts": "1.0"}, {"bot_id": None, "user": "U0ALICE"}, {"ts": ""}]
)
def test_what_is_said_elsewhere_in_threads_or_by_people_is_no_alert(stage: Stage, given: dict[str, object]) -> None:
    text = "has anybody seen this?" if "user" in given else BACKLOG
    assert stage.intake.message(stage.message(text, **given)) is None
    assert stage.groups == []


def test_what_is_private_in_an_alert_is_masked_before_it_is_kept(stage: Stage) -> None:
    stage.intake.message(stage.message("Triggered: lookup of 987-65-4329 failed"))
    assert [group.title for group in stage.groups] == ["lookup of [SSN] failed"]


def test_messages_that_come_at_once_are_all_kept(stage: Stage) -> None:
    def send(many: int) -> None:
        for number in range(20):
            stage.intake.message(stage.message(BACKLOG, minutes=many + number / 100))

    threads = [threading.Thread(target=send, args=(many,)) for many in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [group.count for group in stage.groups] == [160]


def test_a_rule_that_counts_mutes_the_first_few(stage: Stage) -> None:
    stage.rules["precache"] = NoiseRule("team", "queued again", title="PreCache", more_than=3, within="10m")
    for number in range(5):
        stage.intake.message(stage.message("Triggered: PreCacheAppointmentsByClinicJob", minutes=number))
    assert [(group.count, group.muted, group.is_muted) for group in stage.groups] == [(5, 3, False)]
    stage.intake.message(stage.message("Triggered: PreCacheAppointmentsByClinicJob", minutes=60))
    assert [group.muted for group in stage.groups] == [4]


@pytest.mark.parametrize("rule", [{}, {"title": "*"}, {"title": "x", "more_than": 3}, {"title": "x", "reason": " "}])
def test_a_rule_that_would_mute_everything_or_says_no_reason_is_refused(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"mute everything|go together|whose rule"):
        NoiseRule(**({"owner": "team", "reason": "why"} | rule))


def sent(webhooks: Webhooks, source: str, body: bytes, **headers: str) -> int:
    return webhooks.receive(source, {name.replace("_", "-"): value for name, value in headers.items()}, body)[1]


@pytest.fixture
def webhooks(stage: Stage) -> Webhooks:
    return Webhooks(stage.intake, {"DESK_WEBHOOK_DATADOG_SECRET": "open", "DESK_WEBHOOK_SENTRY_SECRET": "sesame"})


def test_a_webhook_is_on_disk_once_it_is_answered_and_again_it_is_the_same(stage: Stage, webhooks: Webhooks) -> None:
    body = json.dumps(WEBHOOK).encode()
    assert sent(webhooks, "datadog", body, X_Desk_Secret="open") == 200
    stage.restart()
    webhooks = Webhooks(stage.intake, {"DESK_WEBHOOK_DATADOG_SECRET": "open"})
    assert sent(webhooks, "datadog", body, Authorization="Bearer open") == 200
    assert [(group.title, group.count) for group in stage.groups] == [("Puma backlog", 1)]


def test_sentry_signs_the_raw_body(stage: Stage, webhooks: Webhooks) -> None:
    body = (
        b'{ "data": {"issue": {"id": "7", "title": "Timeout", "lastSeen": "2026-11-23T19:00:00Z"}}, "action":"created"}'
    )
    signed = hmac.new(b"sesame", body, hashlib.sha256).hexdigest()
    assert sent(webhooks, "sentry", body, Sentry_Hook_Signature=signed) == 200
    assert sent(webhooks, "sentry", body + b" ", Sentry_Hook_Signature=signed) == 401
    assert [(group.key, group.count) for group in stage.groups] == [("issue:7", 1)]


@pytest.mark.parametrize(
    ("source", "body", "secret", "status"),
    [
        ("datadog", b"{}", "wrong", 401),
        ("datadog", b"{}", "", 401),
        ("pingdom", b"{}", "open", 404),
        ("datadog", b"x" * (LARGEST + 1), "open", 413),
        ("datadog", b"not json", "open", 400),
        ("datadog", b"[]", "open", 400),
        ("datadog", b"null", "open", 400),
        ("datadog", b"[" * 100_000, "open", 400),
        ("datadog", b"\xff\xfe", "open", 400),
    ],
)
def test_what_is_no_alert_is_answered_with_its_status(
    webhooks: Webhooks, source: str, body: bytes, secret: str, status: int
) -> None:
    assert sent(webhooks, source, body, X_Desk_Secret=secret) == status


def test_without_its_secret_a_webhook_is_off(stage: Stage) -> None:
    assert sent(Webhooks(stage.intake, {}), "datadog", b"{}", X_Desk_Secret="") == 404


def test_a_webhook_that_cannot_be_stored_is_to_be_sent_again(
    stage: Stage, webhooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise NotStored("The disk is full: nothing was stored.")

    monkeypatch.setattr(stage.ledger, "take_all", full)
    assert sent(webhooks, "datadog", json.dumps(WEBHOOK).encode(), X_Desk_Secret="open") == 503


def test_what_came_while_the_desk_was_down_is_read_back_once_with_its_own_time(stage: Stage) -> None:
    stage.channel.others["C02U11L00TF"] = [stage.message(BACKLOG, minutes) for minutes in (0, 5, 9)]
    stage.intake.message(stage.message(BACKLOG))
    stage.restart()
    stage.catch_up.read("C02U11L00TF", AT + 30 * MINUTE)
    stage.catch_up.read("C02U11L00TF", AT + 31 * MINUTE)
    [group] = stage.groups
    assert (group.count, group.first_at, group.last_at) == (3, AT, AT + 9 * MINUTE)


def test_after_a_gap_a_long_storm_is_not_counted_again(stage: Stage) -> None:
    messages = [stage.message(BACKLOG, number / 10) for number in range(300)]
    for message in messages:
        stage.intake.message(message)
    stage.channel.others["C02U11L00TF"] = [*messages, stage.message(BACKLOG, 31)]
    stage.catch_up.read("C02U11L00TF", AT + timedelta(hours=1))
    assert [group.count for group in stage.groups] == [301]


def test_a_message_stays_with_its_problem_whatever_it_says_when_it_is_read_again(stage: Stage) -> None:
    attachment = {"title": "Triggered: Puma backlog", "title_link": "https://tevi.ddog-gov.com/monitors/8"}
    stage.intake.message(stage.message("", attachments=[attachment]))
    stage.intake.message(stage.message(BACKLOG), read_back=True)
    stage.restart()
    stage.intake.message(stage.message("Recovered: Puma backlog"), edited=True)
    assert [(group.key, group.count, group.is_over) for group in stage.groups] == [("monitor:8", 1, True)]
