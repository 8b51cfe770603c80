"""The bot that the desk runs in: what it hears first, what is done about edits, presses and its page, and its log."""

from opsdesk import later

later.parts(__name__, "edited", "home_page", "presses")

from opsdesk.bot.front import READ_AS, read_as, stand_before
from opsdesk.bot.host import environment_of, is_admin, is_own, sentences_of

__all__ = [
    "READ_AS",
    "edited",
    "environment_of",
    "home_page",
    "host",
    "is_admin",
    "is_own",
    "log_file",
    "presses",
    "read_as",
    "sentences_of",
    "stand_before",
]
