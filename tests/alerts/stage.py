"""The stage of alerts: an intake on a real store, its channel, a clock moved by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from opsdesk.alerts.catch_up import CatchUp
from opsdesk.alerts.group import AlertGroup
from opsdesk.alerts.intake import AlertIntake
from opsdesk.alerts.ledger import Ledger
from opsdesk.alerts.noise import NoiseRule
from opsdesk.clock import day_of
from opsdesk.store import open_store
from tests.chat.stage import Channel
from tests.oncall.stage import EASTERN

APM = "C02U11L00TF"
AT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Stage:
    """The desk as far as alerts come in; it can be started again on the same folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.at = folder, AT
        self.rules: dict[str, NoiseRule] = {}
        self.channel = Channel()
        self.open()

    def open(self) -> None:
        self.store = open_store(self.folder)
        self.ledger = Ledger(self.store, EASTERN)
        self.intake = AlertIntake(self.ledger, lambda: self.rules, [APM], lambda: self.at)
        self.catch_up = CatchUp(self.store, self.channel, self.intake, [APM])

    def restart(self) -> None:
        self.store.close()
        self.open()

    def message(self, text: str, minutes: float = 0, **given: Any) -> dict[str, Any]:
        """A message of Datadog's in the alert channel, so many minutes after 2pm."""
        ts = f"{(AT + minutes * MINUTE).timestamp():.6f}"
        return {"channel": APM, "ts": ts, "bot_id": "B0DATADOG", "text": text} | given

    @property
    def groups(self) -> list[AlertGroup]:
        return self.ledger.day(day_of(AT, EASTERN))
