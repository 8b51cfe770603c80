"""Joins the parts of the rota: the team's file, the agreements, the start of each shift."""

from collections.abc import Callable

import msgspec

from opsdesk import clock
from opsdesk.chat import Chat, Trouble
from opsdesk.errors import SettingsError
from opsdesk.oncall.acceptances import Acceptances
from opsdesk.oncall.file import follow
from opsdesk.oncall.handover import Handover, Sources
from opsdesk.oncall.roster import Roster
from opsdesk.oncall.rotation import Rotation
from opsdesk.oncall.takeovers import Takeovers
from opsdesk.posts import PostScheduler
from opsdesk.settings import Settings, TeamFile
from opsdesk.store import Store


class OnCallDesk(msgspec.Struct, frozen=True):
    """Who is on call, who accepted their shift, and the messages as it begins."""

    file: TeamFile[Rotation]
    roster: Roster
    acceptances: Acceptances
    handover: Handover
    takeovers: Takeovers


def build(
    settings: Settings,
    store: Store,
    chat: Chat,
    now: clock.Now,
    posts: PostScheduler,
    trouble: Trouble,
    sources: Sources,
    complain: Callable[[SettingsError], None],
) -> OnCallDesk:
    """Return the rota. `sources` give what a shift is handed; `complain` hears of mistakes in rotation.toml."""
    zone = settings.zone
    file = follow(settings.data_dir / "rotation.toml", zone, complain)
    roster = Roster(file, store, settings.admins)
    acceptances = Acceptances(roster, store)
    room = settings.file.channels.go_live.id
    handover = Handover(roster, acceptances, posts, zone, room=room, admins=trouble.admins, sources=sources)
    takeovers = Takeovers(roster, acceptances, handover, chat, now)
    return OnCallDesk(file, roster, acceptances, handover, takeovers)
