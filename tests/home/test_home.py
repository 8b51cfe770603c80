"""Who is shown the page, and when: at once to whoever opens it, anew when it tells otherwise, never more often."""

import threading
from datetime import timedelta

import pytest

from opsdesk.chat import HomePage, HomePart, Panel, SendError
from opsdesk.errors import UserError
from opsdesk.home.counts import ASKED, PageCounts
from opsdesk.home.home import APART, AT_ONCE, Home
from opsdesk.home.readers import LATELY, MOST, Readers
from opsdesk.store import open_store
from tests.patience import LONG, until

ALICE, BOB, GUEST = "U01ALICE", "U02BOB", "U07GUEST"


class Stage:
    """A page that tells one thing, and what each person was shown."""

    def __init__(self, folder, clock):
        self.folder, self.clock = folder, clock
        self.tells, self.leads, self.busy, self.refusal = "nothing is open", True, False, ""
        self.shown, self.made = [], []
        self.open()

    def open(self):
        self.store = open_store(self.folder)
        self.home = Home(
            Readers(self.store),
            self.compose,
            lambda person, at: "Ask a member." if person == GUEST else "",
            self.publish,
            lambda: self.leads,
            lambda at: self.busy,
            self.clock,
        )

    def restart(self):
        self.store.close()
        self.open()

    def compose(self, at, counts_older_than):
        self.made.append(counts_older_than)
        return HomePage((HomePart("", (Panel(text=self.tells),)),), as_of=f"{at}")

    def publish(self, person, page):
        if self.refusal:
            raise SendError(self.refusal)
        self.shown.append((person, page.parts[0].panels[0].text))

    def settle(self):
        """Waits until everybody is shown what they are to be shown, and hands that out."""
        until(lambda: not self.home._lanes._lanes, "nobody waits")
        shown, self.shown = self.shown, []
        return shown

    def opened(self, *people):
        for person in people:
            self.home.opened(person)
        return self.settle()

    def tick(self, **length):
        self.clock.forward(**length)
        self.home.tick()
        return self.settle()


@pytest.fixture
def stage(tmp_path, clock):
    stage = Stage(tmp_path / "state", clock)
    yield stage
    stage.store.close()


def test_whoever_opens_it_is_shown_it_as_it_is_now(stage):
    assert stage.opened(ALICE) == [(ALICE, "nothing is open")]
    stage.tells = "#1 is open"
    assert stage.opened(ALICE) == [(ALICE, "#1 is open")]
    assert stage.opened(BOB) == [(BOB, "#1 is open")]
    assert set(stage.made) == {timedelta(0)}


def test_what_changes_is_shown_a_minute_after_at_the_earliest_and_once(stage):
    stage.opened(ALICE)
    stage.tells = "#1 is open"
    assert stage.tick(seconds=59) == []
    assert stage.tick(seconds=1) == [(ALICE, "#1 is open")]
    stage.tells = "#1 is resolved"
    assert stage.tick(seconds=59) == []
    assert stage.tick(seconds=1) == [(ALICE, "#1 is resolved")]


def test_nothing_is_shown_where_nothing_changed(stage):
    stage.opened(ALICE)
    assert [stage.tick(minutes=1) for _ in range(5)] == [[]] * 5


def test_only_those_are_shown_it_who_opened_it_lately(stage):
    stage.opened(ALICE)
    stage.clock.forward(hours=4)
    stage.opened(BOB)
    stage.tells = "#1 is open"
    assert stage.tick(seconds=(LATELY - timedelta(hours=4)).total_seconds() + 1) == [(BOB, "#1 is open")]
    stage.tells = "#1 is resolved"
    assert stage.tick(seconds=LATELY.total_seconds()) == []


def test_whoever_may_not_read_it_is_told_whom_to_ask_and_nothing_else(stage):
    assert stage.opened(GUEST) == [(GUEST, "Ask a member.")]
    stage.tells = "#1 is open"
    assert stage.tick(minutes=1) == []
    assert stage.made == []


def test_a_start_shows_it_to_those_who_have_it_open(stage):
    stage.opened(ALICE)
    stage.restart()
    stage.tells = "#1 is open"
    assert stage.tick() == [(ALICE, "#1 is open")]


def test_who_opened_it_while_nothing_could_be_stored_and_again_later_counts_from_then(stage, clock, monkeypatch):
    readers, first = Readers(stage.store), clock()

    def refuse(*given):
        raise UserError("The database is away: the records are unavailable.")

    with monkeypatch.context() as away:
        away.setattr(readers._kept, "change", refuse)
        readers.opened("U0ALICE", first)
    assert readers.lately(first) == ["U0ALICE"]
    readers.opened("U0ALICE", first + LATELY)
    assert readers.lately(first + LATELY + timedelta(hours=1)) == ["U0ALICE"]


def test_of_several_desks_the_one_with_the_lease_shows_what_changes(stage):
    stage.leads = False
    assert stage.opened(ALICE) == [(ALICE, "nothing is open")]
    stage.tells = "#1 is open"
    assert stage.tick(minutes=1) == []
    stage.leads = True
    assert stage.tick() == [(ALICE, "#1 is open")]


def test_around_the_post_nothing_is_shown_unasked_and_nothing_is_counted(stage):
    stage.opened(ALICE)
    stage.busy, stage.tells = True, "#1 is open"
    assert stage.tick(minutes=2) == []
    assert stage.opened(BOB) == [(BOB, "#1 is open")]
    assert stage.made[-1] is None


def test_what_slack_refuses_is_tried_a_minute_later(stage):
    stage.opened(ALICE)
    stage.tells, stage.refusal = "#1 is open", "Slack failed"
    assert stage.tick(minutes=1) == []
    stage.refusal = ""
    assert stage.tick(seconds=30) == []
    assert stage.tick(seconds=30) == [(ALICE, "#1 is open")]


def test_five_hundred_are_shown_it_in_turn_a_few_at_a_time(stage):
    people = [f"U{number:04}" for number in range(MOST + 20)]
    for person in people:
        stage.home._readers.opened(person, stage.clock())
        stage.clock.forward(seconds=1)
    stage.tells = "#1 is open"
    rounds = [stage.tick(seconds=5) for _ in range(MOST // AT_ONCE)]
    assert {len(one) for one in rounds} == {AT_ONCE}
    assert {person for one in rounds for person, _ in one} == set(people[20:])
    assert stage.tick(seconds=1) == []
    assert len(stage.made) < len(rounds)


def test_who_opens_it_many_times_at_once_has_it_made_a_few_times(stage):
    held, go_on = threading.Event(), threading.Event()
    publish = stage.home._publish

    def slowly(person, page):
        held.set()
        assert go_on.wait(LONG)
        publish(person, page)

    stage.home._publish = slowly
    stage.home.opened(ALICE)
    assert held.wait(LONG)
    for _ in range(50):
        stage.home.opened(ALICE)
    go_on.set()
    assert len(stage.settle()) == 2


def test_counts_are_told_as_they_were_known_while_datadog_hangs(clock):
    go_on, asked = threading.Event(), []

    def ask(at):
        asked.append(at)
        assert go_on.wait(LONG)
        return [f"counted {len(asked)}"]

    counts = PageCounts(ask, patience=0.01)
    assert counts.lines(clock(), timedelta(0)) == [ASKED]
    assert counts.lines(clock(), timedelta(0)) == [ASKED]
    go_on.set()
    until(lambda: counts.lines(clock(), APART) == ["counted 1"], "the counts")
    clock.forward(minutes=2)
    assert counts.lines(clock(), None) == ["counted 1"]
    until(lambda: counts.lines(clock(), APART) == ["counted 2"], "the counts")
    assert len(asked) == 2
