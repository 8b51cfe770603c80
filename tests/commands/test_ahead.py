"""What speaks of what is not (yet) so changes nothing; what stands behind a number as a reason is text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk.commands import Risk
from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.commands.stage import asked

VERBS = ("close 12", "resolve 12", "reopen 12", "ack 12", "take 12", "assign 12 to bob", "close", "escalate 12")
SETTING = ("raise 12 to sev 1", "12 sev 1", "12 monitoring", "bump 12 to sev 2")
OTHERS = (
    "void 12",
    "merge 13 into 12",
    "ack alert 3",
    "alert 3 ack",
    "handle alert 3",
    "post the summary",
    "undo that",
)
WHENS = (
    "if bob agrees", "unless it fires again", "once it recovers", "when bob says so", "as soon as vista is up",
    "in case it fails again", "provided it stays quiet", "assuming bob agrees", "only if bob agrees",
    "tomorrow", "later", "tonight", "next week", "in an hour", "in 20 minutes", "in half an hour", "at 5pm", "by 5pm",
    "on friday", "after the deploy", "after lunch", "after bob confirms", "before the deploy", "after 20 minutes",
    "until tomorrow", "at the end of the shift", "eod", "tomorrow morning", "this evening", "eventually", "shortly",
    "in a bit", "first thing tomorrow", "next monday", "over the weekend", "upon confirmation", "subject to approval",
    "so long as it is quiet", "on condition that bob agrees", "should it stay quiet", "perhaps",
)  # fmt: skip
REASONS = (
    "fixed after the deploy", "restarted after 20 minutes", "vendor rolled back, will look again tomorrow",
    "- after the deploy", "— in an hour", ": after the deploy", "after the deploy it came back", "by restart",
    "after all", "once more", "tomorrow's deploy has the rest", "in vista the queue drained", "at 5pm bob restarted it",
)  # fmt: skip


def changes(meant: Reading | Question | None) -> bool:
    """Whether anything is changed."""
    return isinstance(meant, Reading) and meant.spoken.risk is not Risk.READS


@given(
    verb=st.sampled_from((*VERBS, *SETTING, *OTHERS)),
    when=st.sampled_from(WHENS),
    group=st.sampled_from(("", "incident ")),
    please=st.sampled_from(("", "please ", "can you ")),
    end=st.sampled_from(("", ".", "!", " please", ", thanks")),
)
def test_a_change_with_a_condition_or_a_time_to_come_is_asked_about(
    verb: str, when: str, group: str, please: str, end: str
) -> None:
    group = group if verb in VERBS[:4] else ""
    meant = read(f"{please}{group}{verb} {when}{end}")
    assert not changes(meant)
    assert isinstance(meant, Question)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("verb", ["close 12", "resolve 12", "incident resolve 12", "reopen 12", "ack 12"])
def test_a_reason_behind_the_number_is_text(verb: str, reason: str) -> None:
    meant = read(f"{verb} {reason}")
    assert isinstance(meant, Reading)
    assert meant.text == f"12 {reason}"


@pytest.mark.parametrize("typed", ["note 12", "update 12", "incident note 12", "comment 12", "todo 12"])
@pytest.mark.parametrize("when", WHENS)
def test_what_is_only_written_down_may_lie_ahead(typed: str, when: str) -> None:
    meant = read(f"{typed} {when}")
    assert isinstance(meant, Reading)
    assert meant.text == f"12 {when}"


@pytest.mark.parametrize(
    "typed",
    [
        "closed 12 after the deploy",
        "12 fixed after the deploy",
        "acked 12 at 5pm",
        "12 was resolved on friday",
        "closed 12 in 20 minutes",
    ],
)
def test_what_is_told_in_the_past_has_been(typed: str) -> None:
    assert changes(read(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "open an incident if vista goes down",
        "open an incident for vista if it goes down",
        "open vista down if it fails again",
        "create an incident when the errors come back",
        "open an incident tomorrow for vista",
        "make an incident for alert 3 if it comes back",
        "mute alert 3 2h if it fires again",
        "mute alert 3 if it fires again",
        "post the summary at 9pm",
        "give 12 to bob smith at 5pm",
        "hand 12 over to bob tomorrow",
    ],
)
def test_what_would_be_opened_given_or_sent_later_is_asked_about(typed: str) -> None:
    assert not changes(read(typed))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "close 12 after the deploy",
            "I do nothing later: `!incident resolve 12` does it now, "
            "`!incident note 12 close 12 after the deploy` keeps it as a note.",
        ),
        (
            "close 12 in an hour",
            "I do nothing later: `!incident resolve 12` does it now, "
            "`!incident snooze 12 in an hour` reminds its owner then.",
        ),
        (
            "take 12 tomorrow",
            "I do nothing later: `!incident assign me 12` does it now, "
            "`!incident snooze 12 tomorrow` reminds its owner then.",
        ),
        (
            "give 12 to bob if he is in",
            "I do nothing later: `!incident assign 12 bob` does it now, "
            "`!incident note 12 give 12 to bob if he is in` keeps it as a note.",
        ),
        (
            "lower 12 to sev 3 once it recovers",
            "I do nothing later: `!incident update #12 --sev 3` does it now, "
            "`!incident note 12 lower 12 to sev 3 once it recovers` keeps it as a note.",
        ),
        ("ack alert 3 later", "I do nothing later: `!alerts ack 3` does it now."),
        ("post the summary tomorrow", "I do nothing later: `!summary post` does it now."),
        (
            "make an incident for alert 3 if it comes back",
            "Did you mean `!alerts open 3`, at once? I do nothing later.",
        ),
    ],
)
def test_the_question_says_what_does_it_now_and_what_the_desk_can_do_later(typed: str, told: str) -> None:
    assert asked(typed) == told


def test_a_title_that_begins_with_a_condition_is_taken_from_who_types_the_command_in_full() -> None:
    assert read("incident open if a patient checks in twice the page hangs") == Reading(
        "incident_open", "if a patient checks in twice the page hangs"
    )


@pytest.mark.parametrize("length", ["", "2h", "for 2h", "2 hours", "for the next hour"])
@pytest.mark.parametrize("when", ["tomorrow", "at 5pm", "in 30 minutes", "if it fires again", "tomorrow morning"])
def test_a_mute_that_lies_ahead_is_asked_about(length: str, when: str) -> None:
    assert isinstance(read(f"alerts mute 3 {length} {when}".replace("  ", " ")), Question)


@pytest.mark.parametrize(
    "text",
    [
        "2h a deploy",
        "for the next week a deploy",
        "for the next day",
        "until 7am, a job",
        "2 hours deploy",
        "til 5pm x",
    ],
)
def test_how_long_an_alert_is_muted_is_no_time_to_come(text: str) -> None:
    assert read(f"alerts mute 3 {text}") == Reading("alerts_mute", f"3 {text}")
