"""Each command that changes something is one that `!undo` takes back or knows of, or one it is told of."""

import pytest

from opsdesk.commands import SPOKEN, Risk, instead_of_undo
from opsdesk.commands.lasting import LASTING

KNOWN = {  # to what finds the last change of a person, by what is stored
    *("incident_open", "incident_update", "incident_resolve", "incident_ack", "incident_reopen", "incident_assign"),
    *("incident_note", "incident_link", "incident_void", "incident_merge", "incident_escalate", "incident_action"),
    *("incident_notice", "incident_announce", "stats_record", "summary_note"),
    *("alerts_ack", "alerts_noise", "alerts_handled", "alerts_open", "alerts_escalate"),
}


def test_undo_knows_of_every_change() -> None:
    changing = {name for name, one in SPOKEN.items() if one.risk is not Risk.READS} - {"undo", "yes"}
    always = {name for name, one in LASTING.items() if not one.typed}
    assert changing == KNOWN | always
    assert not KNOWN & always


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("oncall_calendar", "", False),
        ("oncall_calendar", "new", True),
        ("desk_board", "", False),
        ("desk_board", "revoke", True),
        ("summary_note", "undo 2", True),
        ("summary_note", "Undo the deploy by hand", False),
        ("summary_note", "watch what undo does", False),
        ("stats_record", "check-ins clicked 1765", False),
        ("stats_record", "2026-11-20 check-ins clicked none", True),
        ("incident_list", "", False),
    ],
)
def test_some_commands_change_something_only_with_words_behind_them(name: str, text: str, left: bool) -> None:
    assert bool(instead_of_undo(SPOKEN[name], text)) is left
