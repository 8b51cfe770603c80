"""One problem of a day: every notification of it folded into one line that counts, and what people did about it."""

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from opsdesk.alerts.alert import AlertState, Source
from opsdesk.alerts.notification import Notification
from opsdesk.chat import MessageRef, Person

MOST_SEEN = 60  # notifications whose ids are kept, so that one that comes again is not counted again
MOST_RECENT = 60  # moments kept for rules that count: more than N in M minutes
MOST_WAYS = 16  # notifications kept to be known when they come by another way
FLAPPING = timedelta(minutes=15)  # what comes again sooner goes on: what was said of it holds
SAME_BY_TWO_WAYS = timedelta(minutes=2)  # between a message and a webhook of one notification
LONGEST_TEXT = 2_000  # characters kept of a notification


class Outcome(enum.StrEnum):
    """What became of a problem."""

    UNTOUCHED = "untouched"
    ACKNOWLEDGED = "acknowledged"
    NOISE = "noise"
    HANDLED = "handled"
    BECAME = "became"  # an incident
    RECOVERED = "recovered"


class ActionKind(enum.StrEnum):
    """What a person did about a problem."""

    ACKNOWLEDGED = "acknowledged"
    NOISE = "noise"
    HANDLED = "handled"
    OPENED = "opened"  # an incident
    TAKEN_BACK = "taken back"  # the last of the kind named in `text`
    ESCALATED = "escalated"


class GroupAction(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing a person did. `incident` is the number that an opening gave; `text` the reason or words."""

    at: datetime
    by: Person
    kind: ActionKind
    text: str = ""
    incident: int = 0


class AlertGroup(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem of a day.

    `count` is how often it was notified of, recoveries left out; `muted` how many of those a noise rule took. `place`
    is the first message that shows it, `reply` the desk's own below that. `seen` are the ids of its latest
    notifications, `recent` the moments of the latest that counted, `ways` how those came.
    `again_at` is when it last came again after it, or its incident, had been over; `acted_before` how many of the
    actions are older than that. `read_at` is when it was read back, where the desk did not hear of it in time.
    """

    number: int
    source: Source
    key: str
    title: str
    state: AlertState
    first_at: datetime
    last_at: datetime
    scope: str | None = None
    service: str = ""
    link: str = ""
    tags: tuple[str, ...] = ()
    numbers: Mapping[str, str] = {}
    text: str = ""
    count: int = 0
    muted: int = 0
    rule: str = ""
    flaps: int = 0
    over_at: datetime | None = None
    place: MessageRef | None = None
    reply: MessageRef | None = None
    ways: tuple[tuple[str, datetime], ...] = ()
    seen: tuple[str, ...] = ()
    recent: tuple[datetime, ...] = ()
    actions: tuple[GroupAction, ...] = ()
    again_at: datetime | None = None
    acted_before: int = 0
    read_at: datetime | None = None

    @property
    def began_at(self) -> datetime:
        """Return when it came, or came again: what people did before that was about an earlier time."""
        return self.again_at or self.first_at

    @property
    def known_at(self) -> datetime:
        """Return when the desk knew that it had come, or come again."""
        return max(self.read_at or self.began_at, self.began_at)

    @property
    def is_over(self) -> bool:
        """Return whether the last notification said that the problem was gone."""
        return self.state.is_over

    @property
    def is_muted(self) -> bool:
        """Return whether a noise rule took every notification of it."""
        return bool(self.rule) and self.muted >= self.count

    @property
    def standing(self) -> tuple[GroupAction, ...]:
        """Return what people did about it, without what they took back."""
        return tuple(self.actions[place] for place in self._standing())

    @property
    def holding(self) -> tuple[GroupAction, ...]:
        """Return what people did that holds now: once it has come again only what was done since, and noise."""
        since = 0 if self.is_over else self.acted_before
        each = ((place, self.actions[place]) for place in self._standing())
        return tuple(one for place, one in each if place >= since or one.kind is ActionKind.NOISE)

    def _standing(self) -> list[int]:
        """Return the places of the actions that were not taken back."""
        kept: list[int] = []
        for place, action in enumerate(self.actions):
            if action.kind is not ActionKind.TAKEN_BACK:
                kept.append(place)
            elif last := [one for one in kept if self.actions[one].kind.value == action.text][-1:]:
                kept.remove(last[0])
        return kept

    def last(self, *kinds: ActionKind) -> GroupAction | None:
        """Return the latest of these kinds that holds; None without one."""
        return next((one for one in reversed(self.holding) if one.kind in kinds), None)

    @property
    def incident(self) -> int:
        """Return the number of the incident it became; 0 for none, or one that was over when it came again."""
        opened = self.last(ActionKind.OPENED)
        return opened.incident if opened else 0

    @property
    def incident_of_now(self) -> int:
        """Return the number of the incident it became since it came, or came again; 0 for none."""
        return (0, *self.opened_of_now)[-1]

    @property
    def opened_of_now(self) -> tuple[int, ...]:
        """Return the numbers of the incidents it became since it came, or came again, one after the other."""
        return self._opened(place for place in self._standing() if place >= self.acted_before)

    @property
    def incident_before(self) -> int:
        """Return the number of the incident that was over when it came again; 0 for none."""
        return (0, *self._opened(place for place in self._standing() if place < self.acted_before))[-1]

    def _opened(self, places: Iterable[int]) -> tuple[int, ...]:
        return tuple(one.incident for place in places if (one := self.actions[place]).kind is ActionKind.OPENED)

    @property
    def acknowledged_at(self) -> datetime | None:
        """Return when somebody first did anything about it; None while nobody has."""
        return min((one.at for one in self.standing), default=None)

    @property
    def time_to_acknowledge(self) -> timedelta | None:
        """Return the time from its first notification until somebody did anything; None while nobody has."""
        return max(self.acknowledged_at - self.first_at, timedelta()) if self.acknowledged_at else None

    @property
    def outcome(self) -> Outcome:
        """Return what became of it: an incident counts most, then what people did last, then what it did itself."""
        if self.incident:
            return Outcome.BECAME
        last = self.last(ActionKind.ACKNOWLEDGED, ActionKind.NOISE, ActionKind.HANDLED, ActionKind.ESCALATED)
        if last:
            return {ActionKind.NOISE: Outcome.NOISE, ActionKind.HANDLED: Outcome.HANDLED}.get(
                last.kind, Outcome.ACKNOWLEDGED
            )
        if self.is_muted:
            return Outcome.NOISE
        return Outcome.RECOVERED if self.is_over else Outcome.UNTOUCHED

    def then(self, action: GroupAction) -> "AlertGroup":
        """Return the group with one more thing that a person did."""
        return replace(self, actions=(*self.actions, action))

    def heard(self, one: Notification, incident_over_at: datetime | None = None) -> "AlertGroup":
        """Return the group with a notification folded in; itself where that was folded in before.

        `incident_over_at` is when the incident it became was over; None where that goes on, or there is none.
        """
        alert, late, known = one.alert, one.at < self.last_at, one.id in self.seen or self._is_older_than_kept(one)
        if known and not one.edited:
            return self
        kept = self._facts_of(one)
        if not late:
            kept = self._begun_again(kept, one, incident_over_at)._state_of(one)
        if alert.state.is_over or known:
            return kept
        told_by = self._told_before(one)
        kept = replace(kept, ways=self._ways_with(one, told_by))
        if told_by is not None:
            return kept
        return replace(
            kept,
            count=self.count + 1,
            muted=self.muted + bool(one.rule),
            rule=one.rule or self.rule,
            recent=(*self.recent, alert.at)[-MOST_RECENT:],
        )

    def _begun_again(self, kept: "AlertGroup", one: Notification, incident_over_at: datetime | None) -> "AlertGroup":
        """Return `kept`, as come again by this notification if it, or its incident, was over long enough before."""
        over_at = self._over_at(incident_over_at)
        if one.alert.state.is_over or one.edited or one.rule or not over_at or one.alert.at - over_at < FLAPPING:
            return kept
        return replace(kept, again_at=one.alert.at, acted_before=len(self.actions), read_at=one.read_at)

    def _over_at(self, incident_over_at: datetime | None) -> datetime | None:
        """Return when it was over; None while it goes on: its incident counts most, then that it was handled."""
        if self.incident_of_now:
            return incident_over_at
        handled = self.last(ActionKind.ACKNOWLEDGED, ActionKind.HANDLED) if self.is_over else None
        if handled and handled.kind is ActionKind.HANDLED and handled in self.actions[self.acted_before :]:
            return handled.at
        return self.over_at

    def _is_older_than_kept(self, one: Notification) -> bool:
        """Return whether a message came before all whose ids are still kept: it was counted then."""
        if not one.place or not (one.read_back or one.edited) or len(self.seen) < MOST_SEEN:
            return False
        return one.id < min((id for id in self.seen if id.startswith(f"{one.place.room}/")), default="")

    def _facts_of(self, one: Notification) -> "AlertGroup":
        alert = one.alert
        seen = self.seen if one.id in self.seen else (*self.seen, one.id)[-MOST_SEEN:]
        return replace(
            self,
            scope=alert.scope if self.scope is None else self.scope,
            service=self.service or alert.service,
            link=self.link or alert.link,
            tags=self.tags or alert.tags,
            numbers={**self.numbers, **alert.numbers},
            text=(alert.text or self.text)[:LONGEST_TEXT],
            place=self.place or one.place,
            first_at=min(self.first_at, alert.at),
            last_at=max(self.last_at, one.at),
            seen=seen,
        )

    def _state_of(self, one: Notification) -> "AlertGroup":
        alert = one.alert
        flapped = self.is_over and not alert.state.is_over
        over_at = (self.over_at or one.at) if alert.state.is_over else None
        return replace(self, state=alert.state, over_at=over_at, flaps=self.flaps + flapped)

    def _told_before(self, one: Notification) -> int | None:
        """Return the place in `ways` of what this came as by another way, and was counted by; None for a new one."""
        for place, (told, at) in enumerate(self.ways):
            ways, _, state = told.partition(" ")
            same = one.way not in ways.split("+") and state == one.alert.state
            if same and abs(at - one.alert.at) <= SAME_BY_TWO_WAYS:
                return place
        return None

    def _ways_with(self, one: Notification, told_by: int | None) -> tuple[tuple[str, datetime], ...]:
        """Return `ways` with this one's: each pairs with one of another way, so that four by two ways count four."""
        if told_by is None:
            return (*self.ways, (f"{one.way} {one.alert.state}", one.alert.at))[-MOST_WAYS:]
        told, at = self.ways[told_by]
        return (*self.ways[:told_by], (f"{one.way}+{told}", at), *self.ways[told_by + 1 :])


def begun(number: int, one: Notification) -> AlertGroup:
    """Return the group that a first notification makes."""
    alert = one.alert
    empty = AlertGroup(number, alert.source, alert.key, alert.title, alert.state, alert.at, alert.at)
    over_at = one.at if alert.state.is_over else None
    return replace(empty, over_at=over_at, read_at=one.read_at).heard(one)
