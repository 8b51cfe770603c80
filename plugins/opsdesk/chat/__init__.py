"""The chat the desk runs on, whichever it is: what is said, what is posted, and who hears of trouble."""

from opsdesk import later

later.parts(__name__, "irc")

from opsdesk.chat.chat import (
    MENTION_CLOSE,
    MENTION_OPEN,
    Chat,
    Command,
    Edit,
    Message,
    MessageRef,
    Outlet,
    Person,
    Place,
    Reaction,
    Reply,
    SendError,
    SentMessage,
    Unheard,
    channel,
    mention,
    reaction_of,
)
from opsdesk.chat.clocks import ClockWatch
from opsdesk.chat.console import ConsoleChat
from opsdesk.chat.errbot_chat import ErrbotChat, as_markdown
from opsdesk.chat.naming import by_name
from opsdesk.chat.outbox import Job, Outbox
from opsdesk.chat.panel import Button, Doing, Field, FieldKind, Filled, Form, HomePage, HomePart, Misfilled, Panel
from opsdesk.chat.rendering import Converter
from opsdesk.chat.telling import confirming, person_of, tell_alone, tell_each, with_lines
from opsdesk.chat.trouble import Addressees, Trouble
from opsdesk.chat.whole import Whole, moment_of, read_whole

__all__ = [
    "MENTION_CLOSE",
    "MENTION_OPEN",
    "Addressees",
    "Button",
    "Chat",
    "ClockWatch",
    "Command",
    "ConsoleChat",
    "Converter",
    "Doing",
    "Edit",
    "ErrbotChat",
    "Field",
    "FieldKind",
    "Filled",
    "Form",
    "HomePage",
    "HomePart",
    "Job",
    "Message",
    "MessageRef",
    "Misfilled",
    "Outbox",
    "Outlet",
    "Panel",
    "Person",
    "Place",
    "Reaction",
    "Reply",
    "SendError",
    "SentMessage",
    "Trouble",
    "Unheard",
    "Whole",
    "as_markdown",
    "by_name",
    "channel",
    "confirming",
    "irc",
    "mention",
    "moment_of",
    "person_of",
    "reaction_of",
    "read_whole",
    "tell_alone",
    "tell_each",
    "with_lines",
]
