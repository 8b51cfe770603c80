"""The severity scale: one enum, by which incidents are stored, read, sorted and reminded of."""

import msgspec
import pytest

from opsdesk.incidents.incident import Entry, EntryKind
from opsdesk.incidents.reminders import quiet_due
from opsdesk.incidents.severity import CHOICES, LIGHTEST, WORST, Severity
from tests.incidents.stage import ALICE, Shift, moment


def test_the_scale_is_told_by_the_enum_alone() -> None:
    assert (WORST, LIGHTEST, Severity.DEFAULT, Severity.MAJOR, CHOICES) == (1, 3, 3, 2, "1, 2 or 3")
    assert [one.label for one in sorted(Severity)] == ["sev 1", "sev 2", "sev 3"]


@pytest.mark.parametrize("severity", Severity)
def test_every_level_has_a_reminder(day: Shift, severity: Severity) -> None:
    opened = day.open(severity=severity)
    assert quiet_due(opened, None, day.at + severity.remind_every) == day.at + severity.remind_every


def test_an_entry_is_stored_under_the_names_it_always_had() -> None:
    entry = Entry(moment("13:12"), ALICE, EntryKind.OPENED, severity=Severity.SEV_2)
    stored = {"at": "2026-11-23T18:12:00Z", "by": {"id": "@alice", "name": "alice"}, "what": "opened", "severity": 2}
    assert msgspec.to_builtins(entry) == stored
    assert msgspec.convert(stored, Entry) == entry
