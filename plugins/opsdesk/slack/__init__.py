"""The chat on Slack: its API, its events, its outages."""

from opsdesk.slack.asked import asked_in
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.connection import Connection, access_of
from opsdesk.slack.events import Event, EventKind, changed_in, edit_in, is_direct, kind_of, message_in, typed_in
from opsdesk.slack.mrkdwn import InertMarkdown
from opsdesk.slack.private import whisper
from opsdesk.slack.read_back import Meanwhile
from opsdesk.slack.transport import HttpTransport

__all__ = [
    "Connection",
    "Event",
    "EventKind",
    "HttpTransport",
    "InertMarkdown",
    "Meanwhile",
    "SlackChat",
    "access_of",
    "asked_in",
    "changed_in",
    "edit_in",
    "is_direct",
    "kind_of",
    "message_in",
    "typed_in",
    "whisper",
]
