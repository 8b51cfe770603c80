"""The card with its buttons: what can be pressed as an incident stands."""

import pytest

from opsdesk.chat import Doing, Filled, Misfilled
from opsdesk.incidents import forms
from opsdesk.incidents.incident import Status
from opsdesk.incidents.lateness import OF_FORMS
from opsdesk.incidents.panels import panel
from tests.incidents.stage import ALICE, BOB, CHARLIE, Shift, shift
from tests.oncall.stage import EASTERN


@pytest.fixture
def stage(tmp_path):
    with shift(tmp_path) as stage:
        yield stage


def shown(stage: Shift, number=1):
    return panel(stage.log.get(number), stage.at, EASTERN, "Ask Andy")


def labels(parts):
    return [one.label for one in (*parts.buttons, *parts.more)]


def test_an_open_incident_can_be_worked_on(stage):
    stage.open("VistA timeouts", subsystem="vista", text="since noon")
    parts = shown(stage)
    assert (parts.title, parts.facts, parts.words, parts.below) == (
        "🔴 #1 VistA timeouts",
        "sev 3 · vista · investigating · opened by alice 1:12pm · owner alice",
        "alice 1:12pm: since noon",
        "Ask Andy",
    )
    assert [one.label for one in parts.buttons] == ["Update", "Resolve", "Take it", "Timeline"]
    assert [one.label for one in parts.more] == ["Add a note", "Severity", "Runbook", "Escalate", "Quiet for 2 hours"]
    assert [one.label for one in parts.buttons if one.primary] == ["Resolve"]
    assert {one.about for one in (*parts.buttons, *parts.more) if one.act != "runbook"} == {"1@1"}
    assert [one.says for one in parts.buttons][:3] == ["Update incident 1", "Resolve incident 1", "Take incident 1"]


def test_a_resolved_one_can_be_opened_again(stage):
    stage.open()
    stage.do("resolve", 1, "restarted")
    assert labels(shown(stage)) == ["Reopen", "Timeline"]
    assert shown(stage).words == "alice 1:12pm: restarted"


def test_of_two_who_take_it_at_once_one_reads_who_was_sooner(stage):
    stage.open()
    stage.do("assign", 1, by=BOB, owner=BOB, seen=1)
    stage.forward(minutes=1)
    assert stage.refusal("assign", 1, by=CHARLIE, owner=CHARLIE, seen=1) == (
        "bob was sooner: #1 is bob's since 1:12pm. Press again if you still want it."
    )
    assert stage.do("assign", 1, by=CHARLIE, owner=CHARLIE, seen=2).owner == CHARLIE


def test_of_two_who_reopen_it_at_once_one_reads_who_was_sooner(stage):
    stage.open()
    stage.do("resolve", 1)
    stage.do("reopen", 1, by=BOB, seen=2)
    assert stage.refusal("reopen", 1, by=CHARLIE, seen=2).startswith("bob was sooner: #1 was reopened 1:12pm.")


def test_the_same_form_twice_is_done_once_also_after_a_restart(stage):
    source = f"{OF_FORMS}V1"
    stage.open(source=source)
    first = stage.do("update", 1, "two sites", source=f"{OF_FORMS}V2")
    stage.do("resolve", 1, "restarted", source=f"{OF_FORMS}V3")
    stage.restart()
    assert stage.open(source=source).number == 1
    assert len(stage.do("update", 1, "two sites", source=f"{OF_FORMS}V2").entries) == len(first.entries) + 1
    assert stage.do("resolve", 1, "restarted", source=f"{OF_FORMS}V3").status is Status.RESOLVED


def filled(name, values, before=None, about="1"):
    return Filled(f"incident.{name}", about, values, before or {})


NOON = {"what": "VistA\n is *slow*", "severity": "2", "where": "vista", "since": " 12:50pm ", "words": "RPC & <b>\n!x"}
PRESET = {"severity": "3", "status": "investigating"}


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        (
            filled("open", NOON, PRESET),
            Doing("incident_open", 'VistA is *slow* --sev 2 --on vista --at "12:50pm"\nRPC & <b>\n!x'),
        ),
        (filled("open", {"what": "VistA", **PRESET}, PRESET), Doing("incident_open", "VistA")),
        (
            filled("update", {"words": "two sites", "severity": "1", "owner": "U02BOB"}, {"severity": "2"}),
            Doing("incident_update", "#1 --sev 1 --owner <@U02BOB> two sites"),
        ),
        (filled("update", {"severity": "2", "status": ""}, {"severity": "2"}), Doing("incident_update", "#1")),
        (filled("severity", {"severity": "1"}, {"severity": "2"}), Doing("incident_update", "#1 --sev 1")),
        (filled("resolve", {"words": ""}), Doing("incident_resolve", "#1")),
        (filled("note", {"words": " ticket "}), Doing("incident_note", "#1 ticket")),
    ],
)
def test_a_form_is_what_is_typed_and_sets_only_what_somebody_changed(stage, form, typed):
    assert forms.typed_for(form, stage.at, EASTERN) == typed


def test_a_moment_that_cannot_be_read_is_told_below_its_field(stage):
    with pytest.raises(Misfilled) as misfilled:
        forms.typed_for(filled("open", {"what": "VistA", "since": "soon"}), stage.at, EASTERN)
    assert list(misfilled.value.wrong) == ["since"]
    assert forms.field_of("incident.open", "3:00pm is still to come. Give a time that has passed.") == "since"
    assert forms.field_of("incident.open", "What happened?") == "what"
    assert forms.field_of("incident.update", "What is new with #1?") == "words"


def test_a_form_has_how_things_stand(stage):
    one = stage.open(owner=BOB, status=Status.IDENTIFIED)
    form = forms.updating(one, stage.at, EASTERN)
    assert dict(form.values) == {"status": "identified", "severity": "3", "owner": BOB.id}
    severities = next(field for field in form.fields if field.name == "severity").choices
    assert severities[0] == ("1", "sev 1, the worst: a reminder after 30 minutes without news")


def test_there_is_no_form_for_what_is_over(stage):
    stage.open()
    over = stage.do("resolve", 1, by=ALICE)
    for form in (forms.updating, forms.grading, forms.resolving):
        with pytest.raises(Exception, match=r"#1 was (already )?resolved by alice 1:12pm"):
            form(over, stage.at, EASTERN)
    assert forms.noting(over, stage.at, EASTERN).title == "Note on #1"
