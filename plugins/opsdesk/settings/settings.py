"""The settings: secrets and places from the environment, the team's choices from data/desk.toml."""

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from opsdesk import guard
from opsdesk.clock import moment
from opsdesk.errors import SettingsError, UserError
from opsdesk.patterns import regex
from opsdesk.settings import followed_file, team_file
from opsdesk.settings.shipped import SHIPPED
from opsdesk.settings.target import Target, check_names
from opsdesk.text import read_length, read_time, read_zone

T = TypeVar("T")

DOMAIN = regex(r"[@.]?[\w-]+(?:\.[\w-]+)*")
UNLIKE_SLACK = 'id: "{}" is not a Slack channel id, such as C02UP02HHGX'
CHANNEL_ID = regex(r"[CG][A-Z0-9]{5,}")

_read_once = functools.lru_cache(maxsize=100)(read_time)  # every tick asks for the same few times


class Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel, by the id that survives renaming, and the name people know it by."""

    id: str
    name: str = ""


class Channels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the desk posts: the 8pm post to `go_live`, everything to `rehearsal` during a rehearsal.

    In `alerts` Datadog and Sentry post what the desk watches.
    """

    go_live: Channel
    rehearsal: Channel = Channel(id="")
    alerts: tuple[Channel, ...] = ()

    @property
    def all(self) -> tuple[Channel, ...]:
        """Return each channel."""
        return self.go_live, self.rehearsal, *self.alerts


class DeskFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/desk.toml: the zone of all times, the channels, and the times and lengths the desk goes by."""

    zone: str
    channels: Channels
    quiet_after: str = "4h"
    escalation_team: str = "tevi"
    questions: bool = True
    summary: "SummaryTimes" = msgspec.field(default_factory=lambda: SummaryTimes())
    quiet_days: tuple["QuietDay", ...] = ()
    not_private: "NotPrivate" = msgspec.field(default_factory=lambda: NotPrivate())
    targets: tuple[Target, ...] = ()
    report: "ReportTimes" = msgspec.field(default_factory=lambda: ReportTimes())

    def __post_init__(self) -> None:
        check_names(self.targets)
        _plain(read_zone, "zone", self.zone)
        if not _plain(read_length, "quiet_after", self.quiet_after):
            raise ValueError(f'quiet_after: "{self.quiet_after}" is no length. Type it as 4h or 30m')
        days = [quiet.day for quiet in self.quiet_days]
        if twice := [day for day in days if days.count(day) > 1]:
            raise ValueError(f"quiet_days: {twice[0]} is named twice")

    def quiet_day(self, day: date) -> "QuietDay | None":
        """Return what is said of `day` if it is a quiet one."""
        return next((quiet for quiet in self.quiet_days if quiet.day == day), None)


class NotPrivate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is repeated though it is nobody's of contacts.toml: e-mail addresses of `domains` and of those below them,
    telephone `numbers` that begin so.
    """

    domains: tuple[str, ...] = ("va.gov",)
    numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        guard.allowing(domains=self.domains, ranges=self.numbers)


class QuietDay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day that is no holiday, and yet only has a `share` of what a usual one has: 0.4 is 40%."""

    day: date
    share: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    name: str = ""

    @property
    def told(self) -> str:
        """Return what it is in words: "Christmas Eve, 40% of a usual day"."""
        return f"{self.name or 'a quiet day'}, {round(self.share * 100)}% of a usual day"


class SummaryTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the 8pm post is drafted, due, read again, and given up: times of day in the desk's zone."""

    draft: str = "19:40"
    due: str = "20:00"
    reread: str = "20:10"
    give_up: str = "20:30"

    def __post_init__(self) -> None:
        times = [_plain(read_time, name, getattr(self, name)) for name in self.__struct_fields__]
        if times != sorted(times):
            raise ValueError("draft, due, reread and give_up must follow one another in a day")

    def posting(self, day: date, zone: tzinfo) -> tuple[datetime, datetime, datetime]:
        """Return when a day's post is due, read again, and given up, in UTC."""
        return self.on(day, "due", zone), self.on(day, "reread", zone), self.on(day, "give_up", zone)

    def on(self, day: date, name: str, zone: tzinfo) -> datetime:
        """Return the moment, in UTC, of the time called `name` on a day."""
        return moment(day, _read_once(getattr(self, name)), zone)


class ReportTimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where and at what time of day reports are posted by themselves, and of what: nowhere without a channel.

    Sprints are `sprint` long, counted from the first day of any of them.
    """

    channel: Channel = Channel(id="")
    at: str = "9am"
    tells: tuple[Literal["week", "sprint", "month"], ...] = ("week",)
    sprint_begins: date = date(2026, 1, 5)
    sprint: str = "2w"

    def __post_init__(self) -> None:
        _plain(read_time, "at", self.at)
        if _plain(read_length, "sprint", self.sprint) % timedelta(days=1) or not self.sprint_length:
            raise ValueError(f'sprint: "{self.sprint}" is no length in days. Type it as 2w or 10 days')

    @property
    def sprint_length(self) -> timedelta:
        """Return how long a sprint is, in whole days."""
        return read_length(self.sprint)


class Settings(msgspec.Struct, frozen=True):
    """All settings. `environment` holds secrets and is never shown."""

    data_dir: Path
    state_dir: Path
    file: DeskFile
    admins: tuple[str, ...] = ()
    rehearsal: bool = False
    heartbeat_url: str = ""
    environment: Mapping[str, str] = msgspec.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Settings({str(self.data_dir)!r}, {str(self.state_dir)!r})"

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which times are shown and days begin."""
        return ZoneInfo(self.file.zone)

    @property
    def quiet_after(self) -> timedelta:
        """Return how long an open incident may go without an entry before it is flagged."""
        return read_length(self.file.quiet_after)


def read(environment: Mapping[str, str], file: DeskFile | None = None) -> Settings:
    """Return the settings from `environment` and the desk.toml it points to, or with `file` in its place.

    Raise a SettingsError with every complaint.
    """
    data_dir = Path(environment.get("DESK_DATA_DIR") or SHIPPED)
    file = file or read_file(data_dir / "desk.toml", slack=is_on_slack(environment))
    rehearsal = environment.get("DESK_REHEARSAL", "") == "1"
    if rehearsal and not file.channels.rehearsal.id:
        raise SettingsError(["desk.toml [channels.rehearsal] id: DESK_REHEARSAL=1 needs a channel to rehearse in."])
    return Settings(
        data_dir=data_dir,
        state_dir=state_dir(environment),
        file=file,
        admins=tuple(name.strip() for name in environment.get("DESK_ADMINS", "").split(",") if name.strip()),
        rehearsal=rehearsal,
        heartbeat_url=environment.get("DESK_HEARTBEAT_URL", "").strip(),
        environment=environment,
    )


def read_file(path: Path, *, slack: bool) -> DeskFile:
    """Return desk.toml. Raise a SettingsError with everything wrong in it. On `slack` channels have its ids."""
    file = team_file.read(path, DeskFile)
    if wrong := [f"{path.name} {one}" for one in _wrong_channels(file, slack=slack)]:
        raise SettingsError(wrong)
    return file


def last_right(environment: Mapping[str, str], kept: followed_file.KeptFiles) -> Settings | None:
    """Return the settings with desk.toml as it was when it was last right; None where that is not kept.

    Raise a SettingsError with every complaint, and a UserError while nobody can know.
    """
    read_it = functools.partial(read_file, slack=is_on_slack(environment))
    file = followed_file.last_right("desk.toml", kept, read_it)
    return read(environment, file) if file else None


def is_on_slack(environment: Mapping[str, str]) -> bool:
    """Return whether the chat is Slack, as config.py chooses it."""
    return bool(environment.get("SLACK_BOT_TOKEN", "").strip())


def has_datadog_keys(environment: Mapping[str, str]) -> bool:
    """Return whether any key to Datadog's API is set: without one, nothing can be asked of it."""
    return any(name.startswith("DESK_DATADOG_") and name.endswith("_KEY") for name in environment)


def _wrong_channels(file: DeskFile, *, slack: bool) -> Iterator[str]:
    """Yield why there is no channel that the day can be told in, without which there is no desk."""
    id = file.channels.go_live.id
    if not id.strip():
        yield "[channels.go_live] id: missing; it is where the day is told"
    elif slack and not CHANNEL_ID.fullmatch(id):
        yield f"[channels.go_live] {UNLIKE_SLACK.format(id)}"


def doubtful(file: DeskFile) -> Iterator[str]:
    """Yield what the desk starts with, and yet is of no use: domains that are none, channel ids unlike Slack's."""
    for domain in file.not_private.domains:
        if not DOMAIN.fullmatch(domain):
            yield f'[not_private] domains: "{domain}" is not a domain, such as va.gov'
    rooms = {"channels.go_live": file.channels.go_live, "channels.rehearsal": file.channels.rehearsal}
    rooms |= {f"channels.alerts.{number}": room for number, room in enumerate(file.channels.alerts, 1)}
    for table, room in (rooms | {"report.channel": file.report.channel}).items():
        if room.id.strip() and not CHANNEL_ID.fullmatch(room.id):
            yield f"[{table}] {UNLIKE_SLACK.format(room.id)}"


def follow(
    settings: Settings,
    complain: Callable[[SettingsError], None],
    kept: followed_file.KeptFiles = followed_file.NOTHING_KEPT,
) -> followed_file.TeamFile[DeskFile]:
    """Return desk.toml as it is in force, which is as it was at the start. `complain` hears of every edit since."""

    def unchanged(path: Path) -> DeskFile:
        if read_file(path, slack=is_on_slack(settings.environment)) != settings.file:
            raise SettingsError(["desk.toml was edited: the desk takes that with its next start."])
        return settings.file

    followed = followed_file.TeamFile(
        settings.data_dir / "desk.toml", unchanged, complain, instead=lambda wrong: settings.file, kept=kept
    )
    followed()
    return followed


def state_dir(environment: Mapping[str, str]) -> Path:
    """Return the folder that the desk writes to."""
    return Path(environment["DESK_STATE_DIR"])


def _plain(read_one: Callable[[str], T], name: str, text: str) -> T:
    """Return what `read_one` reads. Turn its UserError into a ValueError, which msgspec reports with the key."""
    try:
        return read_one(text)
    except UserError as wrong:
        raise ValueError(f"{name}: {wrong}") from None
