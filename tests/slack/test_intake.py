"""What Slack delivers is dealt with once, and a command that was not is told of."""

import threading

import pytest

from opsdesk.chat.chat import MessageRef
from opsdesk.slack.events import asks_nothing
from opsdesk.slack.intake import FLOODED, LONGEST_COMMAND, UNFINISHED, Intake
from opsdesk.slack.seen import SeenEvents
from opsdesk.store import open_store
from tests.patience import LONG

TYPED = {"type": "message", "channel": "C01", "user": "U01ALICE", "ts": "1795470990.000001", "text": "!incident open a"}
POSTED = {"type": "message", "channel": "C01", "bot_id": "B08DATADOG", "ts": "1795470990.000002", "text": "alert"}


class Desk:
    """What the intake hands events to: `hear` is done with each."""

    def __init__(self, folder, clock):
        self.clock, self.folder, self.heard, self.told, self.replies = clock, folder, [], [], []
        self.hear, self.store = self.heard.append, None
        self.start()

    def start(self):
        """Begins again on the same store, as after a kill."""
        if self.store:
            self.store.close()
        self.store = open_store(self.folder)
        self.active, self.stopping = threading.Event(), threading.Event()
        self.intake = Intake(
            lambda event: self.hear(event),
            hears=lambda room, beginning: beginning.startswith(("!", "<@U09DESK>")),
            tell_admins=self.told.append,
            reply=lambda below, text: self.replies.append((below, text)),
            admits=lambda message: message["user"] != "U0GUEST",
            active=self.active,
            stopping=self.stopping,
            is_idle=lambda event: asks_nothing(event, "U09DESK", "B09DESK"),
            now=self.clock,
        )
        self.intake.open(SeenEvents(self.store))
        self.active.set()

    def unfinished(self):
        """The commands that would be reported after a start, by key."""
        self.start()
        return list(SeenEvents(self.store).unfinished)

    def take(self, *events):
        for event in events:
            self.intake.receive({"event": event, "event_id": "Ev01"})
        assert self.intake.finish(20)

    def killed_over(self, event):
        """Begins an event, never ends it, and is started again."""
        hung = threading.Event()
        self.hear = lambda event: hung.set() or threading.Event().wait()
        self.intake.receive({"event": event})
        assert hung.wait(LONG)
        self.hear = self.heard.append
        self.start()
        self.intake.tell_unfinished()
        assert self.intake.finish(20)


@pytest.fixture
def desk(tmp_path, clock):
    desk = Desk(tmp_path / "state", clock)
    yield desk
    desk.store.close()


def test_what_is_delivered_again_is_dealt_with_once(desk):
    desk.take(TYPED, POSTED, TYPED)
    assert sorted(event["text"] for event in desk.heard) == ["!incident open a", "alert"]


def test_the_desk_s_own_messages_are_not_noted_but_what_changes_in_a_thread_is(desk):
    own = {"type": "message", "channel": "C01", "user": "U09DESK", "bot_id": "B09DESK", "ts": "1795470991.000001"}
    joined = {"type": "message", "subtype": "channel_join", "channel": "C01", "user": "U01ALICE", "ts": "1795470992.1"}
    changed = {"type": "message", "subtype": "message_changed", "channel": "C01", "ts": "1795470993.1"}
    in_thread = changed | {"message": own | {"ts": "1795470994.1", "thread_ts": TYPED["ts"]}}
    desk.take(own, joined, changed | {"message": own, "previous_message": own}, in_thread)
    assert desk.heard == [in_thread]
    assert own["ts"] not in (desk.folder / "passing.json").read_text()


@pytest.mark.parametrize("text", ["!incident open a", " !incident open a", "<@U09DESK> incident open a"])
def test_a_command_that_was_cut_short_is_told_of(desk, text):
    desk.killed_over(TYPED | {"text": text})
    assert desk.told == [f'The desk was stopped while it did "{text.strip()}": it may or may not be done.']
    assert desk.replies == [(MessageRef("C01", TYPED["ts"]), UNFINISHED)]
    assert desk.unfinished() == []


def test_what_was_no_command_is_not_told_of(desk):
    desk.killed_over(TYPED | {"text": "what a day"})
    assert (desk.told, desk.replies) == ([], [])


def test_a_number_that_names_a_veteran_is_not_kept_on_disk(desk):
    desk.take(TYPED | {"text": "!incident open 123-45-6789 cannot check in"})
    assert "!incident open [SSN] cannot check in" in (desk.folder / "passing.json").read_text()


def test_a_mistake_is_told_and_what_was_typed_is_not_in_the_error(desk, caplog):
    desk.hear = lambda event: {}["missing"]
    desk.take(TYPED)
    assert desk.told == [f"What Slack delivered as C01:{TYPED['ts']} (message) was not handled: KeyError('missing')"]
    assert "incident open" not in caplog.text


def test_a_command_that_ends_the_desk_counts_as_done(desk):
    desk.hear = lambda event: desk.intake.mark_current_done() or desk.stopping.set()
    desk.take(TYPED)
    assert desk.unfinished() == []


def test_what_ends_while_the_desk_stops_waiting_may_have_no_answer(desk):
    desk.hear = lambda event: desk.stopping.set()
    desk.take(TYPED)
    assert desk.unfinished() == [f"C01:{TYPED['ts']}"]


def test_a_limit_of_slack_s_is_told(desk):
    desk.intake.receive({"type": "app_rate_limited"})
    assert desk.told == ["Slack delivers no more events for a minute: what is typed now may get no answer."]


def commands(number, user="U01ALICE"):
    """So many commands typed within a second."""
    return [TYPED | {"user": user, "ts": f"1795470990.{at:06}", "text": f"!incident open {at}"} for at in range(number)]


def test_a_flood_is_refused_once_and_what_was_left_out_is_named_once(desk, clock):
    desk.take(*commands(500), *commands(500))
    assert len(desk.heard) == 30
    assert desk.replies == [(MessageRef("C01", "1795470990.000030"), FLOODED)]
    desk.intake.tell_left_out()
    assert len(desk.replies) == 1
    clock.forward(minutes=1)
    desk.intake.tell_left_out()
    desk.intake.tell_left_out()
    (_, (below, text)) = desk.replies
    assert below == MessageRef("C01", "1795470990.000030")
    assert text == (
        "I follow again. Left out: `!incident open 30`, `!incident open 31`, `!incident open 32`, `!incident open 33`, "
        "`!incident open 34`, `!incident open 35`, `!incident open 36`, `!incident open 37`, `!incident open 38`, "
        "`!incident open 39` and 460 more. Please type again what is still needed."
    )


def test_messages_that_are_no_commands_and_those_of_apps_are_never_too_many(desk):
    said = [one | {"text": "what a day"} for one in commands(100)]
    alerts = [POSTED | {"ts": f"1795470991.{at:06}", "text": "!alert"} for at in range(300)]
    desk.take(*said, *alerts)
    assert len(desk.heard) == 400
    assert desk.replies == []


def test_a_flood_by_somebody_who_may_do_nothing_is_not_answered(desk):
    desk.take(*commands(50, "U0GUEST"))
    assert desk.replies == []


@pytest.mark.parametrize("before", ["", " " * 900, "\u200b\n\x01" * 900], ids=["nothing", "blanks", "unseen"])
def test_a_command_that_is_too_long_never_reaches_errbot(desk, before):
    desk.take(TYPED | {"text": f"{before}!incident note 1 {'a ' * 20_000}"})
    assert desk.heard == []
    ((below, text),) = desk.replies
    assert below == MessageRef("C01", TYPED["ts"])
    assert text.startswith(f"That is {40_017 + len(before):,} characters long, and I read 8,000 at most: nothing of it")


def test_a_long_command_that_is_shortened_in_place_runs(desk):
    long = TYPED | {"text": "!help " + "x" * LONGEST_COMMAND}
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C01",
        "ts": "1795470995.000100",
        "message": TYPED | {"text": "!help", "edited": {"ts": "1795470995.000000"}},
        "previous_message": long,
    }
    desk.intake.receive({"event": long})
    desk.take(changed)
    assert desk.heard == [changed]
