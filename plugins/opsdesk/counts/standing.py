"""Where a panel stands against its thresholds, and what "well again" is, so that one on the edge does not flap."""

import enum

from opsdesk.counts.panels import BoardPanel
from opsdesk.counts.readings import PanelReading
from opsdesk.datadog import Unknown

MARGIN = 0.1  # of a threshold, that a value must be on the good side of it to be well again
HALF = 0.5  # of the rise that is told, which is left when it is well again


class Level(enum.Enum):
    """Where a panel stands."""

    UNKNOWN = "unknown"
    FINE = "fine"
    EDGE = "fine, within its margin"
    RISING = "rising"
    WARN = "warn"
    ALERT = "alert"


def level(reading: PanelReading) -> Level:
    """Return where a panel stands now."""
    if isinstance(reading.shown, Unknown):
        return Level.UNKNOWN
    against = _against(reading.panel, reading.shown)
    if against in (Level.ALERT, Level.WARN):
        return against
    rising = _rising(reading)
    return rising if rising is not Level.FINE else against


def threshold(panel: BoardPanel, reached: Level) -> float | None:
    """Return the threshold of a level; None for those that have none."""
    return {Level.ALERT: panel.alert, Level.WARN: panel.warn}.get(reached)


def _against(panel: BoardPanel, shown: float) -> Level:
    for reached, limit in ((Level.ALERT, panel.alert), (Level.WARN, panel.warn)):
        if limit is not None and (shown <= limit if panel.below else shown >= limit):
            return reached
    mildest = panel.warn if panel.warn is not None else panel.alert
    if mildest is None:
        return Level.FINE
    margin = abs(mildest) * MARGIN
    on_edge = shown < mildest + margin if panel.below else shown > mildest - margin
    return Level.EDGE if on_edge else Level.FINE


def _rising(reading: PanelReading) -> Level:
    rise, wanted = reading.rise, reading.panel.rising
    if rise is None or wanted is None or rise.recent < reading.panel.rising_from:
        return Level.FINE
    if rise.percent >= wanted:
        return Level.RISING
    return Level.EDGE if rise.percent > wanted * HALF else Level.FINE
