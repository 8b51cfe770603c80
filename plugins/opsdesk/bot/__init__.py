"""The bot that the desk runs in: what it hears first, what is done about edits, presses and its page, and its log."""

from opsdesk.bot.edited import EditDecision
from opsdesk.bot.front import READ_AS, read_as, stand_before
from opsdesk.bot.home_page import PageAtHand
from opsdesk.bot.host import environment_of, is_admin, is_own, sentences_of
from opsdesk.bot.presses import pressing

__all__ = [
    "READ_AS",
    "EditDecision",
    "PageAtHand",
    "edited",
    "environment_of",
    "host",
    "is_admin",
    "is_own",
    "log_file",
    "pressing",
    "read_as",
    "sentences_of",
    "stand_before",
]
