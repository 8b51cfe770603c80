"""A slash command is a line that is typed."""

import pytest

from opsdesk.commands.slash import form_for, words_of


@pytest.mark.parametrize(
    ("command", "text", "typed"),
    [
        ("/incident", "list", "incident list"),
        ("/incident", "", "incident"),
        ("/prod-incident", "12", "incident 12"),
        ("/desk", "stats today", "stats today"),
        ("/desk", "status", "desk status"),
        ("/desk", "audit yesterday", "desk audit yesterday"),
        ("/desk", "", "help"),
        ("/ops", "who is on call", "who is on call"),
    ],
)
def test_a_slash_command_is_what_is_typed(command, text, typed):
    assert words_of(command, text) == typed


def test_an_opening_without_words_is_a_form():
    assert form_for("/incident", " Open ") == form_for("/desk", "incident open") == "incident.open"
    assert form_for("/incident", "open VistA") == form_for("/incident", "") == form_for("/desk", "open") == ""
