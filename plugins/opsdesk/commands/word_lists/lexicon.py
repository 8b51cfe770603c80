"""The words of sentences, by the idea that each stands for; built when the first sentence is read."""

from collections.abc import Iterator, Mapping
from functools import cache

from opsdesk.commands.word_lists.spelling import Spellings

SURE_LETTERS = 4  # of a word that is known with one letter wrong


def words_in(written: str) -> frozenset[str]:
    """Return the words of a list that is written with blanks between them."""
    return frozenset(written.split())


# Each idea's words and phrases. "~" stands behind one that people put in all tenses: close, closes, closed, closing.
# Apostrophes are left out as people leave them out: "what's" is "whats".
IDEAS = {
    # what is done to an incident
    "resolve": (
        "resolve~, close~, fix~, fixes, repair~, solve~, sort~, finish~, end~, done, over, sorted out, closed out, "
        "close out, wrap up, is back up, is back online, is back to normal, all good, all clear, back up, back "
        "online, back to normal, been resolved, been closed, got resolved, got closed, works again, working again, "
        "works now, working now, works fine now, up again, recovered"
    ),
    "reopen": (
        "reopen~, re-open~, back again, came back, is back, its back, broke again, broken again, happens again, "
        "happening again, failing again, down again, not working again, again not working, started again, returned, "
        "come back, comes back, open again, opened again"
    ),
    "ack": (
        "ack~, ackd, acked, acknowledge~, on it, on that, looking, looking at, looking into, look into, working on, "
        "checking, investigating this, eyes on, look on, looking on, look at, check on, working at"
    ),
    "take": (
        "take, takes, takin, taking, took, taken, take over, takes over, took over, taking over, taken over, has, "
        "owns, mine, on me, got, in my name, grab~, grabbing, have, i have, ic for, ic of, ownership, lead~, claim, "
        "claiming, claimed, dibs, dibs on, pick up, picks up, picking up, picked up"
    ),
    "assign": (
        "assign~, reassign~, over to, give, giving, hand~, hand over, handed over, handing over, hand off, handed off, "
        "handing off, pass~, put, transfer~, goes"
    ),
    "note": "note~, comment~, add~, write~, record~, mention~, fyi, for the record, information, info, document~",
    "update": "update~, upd, updt",
    "change": (
        "change~, set, setting, mark~, move~, make, making, transition~, switch~, bump~, raise~, lower~, drop~, "
        "dropping, upgrade~, downgrade~, escalate~, promote~, demote~, turn, turning, convert~"
    ),
    "monitoring": (
        "mitigated, mitigation, contained, stable, stabilized, stabilised, under control, recovering, "
        "watching it, watching this, keep an eye on, keeping an eye on, keep an eye on it, under observation, "
        "being watched"
    ),
    "identified": "root cause, root cause found, found the cause, cause found",
    "investigating": "in progress",
    "sev": "sev, severity, priority, prio, sevs",
    "title": "rename~, retitle~, title",
    "merge": "fold~, combine~, merge~, merging, dup, dupe, duplicate~",
    "alike": "same, identical",
    "void": (
        "void~, delete~, remove~, cancel~, false alarm, kill~, call off, calling off, "
        "never real, wasnt real, not real, not a real, throw it away, throw away, bin it, trash it"
    ),
    "mistake": "mistake, by mistake, accident, by accident",
    "too soon": (
        "too soon, too early, in error, accidentally, mistakenly, wrongly, prematurely, shouldnt have, should not "
        "have, the wrong one, wrong one"
    ),
    "snooze": "snooze~, remind~, quiet",
    "escalate": "page, call, ping, paging, calling, pinging, pages",
    "action": "todo, to-do, action item, action items, followup, follow-up, follow up",
    "export": "spreadsheet, excel, export~, postmortem, post-mortem, post mortem, rca, csv, pm for, download~",
    # what is spoken of
    "incident": (
        "incident, incidents, inc, incs, ticket, tickets, issue, issues, problem, problems, outage, outages, bug"
    ),
    "alert": "alert, alerts, alerting, alarm, alarms, firing",
    "counts": "compare, compared, vs, versus, counts, count, cnts, numbers, nums, stats, stat",
    "check-ins": (
        "pre check ins, pre check-ins, precheckins, precheck-ins, pre-checkins, check-in, checkin, check-ins, "
        "checkins, check ins, checked in, people checked in, patients checked in, pre-check-ins, clicks"
    ),
    "chart": "draw, drawn, chart, charts, graph, graphs, plot, trend",
    "skip": "no summary, no post, skip~, skipping, leave out, omit",
    "post": (
        "no summary, no post, 8 oclock, 8pm post, message of the day, message at, the message at, daily message, "
        "daily update, evening message, 8pm message, days post, summary, summaries, sum, post, daily post, daily, "
        "eod, recap, recaps, daily summary"
    ),
    "handover": (
        "next person, the person after me, person after me, whoever comes next, whoever comes after, relief, "
        "handover, hand over note, handoff, next shift, nxt shift, incoming shift, to night shift, for night shift, "
        "to the night shift, for the night shift, whoever is next"
    ),
    "handed over": "hand over, handed over, handing over, hand off, handed off, handing off",
    "oncall": (
        "on again, on next, on call, oncall, on-call, pager, duty, on duty, on shift, primary, rota, on tonight, on "
        "now, on today, working, working on, on support, covering, covers, can cover, could cover, will cover, before "
        "me, was on, had the shift, has the shift"
    ),
    "schedule": "schedule, calendar, rota, weekend, roster",
    "next one": "next, secondary, after, backup",
    "person": (
        "responsible, owner, owners, owns, own, contact, contacts, poc, expert, right person, person, in charge, "
        "handles, handle, knows, know about, maintains, supports, looks after, takes care of, deals with, team for"
    ),
    "reach": (
        "ask, talk to, speak to, reach, reach out to, contact, ping, call, page, message, write to, dm, escalate to, "
        "get hold of, bother, tell about, go to, turn to"
    ),
    "no answer": (
        "escalate, escalate to, escalation, not answering, no answer, not picking up, nobody answers, no one answers"
    ),
    "worse": "worse, worsening, spreading, degrading",
    "normal": "normal, usual, typical, expected, low, lower, high, higher, weird, strange, total, trending",
    "answers": (
        "answers, answering, answer, responds, responding, respond, replies, replying, reply, reacts, picks up, gets "
        "back"
    ),
    "runbook": (
        "runbook, runbooks, run book, run books, run-book, runbk, playbook, playbooks, steps, procedure, "
        "instructions, rb"
    ),
    "cure": "fix, debug, handle, troubleshoot, do when, do if, do about, do with, is stuck",
    "link": "dashboard, dashboards, board, boards, link, links, url, logs, dash",
    "traces": "traces, trace, errors, error traces, failing, exceptions",
    "broke": "broke, breaks, breaking, fails, fail, failed, crashed, crashes",
    "watch": "watch, watching, watcher",
    "metrics": "average time, time to resolve, time to resolution, time to acknowledge, mttr, mtta, mean time",
    "search": "search, search for, find, look for, history of, history on, reported, seen before, happened before",
    "before": (
        "last time, have that last, had that last, have this last, last happen, last happened, ever, seen, before, "
        "earlier incidents, prior incidents, similar incidents, past incidents, old incidents, previous incidents, "
        "previously, in the past"
    ),
    "open": (
        "open, opens, opened, start, new, create~, trigger~, declare~, raise, report~, log, logging, file, filing, "
        "submit~, make"
    ),
    "open ones": (
        "open, still open, active, unresolved, pending, outstanding, going on, happening, ongoing, broken, down, "
        "known, current, burning, backlog, left"
    ),
    "resolved ones": (
        "closed ones, resolved ones, fixed ones, closed incidents, resolved incidents, closed tickets, been resolved, "
        "been closed, got resolved, got closed, did we close, did we resolve, did we fix"
    ),
    "state": (
        "status, state, situation, news, latest, update, updates, stand, eta, progress, going, look like, so far, "
        "details, detail, timeline, rundown, story"
    ),
    "shown": (
        "explain, describe, walk me through, gimme, pull up, bring up, display, fetch, look up, lemme see, let me "
        "see, read me, print, get me, summary for, summary of, recap of, tell me about, whats up with, fill me in on, "
        "catch me up on, bring me up to speed on, play by play, blow by blow, run me through, the whole story"
    ),
    "out": "out, go out, went out, gone out, sent, send, posted, published, go, delivered, up, come, comes, due",
    "told": "posted, wrote, write, happened, happen, published, did we have, did we do, go on",
    "my": "my, mine, assigned to me, i have, on my plate, plate",
    "undo": "undo~, revert~, take back, take it back, take that back, roll back that, unack",
    "there": "there, up, online, running, bot",
    "alive": (
        "connected, alive, awake, listening, are you working, are you there, are you up, are you ok, are you online, "
        "are you running, are you around, you working, you there, you up, you ok, you alive"
    ),
    "shift": "shift, my shift, my next shift, my first shift, the shift, this shift",
    "swap": "swap~, trade~, override~, swapping",
    "mute": "shush, hush, mute~, silence~, unmute~, shut up",
    "noise": (
        "disregard~, planned maintenance, noise, noisy, ignore~, false positive, flapping, false alarm, known noise"
    ),
    "handled": (
        "finished, over, gone, recovered, cleared, ended, quiet again, fine again, ok again, handled, dealt with, "
        "done, fixed, resolved, closed, handle, close, resolve, sorted"
    ),
    # how it is said
    "not": (
        "nobody, no one, noone, not answering, no answer, not picking up, nobody answers, no one answers, not, dont, "
        "do not, isnt, arent, wasnt, werent, didnt, doesnt, never, cant, cannot, wont, wouldnt, havent, hasnt, "
        "shouldnt, shouldnt have, should not have, avoid, avoiding, aint, nope, without, not yet, no longer"
    ),
    "if": "if, unless, once, until, till, whenever, as soon as, in case, provided, after",
    "maybe": (
        "maybe, perhaps, probably, might, should, would, could be, i think, i guess, i believe, seems, seem, looks, i "
        "can confirm, thinking about, about to, going to, wonder, make sure, to be, must, i could, we could, id"
    ),
    "who": "who, whos, whom, whose, whoever",
    "what": "wats, what, whats, which, wat",
    "when": "which hour, what hour, which time, at what time, at which time, at which hour, when, whens, what time",
    "where": "where, wheres",
    "how": "how, hows, how to, how do i, how do we, how can i, how would i, how does one",
    "itself": "ic, wait, waiting, waits, back, they, he, she",  # words that are no slip of another
    "how many": "how many, how much, number of",
    "how long": "how long",
    "why": "why",
    "is": (
        "is, are, was, were, did, does, do, has, have, had, will, am, shall, anyone, anybody, somebody, someone, any, "
        "anything, is there, are there, do we have, should, would, must i, must we, ok to, okay to, safe to, fine to"
    ),
    "can": (
        "i would like to, would like to, i would like, id like to, id like, can you, could you, would you, will you, "
        "can someone, could someone, can somebody, can anyone, can i, could i, can we, could we, may i"
    ),
    "i": "i, im, ill, ive, we, weve, me, id",
}

# What may stand anywhere and says no more than is said without it.
FILLERS = words_in(
    "a an the this that these those please pls plz thanks thank thx ty hey hi hello morning afternoon evening ok "
    "okay so just now rn atm already currently right actually really also too again sorry well and then um guys "
    "team all folks everybody everyone desk kindly quickly asap it its be been being to of for on in with at "
    "as by into from about is are was were has have had do does did will can could would us our we i im ive ill "
    "id me my you your there here lets let show give tell see get want like need must should send thats whos sent "
    "4 something oops whoops mybad bad know whats which what some any one ones thing things moment current still yet "
    "doing mean theres last out up s theyre getting got make sure only simply merely quick needs good "
    "most frequent common somewhere anywhere somehow evening great cool nice"
)


@cache
def ideas() -> Mapping[tuple[str, ...], frozenset[str]]:
    """Return the ideas that each word or phrase may stand for."""
    found: dict[tuple[str, ...], set[str]] = {}
    for idea, written in IDEAS.items():
        for phrase in _phrases(written):
            found.setdefault(tuple(phrase.split()), set()).add(idea)
    return {phrase: frozenset(meant) for phrase, meant in found.items()}


def nearest_words(word: str) -> list[str]:
    """Return the words of sentences that are one letter away from `word`."""
    return _words().near(word)


def is_word_of_sentences(word: str) -> bool:
    """Return whether it is a word of any sentence."""
    return word in FILLERS or word in _words()


def longest_phrase(word: str) -> int:
    """Return how many words the longest phrase has that begins with `word`; 0 where none does."""
    return _longest().get(word, 0)


@cache
def hints(idea: str) -> frozenset[str]:
    """Return words of which at least one stands in every text that has a word or phrase for this idea."""
    return frozenset(max(phrase.split(), key=len) for phrase in _phrases(IDEAS[idea]))


@cache
def _longest() -> Mapping[str, int]:
    return {phrase[0]: len(phrase) for phrase in sorted(ideas(), key=len)}


@cache
def _words() -> Spellings:
    return Spellings(word for phrase in ideas() for word in phrase)


def _phrases(written: str) -> Iterator[str]:
    for one in written.split(", "):
        stem = one.removesuffix("~")
        yield stem
        if stem != one:
            yield from _tenses(stem)


def _tenses(stem: str) -> Iterator[str]:
    """Yield "closes", "closed", "closing" and "closin" for "close"; "dropped" and "dropping" stand by themselves."""
    short = stem.removesuffix("e")
    yield from (stem + "s", short + "ed", short + "ing", short + "in")
