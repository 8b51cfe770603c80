"""The chat on Slack: its API, its events, its outages."""

from opsdesk.slack.api import SLACK, TIMEOUT
from opsdesk.slack.asked import asked_in
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.connection import Access, Connection
from opsdesk.slack.doubt import DOUBTED_FOR
from opsdesk.slack.events import Event, EventKind, changed_in, is_direct, kind_of, message_in, typed_in
from opsdesk.slack.interactions import Offers
from opsdesk.slack.mrkdwn import InertMarkdown
from opsdesk.slack.private import whisper
from opsdesk.slack.read_back import Meanwhile
from opsdesk.slack.transport import PING, HttpTransport

__all__ = [
    "DOUBTED_FOR",
    "PING",
    "SLACK",
    "TIMEOUT",
    "Access",
    "Connection",
    "Event",
    "EventKind",
    "HttpTransport",
    "InertMarkdown",
    "Meanwhile",
    "Offers",
    "SlackChat",
    "asked_in",
    "changed_in",
    "is_direct",
    "kind_of",
    "message_in",
    "typed_in",
    "whisper",
]
