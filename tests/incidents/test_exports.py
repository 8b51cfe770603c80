"""Files people take away: the post-mortem, the CSV, and how they are written."""

import csv
import errno
import html
import io
import os
import re
from datetime import date
from pathlib import Path

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdesk import files as export
from opsdesk import guard
from opsdesk.errors import UserError
from opsdesk.incidents import exports
from opsdesk.incidents.incident import Status
from opsdesk.incidents.post_mortem import post_mortem, post_mortem_name
from tests.incidents.stage import BOB, CHARLIE, Shift, moment
from tests.oncall.stage import EASTERN


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize(
    "text",
    [
        "__init__ of *stars* and `code` in C:\\_temp [x](y) {z} ~~no~~ &amp; <b>",
        "- [ ] one\n+ two\n# three\n> four\n5. six\n7) eight",
        "see https://example.org/a_b_c?d=1&e=2 and _that_",
    ],
)
def test_a_post_mortem_shows_what_was_typed_to_the_letter(day: Shift, text: str) -> None:
    day.open()
    written = post_mortem(day.do("resolve", 1, text), day.at, EASTERN)
    summary = written.partition("## Summary\n\n")[2].partition("\n\n## Impact")[0]
    assert html.unescape(re.sub(r"</?p>", "", markdown.markdown(summary))) == text


def test_a_post_mortem_knows_what_the_timeline_knows_and_asks_for_the_rest(day: Shift) -> None:
    day.open("VistA <b>timeouts</b> & more", severity=2, subsystem="vista", text="two sites:\n688\n500")
    day.forward(minutes=18)
    day.do("update", 1, "see https://example.org/a?b=1&c=2", BOB, status=Status.IDENTIFIED)
    day.to("2026-11-24 13:00")
    day.do("resolve", 1, "restarted", BOB, happened_at=moment("2026-11-23 23:30"))
    assert (
        post_mortem(day.log.get(1), day.at, EASTERN)
        == """\
# VistA &lt;b>timeouts&lt;/b> &amp; more

Name(s): alice, bob

Date: 2026-11-23

Last modified: 2026-11-24

## Summary

restarted

## Impact

Who could not do what, where, and for how long? How many check-ins and pre-check-ins does that come to?

## Incident Timeline

All times are those of America/New_York.

### Monday, November 23, 2026

- 1:12pm alice opened: VistA &lt;b>timeouts&lt;/b> &amp; more
  two sites:
  688
  500 → sev 2, on vista, owner alice
- 1:30pm bob: see https://example.org/a?b=1&c=2 → identified
- 11:30pm bob resolved it: restarted (entered Nov 24 1:00pm)

## Root Cause(s)

What made it happen, and what let it go unnoticed?

## Action Items

- [ ] What, who, by when (`!incident action 1 Add a health check @bob by friday`)

## Appendix

- Incident: #1
- Severity: 2
- Subsystem: vista
- Status: resolved
- Owner: alice
- Reported by: alice
- Started: Monday, November 23, 2026, 1:12pm
- Acknowledged: Monday, November 23, 2026, 1:12pm, after less than a minute
- Resolved: Monday, November 23, 2026, 11:30pm, after 10 hours 18 minutes
- <https://example.org/a?b=1&c=2>
"""
    )


def test_a_post_mortem_of_an_open_incident_says_what_is_not_known_yet(day: Shift) -> None:
    day.open(by=CHARLIE)
    text = post_mortem(day.log.get(1), day.at, EASTERN)
    assert "- Acknowledged: not yet\n- Resolved: not yet\n" in text
    assert "- Subsystem: not said\n" in text
    assert "## Summary\n\nWhat happened, and what ended it?\n" in text
    assert text.endswith("- Resolved: not yet\n")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("VistA timeouts on pre-check-in", "2026-11-23-vista-timeouts-on-pre-check-in.md"),
        ("../../etc/passwd: Café\x00 <b>", "2026-11-23-etc-passwd-cafe-b.md"),
        ("予約ができない", "2026-11-23-incident-1.md"),
        ("long " * 30, f"2026-11-23-{'long-' * 9}long.md"),
    ],
)
def test_its_file_is_named_by_the_day_it_began_and_its_title(day: Shift, title: str, name: str) -> None:
    day.open(title, started_at=moment("00:30"))
    assert post_mortem_name(day.log.get(1), EASTERN) == name


def test_called_otherwise_since_it_takes_the_place_of_the_one_before(day: Shift, tmp_path: Path) -> None:
    day.open()
    exports.exported(1, day.log, tmp_path / "state", day.at, str)
    day.do("update", 1, title="VistA is slow")
    file = exports.exported(1, day.log, tmp_path / "state", day.at, str).file
    assert file == tmp_path / "state" / "exports" / "incident-1" / "2026-11-23-vista-is-slow.md"
    assert list(file.parent.iterdir()) == [file]


def test_a_table_has_a_row_for_each_incident_and_nothing_for_what_is_unknown(day: Shift) -> None:
    day.open("VistA, “timeouts”\n", severity=2, subsystem="vista", started_at=moment("12:50"))
    day.open("Late", by=CHARLIE)
    day.to("2026-11-23 15:40")
    day.do("resolve", 1, "gone", BOB)
    text = exports.table(day.log.opened(date(2026, 11, 23), date(2026, 11, 23)), EASTERN)
    assert text.startswith("\ufeffnumber,title,")
    assert rows(text) == [
        {
            "number": "1",
            "title": "VistA, “timeouts”",
            "severity": "2",
            "subsystem": "vista",
            "status": "resolved",
            "opened by": "alice",
            "owner": "alice",
            "started": "2026-11-23 12:50-05:00",
            "opened": "2026-11-23 13:12-05:00",
            "acknowledged": "2026-11-23 13:12-05:00",
            "resolved": "2026-11-23 15:40-05:00",
            "minutes to acknowledge": "22",
            "minutes to resolve": "170",
        },
        {
            "number": "2",
            "title": "Late",
            "severity": "3",
            "subsystem": "",
            "status": "investigating",
            "opened by": "charlie",
            "owner": "charlie",
            "started": "2026-11-23 13:12-05:00",
            "opened": "2026-11-23 13:12-05:00",
            "acknowledged": "",
            "resolved": "",
            "minutes to acknowledge": "",
            "minutes to resolve": "",
        },
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "=cmd|'/c calc'!A0"])
def test_a_title_that_a_spreadsheet_would_run_has_an_apostrophe_before_it(day: Shift, title: str) -> None:
    day.open(title)
    assert rows(exports.table([day.log.get(1)], EASTERN))[0]["title"] == f"'{title}"


@given(st.text(alphabet="=+-@ab,\"'\n\r\t;|", min_size=1, max_size=20))
def test_no_cell_begins_a_formula_and_every_title_is_read_back(title: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow([guard.cell(title)])
    (cell,) = next(csv.reader(io.StringIO(out.getvalue(), newline="")))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.replace("'", "") == title.replace("'", "")


def test_a_file_takes_the_place_of_an_older_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    export.hand_out(tmp_path / "exports", "incident-1.md", "first")
    file = export.hand_out(tmp_path / "exports", "incident-1.md", "secönd\n")
    assert file == tmp_path / "exports" / "incident-1.md"
    assert file.read_text("utf-8") == "secönd\n"
    assert list(file.parent.iterdir()) == [file]


def test_what_a_file_is_called_is_for_the_desks_own_user_alone(tmp_path: Path) -> None:
    file = export.hand_out(tmp_path / "exports" / "incident-1", "2026-11-23-vista-timeouts.md", "x")
    assert [path.stat().st_mode & 0o777 for path in (file.parent.parent, file.parent, file)] == [0o700, 0o700, 0o600]


def test_of_the_files_in_a_folder_the_latest_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        os.utime(export.hand_out(tmp_path, f"{number}.md", "x"), ns=(number, number))
    export.keep_latest(tmp_path, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["3.md", "4.md"]
    export.keep_latest(tmp_path, 2)
    export.keep_latest(tmp_path / "nowhere", 2)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_cannot_be_written_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("in the way")
    with pytest.raises(UserError) as refused:
        export.hand_out(tmp_path / "exports", "incident-1.md", "x")
    assert str(refused.value) == (
        "incident-1.md could not be written: File exists. Type the command again once that is mended."
    )


def test_a_full_disk_leaves_the_older_file_and_no_part_of_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = export.hand_out(tmp_path / "exports", "incident-1.md", "first")

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError, match="could not be written: No space left on device"):
        export.hand_out(tmp_path / "exports", "incident-1.md", "second")
    assert file.read_text() == "first"
    assert list(file.parent.iterdir()) == [file]
