"""What the desk asks of Slack, and how soon it answers, against a bare slackv3 bot in the same run."""

import itertools
import statistics
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.harness import ALERTS, BINARY, GENERAL, GO_LIVE, DeskProcess, Workspace, until

BARE = Path(__file__).parent / "bare_slack_config.py"
ROUNDS, WARM = 100, 5
CROWD = 30  # people who take turns: no one of them types faster than people do
ROOMS = (GENERAL, GO_LIVE, ALERTS)
# Calls a minute that Slack allows at least, by the tier of the method: https://docs.slack.dev/apis/web-api/rate-limits
ALLOWED = {"conversations.info": 50, "users.info": 100, "team.info": 50, "bots.info": 50, "auth.test": 100}

pytestmark = pytest.mark.skipif(not BINARY.exists(), reason="the stand-in Slack is not installed")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Workspace(crowd=CROWD) as slack:
        admins = ",".join(slack.people.values())
        with DeskProcess(slack, tmp_path_factory.mktemp("desk"), DESK_ADMINS=admins):
            yield slack


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bare")
    with Workspace(crowd=CROWD) as slack, DeskProcess(slack, folder, config=BARE, ready="Plugin activation done"):
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


def test_the_desk_answers_as_soon_as_a_bare_bot(desk, bare, tell):
    times = {"bare": [], "desk": [], "list": []}
    for number in range(WARM + ROUNDS):
        times["bare"].append(answered(bare, f"!echo bare-{number}-", f"bare-{number}-"))
        times["desk"].append(answered(desk, f"!echo desk-{number}-", f"desk-{number}-"))
        times["list"].append(answered(desk, "!incident list", "pen"))
    bare_median, bare_p95 = spread(tell, "bare slackv3 bot, !echo", times["bare"][WARM:])
    median, p95 = spread(tell, "the desk, !echo", times["desk"][WARM:])
    spread(tell, "the desk, !incident list", times["list"][WARM:])
    tell("the desk against the bare", f"median {median / bare_median:.2f}x", f"p95 {p95 / bare_p95:.2f}x")


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
    with Workspace() as slack, DeskProcess(slack, tmp_path):
        slack.front.calls.clear()
        people = ("alice", "bob", "charlie")
        for number in range(200):
            slack.say(people[number % 3], f"chatter {number}", ROOMS[number // 3 % 3])
        assert "ready" in slack.ask("alice", "!desk status")
        calls = Counter(call.method for call in slack.front.calls)
    tell("calls of 200 messages", *(f"{many} {method}" for method, many in calls.items()))
    assert all(calls[method] <= allowed for method, allowed in ALLOWED.items())
