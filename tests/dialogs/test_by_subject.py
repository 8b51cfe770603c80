"""People name an incident by its subject, not by its number."""

import pytest

from tests.conftest import Conversation


@pytest.fixture
def three(talk: Conversation) -> None:
    talk.knows_undo("alice", "bob")
    talk("!incident open Claims bounce with BTSSS errors")
    talk("!incident resolve 1 BTSSS is back")
    talk("!incident open VistA timeouts on pre-check-in --sev 2 --on vista")
    talk("!incident open VEText reminders late --on vetext", "bob")


@pytest.mark.usefixtures("three")
def test_a_change_is_asked_about_with_the_number_and_a_yes_does_it(talk: Conversation) -> None:
    assert talk("!close the texts one, backlog is gone") == (
        "#3 VEText reminders late: did you mean `!incident resolve 3 backlog is gone`? `!yes` does it."
    )
    assert talk("!yes") == "✅ #3 resolved after less than a minute: backlog is gone"
    assert talk("!reopen the claims one, bouncing again") == (
        "#1 Claims bounce with BTSSS errors: did you mean `!incident reopen 1 bouncing again`? `!yes` does it."
    )
    assert talk("!yes") == ("🔴 #1 reopened (was resolved by alice 1:12pm): bouncing again\nInvestigating, owner alice")


@pytest.mark.usefixtures("three")
def test_what_only_reads_names_the_incident(talk: Conversation) -> None:
    shown = talk("!who owns the texts problem")
    assert shown.startswith("🔴 #3 VEText reminders late\nsev 3 · vetext · opened by bob 1:12pm · owner bob")
    assert talk("!what's the latest on the texts issue") == talk("!the newest") == shown


@pytest.mark.usefixtures("three")
def test_of_several_alike_one_is_chosen(talk: Conversation) -> None:
    talk("!incident open Logins slow --on vista")
    assert talk("!bump vista to sev 1") == (
        "Which incident? `!yes 2` or `!yes 4` does `!incident update --sev 1` for it.\n"
        "#2 VistA timeouts on pre-check-in\n#4 Logins slow"
    )
    assert talk("!yes #4") == "#4 sev 1 (was 3). Less than a minute open."
    assert talk("!close the vista one, ran `rake`").startswith(
        "Which incident? Type `!incident resolve 2 ...`\n#2 VistA"
    )


@pytest.mark.usefixtures("three")
def test_of_several_numbers_one_is_chosen_by_itself(talk: Conversation) -> None:
    assert talk("!2 and 3 are fixed") == (
        "One at a time: `!incident resolve 2` (2) or `!incident resolve 3` (3)? `!yes 2` or `!yes 3` does it."
    )
    assert talk("!yes 3").startswith("✅ #3 resolved")


@pytest.mark.usefixtures("three")
def test_a_subject_in_a_text_does_not_change_which_incident_is_meant(talk: Conversation) -> None:
    assert talk("!note 2 the texts one is related") == "#2 noted."
    assert talk("!merge the texts one into vista") == (
        "Did you mean `!incident merge 3 into 2`? `!yes` does it: I ask because it cannot be taken back."
    )
