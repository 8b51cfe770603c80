"""Noise rules: which alerts need nobody, for how long, and who said so. From data/noise.toml, and by command."""

import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from opsdesk.alerts.alert import Alert, Source
from opsdesk.alerts.group import AlertGroup
from opsdesk.errors import UserError
from opsdesk.text import read_length

UNUSED_AFTER = timedelta(days=30)  # a rule that has matched nothing for so long is named to its owner


class NoiseRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is muted: an alert that fits every part that is given, at least one of them.

    `title`, `service` and each of `tags` are compared without regard to case, "*" standing for anything; `title` fits
    where it stands anywhere in an alert's. With `more_than` and `within` only the first so many in that time are muted.
    `until` is when it ends; None for a rule of the file.
    """

    owner: str
    reason: str
    source: str = ""
    title: str = ""
    service: str = ""
    tags: tuple[str, ...] = ()
    key: str = ""
    more_than: int = 0
    within: str = ""
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not any((self.source, self.title.strip("* "), self.service.strip("* "), self.tags, self.key)):
            raise ValueError("a rule needs a source, a title, a service or tags to match, or it would mute everything")
        if bool(self.more_than) != bool(self.within):
            raise ValueError('more_than and within go together, such as more_than = 3 and within = "10m"')
        if self.within:
            try:
                read_length(self.within)
            except UserError as wrong:
                raise ValueError(f"within: {wrong}") from None
        if not self.reason.strip() or not self.owner.strip():
            raise ValueError("owner and reason say whose rule it is, and why")

    def fits(self, alert: Alert | AlertGroup) -> bool:
        """Return whether the rule is about this alert."""
        return (
            (not self.source or self.source.casefold() == alert.source.value)
            and (not self.key or self.key == alert.key)
            and (not self.title or _like(alert.title, f"*{self.title}*"))
            and (not self.service or _like(alert.service, self.service))
            and all(any(_like(tag, wanted) for tag in alert.tags) for wanted in self.tags)
        )

    def is_over(self, at: datetime) -> bool:
        """Return whether the rule has ended."""
        return self.until is not None and at >= self.until


class NoiseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """data/noise.toml: the rules by name."""

    rules: Mapping[str, NoiseRule] = {}


def muting(
    rules: Mapping[str, NoiseRule], alert: Alert, groups: Callable[[], Iterable[AlertGroup]], at: datetime
) -> str:
    """Return the name of the rule that mutes an alert at `at`; "" where none does.

    `groups` gives those of the day: a rule that counts looks at how many fitting alerts they had in its time. What the
    desk's own watch tells of has been counted by it, and is not counted again.
    """
    counted = alert.source is Source.DESK
    fitting = [
        (name, rule)
        for name, rule in rules.items()
        if not rule.is_over(at) and rule.fits(alert) and not (rule.more_than and counted)
    ]
    for name, rule in fitting:
        if not rule.more_than or _within(rule, groups(), alert.at) < rule.more_than:
            return name
    return ""


def would_mute(rule: NoiseRule, groups: Sequence[AlertGroup]) -> list[AlertGroup]:
    """Return the groups that a rule would have muted: a dry run over days that are past."""
    return [group for group in groups if rule.fits(group)]


def _within(rule: NoiseRule, groups: Iterable[AlertGroup], at: datetime) -> int:
    since = at - read_length(rule.within)
    return sum(since < moment <= at for group in groups if rule.fits(group) for moment in group.recent)


def _like(text: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]"))
