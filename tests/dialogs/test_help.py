"""The first minute: what `!help` says, and that everything it says can be typed."""

from collections.abc import Iterator
from typing import Any

import pytest

from opsdesk.bot import sentences_of
from opsdesk.commands import SPOKEN
from opsdesk.commands.help import HelpSource, examples_in
from tests.conftest import Conversation
from tests.dialogs.test_alerts import came

FIRST = """\
*An incident* `!incident open VistA is slow --sev 2` · `!incident update 1 two sites` · `!incident resolve 1 restarted`
*Whom to ask* `!whois vista` · `!runbook vista-api` · `!links sidekiq`
*Counts* `!stats today` · `!stats chart week`
*Alerts* `!alerts` · what fails where: `!traces` · what the desk watches: `!watch`
*The day's post*, at 8pm by itself `!summary` · for the next shift: `!summary note Watch the VEText backlog`
*On call* `!oncall` · `!shift accept`
In an incident's thread no number is needed, and 📌 on a message there keeps it. ✅ on what you are asked, \
or `!yes`, accepts it.
A typing error? Edit the message within two minutes. In a direct message no ! is needed.
More: `!help incident`, `!help alerts`, `!help stats`, `!help summary`, `!help oncall`, `!help whois`, \
or one command: `!help incident open`"""

OPEN = """\
`!incident open VistA timeouts --sev 2 --on vista`: open one
Options, anywhere in the line: `--sev 2`, `--on vista`, `--status identified`, `--owner @bob`, `--at 12:50pm`, \
`--reporter "site 688"`
Also: `!incident open Claims rejected --at "yesterday 4:10pm" --owner @bob`
Other words for it: start, new, create, opened"""

INCIDENT = """\
`!incident 12`: show the commands people need, or one incident
`!incident open VistA timeouts --sev 2 --on vista`: open one
`!incident update 12 two sites, RPC --status identified`: say what is new
`!incident resolve 12 vista-api restarted, errors gone`: end it
`!incident ack 12`: say that you have it in hand
`!incident reopen 12 errors are back`: open a resolved one again
`!incident assign 12 @bob`: give it to somebody, or to me
`!incident note 12 ticket is filed`: add to the timeline, resolved or not
`!incident link 12 https://example.org/dashboard`: keep a link
`!incident void 12 opened twice`: say that one was opened by mistake
`!incident merge 12 into 11`: say that two are the same
`!incident escalate 12 no token since 1:05pm`: ask the other team for help
`!incident action 12 Add a health check @bob by friday`: keep an action item
`!incident notice 12 nobody can check in at two sites`: write its outage notice
`!incident announce 12`: send its outage notice to people without Slack
`!incident snooze 12 2h`: keep reminders back for a while
`!incident list today`: list open ones, or mine, today, week, resolved, all, vista
`!incident show 12 all`: show one with its timeline, or with all of it
`!incident search RPC socket`: search titles and timelines of all history
`!incident export 12`: write a post-mortem, or a week or month as CSV
`!incident metrics week`: tell how many, and how soon taken and over
Options, anywhere in the line: `--status identified`, `--sev 2`, `--on vista`, `--owner @bob`, `--at 12:50pm`, \
`--title "VistA timeouts at two sites"`, `--started 12:30pm`, `--reporter "site 688"`
One of them: `!help incident open`"""

ONCALL = """\
`!oncall`: show who is on call, until when, and who is next
`!oncall week`: show who is on call in the next seven days
`!oncall next 4`: show the next turns
`!oncall when bob`: show when somebody is on call
`!oncall me`: show when you are on call, and what waits for an answer
`!oncall calendar`: give you links to your shifts for a calendar, or new ones
`!oncall swap bob 2026-12-01`: ask somebody to take your day or give you theirs
`!oncall cover from 3pm to 5pm`: offer a part of your shift to whoever takes it
`!oncall accept`: accept what you were asked, or take what was offered
`!oncall decline`: say no to what you were asked
`!oncall take`: take the rest of this shift from whoever has it
`!oncall undo`: take back your latest swap, cover, take or question
One of them: `!help oncall week`"""

TIPS = (  # one after the other
    "That is no command that I know. `help` shows what I do.",
    "I took nothing from that. I know commands, such as `incident list` or `who is on call`; `help` shows more.",
    "I do not know what to do with that. Whom to ask about something: `whois vista`. All else: `help`.",
)

NOTHING = {  # examples that are refused after all the others, since there is nothing to do about it then
    "!incident ack 12",
    "!incident merge 12 into 11",
    "!undo",
    "!yes",
    "!no",
    "!summary note undo 2",
    "!oncall take",
    "!oncall accept",
    "!oncall decline",
    "!oncall undo",
    "!alerts unmute 3",
    "!alerts undo 3",
    "!summary resume 2026-11-25",
    "!stats discover zps-5fk-azw",
    "!oncall calendar",  # without DESK_WEB
    "!oncall calendar new",
    "!desk board",
}


def test_help_is_what_people_do(talk: Conversation) -> None:
    assert len(FIRST.splitlines()) <= 12
    for typed in ("!help", "help", "hello", "Hi!", "!HELP", "help me", "what can you do?"):
        assert talk(typed, by="bob") == FIRST, typed
    assert talk("!help") == f"{FIRST}\nAdmins: `!desk status` · the bot itself: `!help plugins`, `!help health`"


def test_help_on_one_subject(talk: Conversation) -> None:
    for typed in (
        "!help incident open",
        "help incident open",
        "!help open",
        "!help !incident open",
        "!incident help open",
    ):
        assert talk(typed) == OPEN, typed
    assert talk("!help incident") == INCIDENT
    assert talk("!help oncall") == ONCALL
    assert talk("!help the coffee machine") == (
        'There is no help on "the coffee machine". `!help` shows what people do, and where the rest is.'
    )


def test_what_is_no_command_gets_a_line_of_help_and_never_twice_the_same(talk: Conversation) -> None:
    typed = ("good morning", "good morning", "thanks", "🙂")
    assert [[talk(line, by) for line in typed] for by in ("alice", "bob")] == [[*TIPS, TIPS[0]]] * 2
    assert talk("!thank you", "bob") == "You're welcome."


def test_nobody_is_told_of_commands_that_only_admins_have(talk: Conversation) -> None:
    for typed, word in (("!restrt", "restrt"), ("!plugn list", "plugn")):
        assert talk(typed, by="bob") == f'I know no "{word}". `!help` shows what people do.'
    assert "!plugin reload" in talk("!help plugins")


def test_a_command_that_only_admins_have_is_refused_and_read_as_nothing_else(
    talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"Utils:*": {"allowusers": ("charlie",)}}
    monkeypatch.setattr(talk.plugin("desk")._bot.bot_config, "ACCESS_CONTROLS", few)
    assert talk("!echo hello 5", by="charlie") == "hello 5"
    assert talk("!echo hello 5", by="bob") == "You're not allowed to access this command from this user"
    assert talk("!history of timeouts", by="bob") == talk("!incident search timeouts", by="bob")


def shown(talk: Conversation) -> Iterator[str]:
    """Every example in the help of everything, each once, in the order of reading."""
    page = HelpSource(sentences_of(talk.plugin("desk")._bot), "8pm", is_admin=False)
    pages = [page.first(), *(page.group(group) for group in dict.fromkeys(one.group for one in SPOKEN.values()))]
    pages += [page.command(name) for name in SPOKEN]
    said = dict.fromkeys(example for page in pages for example in examples_in(page))
    yield from sorted(said, key=lambda typed: (typed in NOTHING, typed.startswith("!incident void")))


@pytest.mark.usefixtures("team")
def test_every_example_can_be_typed(talk: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        talk(f"!incident open Number {number}")
    now = talk.plugin("alerts").desk.now().timestamp()
    names = ("datadog_legacy_attachment", "sentry_new_blocks", "datadog_text_only", "datadog_blocks")
    for later, name in enumerate(names):
        came(talk, name, f"{now + later:.6f}")
    chat, refusals = type(talk.plugin("desk").desk.chat), set[str]()
    answer = chat.answer

    def noting(self: Any, message: Any, reply: Any, *, refused: bool = False) -> str | None:
        refusals.update([message.body] if refused else [])
        return answer(self, message, reply)

    monkeypatch.setattr(chat, "answer", noting)
    for typed in shown(talk):
        talk.say(typed)
    talk.say("!echo that was all")
    while talk.next() != "that was all":
        pass
    assert refusals <= NOTHING
