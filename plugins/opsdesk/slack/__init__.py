"""The chat on Slack: its API, its events, its outages."""

from opsdesk.slack.admins import AdminNotices
from opsdesk.slack.api import SLACK, TIMEOUT, SlackWeb
from opsdesk.slack.chat import SlackChat
from opsdesk.slack.events import Event, EventKind, kind_of, message_in, typed_in
from opsdesk.slack.failures import FAILED, trouble_of
from opsdesk.slack.intake import Intake
from opsdesk.slack.mrkdwn import InertMarkdown
from opsdesk.slack.outages import OutageWatch
from opsdesk.slack.scopes import scopes_lacked
from opsdesk.slack.transport import PING, HttpTransport, SocketTransport, Transport

__all__ = [
    "FAILED",
    "PING",
    "SLACK",
    "TIMEOUT",
    "AdminNotices",
    "Event",
    "EventKind",
    "HttpTransport",
    "InertMarkdown",
    "Intake",
    "OutageWatch",
    "SlackChat",
    "SlackWeb",
    "SocketTransport",
    "Transport",
    "kind_of",
    "message_in",
    "scopes_lacked",
    "trouble_of",
    "typed_in",
]
