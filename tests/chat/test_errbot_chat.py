"""Any backend of Errbot's: people and rooms are named as it names them, and what it cannot do is refused."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from errbot.rendering import text

from opsdesk.chat import ErrbotChat, MessageRef, Person, Reply, SendError, mention
from opsdesk.chat import irc as irc_chat
from opsdesk.chat.irc import IrcChat
from opsdesk.store import NotStored

AT = datetime(2026, 11, 23, 18, 12, tzinfo=UTC)


class Bot:
    """A backend that knows people and rooms by what `known` maps to them, and refuses every other spelling."""

    def __init__(self, mode: str, known: Mapping[str, Any], limit: int = 10_000) -> None:
        self.mode, self.known, self.message_size_limit = mode, known, limit
        self.sent: list[tuple[Any, str]] = []

    def build_identifier(self, spelling: str) -> Any:
        if spelling not in self.known:
            raise ValueError(f"{spelling} is no identifier here")
        return self.known[spelling]

    def send(self, to: Any, text: str) -> None:
        self.sent.append((to, text))

    def send_simple_reply(self, message: Any, text: str) -> None:
        self.sent.append((message.frm, text))


def person(name: str) -> Any:
    return SimpleNamespace(person=name, nick=None)


def room(name: str, *, joined: bool = True) -> Any:
    return SimpleNamespace(joined=joined, name=name)


@pytest.mark.parametrize(
    ("mode", "spelling", "id"),
    [
        ("irc", "alice", "@alice"),
        ("xmpp", "alice@example.org", "@alice@example.org"),
        ("telegram", "7315", "@7315"),
        ("discord", "@alice", "@alice"),
        ("slackv3", "<@U0ALICE>", "U0ALICE"),
    ],
)
def test_a_person_is_told_by_the_spelling_that_the_backend_takes(mode: str, spelling: str, id: str) -> None:
    alice = person(spelling.strip("<@>"))
    bot = Bot(mode, {spelling: alice})
    chat = ErrbotChat(bot, {})
    said = chat.command(SimpleNamespace(frm=alice), "!incidents", AT)
    assert said.by.id == id
    chat.tell(said.by.id, "You are on call")
    assert bot.sent == [(alice, "You are on call")]


def test_whoever_the_backend_does_not_know_is_not_counted_as_told() -> None:
    bot = Bot("telegram", {"#alice": room("#alice")})
    with pytest.raises(SendError, match="@alice is no identifier here"):
        ErrbotChat(bot, {}).tell("@alice", "You are on call")
    assert bot.sent == []


def test_whoever_goes_by_an_address_is_called_by_all_of_it() -> None:
    assert "@alice@example.org|alice@example.org" in mention(Person("@alice@example.org", "alice@example.org"))


def test_a_room_is_no_person_even_where_it_goes_by_that_name() -> None:
    with pytest.raises(SendError, match="alice is nobody here"):
        ErrbotChat(Bot("irc", {"alice": room("alice"), "@alice": room("alice")}), {}).tell("@alice", "You are on call")


@pytest.mark.parametrize("spelling", ["#go-live", "go-live", "go-live@rooms.example.org"])
def test_a_room_is_posted_in_by_the_spelling_that_the_backend_takes(spelling: str) -> None:
    live = room(spelling)
    bot = Bot("xmpp", {spelling: live})
    name = spelling if "@" in spelling else "go-live"
    assert ErrbotChat(bot, {"C0LIVE": name}).post("C0LIVE", "The day") == MessageRef(room="C0LIVE")
    assert bot.sent == [(live, "The day")]


def test_a_room_that_the_bot_is_not_in_is_not_posted_in() -> None:
    bot = Bot("xmpp", {"#go-live": room("#go-live", joined=False)})
    with pytest.raises(SendError, match="the bot is not in #go-live; `!room join #go-live` brings it there"):
        ErrbotChat(bot, {}).post("go-live", "The day")
    assert bot.sent == []


def test_a_long_answer_is_cut_between_lines_where_errbot_would_cut_anywhere() -> None:
    bot = Bot("xmpp", {}, limit=60)
    lines = [f"#{number} *VistA* timeouts" for number in range(1, 6)]
    last = ErrbotChat(bot, {}).answer(SimpleNamespace(frm=person("alice")), Reply("\n".join(lines)))
    pages = [text for _, text in bot.sent] + [last or ""]
    assert max(map(len, pages)) <= 60
    assert "\n".join(pages).replace("\\", "") == "\n".join(lines)


@pytest.mark.parametrize("typed", ["bob", "@bob", "@bob[away]", "@bob@example.org"])
def test_somebody_may_be_named_as_the_backends_name_people(typed: str) -> None:
    name = typed.removeprefix("@")
    assert ErrbotChat(Bot("irc", {}), {}).person(typed) == Person(f"@{name}", name)


@pytest.mark.parametrize("typed", ["", "@", "bob,alice", "bob alice", "#go-live", "bob\nQUIT"])
def test_what_can_be_nobody_s_name_is_nobody(typed: str) -> None:
    assert ErrbotChat(Bot("irc", {}), {}).person(typed) is None


class Connection:
    """The connection to an IRC server: `pong` is called with every ping; the handlers hear what it says."""

    def __init__(self, pong: Callable[[str], None] = lambda ping: None, *, connected: bool = True) -> None:
        self.handlers: dict[str, Any] = {}
        self.add_global_handler = self.handlers.__setitem__
        self.ping, self.connected = pong, connected

    def is_connected(self) -> bool:
        return self.connected

    def says(self, event: str, *arguments: str) -> None:
        self.handlers[event](self, SimpleNamespace(target="desk", arguments=list(arguments)))


def on_irc(connection: Connection) -> IrcChat:
    bot: Any = Bot("irc", {"alice": SimpleNamespace(person="alice", nick="alice")})
    bot.conn = SimpleNamespace(connection=connection)
    return IrcChat(bot, {})


def told_in_a_thread(chat: IrcChat) -> SendError | None:
    """What comes of telling Alice, from where Errbot runs commands."""
    came: list[SendError | None] = []

    def tell() -> None:
        try:
            chat.tell("@alice", "You are on call")
        except SendError as unsent:
            came.append(unsent)
        else:
            came.append(None)

    thread = threading.Thread(target=tell)
    thread.start()
    thread.join()
    return came[0]


def test_what_the_irc_server_has_no_objection_to_is_sent() -> None:
    connection = Connection(lambda ping: connection.says("pong", "server", ping))
    assert told_in_a_thread(on_irc(connection)) is None


def test_what_the_irc_server_refuses_is_not_sent_and_the_next_is_asked_anew() -> None:
    answers = iter([["alice"], []])

    def answer(ping: str) -> None:
        for name in next(answers):
            connection.says("nosuchnick", name, "No such nick/channel.")
        connection.says("pong", ping)

    connection = Connection(answer)
    chat = on_irc(connection)
    assert str(told_in_a_thread(chat)) == "No such nick/channel"
    assert told_in_a_thread(chat) is None


def test_an_irc_server_that_is_silent_leaves_it_open_whether_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(irc_chat, "PATIENCE", 0.0)
    unsent = told_in_a_thread(on_irc(Connection()))
    assert unsent is not None
    assert (unsent.unclear, unsent.reason) == (True, "the IRC server did not answer")


def test_nothing_is_sent_while_there_is_no_irc_server() -> None:
    chat = on_irc(Connection(connected=False))
    unsent = told_in_a_thread(chat)
    assert unsent is not None
    assert (unsent.unclear, unsent.reason) == (False, "the bot is not connected to the IRC server")


def test_no_answer_is_waited_for_in_the_thread_that_would_hear_it() -> None:
    with pytest.raises(SendError, match="with BOT_ASYNC = False no answer of the IRC server can be waited for"):
        on_irc(Connection()).tell("@alice", "You are on call")


def test_what_the_backend_rendered_is_not_kept() -> None:
    bot, markdown = Bot("text", {}), text()
    bot.md = markdown
    ErrbotChat(bot, {})
    rendered = {bot.md.convert("1 <b>is</b> less \\* than 2") for _ in range(100)}
    assert len(rendered) == 1
    assert "less * than 2" in rendered.pop()
    assert len(markdown.htmlStash.rawHtmlBlocks) <= 4


def test_an_answer_is_given_although_where_it_stands_cannot_be_kept() -> None:
    def full(posted: MessageRef) -> None:
        raise NotStored("Nothing was stored: the disk is full.")

    alice, bob = person("alice"), person("bob")
    bot = Bot("irc", {"@bob": bob})
    chat = ErrbotChat(bot, {}, ["@bob"])
    assert chat.answer(SimpleNamespace(frm=alice), Reply("opened", posted=full)) == "opened"
    assert [to for to, _ in bot.sent] == [bob]
