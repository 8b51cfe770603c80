"""Joins the parts of the rota: the team's file, the agreements, the start of each shift."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

import msgspec

from opsdesk.ground import Ground
from opsdesk.oncall import words
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.calendar_links import CalendarLinks
from opsdesk.oncall.calendars import Calendars, MayRead
from opsdesk.oncall.file import follow
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.misfits import Misfits
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Rotation
from opsdesk.oncall.takeovers import Takeovers
from opsdesk.posts import PostScheduler, Scheduled, planned
from opsdesk.settings import TeamFile, is_on_slack
from opsdesk.web import base_of


class OnCallDesk(msgspec.Struct, frozen=True):
    """Who is on call, who accepted their shift, and the messages as it begins."""

    file: TeamFile[Rotation]
    roster: Roster
    acceptances: Acceptances
    handover: Handover
    takeovers: Takeovers
    misfits: Misfits
    calendars: Calendars

    def now(self, at: datetime, zone: tzinfo) -> str:
        """Return who is on call and until when, and who is next. Raise a UserError while the rotation is not known."""
        roster = self.roster.usable()
        slot = roster.slot_at(at)
        accepted_at = self.acceptances.accepted_at(slot) if slot else None
        return words.RotationWords(at, zone).now(slot, roster.coming(at), accepted_at)

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what is said as shifts begin, and of agreements that do not fit any more."""
        yield from planned((self.handover.plan, self.misfits.plan), at)


def build(ground: Ground, posts: PostScheduler, sources: Sources, may_read: MayRead) -> OnCallDesk:
    """Return the rota. `sources` give what a shift is handed, `may_read` who may read its calendars."""
    settings, store, zone = ground.settings, ground.store, ground.zone
    slack = is_on_slack(settings.environment)
    file = follow(settings.data_dir / "rotation.toml", zone, ground.complain, ground.kept, slack=slack)
    roster = Roster(file, store, settings.admins)
    acceptances = Acceptances(roster, store)
    room = settings.file.channels.go_live.id
    handover = Handover(roster, acceptances, posts, zone, room=room, admins=ground.trouble.admins, sources=sources)
    takeovers = Takeovers(roster, acceptances, handover, ground.chat, ground.now)
    calendars = Calendars(roster, store, CalendarLinks(store, base_of(settings.environment)), may_read, ground.now)
    return OnCallDesk(file, roster, acceptances, handover, takeovers, Misfits(roster), calendars)
