"""Somebody's own bot on a real IRC server, with Errbot's own backend: everybody hears what is meant for them."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.oncall.stage import ROTATION_TOML, eastern
from tests.package.irc import IrcServer, IrcUser
from tests.package.stage import ERRBOT, OwnBot
from tests.patience import until
from tests.told import knows_undo

ROOM = "#check-in-go-live"
LONG = " ".join(["vista-api restarted, errors gone"] * 12)


@pytest.fixture(scope="module")
def server() -> Iterator[IrcServer]:
    with IrcServer() as server:
        yield server


@pytest.fixture(scope="module")
def bot(server: IrcServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnBot]:
    """The bot, in the room where the desk posts, on the Monday on which Alice is on call."""
    bot = OwnBot(tmp_path_factory.mktemp("irc") / "bot")
    bot.configure(
        BACKEND="IRC",
        BOT_IDENTITY={"nickname": "desk", "server": "127.0.0.1", "port": server.port},
        IRC_PRIVATE_RATE=0,
        IRC_CHANNEL_RATE=0,
        CHATROOM_PRESENCE=(ROOM,),
        BOT_ADMINS=("alice!*",),
        BOT_ADMINS_NOTIFICATIONS=("alice",),
        BOT_EXTRA_PLUGIN_DIR=str(ROOT / "plugins"),
        BOT_ASYNC=True,
        BOT_ASYNC_POOLSIZE=1,  # one command after the other, as they are typed
    )
    bot.stop_the_clock(eastern("2026-11-23 12:30"))  # before the shift: nobody is told anything of it yet
    (bot.data / "desk").mkdir()
    (bot.data / "desk" / "rotation.toml").write_text(ROTATION_TOML)
    knows_undo(bot.data / "desk" / "state", "@alice", "@bob")
    process = subprocess.Popen([ERRBOT], cwd=bot.folder, env=bot.environment, stderr=subprocess.DEVNULL)
    try:
        until(lambda: "Plugin activation done" in bot.log, "the bot")
        yield bot
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def alice(server: IrcServer, bot: OwnBot) -> Iterator[IrcUser]:
    with IrcUser(server, "alice", ROOM) as alice:
        yield alice
        alice.hear_out("desk")  # so that the next test does not take it for an answer of its own


def test_a_command_is_answered_where_it_was_typed_to_the_letter(alice: IrcUser) -> None:
    alice.say(ROOM, "!incident open VistA timeouts, ticket #77 of & below pre_check_in --sev 2 --on vista")
    number = alice.hear()[0].split()[4]
    assert alice.hear(2) == [
        f"desk in {ROOM}: sev 2 · vista · opened by alice 12:30pm · owner alice",
        f"desk in {ROOM}: Ask Shane Elliott or Andy McCarty · `!runbook vista`",
    ]
    alice.say("desk", f"!incident show {number}")
    assert alice.hear(1) == [f"desk in alice: 🔴 {number} VistA timeouts, ticket #77 of & below pre_check_in"]


def test_numbers_are_not_made_up_where_people_work_by_them(alice: IrcUser) -> None:
    alice.say("desk", "!stats today")
    assert alice.hear(2) == [
        "desk in alice: Check-in counts, midnight to 12:30pm ET, Monday November 23",
        "desk in alice: Counts unavailable: not configured.",
    ]


def test_whoever_is_meant_hears_it_and_whoever_is_not_there_is_said_not_to_have(
    server: IrcServer, alice: IrcUser
) -> None:
    with IrcUser(server, "bob") as bob:
        alice.say("desk", "!oncall cover from 3pm to 5pm")
        assert bob.hear() == [
            "desk in bob: Alice asks for cover today, 3pm to 5pm. The first with `!oncall accept` or ✅ has it."
        ]
    assert alice.hear(2) == [
        "desk in alice: Asked: Bob. Whoever is first takes your shift today, 3pm to 5pm; "
        "nothing changes until somebody accepts.",
        "desk in alice: Charlie could not be told: No such nick/channel.",
    ]


def test_the_post_is_refused_in_a_room_that_the_bot_is_not_in_and_stands_whole_once_it_is(alice: IrcUser) -> None:
    alice.say("desk", "!incident open something is late")
    number = alice.hear(2)[0].split()[4]
    alice.say("desk", f"!incident resolve {number} {LONG}")
    assert alice.hear(2)[0].startswith(f"desk in alice: ✅ {number} resolved")
    alice.say("desk", f"!room leave {ROOM}")
    assert alice.hear() == [f"desk in alice: Left the room {ROOM}."]
    alice.say("desk", "!summary post")
    assert alice.hear() == [
        f"desk in alice: The chat refused it: the bot is not in {ROOM}; `!room join {ROOM}` brings it there. "
        "The desk tries again when the post is due, at 8:00pm."
    ]
    alice.say("desk", f"!room join {ROOM}")
    assert alice.hear() == [f"desk in alice: Joined the room {ROOM}."]
    alice.say("desk", "!summary post")
    head, *lines = posted(alice)
    assert head == "*Production support summary, Monday, November 23, 2026* (1pm to 8pm ET, on call: Alice)"
    assert LONG in " ".join(" ".join(lines).split())  # it is cut at blanks
    assert any(line.startswith(f"• {number} something is late") for line in lines)


def posted(alice: IrcUser) -> list[str]:
    """The lines of the day's post, which she hears before she is told that it stands."""
    lines: list[str] = []
    while not (line := alice.hear()[0]).startswith("desk in alice: Posted."):
        lines.append(line.removeprefix(f"desk in {ROOM}: "))
    return lines


def test_the_admins_hear_of_a_mistake_in_the_team_s_files(bot: OwnBot, alice: IrcUser) -> None:
    alice.say("desk", "!links cw-stats")  # what was never right does not stay in force
    assert alice.hear_out("desk")
    links = bot.data / "desk" / "links.toml"
    right = links.read_text("utf-8")
    links.write_text("=", "utf-8")
    try:
        assert alice.hear(2) == [
            "desk in alice: links.toml cannot be read: line 1 is `=`: write a key before =.",
            "desk in alice: What it said when it was last right stays in force.",
        ]
    finally:
        links.write_text(right, "utf-8")
