"""Reminders and the start of a shift, in conversation. Alice has the shift; it is 1:12pm on November 23, 2026."""

from types import SimpleNamespace

import pytest

from opsdesk.posts.post import PostEntry, PostStep


@pytest.mark.usefixtures("team")
class TestReminders:
    def test_an_incident_is_snoozed_until_a_time_and_never_for_ever(self, talk):
        talk("!incident open VistA timeouts --sev 1")
        assert talk("!incident snooze 1 2h") == "Nobody is reminded of #1 until 3:12pm."
        assert talk("!incident snooze #1 until tomorrow 1pm") == "Nobody is reminded of #1 until tomorrow 1:00pm."
        assert talk("!incident snooze 1") == (
            "Until when? Type `!incident snooze 1 2h`, or a time: `!incident snooze 1 5pm`."
        )
        for length in ("30 days", "8d", "999999w", "999999 days"):
            assert talk(f"!incident snooze 1 {length}") == (
                "An incident sleeps for 7 days at most. Type a nearer time."
            )
        assert talk("!incident snooze 1 1w") == "Nobody is reminded of #1 until Nov 30 1:12pm."
        assert talk("!incident snooze 1 today 1pm").startswith("That moment is past.")
        assert talk("!incident snooze 1 a while").startswith('"a" is not a day I can read.')
        assert talk("!incident snooze 9 2h").startswith("There is no incident #9.")
        assert talk("!incident snooze 2h") == "Nobody is reminded of #1 until 3:12pm."

    def test_the_shift_tells_how_soon_its_incidents_were_acknowledged(self, talk, clock):
        talk("!shift accept")
        talk("!incident open VistA timeouts", by="eve")
        talk("!incident open VEText late", by="eve")
        talk("!incident open LoROTA slow", by="eve")
        talk("!incident open Mine")
        clock.forward(minutes=9)
        talk("!incident update 1 looking")
        clock.forward(minutes=11)
        talk("!incident update 2 looking")
        assert talk("!shift") == (
            "Shift today, 1pm to 8pm: Alice, accepted 1:12pm\n"
            "#3 LoROTA slow: not acknowledged for 20 minutes (agreed: within 15 minutes). "
            "`!incident ack 3`\n"
            "Acknowledged: #1 in 9 minutes, #2 in 20 minutes (agreed: 15 minutes), #4 at once"
        )
        talk("!incident resolve 3 gone")
        assert talk("!shift") == (
            "Shift today, 1pm to 8pm: Alice, accepted 1:12pm\n"
            "Acknowledged: #1 in 9 minutes, #2 in 20 minutes (agreed: 15 minutes), "
            "#3 in 20 minutes (agreed: 15 minutes), #4 at once"
        )

    def test_a_tick_on_the_brief_accepts_the_shift(self, talk, clock):
        plugin = talk.plugin("rotation")
        brief = next(one for one in plugin.desk.oncall.handover.plan(clock()) if one.key.startswith("brief"))
        proof = PostEntry(clock(), PostStep.POSTED, room="D0ALICE", ts="3.0")
        plugin.desk.posts.note(brief, proof)

        def react(who):
            reactor = SimpleNamespace(person=who)
            place = {"type": "message", "channel": "D0ALICE", "ts": "3.0"}
            plugin.callback_reaction(
                SimpleNamespace(reactor=reactor, reaction_name="white_check_mark", action="added", reacted_to=place)
            )

        react("@bob")
        assert talk.silent()
        react("@alice")
        assert talk.next() == "[#D0ALICE] ✅ Alice has the shift today, 1pm to 8pm."
        assert talk("!shift") == "Shift today, 1pm to 8pm: Alice, accepted 1:12pm"

    def test_the_desk_itself_speaks_up_at_the_start_of_a_shift(self, start, clock):
        clock.to("2026-11-24 13:00")
        talk = start()
        talk.plugin("summary").tick()
        said = [talk.next(), talk.next()]
        assert said[0].startswith("[@alice] *You are on call until 8pm ET.* You had the last shift too.\n")
        assert said[0].endswith("\nTake the shift with `!shift accept`, or react with ✅.")
        assert "\nCheck-in counts, midnight to 1pm ET, Tuesday November 24" in said[0]
        assert said[1].endswith("@Alice is on call until 8pm ET. No incident is open.")
        assert talk("!shift accept") == "✅ Alice has the shift today, 1pm to 8pm."
        clock.to("2026-11-24 13:15")
        talk.plugin("summary").tick()
        told = [talk.next()]
        assert told == [
            "[@alice] The channel's topic could not be set (this chat has no topics). The line to paste:\n"
            "`/topic On call: Alice until 8pm`"
        ]
        assert talk.silent()
