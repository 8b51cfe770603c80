"""Alerts in words: the reply below one, the lists, the line in the summary, the week."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

import msgspec

from opsdesk.alerts.alert import Source
from opsdesk.alerts.group import ActionKind, AlertGroup, Outcome
from opsdesk.alerts.noise import NoiseRule
from opsdesk.clock import day_of
from opsdesk.incidents import Incident, Severity
from opsdesk.text import tell_date, tell_length, tell_time, tell_when, tell_zone

MOST_LISTED = 15  # problems: with the longest titles they stay within one message
LONGEST_TITLE = 120  # characters
MOST_NAMED = 10  # incidents that alerts became, in a line about all of them
REACTIONS = "react 👀 looking · 🔇 noise · ✅ handled · 📟 open an incident"
SIGNS = {
    Outcome.UNTOUCHED: "🔴",
    Outcome.ACKNOWLEDGED: "👀",
    Outcome.NOISE: "🔇",
    Outcome.HANDLED: "✅",
    Outcome.BECAME: "📟",
    Outcome.RECOVERED: "✅",
}


class KnownProblem(msgspec.Struct, frozen=True):
    """What the desk knows about a problem besides its notifications, as lines and words.

    `subsystem` is its key, "" if nothing points to one; `ask_line` says whom to ask; `week` is how often there was the
    same in the seven days up to it, `last_time` what happened then; `details` are lines from Sentry and Datadog;
    `links` are further addresses.
    """

    subsystem: str = ""
    ask_line: str = ""
    week: int = 0
    last_time: str = ""
    details: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def reply(group: AlertGroup, known: KnownProblem, at: datetime, zone: tzinfo) -> str:
    """Return the desk's reply below an alert: what it is about, how it stands, whom to ask, what to do."""
    lines = [
        " · ".join(filter(None, (known.subsystem or "subsystem unknown", _often(group, known, zone), known.last_time)))
    ]
    if stands := state(group, at, zone):
        lines.append(stands)
    lines += known.details
    if group.outcome in (Outcome.UNTOUCHED, Outcome.ACKNOWLEDGED):
        lines.append(" · ".join(filter(None, (known.ask_line, REACTIONS))))
    links = [link for link in (group.link, *known.links) if link]
    return "\n".join([*lines, *dict.fromkeys(links)])


def state(group: AlertGroup, at: datetime, zone: tzinfo) -> str:
    """Return how a problem stands in a sentence; "" for one that nobody has touched and that goes on."""
    last = group.last(ActionKind.ACKNOWLEDGED, ActionKind.NOISE, ActionKind.HANDLED)
    if group.incident_before and not group.incident and not group.is_over:
        return f"🔴 {came_again(group, group.incident_before, zone)}"
    over = f"Recovered at {_clock(group.over_at, at, zone)}" if group.over_at else ""
    if group.incident:
        return ". ".join(filter(None, (f"📟 Became #{group.incident}", over)))
    if not last:
        muted = f"🔇 Known noise: {group.rule}" if group.is_muted else ""
        return ". ".join(filter(None, (muted, f"✅ {over}" if over and not muted else over)))
    said = {
        ActionKind.ACKNOWLEDGED: f"👀 Acknowledged by {last.by.name} at {_clock(last.at, at, zone)}, {_after(group)}",
        ActionKind.NOISE: f"🔇 Noise ({last.by.name}{f': {last.text}' if last.text else ''})",
        ActionKind.HANDLED: f"✅ Handled by {last.by.name} at {_clock(last.at, at, zone)}",
    }[last.kind]
    return ". ".join(filter(None, (said, over)))


def came_again(group: AlertGroup, incident: int, zone: tzinfo) -> str:
    """Return what is said of a problem that came again once its incident was over, and what to type."""
    since = tell_time(group.began_at, zone)
    again = f"`!incident reopen {incident} <what is seen>`, or a new one: `!alerts open {group.number}`"
    return f"Alert {group.number} came again at {since}, after #{incident} was over. {again}"


def became_already(number: int, incident: Incident, severity: Severity | None) -> str:
    """Return that an alert had become an incident before, and how to change what was typed with it."""
    if not incident.is_open:
        return became_over(number, incident.number)
    changed = f": `!incident update {incident.number} --sev {severity:d}` changes it" if severity else ""
    return f"Alert {number} had become #{incident.number} before{changed}."


def became_over(number: int, incident: int) -> str:
    """Return the answer to somebody who opens an incident from a problem whose incident is over."""
    return f"Alert {number} became #{incident}, which is over: `!incident reopen {incident} <what is seen>`"


def acknowledged(group: AlertGroup, at: datetime, zone: tzinfo) -> str:
    """Return the message that the playbook wants: who acknowledged, when, after how long."""
    last = group.last(ActionKind.ACKNOWLEDGED)
    by, since = (last.by.name, last.at) if last else ("somebody", at)
    return f"Acknowledged by {by} at {_clock(since, at, zone)} {tell_zone(since, zone)}, {_after(group)}"


def listing(groups: Sequence[AlertGroup], day: date, at: datetime, zone: tzinfo, page: int = 1) -> str:
    """Return the problems of a day, those that wait for somebody first, a line each."""
    when = tell_date(day, day_of(at, zone))
    if not groups:
        return f"No alert {when}."
    order = ordered(groups)
    start = (page - 1) * MOST_LISTED
    shown = order[start : start + MOST_LISTED]
    more = len(order) - start - len(shown)
    rest = [f"{more} more: `!alerts {day} {page + 1}`"] if more > 0 else []
    return "\n".join([f"*Alerts {when}* {counted(groups)}", *(line(group, at, zone) for group in shown), *rest])


def ordered(groups: Sequence[AlertGroup]) -> list[AlertGroup]:
    """Return problems in the order of lists: those that wait for somebody first, of each kind the latest."""
    return sorted(groups, key=lambda group: (_rank(group), -group.last_at.timestamp()))


def line(group: AlertGroup, at: datetime, zone: tzinfo) -> str:
    """Return one problem in a line: its number, sign, title, how often, how it stands."""
    often = (
        f"x{group.count}, last {_clock(group.last_at, at, zone)}"
        if group.count > 1
        else _clock(group.last_at, at, zone)
    )
    facts = (group.service, "unrecognised" if group.source is Source.UNRECOGNISED else "", often, _short(group))
    return f"{group.number}. {SIGNS[group.outcome]} {group.title[:LONGEST_TITLE]} · {' · '.join(filter(None, facts))}"


def shown(group: AlertGroup, known: KnownProblem, at: datetime, zone: tzinfo) -> str:
    """Return one problem in full."""
    head = f"*{group.number}. {group.title}*"
    since = f"since {tell_when(group.first_at, at, zone)}"
    facts = " · ".join(filter(None, (group.source.value, group.service, group.scope or "", since)))
    numbers = " · ".join(f"{name}: {value}" for name, value in group.numbers.items())
    text = group.text[:600] if group.source is Source.UNRECOGNISED else ""
    return "\n".join(filter(None, (head, facts, numbers, reply(group, known, at, zone), text)))


def counted(groups: Sequence[AlertGroup]) -> str:
    """Return the line of the summary: "14: 11 known noise, 2 acknowledged, 1 became #12, none untouched"."""
    many = Counter(group.outcome for group in groups)
    became = [f"#{group.incident}" for group in groups if group.incident]
    parts = [
        f"{many[Outcome.NOISE]} known noise" if many[Outcome.NOISE] else "",
        f"{many[Outcome.ACKNOWLEDGED]} acknowledged" if many[Outcome.ACKNOWLEDGED] else "",
        f"{many[Outcome.HANDLED]} handled" if many[Outcome.HANDLED] else "",
        f"{len(became)} became {_some(list(dict.fromkeys(became)))}" if became else "",
        f"{many[Outcome.RECOVERED]} recovered" if many[Outcome.RECOVERED] else "",
        f"{many[Outcome.UNTOUCHED] or 'none'} untouched",
    ]
    return f"{len(groups)}: {', '.join(filter(None, parts))}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def week(groups: Sequence[AlertGroup], first: date, last: date) -> str:
    """Return a week's alerts: by outcome, how soon acknowledged, the five noisiest."""
    if not groups:
        return f"No alert from {first} to {last}."
    took = sorted(group.time_to_acknowledge for group in groups if group.time_to_acknowledge is not None)
    noisy: Counter[str] = Counter()
    for group in groups:
        noisy[group.title[:LONGEST_TITLE]] += group.count
    lines = [f"*Alerts {first} to {last}* {counted(groups)}"]
    if took:
        from statistics import median  # not at the start: it takes a millisecond to load

        middle = timedelta(seconds=median(one.total_seconds() for one in took))
        lines.append(f"Acknowledged: {len(took)}, median {tell_length(middle)}, longest {tell_length(took[-1])}")
    lines += [f"• x{many} {title}" for title, many in noisy.most_common(5) if many > 1]
    return "\n".join(lines)


def last_time(before: AlertGroup | None, resolution: str, title: str, at: datetime, zone: tzinfo) -> str:
    """Return what happened the last time: "last time: Nov 19, became #7 “VistA timeouts”, restarted vista-api"."""
    if before is None:
        return ""
    when = tell_date(day_of(before.first_at, zone), day_of(at, zone))
    if before.incident:
        ended = f", {resolution}" if resolution else ""
        return f'last time: {when}, became #{before.incident} "{title[:60]}"{ended}'
    return f"last time: {when}, {before.outcome}"


def untouched(groups: Mapping[int, AlertGroup] | Sequence[AlertGroup], at: datetime, zone: tzinfo) -> list[str]:
    """Return a line with what to type for each problem that nobody has touched."""
    each = groups.values() if isinstance(groups, Mapping) else groups
    waiting = [group for group in each if group.outcome is Outcome.UNTOUCHED]
    return [
        f"alert {group.number} {group.title[:LONGEST_TITLE]}: untouched. `!alerts ack {group.number}`"
        for group in waiting
    ]


def _often(group: AlertGroup, known: KnownProblem, zone: tzinfo) -> str:
    today = f"x{group.count} today, last {tell_time(group.last_at, zone)}" if group.count > 1 else "1st today"
    flaps = f"came and went {group.flaps + 1} times" if group.flaps else ""
    return " · ".join(filter(None, (today, flaps, f"{known.week} in 7 days" if known.week > group.count else "")))


def _short(group: AlertGroup) -> str:
    last = group.last(ActionKind.ACKNOWLEDGED, ActionKind.NOISE, ActionKind.HANDLED)
    if group.incident:
        return f"became #{group.incident}"
    if last:
        return f"{last.kind} by {last.by.name}"
    return f"known noise ({group.rule})" if group.is_muted else "recovered" if group.is_over else ""


def _rank(group: AlertGroup) -> int:
    order = (Outcome.UNTOUCHED, Outcome.ACKNOWLEDGED, Outcome.BECAME, Outcome.HANDLED, Outcome.RECOVERED, Outcome.NOISE)
    return order.index(group.outcome)


def _after(group: AlertGroup) -> str:
    took = group.time_to_acknowledge or timedelta()
    return tell_length(took) if took >= timedelta(minutes=1) else "at once"


def _clock(moment: datetime | None, at: datetime, zone: tzinfo) -> str:
    return tell_when(moment, at, zone) if moment else ""


def called_noise(group: AlertGroup) -> str:
    """Return the answer to somebody who called a problem noise."""
    last = group.last(ActionKind.NOISE)
    why = f": {last.text}" if last and last.text else ""
    mute = f"`!alerts mute {group.number} 2h <reason>` mutes all that come like it."
    return f"🔇 Alert {group.number} is noise{why}. {mute}"


def muted(group: AlertGroup, rule: NoiseRule, at: datetime, zone: tzinfo) -> str:
    """Return the answer to a mute: what is muted, until when, how to end it."""
    until = tell_when(rule.until, at, zone) if rule.until else "further notice"
    title, end = group.title[:LONGEST_TITLE], f"`!alerts unmute {group.number}` ends it"
    return f"🔇 Muted until {until}: {title} ({rule.reason}). {end}."


def rules(given: Mapping[str, NoiseRule], at: datetime, zone: tzinfo) -> str:
    """Return the noise rules in force, a line each: what fits, whose it is, why, and until when."""
    if not given:
        return "Nothing is muted. `!alerts mute 3 2h <reason>`, or a rule in data/noise.toml."
    lines = [
        f"• *{name}* {_fits(rule)} · {rule.owner}: {rule.reason}{_until(rule, at, zone)}"
        for name, rule in given.items()
    ]
    return "\n".join([f"{len(given)} rule{'' if len(given) == 1 else 's'}", *lines])


def _fits(rule: NoiseRule) -> str:
    parts = (("source", rule.source), ("title", rule.title), ("service", rule.service), ("tags", ", ".join(rule.tags)))
    said = [f"{name} {value}" for name, value in parts if value]
    many = [f"up to {rule.more_than} in {rule.within}"] if rule.more_than else []
    return ", ".join([*(said or [rule.key]), *many])


def _until(rule: NoiseRule, at: datetime, zone: tzinfo) -> str:
    return f", until {tell_when(rule.until, at, zone)}" if rule.until else ""


def tried(rule: NoiseRule, groups: Sequence[AlertGroup], days: int) -> str:
    """Return what a rule would have muted in the last days: a dry run."""
    fitting = [group for group in groups if rule.fits(group)]
    all_of_them = _many(len(groups), "alert")
    if not fitting:
        return f"It would have muted nothing in the last {days} days, of {all_of_them}."
    many = sum(group.count for group in fitting)
    touched = [group for group in fitting if group.standing]
    lines = [f"• {group.number}. {group.title[:LONGEST_TITLE]} x{group.count}" for group in fitting[:10]]
    rest = [f"and {len(fitting) - 10} more"] if len(fitting) > 10 else []
    care = [f"⚠ Of {len(touched)} of them somebody took care: {', '.join(str(one.number) for one in touched[:10])}."]
    of_all = f"{len(fitting)} of {all_of_them} of the last {days} days"
    head = f"It would have muted {of_all}, {_many(many, 'notification')}:"
    return "\n".join([head, *lines, *rest, *(care if touched else [])])


def _many(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def taken_back(group: AlertGroup, at: datetime, zone: tzinfo) -> str:
    """Return the answer to somebody who took back what they did about a problem."""
    return f"Alert {group.number} is {group.outcome} again: {group.title[:LONGEST_TITLE]}"
