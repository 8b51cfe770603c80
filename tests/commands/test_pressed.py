"""Nothing is done by a press that cannot be typed."""

from datetime import UTC, datetime

import pytest

from opsdesk.chat import Doing, Filled, Misfilled
from opsdesk.commands import Pressing, Question, read
from opsdesk.commands.pressed import COMMANDS
from opsdesk.errors import UserError

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
PRESSING = Pressing(None, None, UTC, lambda: AT, "!", "C0GOLIVE")


@pytest.mark.parametrize("act", COMMANDS)
def test_a_press_is_what_typing_it_is_read_as(act):
    doing = PRESSING.pressed(act, "12@3")
    meant = read(PRESSING.typed(doing.command, doing.text).removeprefix("!"))
    assert not isinstance(meant, Question)
    assert (meant.name, meant.text, doing.seen) == (doing.command, doing.text, 3)


@pytest.mark.parametrize("act", ["incident.update", "incident.open", "handover.note"])
def test_some_presses_show_a_form(act):
    assert PRESSING.pressed(act, "12@3") == Doing(form=act, about="12")


@pytest.mark.parametrize(("act", "about"), [("odd", "1"), ("incident.take", ""), ("incident.take", "1 @bob"), ("", "")])
def test_what_is_unknown_does_nothing(act, about):
    with pytest.raises(UserError, match="does nothing"):
        PRESSING.pressed(act, about)


def test_a_link_is_only_a_link():
    assert PRESSING.pressed("link.runbook", "") == Doing()


def test_a_note_for_the_hand_over_is_typed():
    form = PRESSING.form("handover.note", "")
    assert PRESSING.filled(Filled(form.name, "", {"words": " Watch VEText "}, {}), AT) == Doing(
        "summary_note", "Watch VEText"
    )


def test_a_form_of_another_version_is_refused():
    with pytest.raises((UserError, Misfilled), match="another version"):
        PRESSING.filled(Filled("incident.odd", "", {}, {}), AT)
