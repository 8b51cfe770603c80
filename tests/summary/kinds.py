"""Evenings that once went wrong, a kind of misfortune each; what else is drawn by chance varies them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tests.slack.stage import Fault
from tests.summary.by_people import deleted_early, file_edited, moved, moved_on_the_way, rewritten
from tests.summary.evenings import DAY, EIGHT, GO_LIVE, KNOWN, Evening, Outcome, Trouble
from tests.summary.lives import Life
from tests.summary.rare_days import over_the_weekend, rare_day

END = EIGHT + 2700
POSTS = ("chat.postMessage",)
HEAD = "*Production support summary"


def _life(chance: random.Random, end: float = END) -> Life:
    """A desk that lives through 8pm, with incidents before and after."""
    start = EIGHT - chance.choice((300, 65, 30))
    opens = (start + 5, start + 20, *(EIGHT + at for at in chance.choice(((), (90,)))))
    return Life(start, end, opens=opens, resolves=(EIGHT + 150,))


def _told_once(words: str, outcome: Outcome) -> Iterator[str]:
    told = len(outcome.told_of(words)) + sum(words in text for text in outcome.admins)
    if told != 1:
        yield f'"{words}" was told {told} times'


def _stands(outcome: Outcome, posts: int = 1) -> Iterator[str]:
    if len(outcome.posts) != posts:
        yield f"{len(outcome.posts)} posts stand, and not {posts}"


def late_call(chance: random.Random) -> Evening:
    """The first tries are not answered, and carried out 40 seconds later; the desk may be killed meanwhile."""
    tries, killed = chance.choice((1, 1, 2)), chance.random() < 0.4
    late = Trouble(EIGHT, EIGHT + 300, Fault.LATE, POSTS, GO_LIVE, times=tries)
    life = _life(chance)
    lives = (replace(life, kill_at=chance.randint(0, 20), armed_at=EIGHT + 1), Life(EIGHT + 20, END))
    within = 12.0 * tries + (25 if killed else 3)
    return Evening((KNOWN, *(lives if killed else (life,))), (late,), name="late call", within=within, wrong=_stands)


def two_desks(chance: random.Random) -> Evening:
    """Two desks run on different state folders, by clocks that may differ."""
    life = replace(
        _life(chance),
        second_from=EIGHT - 3600 + chance.choice((3595, 3570, 3606, 0)),
        second_skew=chance.choice((0.0, 0.0, 120.0, -120.0)),
        resolves=(),
        end=EIGHT + 600,
    )
    return Evening((KNOWN, life), name="two desks", wrong=_both_told)


def _both_told(outcome: Outcome) -> Iterator[str]:
    if len(outcome.posts) == 1 and not outcome.told_of("as this desk did not write it"):
        yield "nobody was told of the other desk"


def put_back(chance: random.Random) -> Evening:
    """The state is put back from a snapshot of before the post."""
    first = replace(_life(chance, EIGHT + 200), resolves=())
    start = first.end + chance.choice((5, 60, 900))
    then = Life(start, start + 900, opens=(start + 20,) * chance.randint(0, 1))
    wrong = partial(_told_once, "as this desk did not write it")
    return Evening((KNOWN, first, then), put_back=2, name="snapshot put back", wrong=wrong)


def two_evenings(chance: random.Random) -> Evening:
    """The desk is down from Monday's 7:58pm to Wednesday."""
    start = EIGHT - 600
    monday = Life(start, EIGHT - 60, (), 0, EIGHT - 120, opens=(start + 5, start + 60))
    back = EIGHT + 2 * DAY - chance.choice((900, 300))
    wednesday = Life(back, EIGHT + 2 * DAY + 300, opens=(back + 30,))
    return Evening((KNOWN, monday, wednesday), name="down over two evenings", wrong=_missed_told)


def _missed_told(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    if "Monday, November 23 and Tuesday, November 24" not in outcome.text:
        yield "the post does not say which evenings it tells of"
    for day in ("Monday, November 23", "Tuesday, November 24"):
        if not any(day in one["text"] for one in outcome.told_of("*not posted*")):
            yield f"nobody was told of {day}"


def state_lost(chance: random.Random) -> Evening:
    """The state is lost, and the desk started after 8pm; its post stands, or does not."""
    posted = chance.random() < 0.5
    first = replace(_life(chance, EIGHT + 100 if posted else EIGHT - 20), resolves=())
    start = EIGHT + chance.choice((120, 600, 2000))
    wrong = partial(_follows if posted else _asks)
    return Evening((KNOWN, first, Life(start, start + 600)), lost=2, name="state lost", wrong=wrong)


def _follows(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    if outcome.told_of("`!summary post`"):
        yield "the admins were asked, though the post stands"


def _asks(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome, 0)
    yield from _told_once("If it is to be posted, type `!summary post`", outcome)


def final_refusal(fault: Fault, chance: random.Random) -> Evening:
    """The channel refuses the post in a way that somebody has to mend, and does so or not."""
    lasts = chance.choice((400, 3600))
    refused = Trouble(EIGHT - 60, EIGHT + lasts, fault, POSTS, GO_LIVE)
    wrong = partial(_told_at_once, lasts < 1800)
    return Evening((KNOWN, _life(chance)), (refused,), name=f"refused: {fault.value}", wrong=wrong)


def _told_at_once(mended: bool, outcome: Outcome) -> Iterator[str]:
    refused = outcome.told_of("is *not posted yet*")
    if not refused or float(refused[0]["ts"]) > EIGHT + 3 or HEAD not in refused[0]["text"]:
        yield "Alice was not told at once, with the text"
    yield from _told_once("was posted after all" if mended else "was *not posted*", outcome)
    yield from _stands(outcome, 1 if mended else 0)


def token_dead(chance: random.Random) -> Evening:
    """Slack takes the token no more, for longer than tries go on."""
    fault = chance.choice((Fault.INACTIVE, Fault.NOT_TAKEN))
    life = replace(_life(chance), end=EIGHT + 2500)
    return Evening((KNOWN, life), (Trouble(EIGHT - 5, EIGHT + 2000, fault),), name="token dead")


def token_refused(chance: random.Random) -> Evening:
    """Slack refuses the token for 25 seconds."""
    since = EIGHT - chance.choice((5, 0))
    refused = Trouble(since, since + 25, Fault.NOT_TAKEN)
    return Evening((KNOWN, _life(chance)), (refused,), name="token refused for a while", within=29, wrong=_stands)


def cannot_be_edited(chance: random.Random) -> Evening:
    """From 8:01pm on the post can no longer be edited; the next one tells what has changed."""
    fixed = Trouble(EIGHT + 60, EIGHT + DAY - 60, Fault.FIXED, ("chat.update",))
    monday = replace(_life(chance), opens=(EIGHT - 25, EIGHT + 70, EIGHT + 200), resolves=(EIGHT + 150,))
    tuesday = Life(EIGHT + DAY - 300, EIGHT + DAY + 120)
    return Evening((KNOWN, monday, tuesday), (fixed,), name="cannot be edited", wrong=_tried_once)


def _tried_once(outcome: Outcome) -> Iterator[str]:
    yield from _told_once("can no longer be changed", outcome)
    yield from _stands(outcome, 2)
    if outcome.met.count(Fault.FIXED) != 1:
        yield f"the edit was tried {outcome.met.count(Fault.FIXED)} times"
    if "*Changed since Monday's post" not in outcome.posts[-1]["text"]:
        yield "the next post does not say what has changed"


def post_deleted(chance: random.Random) -> Evening:
    """Somebody deletes the post."""
    life = replace(_life(chance), opens=(EIGHT - 25, EIGHT + 200))
    return Evening((KNOWN, life), name="post deleted", deletes=(EIGHT + 120, "summary:"), wrong=_not_posted_again)


def _not_posted_again(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome, 0)
    yield from _told_once("was deleted from the channel", outcome)


def card_deleted(chance: random.Random) -> Evening:
    """Somebody deletes the message of an open incident."""
    at = EIGHT + chance.choice((-20, 40))
    life = replace(_life(chance), opens=(EIGHT - 28,), cards=True, updates=(at + 10, at + 60), resolves=())
    return Evening((KNOWN, life), name="card deleted", deletes=(at, "incident 1"), wrong=_card_stands)


def _card_stands(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    if len(outcome.cards) != 1 or "last update 8:" not in outcome.cards[0]:
        yield f"the incident's messages are {outcome.cards}"


def clock_back(chance: random.Random) -> Evening:
    """The clock is set back just after the post."""
    skews = ((EIGHT + chance.choice((3, 10)), -chance.choice((90.0, 600.0, 3600.0))), (EIGHT + 300, 0.0))
    life = replace(_life(chance), skews=skews)
    return Evening((KNOWN, life), name="clock set back", within=3, wrong=_window_stays)


def _window_stays(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    shrunk = [text for text in outcome.edits if "(midnight to " in text and "(midnight to 8pm" not in text]
    if shrunk:
        yield f"the window of the counts shrank: {shrunk}"


def clock_ahead(chance: random.Random) -> Evening:
    """The clock is an hour ahead from 7:59pm on."""
    back = EIGHT + chance.choice((300, 7200))
    life = replace(_life(chance), start=EIGHT - 300, skews=((EIGHT - 60, 3600.0), (back, 0.0)), resolves=())
    return Evening((KNOWN, life), name="clock ahead", within=3, wrong=_clock_told)


def _clock_told(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    if "(late: " in outcome.text:
        yield "the post says that it is late"
    yield from _told_once("The desk's clock is 1 hour ahead of the chat's", outcome)


def clock_days_ahead(chance: random.Random) -> Evening:
    """The clock is days ahead for a while before 8pm: the day seems to be over, and is given up."""
    days = chance.choice((1, 7))
    skews = ((EIGHT - 150, days * DAY), (EIGHT - chance.choice((80, 20)), 0.0))
    life = Life(EIGHT - 300, END, skews, opens=(EIGHT - 250, EIGHT + 90), resolves=(EIGHT + 150,))
    return Evening((KNOWN, life), name="clock days ahead", within=3, wrong=_after_all if days == 1 else _stands)


def _after_all(outcome: Outcome) -> Iterator[str]:
    yield from _stands(outcome)
    yield from _told_once("Monday, November 23, 2026 was posted after all", outcome)


def quick_failure(chance: random.Random) -> Evening:
    """One call fails, at once."""
    fault = chance.choice((Fault.BROKEN, Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.NOT_SLACK, Fault.NO_TS))
    failure = Trouble(EIGHT, EIGHT + 60, fault, POSTS, GO_LIVE, times=1)
    return Evening((KNOWN, _life(chance)), (failure,), name="one quick failure", within=3, wrong=_stands)


def busy_briefly(chance: random.Random) -> Evening:
    """Slack asks to wait for three seconds."""
    busy = Trouble(EIGHT, EIGHT + 3, Fault.BUSY_BRIEFLY, POSTS, GO_LIVE)
    return Evening((KNOWN, _life(chance)), (busy,), name="asked to wait 3 seconds", within=4, wrong=_stands)


def two_quick_failures(chance: random.Random) -> Evening:
    """Two calls fail one after the other, each in its way."""
    faults = chance.choices((Fault.BROKEN, Fault.CUT_BEFORE, Fault.CUT_AFTER, Fault.NOT_SLACK, Fault.NO_TS), k=2)
    failures = tuple(Trouble(EIGHT, EIGHT + 60, fault, POSTS, GO_LIVE, times=1) for fault in faults)
    return Evening((KNOWN, _life(chance)), failures, name="two quick failures", within=5, wrong=_stands)


def busy_oddly(chance: random.Random) -> Evening:
    """Slack asks to wait, and not for how many seconds."""
    fault = chance.choice((Fault.BUSY_AT_ONCE, Fault.BUSY_ODDLY))
    busy = Trouble(EIGHT, EIGHT + 60, fault, POSTS, GO_LIVE, times=1)
    return Evening((KNOWN, _life(chance)), (busy,), name="asked to wait oddly", within=12, wrong=_stands)


def half_answers(chance: random.Random) -> Evening:
    """What answers is somebody in between, who says yes to all and tells nothing."""
    methods = (*POSTS, "conversations.history", *chance.choice(((), ("conversations.open",))))
    halves = Trouble(EIGHT - chance.choice((60, 0)), EIGHT + chance.choice((20, 120, 1900)), Fault.NO_TS, methods)
    return Evening((KNOWN, _life(chance)), (halves,), name="half answers", wrong=_stands)


def killed(chance: random.Random) -> Evening:
    """The desk is killed around its claim, its call or its record, and started again a moment later."""
    back = EIGHT + chance.choice((1, 5, 25))
    life = replace(_life(chance), kill_at=chance.randint(0, 16), armed_at=EIGHT, resolves=())
    return Evening((KNOWN, life, Life(back, END)), name="killed", within=back - EIGHT + 3, wrong=_stands)


def disk_full(chance: random.Random) -> Evening:
    """The disk is full from 7:59:50pm or before on, for a while or for good; the desk may be killed meanwhile."""
    full = (EIGHT - chance.choice((30, 10)), EIGHT + chance.choice((180, 600, 9000)))
    life = replace(_life(chance), full=full)
    lives, within = chance.choice((((life,), 3), (_killed(life, full, chance), 13)))
    return Evening((KNOWN, *lives), name="disk full", within=within, wrong=_stands)


def _killed(life: Life, full: tuple[float, float], chance: random.Random) -> tuple[Life, Life]:
    first = replace(life, kill_at=chance.randint(0, 16), armed_at=EIGHT, resolves=())
    return first, Life(EIGHT + 10, END, full=full)


def stopped(chance: random.Random) -> Evening:
    """The process is stopped over 8pm, and goes on."""
    until = EIGHT + chance.choice((2, 20, 45, 700, 1900))
    life = replace(_life(chance), stopped=(EIGHT - chance.choice((20, 1)), until))
    return Evening((KNOWN, life), name="stopped over 8pm", within=until - EIGHT + 3, wrong=_stands)


REFUSALS = (Fault.CLOSED, Fault.NOT_IN, Fault.GONE, Fault.FORBIDDEN)
KINDS: tuple[Callable[[random.Random], Evening], ...] = (
    late_call,
    two_desks,
    put_back,
    two_evenings,
    state_lost,
    *(partial(final_refusal, fault) for fault in REFUSALS),
    token_dead,
    token_refused,
    cannot_be_edited,
    post_deleted,
    card_deleted,
    clock_back,
    clock_ahead,
    clock_days_ahead,
    quick_failure,
    two_quick_failures,
    busy_briefly,
    busy_oddly,
    half_answers,
    killed,
    disk_full,
    stopped,
    rare_day,
    over_the_weekend,
    file_edited,
    moved,
    moved_on_the_way,
    rewritten,
    deleted_early,
)
