"""Joins the parts of the summary: its plan, its posts, its notices, what people ask of it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from opsdesk.clock import day_of
from opsdesk.ground import Ground
from opsdesk.incidents import IncidentLog
from opsdesk.oncall import OnCallDesk
from opsdesk.posts import Plan, PostRecord, PostScheduler, PostWords, Scheduled
from opsdesk.settings import Settings
from opsdesk.summary import answer_words, heartbeat, notice_words
from opsdesk.summary.asked import SummaryRequest
from opsdesk.summary.commands import SummaryCommands
from opsdesk.summary.counts import SummaryCounts
from opsdesk.summary.notices import SummaryNotices
from opsdesk.summary.plan import FirstStart, SummaryPlan, first_start
from opsdesk.summary.summary import Part

if TYPE_CHECKING:
    from opsdesk.counts import Counts
    from opsdesk.summary.heartbeat import Heartbeat


class SummaryDesk(msgspec.Struct, frozen=True):
    """The 8pm post: what it tells and when, what became of it, and what is said about it."""

    plan: SummaryPlan
    posts: PostScheduler
    commands: SummaryCommands
    notices: SummaryNotices
    heartbeat: "Heartbeat | None"

    def standing(self, at: datetime) -> str:
        """Return when the next summary is due, what became of the last one, and what today's still lacks."""
        due, zone = self.commands.next_due(at), self.plan.zone
        told = answer_words.status(due, self.commands.skipped(at), self.commands.past(at, most=1), at, zone)
        today = day_of(at, zone)
        is_today = due is not None and day_of(due, zone) == today
        lacking = [notice_words.lacks(self.notices.missing(today, at))] if is_today else []
        return "\n".join([told, *lacking])


def build(
    ground: Ground,
    oncall: OnCallDesk,
    counts: "Callable[[date, datetime, datetime], Counts]",
    incidents: IncidentLog,
    parts: Sequence[Part] = (),
) -> SummaryDesk:
    """Return the summary, told from the rota, the counts, the incidents and what further `parts` tell.

    `counts` gives those of a day up to a moment, asked at the present one.
    """
    settings, store, zone, now = ground.settings, ground.store, ground.zone, ground.now

    def plans(at: datetime) -> Sequence[Scheduled]:
        return list(plan.plan(at))

    kept, tell_admins = store.keyed("posts", PostRecord), ground.trouble.tell_admins_later
    posts = PostScheduler(kept, ground.chat, PostWords(zone), now, (plans,), tell_admins, store.desks)
    plan = SummaryPlan(
        settings,
        lambda: oncall.roster.calendar,
        posts,
        incidents,
        SummaryCounts(counts, partial(settings.file.summary.posting, zone=zone), zone),
        oncall.acceptances.who_had,
        since=first_start(store.keyed("desk", FirstStart), kept, now(), zone, away=bool(store.away())),
        complain=tell_admins,
        parts=parts,
    )
    asked = store.keyed("summaries asked for", SummaryRequest, passing=True)
    commands = SummaryCommands(plan, posts, lambda: oncall.roster.calendar, asked, store.desks)
    notices = SummaryNotices(plan, posts, ground.trouble, settings.quiet_after)
    return SummaryDesk(plan, posts, commands, notices, _heartbeat(settings, posts, plan.plan))


def _heartbeat(settings: Settings, posts: PostScheduler, plan: Plan) -> "Heartbeat | None":
    """Return the heartbeat; None without an address, and in a rehearsal, which must not silence an alarm."""
    url = settings.heartbeat_url
    if not url or settings.rehearsal:
        return None
    return heartbeat.Heartbeat(posts, plan, partial(heartbeat.fetch, url))
