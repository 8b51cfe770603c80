"""The rota as calendars that people subscribe to, read back by two parsers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from opsdesk import guard
from opsdesk.errors import SettingsError, UserError
from opsdesk.oncall.calendar_links import REPLACED_SINCE, CalendarLinks
from opsdesk.oncall.calendars import AHEAD, AT_ONCE, BACK, REFUSED_AT_ONCE, Calendars
from opsdesk.oncall.rotation import Pattern
from opsdesk.store import KeyedTable, open_store
from opsdesk.web import LinkEdition, base_of
from tests.oncall.stage import ALICE, BOB, CHARLIE, EASTERN, SPRINTS, TEAM, WEEK, WEEKLY, Stage, eastern

SINCE_SUMMER = replace(WEEKLY, patterns=(Pattern(date(2026, 7, 6), WEEK, {"support": TEAM}),))


class Readers:
    """Whoever subscribes to calendars; `barred` are ids of those who may read nothing."""

    def __init__(self, folder: Path, rotation: object = SINCE_SUMMER, at: str = "2026-10-12 09:00") -> None:
        self.stage = Stage(folder, rotation)  # type: ignore[arg-type]
        self.stage.at = eastern(at)
        self.barred: set[str] = set()
        self.links = CalendarLinks(self.stage.store, "https://desk.example")
        may_read = lambda person, at: person.id not in self.barred  # noqa: E731
        self.calendars = Calendars(self.stage.roster, self.stage.store, self.links, may_read, lambda: self.stage.at)

    def ask(self, address: str) -> tuple[int, bytes]:
        """What is answered at an address, as the web server takes it apart."""
        path, _, given = address.removeprefix("https://desk.example/").partition("?link=")
        body, status, headers = self.calendars.answer(path.removesuffix(".ics"), given)
        assert headers["Cache-Control"] == "no-store"
        return status, body

    def read(self, address: str) -> bytes:
        status, body = self.ask(address)
        assert status == 200
        return body

    def own(self, member: object = ALICE) -> bytes:
        return self.read(self.links.of(member).own)  # type: ignore[arg-type]

    def everybodys(self) -> bytes:
        return self.read(self.links.of(ALICE).everybody)


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    readers = Readers(tmp_path / "state")
    yield readers
    readers.stage.store.close()


def events(body: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def told(body: bytes, day: str) -> list[str]:
    """Each event of a day as "13:00 to 20:00 On call: Alice", as clocks in New York show it."""
    at = [(one.start.astimezone(EASTERN), one.end.astimezone(EASTERN), one["SUMMARY"]) for one in events(body)]
    return [f"{start:%H:%M} to {end:%H:%M} {title}" for start, end, title in at if str(start.date()) == day]


def spans(body: bytes) -> list[tuple[datetime, datetime, str]]:
    return [(one.start, one.end, str(one["SUMMARY"])) for one in events(body)]


def spans_of_vobject(body: bytes) -> list[tuple[datetime, datetime, str]]:
    found = vobject.readOne(body.decode()).vevent_list
    return [(one.dtstart.value, one.dtend.value, one.summary.value) for one in found]


def test_two_parsers_read_what_the_rota_says_over_both_changes_of_the_clocks(readers: Readers):
    body = readers.everybodys()
    roster, today = readers.stage.roster, date(2026, 10, 12)
    expected = [
        (slot.start, slot.end, f"On call: {slot.primary.name}")
        for _, slots in roster.days(today - BACK, today + AHEAD)
        for slot in slots
    ]
    assert len(expected) > 250
    assert spans(body) == spans_of_vobject(body) == expected
    for day in ("2026-10-30", "2026-11-02", "2027-03-12", "2027-03-15"):  # about November 1 and March 14
        assert [line[:14] for line in told(body, day)] == ["13:00 to 20:00"]


def test_it_goes_from_a_month_back_to_a_year_ahead(readers: Readers):
    days = [one.start.astimezone(EASTERN).date() for one in events(readers.everybodys())]
    assert (min(days), max(days)) == (date(2026, 9, 11), date(2027, 10, 13))


def test_a_shift_is_hours_in_which_its_person_is_free(readers: Readers):
    first = events(readers.own())[0]
    assert (first["TRANSP"], first["X-MICROSOFT-CDO-BUSYSTATUS"], first["STATUS"]) == (
        "TRANSPARENT",
        "FREE",
        "CONFIRMED",
    )
    assert isinstance(first.start, datetime)
    assert first["SUMMARY"] == "On call"


def test_one_s_own_calendar_has_one_s_own_shifts_alone(readers: Readers):
    days = {
        slot.shift.day
        for _, slots in readers.stage.roster.days(date(2026, 9, 11), date(2027, 10, 13))
        for slot in slots
        if slot.primary == BOB.person
    }
    assert {one.start.astimezone(EASTERN).date() for one in events(readers.own(BOB))} == days


def by_id(body: bytes) -> dict[str, icalendar.Event]:
    found = {str(one["UID"]): one for one in events(body)}
    assert len(found) == len(events(body))
    return found


def test_a_swap_is_followed_under_the_same_id(readers: Readers):
    before = by_id(readers.everybodys())
    readers.stage.at = eastern("2026-10-12 10:30")
    turn = next(slot for slot in readers.stage.roster.coming(readers.stage.at) if slot.primary == BOB.person)
    agreements = readers.stage.roster.agreements
    asked = agreements.swap(ALICE.person, BOB, turn.shift.day, turn.shift.day, at=readers.stage.at)
    assert by_id(readers.everybodys()) == before  # nothing changes until Bob accepts
    agreements.accept(BOB.person, asked.number, at=readers.stage.at)
    after = by_id(readers.everybodys())
    assert after.keys() == before.keys()
    (changed,) = [id for id in after if after[id] != before[id]]
    was, now = before[changed], after[changed]
    assert (was["SUMMARY"], now["SUMMARY"]) == ("On call: Bob", "On call: Alice")
    assert now["SEQUENCE"] > was["SEQUENCE"]
    assert now["LAST-MODIFIED"].dt == readers.stage.at > was["LAST-MODIFIED"].dt
    assert now["DESCRIPTION"] == "By the rotation it is Bob's."
    day = str(turn.shift.day)
    assert told(readers.own(ALICE), day) == ["13:00 to 20:00 On call"]
    assert told(readers.own(BOB), day) == []


def test_an_agreement_undone_is_one_more_revision(readers: Readers):
    agreements, at = readers.stage.roster.agreements, readers.stage.at
    turn = next(slot for slot in readers.stage.roster.coming(at) if slot.primary == BOB.person)
    asked = agreements.swap(ALICE.person, BOB, turn.shift.day, turn.shift.day, at=at)
    agreements.accept(BOB.person, asked.number, at=at)
    swapped = by_id(readers.everybodys())
    readers.stage.at += timedelta(minutes=5)
    agreements.undo(ALICE.person, at=readers.stage.at)
    undone = by_id(readers.everybodys())
    (changed,) = [id for id in undone if undone[id] != swapped[id]]
    assert undone[changed]["SUMMARY"] == "On call: Bob"
    assert undone[changed]["SEQUENCE"] > swapped[changed]["SEQUENCE"]


def test_a_cover_splits_a_shift_whose_first_piece_keeps_its_id(readers: Readers):
    start, end = eastern("2026-10-14 15:00"), eastern("2026-10-14 17:00")
    before = by_id(readers.everybodys())
    (shift,) = SINCE_SUMMER.calendar.shifts_on(start.date())
    giver = readers.stage.roster.on_call_for(shift)
    taker = next(one for one in TEAM if one.person != giver)
    agreements = readers.stage.roster.agreements
    offer = agreements.cover(giver, start, end, at=readers.stage.at)
    agreements.accept(taker.person, offer.number, at=readers.stage.at)
    assert told(readers.everybodys(), "2026-10-14") == [
        f"13:00 to 15:00 On call: {giver.name}",
        f"15:00 to 17:00 On call: {taker.name}",
        f"17:00 to 20:00 On call: {giver.name}",
    ]
    after = by_id(readers.everybodys())
    assert len(after.keys() - before.keys()) == 2
    assert before.keys() <= after.keys()
    assert told(readers.own(taker), "2026-10-14") == ["15:00 to 17:00 On call"]


def test_an_edit_of_the_rotation_is_followed_also_back_to_what_it_was(readers: Readers):
    first = {one["SEQUENCE"] for one in events(readers.everybodys())}
    later = replace(SINCE_SUMMER, calendar=replace(SINCE_SUMMER.calendar, own_holidays=frozenset({date(2026, 12, 24)})))
    readers.stage.at += timedelta(hours=1)
    readers.stage.rotation = later
    edited = readers.everybodys()
    assert told(edited, "2026-12-24") == []
    readers.stage.at += timedelta(hours=1)
    readers.stage.rotation = SINCE_SUMMER
    back = readers.everybodys()
    assert len(told(back, "2026-12-24")) == 1
    sequences = [first, *({one["SEQUENCE"] for one in events(body)} for body in (edited, back))]
    assert sequences == [{1}, {2}, {3}]
    assert {one["LAST-MODIFIED"].dt for one in events(back)} == {readers.stage.at}


def test_the_same_rota_makes_the_same_bytes_after_a_restart(tmp_path: Path):
    first = Readers(tmp_path / "state")
    address, body = first.links.of(ALICE).own, first.own()
    first.stage.store.close()
    second = Readers(tmp_path / "state", at="2026-10-12 18:00")
    assert second.links.of(ALICE).own == address
    assert second.own() == body
    second.stage.store.close()


def test_whoever_stands_by_sees_it_in_their_own_calendar(tmp_path: Path):
    readers = Readers(tmp_path / "state", SPRINTS)
    assert told(readers.everybodys(), "2026-10-14") == [
        "07:00 to 13:00 On call, morning: Alice",
        "13:00 to 20:00 On call, afternoon: Bob",
    ]
    assert told(readers.own(BOB), "2026-10-14") == [
        "07:00 to 13:00 Secondary, morning",
        "13:00 to 20:00 On call, afternoon",
    ]
    standing_by = next(one for one in events(readers.own(BOB)) if str(one["SUMMARY"]).startswith("Secondary"))
    assert str(standing_by["DESCRIPTION"]).startswith("On call: ")
    readers.stage.store.close()


def test_names_are_text_whatever_they_hold(tmp_path: Path):
    odd = replace(ALICE, name="Al\r\nSUMMARY:x; \\n, é SSN 123-45-6789")
    rotation = replace(SINCE_SUMMER, members=(odd,), patterns=(Pattern(date(2026, 7, 6), WEEK, {"support": (odd,)}),))
    readers = Readers(tmp_path / "state", rotation)
    body = readers.everybodys()
    assert {title for _, _, title in spans(body)} == {"On call: Al SUMMARY:x; \\n, é SSN [SSN]"}
    assert len(events(body)) == len(spans_of_vobject(body))
    readers.stage.store.close()


def attempts(readers: Readers) -> Iterator[str]:
    """What a stranger, or a reader of one calendar, may try to open another with."""
    alice, bob = readers.links.of(ALICE), readers.links.of(BOB)
    own, everybody = alice.own.partition("=")[2], alice.everybody.partition("=")[2]
    bare, base = everybody.rpartition(".")[2], "https://desk.example/oncall"
    wrong = (
        "",
        "x",
        own[:-1],
        own + "a",
        own.upper(),
        "alice",
        "é",
        "\ud800",
        everybody,
        bare,
        f".{own}",
        f"alice.{own}",
    )
    yield from (f"{base}/alice.ics?link={one}" for one in wrong)
    keys = ("bob", "BOB", "nobody", "", "..", "alice/../bob", "alice/", "/alice", "alice.ics", "al\x00ice", "first")
    yield from (f"{base}/{key}.ics?link={own}" for key in keys)
    wrong = ("", own, bare, f"alice.{own}", f"bob.{bare}", everybody[:-1], ".", f"{everybody}.")
    yield from (f"{base}.ics?link={one}" for one in wrong)
    others = ("", "oncal", "oncall/oncall", "robots", "etc/passwd", "oncall?x", "Oncall/alice")
    yield from (f"https://desk.example/{other}.ics?link={own}" for other in others)
    yield bob.own.replace("bob.ics", "alice.ics")


def test_a_link_opens_its_calendar_alone_and_nothing_else_is_said(readers: Readers):
    assert {address: readers.ask(address) for address in attempts(readers)} == {
        address: (404, b"") for address in attempts(readers)
    }
    assert readers.ask(readers.links.of(ALICE).own)[0] == readers.ask(readers.links.of(ALICE).everybody)[0] == 200


def test_new_links_end_those_before_and_nobody_else_s(readers: Readers):
    before, bobs = readers.links.of(ALICE), readers.links.of(BOB)
    after = readers.calendars.links(ALICE.person, " NEW ", readers.stage.at)
    assert [readers.ask(address)[0] for address in (before.own, before.everybody)] == [404, 404]
    assert [readers.ask(address)[0] for address in (after.own, after.everybody, bobs.own, bobs.everybody)] == [200] * 4


def test_whoever_may_read_no_more_or_left_the_rotation_has_no_calendar(readers: Readers):
    links, bobs = readers.links.of(ALICE), readers.links.of(BOB)
    readers.barred.add("U0ALICE")
    assert [readers.ask(address)[0] for address in (links.own, links.everybody, bobs.own)] == [404, 404, 200]
    readers.barred.clear()
    readers.stage.rotation = replace(SINCE_SUMMER, members=(BOB, CHARLIE))
    assert [readers.ask(address)[0] for address in (links.own, links.everybody, bobs.own)] == [404, 404, 200]


def test_while_nobody_knows_who_is_on_call_no_calendar_is_emptied(readers: Readers):
    address = readers.links.of(ALICE).own
    readers.stage.rotation = replace(SINCE_SUMMER, wrong=("rotation.toml turns: missing",))
    assert readers.ask(address) == (503, b"")


def test_a_store_that_is_away_is_told_as_such(readers: Readers):
    address = readers.links.of(ALICE).own
    readers.stage.store.close()
    assert readers.ask(address) == (503, b"")


@given(st.integers(0, 10_000))
def test_no_mask_takes_a_link_for_anything(tmp_path_factory: pytest.TempPathFactory, number: int):
    store = open_store(tmp_path_factory.mktemp("state"))
    links = CalendarLinks(store, "https://desk.example.gov")
    addresses = links.of(replace(ALICE, id=f"U{number}", key=f"person {number}"))
    told = f"Your shifts: {addresses.own}\nEverybody's: {addresses.everybody}"
    assert guard.checked(told) == told
    store.close()


def test_without_an_address_there_are_no_links(readers: Readers):
    off = CalendarLinks(readers.stage.store, "")
    for refused in (lambda: off.of(ALICE), lambda: off.replace(ALICE, readers.stage.at)):
        with pytest.raises(UserError, match="DESK_WEB_URL"):
            refused()


def test_the_address_is_asked_for_with_the_server_s_place():
    assert (
        base_of({"DESK_WEB_URL": " https://desk.example/a/ ", "DESK_WEB": "127.0.0.1:3141"}) == "https://desk.example/a"
    )
    assert base_of({"DESK_WEB_URL": "https://desk.example"}) == base_of({"DESK_WEB": "127.0.0.1:3141"}) == ""
    for wrong in ("desk.example", "ftp://desk.example", "https://", "https://desk.example?x=1"):
        with pytest.raises(SettingsError, match="DESK_WEB_URL should be"):
            base_of({"DESK_WEB_URL": wrong, "DESK_WEB": "127.0.0.1:3141"})


def test_who_asks_too_often_waits_and_nobody_else(readers: Readers, monkeypatch: pytest.MonkeyPatch):
    for rate in (readers.calendars._opened_rate, readers.calendars._refused_rate):
        monkeypatch.setattr(rate, "_now", lambda: 0.0)
    links = readers.links.of(ALICE)
    statuses = [readers.ask(links.own)[0] for _ in range(AT_ONCE + 5)]
    assert (statuses[:AT_ONCE], set(statuses[AT_ONCE:])) == ([200] * AT_ONCE, {429})
    assert readers.ask(links.everybody)[0] == 200
    wrong = [readers.ask(f"{links.own[:-1]}{number}")[0] for number in range(REFUSED_AT_ONCE + 5)]
    assert wrong == [404] * REFUSED_AT_ONCE + [429] * 5
    assert readers.ask(readers.links.of(BOB).own)[0] == 200


class Asked:
    """The table of editions, which notes whose are asked for; `late` is the version that it is known to have."""

    def __init__(self, table: KeyedTable[LinkEdition]) -> None:
        self._table, self.asked, self.late = table, list[str](), 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._table, name)

    def get(self, day: None, key: str) -> LinkEdition | None:
        self.asked.append(key)
        return self._table.get(day, key)

    def version(self) -> int:
        return self.late


def test_the_store_is_asked_for_true_links_alone(readers: Readers, monkeypatch: pytest.MonkeyPatch):
    true = readers.links.of(ALICE).own
    editions = Asked(readers.links._editions)
    monkeypatch.setattr(readers.links, "_editions", editions)
    for guess in ("", "x", "x" * 64, true.rpartition("=")[2][:-1], readers.links.of(BOB).own.rpartition("=")[2]):
        editions.asked.clear()
        assert readers.ask(f"{true.rpartition('=')[0]}={guess}")[0] == 404
        assert editions.asked == []
    readers.read(true)
    assert editions.asked == [ALICE.id]


def test_a_link_replaced_by_another_desk_is_ended_and_the_new_one_opens_before_this_one_hears_of_it(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
):
    elsewhere, before = CalendarLinks(readers.stage.store, "https://desk.example"), readers.links.of(ALICE).own
    monkeypatch.setattr(readers.links, "_editions", Asked(readers.links._editions))
    readers.read(before)
    after = [elsewhere.replace(ALICE, readers.stage.at).own for _ in range(REPLACED_SINCE)][-1]
    assert [readers.ask(address)[0] for address in (before, after)] == [404, 200]
