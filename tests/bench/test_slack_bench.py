"""What the desk asks of Slack, and how soon it answers, against a bare slackv3 bot in the same run."""

import itertools
import re
import statistics
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.harness import ALERTS, BINARY, GENERAL, GO_LIVE, StartedDesk, Workspace, until

BARE = Path(__file__).parent / "bare_slack_config.py"
ROUNDS, WARM, BURST = 60, 5, 300
CROWD = 30  # people who take turns: no one of them types faster than people do
CASE = re.compile(r"case (\d+)-")
ROOMS = (GENERAL, GO_LIVE, ALERTS)
# Calls a minute that Slack allows at least, by the tier of the method: https://docs.slack.dev/apis/web-api/rate-limits
ALLOWED = {"conversations.info": 50, "users.info": 100, "team.info": 50, "bots.info": 50, "auth.test": 100}

pytestmark = pytest.mark.skipif(not BINARY.exists(), reason="the stand-in Slack is not installed")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Workspace(crowd=CROWD) as slack:
        admins = ",".join(slack.people.values())
        with StartedDesk(slack, tmp_path_factory.mktemp("desk"), DESK_ADMINS=admins):
            yield slack


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    with Workspace(crowd=CROWD) as slack, StartedDesk(slack, folder, config=BARE, ready="Plugin activation done"):
        yield slack


turn = itertools.count()


def say(slack, command):
    """Has whoever's turn it is type a command, in a room."""
    number = next(turn)
    slack.say(f"typist{number % CROWD}", command, ROOMS[number % len(ROOMS)])


def answered(slack, command, words):
    """Seconds from typing `command` to the bot's call that posts `words`."""
    begun = time.monotonic()
    say(slack, command)
    found = until(
        lambda: [call for call in slack.front.made("chat.postMessage") if words in str(call.arguments.get("text"))],
        f"the answer to {command}",
    )
    slack.front.calls.clear()
    return found[0].at - begun


def spread(tell, name, times):
    median, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    tell(name, f"median {median * 1000:.1f} ms", f"p95 {p95 * 1000:.1f} ms")
    return median, p95


# What is typed in the round with this number, and words that only its answer has.
COMMANDS = {
    "!echo": ("!echo desk-{0}-", "desk-{0}-"),
    "!incident open": ("!incident open VistA timeouts, case {0}-", "case {0}-"),
    "!incident update": ("!incident update 1 two sites, {0}", "#1 updated"),
    "!incident list": ("!incident list", " open"),
    "!whois": ("!whois vista", "*VistA*"),
    "!summary": ("!summary", "*Production support summary"),
}


def test_the_desk_answers_as_soon_as_a_bare_bot(desk, bare, tell, judge):
    answered(desk, "!incident open VistA timeouts, the first", "the first")
    times = {name: [] for name in ("bare", *COMMANDS)}
    for number in range(WARM + ROUNDS):
        times["bare"].append(answered(bare, f"!echo bare-{number}-", f"bare-{number}-"))
        for name, texts in COMMANDS.items():
            times[name].append(answered(desk, *(text.format(number) for text in texts)))
    bare_median, _ = spread(tell, "bare slackv3 bot, !echo", times.pop("bare")[WARM:])
    for name, taken in times.items():
        median, _ = spread(tell, f"the desk, {name}", taken[WARM:])
        judge(f"{name}, of a bare bot's !echo", median / bare_median, 1.0, "x")


def calls_of(slack, *lines):
    """How many calls these lines cost, once the answer to the last, an !echo, was posted."""
    slack.front.calls.clear()
    for line in lines:
        say(slack, line)
    words = lines[-1].removeprefix("!echo ")
    until(lambda: [c for c in slack.front.made("chat.postMessage") if words in c.arguments["text"]], "the answer")
    return len(slack.front.calls)


def test_what_a_command_and_a_message_of_chatter_cost(desk, bare, tell):
    for name, slack in (("bare slackv3 bot", bare), ("the desk", desk)):
        calls_of(slack, "!echo warm")
        command = calls_of(slack, "!echo one command")
        chatter = calls_of(slack, *["chatter"] * 10, "!echo settled") - command
        tell(f"calls of {name}", f"{command} for a command", f"{chatter / 10:g} for chatter")


def test_two_hundred_messages_in_three_channels_stay_within_slack_s_limits(tmp_path, tell):
    with Workspace() as slack, StartedDesk(slack, tmp_path):
        slack.front.calls.clear()
        people = ("alice", "bob", "charlie")
        for number in range(200):
            slack.say(people[number % 3], f"chatter {number}", ROOMS[number // 3 % 3])
        assert "ready" in slack.ask("alice", "!desk status")
        calls = Counter(call.method for call in slack.front.calls)
    tell("calls of 200 messages", *(f"{many} {method}" for method, many in calls.items()))
    assert all(calls[method] <= allowed for method, allowed in ALLOWED.items())


def burst(slack, command):
    """Seconds until all of a burst of commands are answered, of which everybody types some at once; how often twice.

    Each answer has the number of its command, in "case 12-".
    """
    slack.front.calls.clear()
    begun = time.monotonic()
    with ThreadPoolExecutor(CROWD) as typists:
        list(typists.map(lambda number: say(slack, command.format(number)), range(BURST)))
    answers = {}

    def all_answered():
        for call in slack.front.made("chat.postMessage"):
            if case := CASE.search(str(call.arguments.get("text"))):
                answers.setdefault(int(case[1]), set()).add(call.at)
        return len(answers) == BURST

    until(all_answered, f"{BURST} answers")
    return max(map(min, answers.values())) - begun, sum(len(times) > 1 for times in answers.values())


def test_a_burst_of_commands_is_answered_as_soon_as_by_a_bare_bot(desk, bare, tell, judge):
    by_bare, twice = burst(bare, "!echo case {0}-")
    by_desk, none = burst(desk, "!incident open VistA timeouts, case {0}-")
    tell(f"a burst of {BURST}", f"bare {by_bare:.1f} s, {twice} twice", f"desk {by_desk:.1f} s, {none} twice")
    assert not none
    judge(f"a burst of {BURST} opened, of a bare bot's !echo", by_desk / by_bare, 1.0, "x")
