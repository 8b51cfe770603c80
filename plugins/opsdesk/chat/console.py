"""The chat at Errbot's console, where everything that is said to anybody stands on one screen."""

from typing import Any

from opsdesk.chat.errbot_chat import ErrbotChat


class ConsoleChat(ErrbotChat):
    """Tells before each message to whom it goes. Rooms and people are there as soon as they are named."""

    confirms = True
    trusts_everybody = True

    def _shown(self, to: str, text: str) -> str:
        return f"[{to}] {text}"

    def _room(self, name: str) -> Any:
        return self._bot.build_identifier(name)

    def _individual(self, person: str) -> Any:
        return self._bot.build_identifier(person)
