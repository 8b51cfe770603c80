"""Whoever looks after the desk hears of it when the hour's questions about logs and traces are spent."""

from datetime import datetime

from opsdesk.chat import Trouble
from opsdesk.datadog import HOUR, MOST_AN_HOUR, Budget


class SpentNotices:
    """Tells the admins, once an hour for each organisation."""

    def __init__(self, budget: Budget, trouble: Trouble) -> None:
        self._budget, self._trouble = budget, trouble
        self._told: dict[str, datetime] = {}

    def tick(self, at: datetime) -> None:
        """Queue what there is to be told."""
        for organisation, refused_at in self._budget.refused.items():
            told = self._told.get(organisation)
            if told is None or refused_at >= told + HOUR:
                self._told[organisation] = refused_at
                self._trouble.tell_admins_later(
                    f"Datadog, organisation {organisation}: the {MOST_AN_HOUR} questions of the hour about logs and "
                    "traces are spent. `!traces`, boards with logs or spans and what is told below alerts go without "
                    "until some are left; the counts do not suffer."
                )
