"""Conversations about who is on call. Alice has the shift; it is 1:12pm on Monday, November 23, 2026."""

from pathlib import Path

import pytest

from tests.oncall.stage import ROTATION_TOML


def edit(environment, old, new):
    file = Path(environment["DESK_DATA_DIR"]) / "rotation.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.usefixtures("team")
class TestTeam:
    def test_who_is_on_call_in_and_outside_the_shift(self, talk, clock):
        assert talk("!oncall") == "On call: *Alice* until 8pm ET\nNext: Bob, Mon Nov 30 1pm to 8pm ET"
        clock.to("2026-11-25 20:00")
        assert talk("!oncall") == "No shift is on now.\nNext: Alice, Fri Nov 27 1pm to 8pm ET"
        clock.to("2026-11-30 12:59")
        assert talk("!oncall") == "No shift is on now.\nNext: Bob, today 1pm to 8pm ET"

    def test_the_days_and_turns_to_come(self, talk, clock):
        clock.to("2026-12-17 09:00")
        assert talk("!oncall week") == (
            "Today: Alice 1pm to 8pm\n"
            "Tomorrow: Alice 1pm to 8pm\n"
            "Mon Dec 21: Bob 1pm to 8pm\n"
            "Tue Dec 22: Bob 1pm to 8pm\n"
            "Wed Dec 23: Bob 1pm to 8pm"
        )
        assert talk("!oncall next 4") == (
            "Mon Dec 21 to Thu Dec 24: Bob\n"
            "Mon Dec 28 to Thu Dec 31: Charlie\n"
            "Mon Jan 4 to Fri Jan 8 2027: Alice\n"
            "Mon Jan 11 to Fri Jan 15 2027: Bob"
        )
        assert talk("!oncall next 40") == '"40" is not a number from 1 to 26. Type `!oncall next 4`.'

    def test_a_week_with_a_holiday_names_it(self, talk):
        assert talk("!oncall week") == (
            "Today: Alice 1pm to 8pm\n"
            "Tomorrow: Alice 1pm to 8pm\n"
            "Wed Nov 25: Alice 1pm to 8pm\n"
            "Thu Nov 26: Thanksgiving Day\n"
            "Fri Nov 27: Alice 1pm to 8pm"
        )

    def test_when_somebody_is_on_call(self, talk):
        bob = (
            "Bob is on call:\n"
            "Mon Nov 30 to Fri Dec 4, 1pm to 8pm ET\n"
            "Mon Dec 21 to Thu Dec 24, 1pm to 8pm ET\n"
            "Mon Jan 11 to Fri Jan 15 2027, 1pm to 8pm ET\n"
            "Mon Feb 1 to Fri Feb 5 2027, 1pm to 8pm ET"
        )
        assert talk("!oncall when bob") == talk("!oncall @Bob") == bob
        assert talk("!oncall when dan") == '"dan" is not on the rotation. On it: Alice, Bob, Charlie.'
        assert talk("!oncall when bobb") == '"bobb" is not on the rotation. On it: Bob.'

    def test_my_own_shifts_are_told_in_my_own_time(self, talk):
        assert talk("!oncall me").startswith("You are on call:\nToday to Fri Nov 27, 1pm to 8pm ET\nMon Dec 14")
        assert (
            talk("!oncall me", by="bob").split("\n")[1]
            == "Mon Nov 30 to Fri Dec 4, 1pm to 8pm ET, 10am to 5pm your time"
        )
        assert talk("!oncall me", by="eve") == (
            "You are not on the rotation: ask an admin to add you to data/rotation.toml."
        )

    def test_the_shift_is_accepted_once_by_whoever_has_it(self, talk, clock):
        assert talk("!shift") == "Shift today, 1pm to 8pm: Alice, not accepted yet: `!shift accept`"
        assert talk("!shift accept") == "✅ Alice has the shift today, 1pm to 8pm."
        clock.forward(minutes=10)
        assert talk("!shift accept") == "✅ Alice has the shift today, 1pm to 8pm (accepted 1:12pm)."
        assert talk("!shift") == "Shift today, 1pm to 8pm: Alice, accepted 1:12pm"
        assert talk("!oncall").startswith("On call: *Alice* until 8pm ET, accepted 1:12pm")
        assert talk("!shift accept", by="bob") == (
            "You are not on call: Alice is, until 8pm. `!oncall take` takes over the rest of a shift."
        )

    def test_nobody_is_sent_to_a_command_that_refuses_them_too(self, talk, clock):
        told = (
            "You are not on the rotation, so you cannot take the shift: ask an admin to add you to data/rotation.toml."
        )
        assert talk("!shift accept", by="eve") == talk("!oncall take", by="eve") == told
        clock.to("2026-11-23 20:30")
        later = "No shift is on now; the next begins tomorrow 1pm."
        assert talk("!shift accept") == talk("!oncall take") == later
        assert talk("!shift accept", by="eve") == told

    def test_an_edit_of_the_file_takes_effect_at_once_and_a_mistake_does_not(self, talk, environment):
        edit(environment, '["alice", "bob", "charlie"]', '["bob", "alice", "charlie"]')
        assert talk("!oncall").startswith("On call: *Bob*")
        edit(environment, '["bob", "alice", "charlie"]', '["bob", "alise"]')
        assert talk("!oncall").startswith("On call: *Bob*")
        talk.tick()
        assert talk.next() == (
            '[@alice] rotation.toml [turns.1.order] support: "alise" is not among [people], did you mean alice?\n'
            "What it said when it was last right stays in force."
        )


def test_placeholders_are_nobody_in_the_same_words_everywhere(talk, clock):
    nobody = "nobody yet (data/rotation.toml still holds placeholders)"
    assert talk("!oncall") == f"On call until 8pm ET: {nobody}"
    assert talk("!shift") == f"Shift today, 1pm to 8pm: {nobody}"
    assert talk("!oncall week") == (
        f"Today: {nobody} 1pm to 8pm\n"
        "Tomorrow: nobody yet 1pm to 8pm\n"
        "Wed Nov 25: nobody yet 1pm to 8pm\n"
        "Thu Nov 26: Thanksgiving Day\n"
        "Fri Nov 27: nobody yet 1pm to 8pm"
    )
    assert talk("!oncall next 2") == f"Mon Nov 30 to Fri Dec 4: {nobody}\nMon Dec 7 to Fri Dec 11: nobody yet"
    clock.to("2026-11-23 20:30")
    assert talk("!oncall") == f"No shift is on now.\nNext: {nobody}, tomorrow 1pm to 8pm ET"


def test_a_placeholder_after_somebody_is_nobody_yet(talk, environment):
    (Path(environment["DESK_DATA_DIR"]) / "rotation.toml").write_text(ROTATION_TOML.replace('"@bob"', '""'))
    nobody = "nobody yet (data/rotation.toml still holds placeholders)"
    assert talk("!oncall") == f"On call: *Alice* until 8pm ET\nNext: {nobody}, Mon Nov 30 1pm to 8pm ET"
    assert talk("!oncall next 2") == f"Mon Nov 30 to Fri Dec 4: {nobody}\nMon Dec 7 to Fri Dec 11: Charlie"


def test_nobody_can_take_a_shift_while_only_placeholders_are_on_the_rotation(talk):
    told = "You are not on the rotation, so you cannot take the shift: ask an admin to add you to data/rotation.toml."
    assert talk("!oncall take") == talk("!shift accept") == told
    assert talk("!oncall swap first tomorrow") == (
        "You are not on the rotation: ask an admin to add you to data/rotation.toml."
    )
