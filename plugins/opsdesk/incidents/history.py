"""Searching all of history: what was found so far is told at once where the whole of it takes longer."""

import math
from datetime import date, datetime, tzinfo
from functools import partial

from opsdesk import clock
from opsdesk.chat import Chat, MessageRef, Reply, SendError
from opsdesk.errors import UserError
from opsdesk.incidents.list_words import found
from opsdesk.incidents.lists import SearchResult
from opsdesk.incidents.log import IncidentLog
from opsdesk.text import options as typed

MOST_FOUND = 8  # incidents, each with a piece of its timeline: they stay within one message
PATIENCE = 2.0  # seconds


def search(log: IncidentLog, text: str, chat: Chat, at: datetime, zone: tzinfo) -> Reply:
    """Return the incidents with every word of `text` in title or timeline, of all history.

    If that takes long, return what was found so far; the message is changed once the rest is known, in a chat whose
    messages can be. Raises a UserError without a word to look for.
    """
    searching = HistorySearch(log, text)
    result = searching.go_on(PATIENCE if chat.edits else math.inf)
    finish = None if result.finished else partial(_finish, searching, chat, at, zone)
    return Reply(found(result, at, zone), posted=finish)


class HistorySearch:
    """A search for every word of a text, newest incidents first. What stands in quotes is looked for as it stands."""

    def __init__(self, log: IncidentLog, text: str) -> None:
        self._words = tuple(typed.words(text))
        if not self._words:
            raise UserError("What shall I look for? Type `!incident search RPC socket`.")
        self._log, self._lost = log, set[date]()
        self._numbers = list[int]()
        self._batches = log.search(self._words, self._lost.add)

    def go_on(self, seconds: float = math.inf) -> SearchResult:
        """Return what was found once all of history was searched, or so many seconds later."""
        until = clock.seconds() + seconds
        for batch in self._batches:
            self._numbers += batch
            if clock.seconds() >= until:
                return self._result(finished=False)
        return self._result(finished=True)

    def _result(self, *, finished: bool) -> SearchResult:
        shown = tuple(self._log.some(self._numbers[:MOST_FOUND], self._lost.add))
        hidden = len(self._numbers) - len(shown)
        return SearchResult(self._words, shown, hidden, frozenset(self._lost), finished)


def _finish(searching: HistorySearch, chat: Chat, at: datetime, zone: tzinfo, posted: MessageRef) -> None:
    """Search the rest of history, and change the message that told of the search."""
    try:
        words = found(searching.go_on(), at, zone)
    except UserError as refusal:
        words = str(refusal)
    try:
        chat.edit(posted, words)
    except SendError:
        chat.reply(posted, words)
