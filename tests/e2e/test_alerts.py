"""An alert from its first message to its recovery, on Slack: read, answered, taken, escalated, told; through a kill."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdesk.alerts.storm import MOST_NEW
from tests.e2e.harness import MOVED, ROOT, Clock, DeskProcess, Workspace, until
from tests.e2e.workspace import ALERTS, CHARLIE, GENERAL, GO_LIVE, bot_event

MONITOR = "https://tevi.ddog-gov.com/monitors/116657?group=env%3Aprod"
TITLE = "vista-api RPC socket timeouts"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped files, with channels of this Slack, and Charley's id."""
    folder = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("state"))
    desk, contacts = folder / "desk.toml", folder / "contacts.toml"
    desk.write_text(desk.read_text().replace("C02U11L00TF", ALERTS))
    text = contacts.read_text().replace("C02G6AB3ZRS", GENERAL).replace("C02U11L00TF", ALERTS)
    charley = '[people.charley]\nname = "Charley"\n'
    contacts.write_text(text.replace(charley, f'{charley}slack = "{CHARLIE}"\n'))
    return folder


@pytest.fixture(scope="module")
def desk(slack: Workspace, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskProcess]:
    told = {"DESK_DATA_DIR": str(data)}
    folder = tmp_path_factory.mktemp("desk")
    with DeskProcess(slack, folder, config=ROOT / "config.py", **told) as process:  # by the clock that Slack goes by
        yield process


def alerted(slack: Workspace, state: str = "Triggered", title: str = TITLE) -> str:
    """Datadog's message, its text empty and all of it in an attachment; its ts."""
    attachment = {"title": f"{state}: {title}", "title_link": MONITOR, "text": "service:vista-api"}
    return slack.other_bot_posts(ALERTS, f"{state}: {title}", attachments=[attachment])


def below(slack: Workspace, ts: str, words: str, room: str = ALERTS) -> dict:
    """The desk's message with these words in the thread of `ts`, waited for."""

    def found() -> list[dict]:
        return [one for one in slack.desk_messages(room) if one.get("thread_ts") == ts and words in one["text"]]

    return dict(until(found, f'"{words}" below {ts}')[-1])


def number_of(card: dict) -> str:
    """The "#1" of an incident's message."""
    return str(card["text"].split()[1])


def test_an_alert_from_its_first_message_to_its_recovery(slack: Workspace, desk: DeskProcess) -> None:
    ts = alerted(slack)
    reply = below(slack, ts, "vista · 1st today")
    assert "Ask Shane Elliott or Andy McCarty" in reply["text"]
    slack.react("alice", ts, "eyes", ALERTS)
    below(slack, ts, "Acknowledged by alice at ")
    below(slack, ts, "👀 Acknowledged by alice")
    slack.react("bob", reply["ts"], "pager", ALERTS)
    number = number_of(below(slack, ts, f"{TITLE}\nsev "))
    slack.say("alice", "!incident escalate to charley no token since 1:05pm", ALERTS, ts)
    below(slack, ts, "Asked Charley in")
    asked = until(lambda: [one for one in slack.desk_messages(GENERAL) if TITLE in one["text"]], "the call")[-1]
    assert f"<@{CHARLIE}>" in asked["text"]
    slack.say("charlie", "looking", GENERAL, asked["ts"])
    below(slack, ts, "charlie answered after")
    alerted(slack, "Recovered")
    below(slack, ts, f"is {number} over?")
    below(slack, ts, f"📟 Became {number}. Recovered at")


def test_what_came_while_the_desk_was_killed_is_answered_once_it_is_back(slack: Workspace, desk: DeskProcess) -> None:
    desk.kill()
    ts = slack.other_bot_posts(ALERTS, "Triggered: Puma backlog", delivered=False)
    desk.start()
    reply = below(slack, ts, "1st today")
    alerted(slack, title="another one")
    assert len([one for one in slack.desk_messages(ALERTS) if one["ts"] == reply["ts"]]) == 1


def test_a_report_in_go_live_becomes_an_incident_with_its_thread(slack: Workspace, desk: DeskProcess) -> None:
    ts = slack.say("charlie", "RPC socket timeout at station 688\nsince noon", GO_LIVE)
    slack.react("alice", ts, "pager", GO_LIVE)
    card = below(slack, ts, "RPC socket timeout at station 688", GO_LIVE)
    assert "vista" in card["text"]
    slack.say("alice", "!incident update looking --status identified", GO_LIVE, ts)
    below(slack, ts, "identified (was investigating)", GO_LIVE)
    another = slack.say("charlie", "VEText reminders are late", GO_LIVE)
    slack.say("alice", "!incident open --sev 3", GO_LIVE, another)
    assert below(slack, another, "VEText reminders are late\nsev 3 · vetext", GO_LIVE)["text"].startswith("🔴 #")


def test_a_storm_before_8pm_makes_a_handful_of_messages_and_the_summary_is_on_time(data: Path, tmp_path: Path) -> None:
    clock = Clock(tmp_path / "moment", "2026-11-17T00:59:30+00:00")  # 7:59:30pm on Monday, November 16
    told = {"MOMENT": str(clock.file), "DESK_DATA_DIR": str(data)}
    with Workspace() as slack, DeskProcess(slack, tmp_path, config=MOVED, **told):
        for number in range(300):
            slack.front.deliver(bot_event(ALERTS, f"1795839203.{number:06}", f"Triggered: alert {number}"))
        clock.to("2026-11-17T01:00:00+00:00")
        until(lambda: summaries(slack), "the summary")
        assert "(late:" not in summaries(slack)[0]
        assert slack.ask("alice", "!incident list")
        assert len(slack.desk_messages(ALERTS)) <= MOST_NEW + 1


def summaries(slack: Workspace) -> list[str]:
    texts = [one["text"] for one in slack.desk_messages(GO_LIVE)]
    return [text for text in texts if text.startswith("*Production support summary, Monday, November 16")]
