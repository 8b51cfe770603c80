"""Nothing is done by a press that cannot be typed."""

from datetime import UTC, datetime

import pytest

from opsdesk.alerts import panels as alerts
from opsdesk.alerts.alert import unrecognised
from opsdesk.alerts.group import ActionKind, GroupAction, begun
from opsdesk.alerts.notification import Notification
from opsdesk.chat import Doing, Filled, Misfilled
from opsdesk.commands import open_questions
from opsdesk.commands.meanings import Question
from opsdesk.commands.open_questions import OpenQuestion
from opsdesk.commands.pressed import COMMANDS, FORMS, HANDOVER, OPENING, Pressing
from opsdesk.commands.reading import read
from opsdesk.errors import UserError
from opsdesk.home.page import BUTTONS
from opsdesk.incidents import panels as incidents
from opsdesk.oncall import panels as oncall
from opsdesk.summary import panels as summary
from opsdesk.text import Offer
from tests.incidents.stage import BOB, shift

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)
PRESSING = Pressing(None, None, UTC, lambda: AT, "!", "C0GOLIVE")


@pytest.mark.parametrize("act", COMMANDS)
def test_a_press_is_what_typing_it_is_read_as(act):
    doing = PRESSING.pressed(act, "12@3")
    meant = read(PRESSING.typed(doing.command, doing.text).removeprefix("!"))
    assert not isinstance(meant, Question)
    assert (meant.name, meant.text, doing.seen) == (doing.command, doing.text, 3)


def shown(folder):
    """Everything that the desk's messages and its page have to press."""
    with shift(folder) as stage:
        is_open = stage.open("VistA timeouts", subsystem="vista")
        cards = [incidents.panel(is_open, stage.at, UTC), incidents.panel(stage.do("resolve", 1), stage.at, UTC)]
        yield from (one for card in cards for one in (*card.buttons, *card.more))
    group = begun(3, Notification(unrecognised("Triggered: RPC", AT), "one", "message", AT))
    looked_at = group.then(GroupAction(AT, BOB, ActionKind.ACKNOWLEDGED))
    replies = (alerts.panel("reply", group), alerts.panel("reply", looked_at))
    asked = oncall.asking("swap", 2), oncall.offering("cover", 2)
    yield from (one for message in (*replies, *asked) for one in message.buttons)
    offers = Offer("incident_merge", "12 into 9"), Offer("incident_note", f"12 {'it broke ' * 100}"), Offer("undo")
    yield from open_questions.buttons(OpenQuestion("0123456789ab", BOB.id, "", "", AT, offers))
    yield from (*oncall.TAKING, *summary.DRAFTED, *BUTTONS, *incidents.reminding(7), *incidents.acknowledging(7))


def test_there_is_no_button_that_does_nothing_and_each_reads_alone(tmp_path):
    pressed = list(shown(tmp_path))
    assert all(PRESSING.pressed(one.act, one.about) not in (None, Doing()) for one in pressed)
    assert all(0 < len(one.label) <= 30 and len(one.says.split()) > 1 for one in pressed)
    assert {one.act for one in pressed} == {*COMMANDS, *FORMS, OPENING, HANDOVER}


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
