"""Joins the parts of the rota: the team's file, the agreements, the start of each shift."""

import msgspec

from opsdesk.ground import Ground
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.file import follow
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Rotation
from opsdesk.oncall.takeovers import Takeovers
from opsdesk.posts import PostScheduler
from opsdesk.settings import TeamFile


class OnCallDesk(msgspec.Struct, frozen=True):
    """Who is on call, who accepted their shift, and the messages as it begins."""

    file: TeamFile[Rotation]
    roster: Roster
    acceptances: Acceptances
    handover: Handover
    takeovers: Takeovers


def build(ground: Ground, posts: PostScheduler, sources: Sources) -> OnCallDesk:
    """Return the rota. `sources` give what a shift is handed."""
    settings, store, zone = ground.settings, ground.store, ground.zone
    file = follow(settings.data_dir / "rotation.toml", zone, ground.complain)
    roster = Roster(file, store, settings.admins)
    acceptances = Acceptances(roster, store)
    room = settings.file.channels.go_live.id
    handover = Handover(roster, acceptances, posts, zone, room=room, admins=ground.trouble.admins, sources=sources)
    takeovers = Takeovers(roster, acceptances, handover, ground.chat, ground.now)
    return OnCallDesk(file, roster, acceptances, handover, takeovers)
