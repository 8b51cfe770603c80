"""Joins the targets: each by its address, which stands in the environment; all of them as the rest of the desk asks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import msgspec

from opsdesk.chat import Person, person_of
from opsdesk.errors import UserError
from opsdesk.ground import Ground
from opsdesk.incidents import Incident, IncidentDesk
from opsdesk.posts import Scheduled
from opsdesk.settings import Sent, Target, TargetKind
from opsdesk.summary import SummaryPlan
from opsdesk.targets import outlet, plain, posts, words
from opsdesk.targets.serious import SeriousIncidents

SERVER = "DESK_SMTP"


class TargetDesk(msgspec.Struct, frozen=True):
    """The targets of data/desk.toml; `wrong` says, by name, what keeps one from being sent anything."""

    named: tuple[Target, ...]
    targets: "tuple[posts.TargetPosts, ...]"
    wrong: Mapping[str, str]
    serious: SeriousIncidents

    def follow(self, incident: Incident) -> None:
        """Follow an incident that was changed."""
        if self.targets:
            self.serious.follow(incident)

    def names(self, sends: Sent) -> list[str]:
        """Return the names of the targets that are sent such messages."""
        return [words.who(one.target) for one in self.targets if sends in one.target.sends]

    def tick(self, at: datetime) -> None:
        """Have what is due sent. Waits for no target."""
        if any(Sent.SEVERE in one.target.sends for one in self.targets):
            self.serious.keep_up(at)
        for one in self.targets:
            one.tick()

    def plan(self, at: datetime) -> Iterator[Scheduled]:
        """Yield what people in the chat have to know of what was not sent."""
        for one in self.targets:
            yield from one.notices(at)

    def standing(self, day: date) -> list[str]:
        """Return what became of a day's summary at each target, a line each."""
        return [line for one in self.targets if (line := one.standing(day))]

    def listed(self) -> str:
        """Return the answer to `!desk targets`."""
        return words.all_listed([words.listed(target, self.wrong.get(target.name, "")) for target in self.named])

    @property
    def mistakes(self) -> list[str]:
        """Return what keeps targets from being sent anything, a line each."""
        return [f'desk.toml, target "{name}": {why}' for name, why in self.wrong.items()]

    def try_out(self, name: str, by: Person) -> str:
        """Send a trial to the target of this name; return the answer. Raises a UserError if there is none."""
        if not self.named:
            return words.NONE
        wanted = name.strip().strip('"').casefold()
        for target in self.named:
            if target.key == wanted and target.name in self.wrong:
                raise UserError(words.not_tried(target, self.wrong[target.name]))
        found = next((one for one in self.targets if one.target.key == wanted), None)
        if not found:
            raise UserError(words.unknown(name, self.named))
        return found.try_out(by)

    def close(self) -> None:
        """Begin nothing more."""
        for one in self.targets:
            one.close()


def build(ground: Ground, summaries: SummaryPlan, incidents: IncidentDesk) -> TargetDesk:
    """Return the targets, which are sent nothing in a rehearsal."""
    named, serious = ground.settings.file.targets, SeriousIncidents(incidents.log, ground.store.desks)
    found: list[posts.TargetPosts] = []
    wrong: dict[str, str] = {}
    for target in named:
        try:
            hand = _hand(target, ground)
        except ValueError as mistake:
            wrong[target.name] = str(mistake)
        else:
            found.append(
                posts.TargetPosts(target, _outlet(hand, ground), ground, summaries, serious, incidents.notices)
            )
    return TargetDesk(named, tuple(found), wrong, serious)


def _hand(target: Target, ground: Ground) -> "outlet.Hand":
    """Return what hands over messages to the target. Raise a ValueError that says what is not set."""
    environment = ground.settings.environment
    if ground.settings.rehearsal:
        raise ValueError("nothing is sent in a rehearsal")
    address = environment.get(target.address, "").strip()
    if not address:
        raise ValueError(f"{target.address} is not set")
    if target.kind is TargetKind.TEAMS:
        return _teams(target, address)
    return _mail(target, address, ground)


def _teams(target: Target, address: str) -> "outlet.Hand":
    from opsdesk.targets.teams import Teams, is_address

    if not is_address(address):
        raise ValueError(f"{target.address} is no address that begins with https://")
    return Teams(address).hand


def _mail(target: Target, address: str, ground: Ground) -> "outlet.Hand":
    from opsdesk.targets.mail import Mail, read_receivers, read_server

    server = read_server(ground.settings.environment.get(SERVER, ""))
    try:
        receivers = read_receivers(address)
    except ValueError as none:
        raise ValueError(f"{target.address} {none}") from None
    complain, now = ground.trouble.tell_admins_later, ground.now
    return Mail(server, receivers, lambda why: complain(f'Target "{target.name}": {why}'), now).hand


def _outlet(hand: "outlet.Hand", ground: Ground) -> "outlet.TargetOutlet":
    return outlet.TargetOutlet(
        hand, lambda text: plain.legible(text, lambda person: person_of(ground.chat, person).name)
    )
