"""Conversations about the day's post."""

import threading
from pathlib import Path

import pytest

from tests.conftest import Conversation, MovedClock
from tests.patience import LONG

COUNTS = """\
*Counts* (midnight to {until} ET; sample counts: no Datadog keys configured)
Completed check-ins % : 63.5%
Completed pre-check-ins % : 41.6%
Check-ins clicked: 1765
Check-ins completed: 1121
Pre-check-ins clicked: 6251
Pre-check-ins completed: 2602"""


def test_a_newcomer_sees_the_whole_post(talk: Conversation):
    talk("!incident open VistA timeouts on pre-check-in --sev 2 --on vista")
    assert talk("!summary") == (
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: nobody named)\n"
        "\n"
        "*Production events*\n"
        "• #1 VistA timeouts on pre-check-in: *investigating* (sev 2, vista, since 1:12pm, owner alice)\n"
        "\n" + COUNTS.format(until="1:12pm") + "\n"
        "\n"
        "*Incidents* 1 opened, 0 resolved, 0 carried over, 1 still open"
    )


def test_the_day_is_posted_by_itself_at_8pm(talk: Conversation, clock: MovedClock):
    talk("!incident open VistA timeouts on pre-check-in --sev 2 --on vista")
    clock.to("2026-11-23 15:40")
    talk("!incident resolve 1 vista-api restarted, errors gone since 3:35pm", by="bob")
    clock.to("2026-11-23 19:45")
    assert talk("!summary note Watch the VEText backlog") == ("Noted under Handing over: the next post is due 8:00pm.")
    clock.to("2026-11-23 20:00")
    talk.tick()
    assert talk.next() == (
        "[#check-in-go-live] "
        "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: nobody named)\n"
        "\n"
        "*Production events*\n"
        "• #1 VistA timeouts on pre-check-in: *resolved* (sev 2, vista, 1:12pm to 3:40pm, 2 hours 28 minutes). "
        "vista-api restarted, errors gone since 3:35pm\n"
        "\n" + COUNTS.format(until="8pm") + "\n"
        "\n"
        "*Incidents* 1 opened, 1 resolved, 0 carried over\n"
        "*Handing over* Watch the VEText backlog"
    )
    talk.tick()
    assert talk.silent()


def test_yesterdays_post_can_be_read_as_it_was_posted(talk: Conversation, clock: MovedClock):
    clock.to("2026-11-23 20:00")
    talk.tick()
    posted = talk.next().removeprefix("[#check-in-go-live] ")
    clock.to("2026-11-24 09:00")
    talk("!incident open Something else")
    assert talk("!summary yesterday") == posted
    assert talk("!summary 2026-11-23") == posted


def test_posted_by_hand_it_is_not_posted_again(talk: Conversation, clock: MovedClock):
    clock.to("2026-11-23 19:00")
    talk.say("!summary post")
    heard = {talk.next(), talk.next()}
    unchanged = "This chat cannot change it, and no other post follows today: `!summary` shows the day as it goes on."
    assert f"Posted. {unchanged}" in heard
    note = talk("!summary note Watch the VEText backlog")
    assert note == "Noted under Handing over in the post of Tuesday, November 24, 2026."
    clock.to("2026-11-23 20:00")
    talk.tick()
    assert talk.silent()
    assert talk("!summary post") == f"It stands since 7:00pm. {unchanged}"


def test_a_day_is_skipped_and_taken_back(talk: Conversation):
    assert talk("!summary skip") == "Say why: `!summary skip today nobody is on shift`."
    assert talk("!summary skip 2026-11-24 nobody is on shift") == (
        "The post of Tuesday, November 24, 2026 is left out. `!summary resume 2026-11-24` takes that back."
    )
    assert talk("!summary resume") == (
        "The post of Monday, November 23, 2026 was not left out. `!summary status` shows those that are."
    )
    assert talk("!summary resume 2026-11-24") == "The post of Tuesday, November 24, 2026 is sent after all."


def test_the_status_tells_what_is_due_and_what_became_of_the_last_ones(talk: Conversation, clock: MovedClock):
    assert talk("!summary status") == "Next post: 8:00pm.\nNone was due yet."
    clock.to("2026-11-23 20:00")
    talk.tick()
    talk.next()
    clock.to("2026-11-24 09:00")
    assert talk("!summary status") == "Next post: 8:00pm.\nyesterday: posted 8:00pm"


def test_a_day_nobody_can_read_is_refused(talk: Conversation):
    assert talk("!summary someday") == ('"someday" is not a day I can read. Type today, yesterday or 2026-11-20.')


def test_after_a_restart_the_post_is_not_repeated(start, clock: MovedClock):
    talk = start()
    clock.to("2026-11-23 20:00")
    talk.tick()
    talk.next()
    clock.to("2026-11-23 20:05")
    talk = start()
    talk.tick()
    assert talk.silent()


def test_what_the_store_finds_damaged_is_told_to_the_admins_once(start, clock: MovedClock, environment):
    clock.to("2026-11-23 12:00")
    talk = start()
    talk("!incident open VistA timeouts")
    day = Path(environment["DESK_STATE_DIR"]) / "days" / "2026-11-23.json"
    talk = start(lambda: day.write_bytes(b""))
    assert "VistA timeouts" in talk("!incident show 1")
    talk.tick()
    assert "days/2026-11-23.json" in talk.next()
    talk.tick()
    assert talk.silent()


def test_a_day_left_out_is_said_wherever_it_is_asked_for(talk: Conversation):
    talk("!summary skip site holiday", by="charlie")
    assert talk("!summary").startswith("(left out by charlie: site holiday)\n*Production support summary, Monday")
    assert talk("!summary status") == (
        "Next post: tomorrow 8:00pm.\n"
        "Left out today by charlie: site holiday. `!summary resume 2026-11-23` sends it after all.\n"
        "None was due yet."
    )
    assert talk("!summary post") == "Today's post is left out (site holiday). Type `!summary resume` first."


def test_a_day_without_a_post_is_not_told_as_one(talk: Conversation):
    assert talk("!summary yesterday").startswith(
        "(no post was made that day: this is what there is to tell of it)\n*Production support summary, Sunday"
    )
    assert talk("!summary tomorrow") == "Tuesday, November 24, 2026 has not begun. `!summary` shows today's."


def test_only_todays_post_can_be_sent(talk: Conversation):
    assert talk("!summary post yesterday") == (
        "Only today's can be posted: type `!summary post` alone. `!summary yesterday` shows another."
    )


def test_the_post_is_looked_after_by_a_thread_of_its_own(talk: Conversation, monkeypatch: pytest.MonkeyPatch):
    plugin = talk.plugin("summary")
    monkeypatch.setattr(plugin.bot_config, "DESK_TICK", 0.01)
    both = threading.Barrier(2, timeout=LONG)  # passed only by two at once
    met = [threading.Event(), threading.Event()]

    def meet(event: threading.Event) -> None:
        both.wait()
        event.set()

    monkeypatch.setattr(plugin.desk.ticker, "tick_summary", lambda: meet(met[0]))
    monkeypatch.setattr(plugin.desk.ticker, "tick", lambda: meet(met[1]))
    plugin.deactivate()
    plugin.activate()
    assert all(event.wait(LONG) for event in met)
    both.abort()
    plugin.deactivate()
