"""A storm of alerts: the first few get replies of their own, one message in the alert channel counts the others."""

from collections import deque
from datetime import UTC, datetime, timedelta

from opsdesk.chat import Chat, MessageRef, SendError

MOST_NEW = 5  # first replies in a minute; what comes beyond them is told in one message
MINUTE = timedelta(minutes=1)
OVER_AFTER = timedelta(hours=1)  # without a reply left out: what comes then is another storm, with its own message


class Storm:
    """Decides who has a reply in a storm, and keeps the message for those who have none as long as it lasts."""

    def __init__(self, chat: Chat, channel: str) -> None:
        self._chat, self._channel = chat, channel
        self._replies, self._left_out = deque[datetime](), set[int]()
        self._begun = self._last = datetime.min.replace(tzinfo=UTC)
        self._message: MessageRef | None = None

    def leaves_room(self, at: datetime) -> bool:
        """Return whether one more first reply may be sent in this minute."""
        while self._replies and at - self._replies[0] > MINUTE:
            self._replies.popleft()
        return len(self._replies) < MOST_NEW

    def replied(self, at: datetime) -> None:
        """Count a first reply."""
        self._replies.append(at)

    def leave_out(self, number: int, at: datetime) -> None:
        """Count an alert that gets no reply."""
        if not self._left_out or at - self._last > OVER_AFTER:
            self._begun, self._left_out, self._message = at, set(), None
        self._last = at
        self._left_out.add(number)

    def tell(self) -> None:
        """Post or change the message that counts those left out. Raise a SendError where the chat fails.

        A message that somebody deleted is not posted again.
        """
        many = len(self._left_out)
        text = f"… and {many} more group{'' if many == 1 else 's'} of alerts: `!alerts`"
        if self._message is None:
            self._message = self._sent(text)
            return
        try:
            self._chat.edit(self._message, text)
        except SendError as unsent:
            if not unsent.gone:
                raise

    def _sent(self, text: str) -> MessageRef:
        key = f"alert storm {self._begun:%Y-%m-%d %H:%M:%S}"
        found = self._chat.find(self._channel, key, self._begun - MINUTE)
        return found[0].ref if found else self._chat.post(self._channel, text, key=key)
