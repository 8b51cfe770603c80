"""Talking about alerts: what came, who looks at it, what is noise, what became an incident."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from opsdesk.errors import UserError
from tests.conftest import ROOT, Conversation, MovedClock

RECORDED = ROOT / "tests" / "recordings" / "alerts"


def recorded(name: str) -> dict[str, Any]:
    return json.loads((RECORDED / f"{name}.json").read_text())["payload"]


def came(talk: Conversation, name: str, ts: str = "", **given: Any) -> None:
    """Has a recorded message arrive in the alert channel, when the clock stands at `ts` or now."""
    desk = talk.plugin("alerts").desk
    event = {**recorded(name), "ts": ts or f"{desk.now().timestamp():.6f}", **given}
    desk.alerts.intake.message(event)


@pytest.fixture
def alerted(talk: Conversation, clock: MovedClock) -> Conversation:
    """A desk with an alert of Datadog at 1:12pm, and one of Sentry a minute later that came three times."""
    came(talk, "datadog_legacy_attachment")
    for _ in range(3):
        clock.forward(minutes=1)
        came(talk, "sentry_new_blocks")
    return talk


def test_alerts_are_listed_a_problem_a_line(alerted: Conversation) -> None:
    assert alerted("!alerts") == (
        "*Alerts today* 2: 2 untouched\n"
        "2. 🔴 Faraday::TimeoutError · platform-api · x3, last 1:15pm\n"
        "1. 🔴 vista-api RPC socket timeouts · vista-api · 1:12pm"
    )


def test_a_rule_can_be_tried_on_the_last_seven_days(alerted: Conversation) -> None:
    assert alerted("!alerts try title=vista") == (
        "It would have muted 1 of 2 alerts of the last 7 days, 1 notification:\n• 1. vista-api RPC socket timeouts x1"
    )
    assert alerted("!alerts try title=sidekiq") == "It would have muted nothing in the last 7 days, of 2 alerts."


def test_one_is_shown_with_what_is_known_of_it(alerted: Conversation) -> None:
    told = alerted("!alerts 1")
    traces = told.splitlines()[-1]
    assert traces.startswith("https://tevi.ddog-gov.com/apm/traces?query=env%3Aprod")
    assert told.removesuffix(f"\n{traces}") == (
        "*1. vista-api RPC socket timeouts*\n"
        "datadog · vista-api · env:prod · since 1:12pm\n"
        "vista · 1st today\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista` · "
        "react 👀 looking · 🔇 noise · ✅ handled · 📟 open an incident\n"
        "https://tevi.ddog-gov.com/monitors/116657?group=env%3Aprod"
    )


def test_who_acknowledges_has_it_and_nobody_else_can(alerted: Conversation, clock: MovedClock) -> None:
    clock.forward(minutes=3)
    assert alerted("!alerts ack 1") == "Acknowledged by alice at 1:18pm ET, 6 minutes: vista-api RPC socket timeouts"
    assert alerted("!alerts ack 1", "bob") == "alice has alert 1 since 1:18pm."
    assert alerted("!alerts").splitlines()[0] == "*Alerts today* 2: 1 acknowledged, 1 untouched"


def test_noise_is_muted_and_counted(alerted: Conversation, clock: MovedClock) -> None:
    assert alerted("!alerts noise 2 a deploy") == (
        "🔇 Alert 2 is noise: a deploy. `!alerts mute 2 2h <reason>` mutes all that come like it."
    )
    assert alerted("!alerts mute 2 2h a deploy") == (
        "🔇 Muted until 3:15pm: Faraday::TimeoutError (a deploy). `!alerts unmute 2` ends it."
    )
    clock.forward(minutes=30)
    came(alerted, "sentry_new_blocks")
    assert "x4, last 1:45pm" in alerted("!alerts")
    assert alerted("!alerts unmute 2") == "Alert 2 is no longer muted."
    assert alerted("!alerts unmute 2") == "Alert 2 is not muted. `!alerts rules` lists what is."


def test_the_guides_noise_is_known_from_the_start(talk: Conversation) -> None:
    title = "Error rate of project-chipapi-cwsacrificiallambda-prod"
    came(talk, "datadog_text_only", text=f"Triggered: {title}")
    assert talk("!alerts") == (
        f"*Alerts today* 1: 1 known noise, none untouched\n"
        f"1. 🔇 {title} · 1:12pm · known noise (sacrificial-lambda-by-title)"
    )


def test_a_job_that_fails_a_few_times_is_noise_until_it_is_more(talk: Conversation, clock: MovedClock) -> None:
    for attempt in range(4):
        assert ("untouched" not in talk("!alerts").splitlines()[0] or "none untouched" in talk("!alerts")) is True
        came(talk, "datadog_text_only", text="Triggered: PreCacheAppointmentsByClinicJob failed")
        clock.forward(minutes=1 + attempt / 10)
    assert talk("!alerts").splitlines()[0] == "*Alerts today* 1: 1 untouched"


def test_an_incident_is_opened_from_an_alert_once(alerted: Conversation, clock: MovedClock) -> None:
    opened = alerted("!alerts open 1 --sev 2")
    assert opened.splitlines()[0] == "🔴 #1 vista-api RPC socket timeouts"
    assert "sev 2 · vista" in opened
    assert alerted("!alerts open 1", "bob") == f"{opened}\nAlert 1 had become #1 before."
    assert alerted("!alerts open 1 --sev 1", "bob") == (
        f"{opened}\nAlert 1 had become #1 before: `!incident update 1 --sev 1` changes it."
    )
    assert alerted("!alerts").splitlines()[0] == "*Alerts today* 2: 1 became #1, 1 untouched"
    clock.forward(minutes=5)
    came(alerted, "datadog_legacy_attachment")
    came(alerted, "datadog_legacy_recovered", ts=f"{clock.at.timestamp() + 60:.6f}")
    timeline = alerted("!incident show 1")
    assert "alert 1 again: x2" in timeline
    assert "alert 1 recovered: vista-api RPC socket timeouts" in timeline


def test_what_cannot_be_done_is_said_with_what_to_type(talk: Conversation) -> None:
    assert talk("!alerts") == "No alert today."
    assert talk("!alerts 3") == "There is no alert 3. `!alerts` lists today's."
    assert talk("!alerts ack") == "Which alert? `!alerts` lists them: `!alerts ack 3`."
    assert talk("!alerts banana") == "Type `!alerts`, `!alerts yesterday`, `!alerts week`, or a number: `!alerts 3`."


def test_the_summary_tells_what_became_of_the_alerts(alerted: Conversation) -> None:
    alerted("!alerts ack 1")
    told = alerted("!summary")
    assert "\n*Alerts* 2: 1 acknowledged, 1 untouched\n" in f"{told}\n"


def test_the_draft_names_what_nobody_has_touched(alerted: Conversation, clock: MovedClock) -> None:
    alerted("!alerts ack 1")
    clock.to("2026-11-23 19:40")
    alerted.tick()
    draft = next(text for text in iter(alerted.next, "") if "Draft of today" in text)
    assert "• alert 2 Faraday::TimeoutError: untouched. `!alerts ack 2`" in draft


def test_what_cannot_be_taken_in_is_told_to_the_admins_and_kept_from_no_other_part(talk, monkeypatch):
    plugin, told, heard = talk.plugin("alerts"), [], []

    def full(reaction):
        raise UserError("Nothing was stored: the disk is full.")

    monkeypatch.setattr(plugin.desk.trouble, "tell_admins", told.append)
    monkeypatch.setattr(plugin.desk.alerts.reactions, "reacted", full)
    monkeypatch.setattr(plugin.desk.alerts.reports, "reacted", heard.append)
    place = {"type": "message", "channel": "C1", "ts": "1.0"}
    reactor = SimpleNamespace(person="@alice")
    plugin.callback_reaction(SimpleNamespace(reactor=reactor, reaction_name="eyes", action="added", reacted_to=place))
    assert told == [
        "Something that was posted, or marked with an emoji, was not taken in by the plugin alerts: Nothing was "
        "stored: the disk is full. Please look at what came just now."
    ]
    assert [reaction.emoji for reaction in heard] == ["eyes"]


def test_asking_the_other_team_about_one_answers_with_the_incident_it_became_and_whom_was_asked(alerted):
    room = "[#C02G6AB3ZRS] Charley #1 vista-api RPC socket timeouts (sev 3, since 1:12pm, vista): no token\n"
    assert alerted("!alerts escalate 1 no token").startswith(room)
    assert alerted.next() == (
        "🔴 #1 vista-api RPC socket timeouts\n"
        "sev 3 · vista · started 1:12pm · opened by alice 1:15pm · owner alice\n"
        "Ask Shane Elliott or Andy McCarty · `!runbook vista`\n"
        "Asked Charley in #check-in-experience-engineering at 1:15pm. No answer by 1:30pm: Michael Kimball is next. "
        "Charley could only be named: no Slack id is kept."
    )
