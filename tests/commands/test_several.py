"""Several numbers named at once: one change is made at a time, and none of the numbers is passed over."""

import pytest

from opsdesk.commands.meanings import Question, Reading
from opsdesk.commands.reading import read
from tests.commands.stage import asked


@pytest.mark.parametrize(
    ("typed", "one", "other"),
    [
        ("12 and 14 are fixed", "!incident resolve 12", "!incident resolve 14"),
        ("12, 14 fixed", "!incident resolve 12", "!incident resolve 14"),
        ("give 12 & 14 to bob", "!incident assign 12 bob", "!incident assign 14 bob"),
        ("bob has #12 and #14", "!incident assign 12 bob", "!incident assign 14 bob"),
        ("make 12 and 14 sev 1", "!incident update 12 --sev 1", "!incident update 14 --sev 1"),
        ("ack 12 and 14", "!incident ack 12", "!incident ack 14"),
        ("snooze 12, 14 for 2h", "!incident snooze 12 for 2h", "!incident snooze 14 for 2h"),
        ("alerts 3 and 4 are noise", "!alerts noise 3", "!alerts noise 4"),
        ("mute alerts 3 and 4 until 6pm", "!alerts mute 3 until 6pm", "!alerts mute 4 until 6pm"),
    ],
)
def test_it_is_asked_which(typed: str, one: str, other: str) -> None:
    assert asked(typed) == f"One at a time: `{one}` or `{other}`? Type the one you mean."


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("close 14, dupe of #12", "`!incident merge 14 into 12` or `!incident resolve 14, dupe of #12`"),
        ("12 give it 2 hours", "`!incident snooze 12 2 hours` or `!incident note 12 give it 2 hours`"),
    ],
)
def test_a_second_number_that_says_what_is_meant_is_asked_about(typed: str, command: str) -> None:
    assert asked(typed) == f"Did you mean {command}? Type it like that."


def test_of_three_each_is_offered() -> None:
    meant = read("12, 14 and 16 are fixed")
    assert isinstance(meant, Question)
    assert [offer.text for offer in meant.offers] == ["12", "14", "16"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("note 12 and 14 are the same", Reading("incident_note", "12 and 14 are the same")),
        ("ack 12, 3 sites so far", Reading("incident_ack", "12, 3 sites so far")),
        ("ack 12 at 14 sites", Reading("incident_ack", "12 at 14 sites")),
        ("merge 12 and 14", Reading("incident_merge", "12 and 14")),
        ("close 12, 14 sites are back", Reading("incident_resolve", "12, 14 sites are back")),
    ],
)
def test_a_number_of_something_else_is_text(typed: str, meant: Reading) -> None:
    assert read(typed) == meant
