"""Evenings of days that are rare: clocks that change, holidays, the end of a year, weekends in between."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from tests.slack.stage import Fault
from tests.summary.evenings import DAY, EASTERN, GO_LIVE, Evening, Outcome, Trouble
from tests.summary.lives import Life

RARE = (
    date(2026, 10, 30),  # the last evening before clocks go back
    date(2026, 11, 2),
    date(2027, 3, 12),  # the last one before they go forward
    date(2027, 3, 15),
    date(2026, 11, 25),  # before and after a holiday
    date(2026, 11, 27),
    date(2026, 12, 31),
    date(2027, 1, 4),
    date(2028, 2, 29),
)
AT_NIGHT = time(1, 30)  # which is twice on the night in which clocks go back


def eight_on(day: date) -> float:
    """The true time at which the post of a day is due."""
    return datetime.combine(day, time(20), EASTERN).timestamp()


def rare_day(chance: random.Random) -> Evening:
    """A desk lives through a rare day, with an incident of the night before; once it is killed, or refused."""
    day = chance.choice(RARE)
    eight, night = eight_on(day), datetime.combine(day - timedelta(days=1), AT_NIGHT, EASTERN).timestamp()
    known = Life(night - 600, night + 120, opens=(night,))
    life = Life(eight - 300, eight + 900, opens=(eight - 60, eight + 90), resolves=(eight + 150,))
    killed = Life(eight - 60, eight + 60, kill_at=chance.randint(0, 12), armed_at=eight - 1, opens=(eight - 50,))
    refused = Trouble(eight, eight + 60, chance.choice((Fault.BROKEN, Fault.CUT_AFTER)), ("chat.postMessage",), GO_LIVE)
    refused.times = 1
    lives = chance.choice(((known, life), (known, killed, Life(eight + 5, eight + 900, opens=(eight + 90,)))))
    troubles = chance.choice(((), (refused,)))
    return Evening(lives, troubles, name="rare day", eight=eight, within=11, wrong=_one_stands)


def _one_stands(outcome: Outcome) -> Iterator[str]:
    if len(outcome.posts) != 1:
        yield f"{len(outcome.posts)} posts stand, and not one"
    if "(late: due" in outcome.text:
        yield "the post is called late"


def over_the_weekend(chance: random.Random) -> Evening:
    """The desk is down from Friday's 7:58pm until some time of the weekend, or of Monday."""
    friday, down = eight_on(date(2026, 11, 20)), chance.choice((0.25, 0.75, 1.7, 2.6, 2.999))
    known = Life(friday - 3600, friday - 3598)
    killed = Life(friday - 600, friday, kill_at=0, armed_at=friday - 120, opens=(friday - 500, friday - 130))
    back = friday + down * DAY
    meanwhile = Life(back, back + 60, opens=(back + 20,))
    monday = Life(friday + 3 * DAY - 60, friday + 3 * DAY + 300, opens=(friday + 3 * DAY + 30,))
    return Evening((known, killed, meanwhile, monday), name="over the weekend", eight=friday, wrong=_friday_told)


def _friday_told(outcome: Outcome) -> Iterator[str]:
    yield from _one_stands(outcome)
    if "Friday, November 20" not in outcome.text:
        yield "the post does not say that it tells of Friday"
    if not any("Friday, November 20" in one["text"] for one in outcome.told_of("*not posted*")):
        yield "nobody was told of Friday"
