"""People without Slack are told once each, and those in the chat hear of what they were not told."""

from datetime import date, timedelta
from email import message_from_bytes, policy
from smtplib import SMTP

import pytest

from opsdesk.chat import Command, Person, Place
from opsdesk.errors import UserError
from opsdesk.incidents.notice_undo import last_notice
from opsdesk.incidents.rules import Change
from opsdesk.incidents.severity import Severity
from opsdesk.posts import PostRecord
from opsdesk.settings import Sent
from opsdesk.targets import teams as by_teams
from tests.chat.stage import LOST, failing
from tests.oncall.stage import eastern
from tests.patience import LONG, until
from tests.ports import free_port
from tests.summary.stage import ALICE, BOB
from tests.targets.stage import HANGS, LEADS, SITES, ToldElsewhere, mail_server

DAY = date(2026, 11, 23)
SUMMARY = """\
Production support summary, Monday, November 23, 2026 (1pm to 8pm ET, on call: Alice)

Production events
• #1 VistA is slow: investigating (sev 2, vista, since 2:00pm, owner Alice)

Counts
Check-ins clicked: 1765

Incidents 1 opened, 0 resolved, 0 carried over, 1 still open"""


def mails(mail):
    return [message_from_bytes(envelope.content, policy=policy.default) for envelope in mail[0].taken]


def evening(elsewhere: ToldElsewhere, first: str = "19:58", last: str = "20:02") -> None:
    elsewhere.run(eastern(f"2026-11-23 {first}"), eastern(f"2026-11-23 {last}"), timedelta(seconds=20))


def open_one(elsewhere: ToldElsewhere, at: str = "2026-11-23 14:00", **told: object) -> int:
    given = {"title": "VistA is slow", "severity": Severity.SEV_2, "subsystem": "vista", "owner": ALICE} | told
    return elsewhere.team.opened(at=at, **given)


def test_the_day_is_told_elsewhere_once_as_it_is_told_in_the_chat(elsewhere, teams, mail):
    open_one(elsewhere)
    evening(elsewhere)
    assert teams[0].texts == [SUMMARY]
    assert elsewhere.team.posted[0].replace("*", "") == SUMMARY
    (message,) = mails(mail)
    assert message.get_content().replace("\r", "") == SUMMARY + "\n"
    assert message["Subject"] == SUMMARY.partition("\n")[0]
    assert (message["To"], mail[0].taken[0].rcpt_tos) == (
        "desk@example.gov",
        ["first@example.gov", "second@example.gov"],
    )
    assert elsewhere.desk.standing(DAY) == [
        "VISN leads (Microsoft Teams): sent 8:00pm",
        "Sites (e-mail): sent 8:00pm",
    ]


def test_what_changed_is_told_once_at_half_past_eight(elsewhere, teams, mail):
    number = open_one(elsewhere)
    evening(elsewhere)
    elsewhere.team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 20:12"), by=ALICE)
    evening(elsewhere, "20:10", "20:29")
    assert len(teams[0].taken) == 1
    evening(elsewhere, "20:30", "20:32")
    elsewhere.team.counts.answer = "Check-ins clicked: 1770"
    evening(elsewhere, "20:32", "20:50")
    assert teams[0].texts[1:] == [
        "Production support summary, Monday, November 23, 2026: changed since it was sent\n"
        "• #1 VistA is slow: resolved (sev 2, vista, 2:00pm to 8:12pm, 6 hours 12 minutes). restarted\n"
        "Incidents 1 opened, 1 resolved, 0 carried over"
    ]
    first, second = mails(mail)
    assert second["In-Reply-To"] == first["Message-ID"]


def test_nothing_follows_where_nothing_has_changed_by_half_past_eight(elsewhere, teams):
    open_one(elsewhere)
    evening(elsewhere, "19:58", "20:33")
    elsewhere.team.counts.answer = "Check-ins clicked: 1770"
    evening(elsewhere, "20:33", "20:50")
    assert teams[0].texts == [SUMMARY]


def test_a_summary_that_is_left_out_is_told_nowhere(elsewhere, teams, mail):
    elsewhere.team.day_post.skip("2026-11-23 nobody is on shift", by=ALICE, at=eastern("2026-11-23 15:00"))
    evening(elsewhere)
    assert (teams[0].taken, mail[0].taken, elsewhere.desk.standing(DAY)) == ([], [], [])


def test_an_incident_of_the_worst_severity_is_told_of_and_its_end(elsewhere, teams):
    number = open_one(elsewhere, "2026-11-23 13:12", title="VistA is *down*", severity=Severity.SEV_1)
    elsewhere.tick(eastern("2026-11-23 13:13"))
    log = elsewhere.team.log
    log.update(number, Change(text="two sites"), at=eastern("2026-11-23 13:20"), by=ALICE)
    elsewhere.tick(eastern("2026-11-23 13:21"))
    log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 15:40"), by=ALICE)
    for at in ("15:41", "15:42"):
        elsewhere.tick(eastern(f"2026-11-23 {at}"))
    log.reopen(number, Change(text="again"), at=eastern("2026-11-23 16:00"), by=ALICE)
    elsewhere.tick(eastern("2026-11-23 16:01"))
    log.update(number, Change(severity=Severity.SEV_2), at=eastern("2026-11-23 16:30"), by=ALICE)
    elsewhere.tick(eastern("2026-11-23 16:31"))
    assert teams[0].texts == [
        "Severity 1: #1 VistA is ∗down∗\nvista · since 1:12pm ET · investigating · owner Alice\n"
        "What becomes of it is told here once it is over.",
        "Over: #1 VistA is ∗down∗\nResolved 3:40pm ET, after 2 hours 28 minutes\nrestarted",
        "Severity 1: #1 VistA is ∗down∗\nvista · since 1:12pm ET · investigating · owner Alice\nagain\n"
        "What becomes of it is told here once it is over.",
        "No longer severity 1: #1 VistA is ∗down∗\nIt is sev 2 now, and still open.",
    ]


def test_one_opened_by_mistake_is_taken_back_where_it_was_told(elsewhere, teams):
    number = open_one(elsewhere, "2026-11-23 13:12", severity=Severity.SEV_1)
    elsewhere.tick(eastern("2026-11-23 13:13"))
    elsewhere.team.log.void(number, Change(text="wrong thread"), at=eastern("2026-11-23 13:14"), by=ALICE)
    elsewhere.tick(eastern("2026-11-23 13:15"))
    assert teams[0].texts[1] == "No incident: #1 VistA is slow\nOpened by mistake: wrong thread"


def announce(elsewhere: ToldElsewhere, number: int, at: str) -> str:
    return elsewhere.notices.announce(number, elsewhere.desk.names(Sent.NOTICES), typed(at))


def ask(elsewhere: ToldElsewhere, number: int, impact: str, at: str, by: Person = ALICE) -> str:
    return elsewhere.notices.ask(number, impact, typed(at, by))


def typed(at: str, by: Person = ALICE) -> Command:
    return Command("", by, Place(), eastern(at if " " in at else f"2026-11-23 {at}"))


def undo(elsewhere: ToldElsewhere, at: str, by: Person = ALICE) -> str:
    """What `!undo` answers about notices; "nothing" where it looks further."""
    last = last_notice(elsewhere.notices, by, eastern(f"2026-11-23 {at}"))
    return last.undo() if last else "nothing"


NOTICE = """\
VistA Production Outage 11-23-2026
Applications Impacted: VistA
Business Impact: nobody can check in at two sites
Start: 11-23-2026 1:12pm ET
End: not yet
Current Status: investigating: VistA is slow
Resolution: not yet"""


def test_a_notice_is_sent_when_somebody_says_so_and_its_end_by_itself(elsewhere, teams, mail):
    number = open_one(elsewhere, "2026-11-23 13:12")
    ask(elsewhere, number, "nobody can check in  at two sites", "13:14")
    elsewhere.tick(eastern("2026-11-23 13:15"))
    assert teams[0].texts == []
    assert announce(elsewhere, number, "13:16") == (
        "The notice of #1 goes to VISN leads (Microsoft Teams) and Sites (e-mail), and its end once it is over. "
        "`!desk targets` lists them."
    )
    for at in ("13:17", "13:18"):
        elsewhere.tick(eastern(f"2026-11-23 {at}"))
    assert teams[0].texts == [NOTICE]
    assert mails(mail)[0]["Subject"] == "VistA Production Outage 11-23-2026"
    with pytest.raises(UserError, match=r"Alice had the notice of #1 sent today 1:16pm; its end is sent by itself."):
        announce(elsewhere, number, "13:20")
    elsewhere.team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 15:40"), by=ALICE)
    for at in ("15:41", "15:42"):
        elsewhere.tick(eastern(f"2026-11-23 {at}"))
    elsewhere.team.log.note(number, Change(text="ticket filed"), at=eastern("2026-11-23 15:45"), by=ALICE)
    elsewhere.tick(eastern("2026-11-23 15:46"))
    assert teams[0].texts[1:] == [
        "VistA Production Outage 11-23-2026\nApplications Impacted: VistA\n"
        "Business Impact: nobody can check in at two sites\nStart: 11-23-2026 1:12pm ET\n"
        "End: 11-23-2026 3:40pm ET, after 2 hours 28 minutes\n"
        "Current Status: resolved: VistA is slow\nResolution: restarted"
    ]
    assert mails(mail)[1]["In-Reply-To"] == mails(mail)[0]["Message-ID"]


def test_a_notice_stands_in_its_thread_and_is_kept_current(elsewhere):
    team = elsewhere.team
    number = open_one(elsewhere, "2026-11-23 13:12")
    team.log.place(number, team.channel.post("C0LIVE", "the card"))
    told = ask(elsewhere, number, "", "13:14")
    assert told == (
        "The notice of #1 stands in its thread, and is kept current until it is over.\n"
        "What it means for people is still missing: `!incident notice 1 <who cannot do what>`\n"
        "`!incident announce 1` sends it to people without Slack."
    )
    posts = elsewhere.posts
    posts.tick(eastern("2026-11-23 13:15"))
    ask(elsewhere, number, "nobody can check in at two sites", "13:16")
    posts.tick(eastern("2026-11-23 13:17"))
    assert [one.text.replace("*", "") for one in team.channel.messages if one.thread] == [NOTICE]
    team.log.resolve(number, Change(text="restarted"), at=eastern("2026-11-23 15:40"), by=ALICE)
    posts.tick(eastern("2026-11-23 15:41"))
    (standing,) = [one.text for one in team.channel.messages if one.thread]
    assert standing.endswith("*Current Status:* resolved: VistA is slow\n*Resolution:* restarted")
    posts.tick(eastern("2026-11-26 15:41"))
    assert list(elsewhere.notices.standing()) == []


def test_a_notice_is_taken_back_step_by_step_and_what_was_posted_struck_out(elsewhere):
    team = elsewhere.team
    number = open_one(elsewhere, "2026-11-23 13:12")
    team.log.place(number, team.channel.post("C0LIVE", "the card"))
    ask(elsewhere, number, "nobody can check in at two sites", "13:14")
    elsewhere.posts.tick(eastern("2026-11-23 13:15"))
    ask(elsewhere, number, "nobody can check in at all", "13:16")
    ask(elsewhere, number, "", "13:17")  # which only asks to see it
    assert undo(elsewhere, "13:18", BOB) == "nothing"
    assert undo(elsewhere, "13:18") == "The notice of #1 is as before: nobody can check in at two sites."
    elsewhere.posts.tick(eastern("2026-11-23 13:19"))
    assert [one.text.replace("*", "") for one in team.channel.messages if one.thread] == [NOTICE]
    assert undo(elsewhere, "13:20") == "The notice of #1 is taken back. What stands in its thread is struck out."
    assert undo(elsewhere, "13:21") == "nothing"
    elsewhere.posts.tick(eastern("2026-11-23 13:22"))
    struck = "~VistA Production Outage 11-23-2026~ Taken back by Alice 1:20pm: it is no notice."
    assert [one.text for one in team.channel.messages if one.thread] == [struck]
    ask(elsewhere, number, "nobody can check in at two sites", "13:24")
    elsewhere.posts.tick(eastern("2026-11-23 13:25"))
    assert [one.text.replace("*", "") for one in team.channel.messages if one.thread] == [NOTICE]
    assert undo(elsewhere, "13:35") == "nothing"


def test_a_notice_taken_back_before_it_was_posted_is_posted_only_when_asked_for_anew(elsewhere):
    team = elsewhere.team
    number = open_one(elsewhere, "2026-11-23 13:12")
    team.log.place(number, team.channel.post("C0LIVE", "the card"))
    ask(elsewhere, number, "nobody can check in", "13:14")
    assert undo(elsewhere, "13:15") == "The notice of #1 is taken back."
    elsewhere.posts.tick(eastern("2026-11-23 13:16"))
    assert [one for one in team.channel.messages if one.thread] == []
    ask(elsewhere, number, "nobody can check in at two sites", "13:17")
    elsewhere.posts.tick(eastern("2026-11-23 13:18"))
    assert [one.text.replace("*", "") for one in team.channel.messages if one.thread] == [NOTICE]
    assert undo(elsewhere, "13:19").endswith("is struck out.")
    elsewhere.posts.tick(eastern("2026-11-24 13:20"))
    assert list(elsewhere.notices.standing()) == []


@pytest.mark.parametrize("is_there", [False, True])
def test_a_notice_whose_answer_was_lost_and_that_was_taken_back_stands_once_it_is_asked_for_anew(elsewhere, is_there):
    team = elsewhere.team
    number = open_one(elsewhere, "2026-11-23 13:12")
    team.log.place(number, team.channel.post("C0LIVE", "the card"))
    ask(elsewhere, number, "nobody can check in", "13:14")
    setattr(team.channel, "after" if is_there else "before", failing("post", LOST))
    elsewhere.posts.tick(eastern("2026-11-23 13:15"))
    assert undo(elsewhere, "13:16").startswith("The notice of #1 is taken back.")
    for minute in range(17, 20):
        elsewhere.posts.tick(eastern(f"2026-11-23 13:{minute}"))
    ask(elsewhere, number, "nobody can check in at two sites", "13:20")
    for minute in range(21, 24):
        elsewhere.posts.tick(eastern(f"2026-11-23 13:{minute}"))
    assert [one.text.replace("*", "") for one in team.channel.messages if one.thread] == [NOTICE]
    assert undo(elsewhere, "13:24").endswith("is struck out.")
    elsewhere.posts.tick(eastern("2026-11-23 13:25"))
    assert [one.text[:1] for one in team.channel.messages if one.thread] == ["~"]


def test_what_was_sent_to_people_without_slack_or_changed_since_is_not_taken_back(elsewhere):
    number = open_one(elsewhere, "2026-11-23 13:12")
    ask(elsewhere, number, "nobody can check in", "13:14")
    ask(elsewhere, number, "two sites", "13:15", BOB)
    with pytest.raises(UserError, match=r"Bob has changed the notice of #1 since: `!incident notice 1 <who cannot"):
        undo(elsewhere, "13:16")
    assert undo(elsewhere, "13:16", BOB) == "The notice of #1 is as before: nobody can check in."
    announce(elsewhere, number, "13:17")
    with pytest.raises(UserError) as refused:
        undo(elsewhere, "13:18")
    assert str(refused.value) == (
        "The notice of #1 was sent to people without Slack: that is not unsent. Its end is sent by itself: "
        "`!incident resolve 1 what mended it`, or `!incident void 1 why` if there is no outage."
    )
    ask(elsewhere, number, "two sites", "13:19", BOB)
    assert undo(elsewhere, "13:20", BOB) == "The notice of #1 is as before: nobody can check in."


def test_a_notice_whose_incident_cannot_be_read_holds_back_no_other_message(elsewhere, teams):
    team = elsewhere.team
    lost = open_one(elsewhere, "2026-11-21 13:12")
    ask(elsewhere, lost, "nobody can check in at two sites", "2026-11-21 13:14")
    team.store.close()
    for root in (team.folder, team.folder / "mirror"):
        (root / "days" / "2026-11-21.json").write_bytes(b"")
    team.open(eastern("2026-11-23 19:00"))
    elsewhere.open()
    evening(elsewhere)
    assert [text.partition(" (")[0] for text in teams[0].texts] == [
        "Production support summary, Monday, November 23, 2026"
    ]


def test_an_incident_that_was_read_before_it_ended_is_not_taken_for_open_again(elsewhere):
    log, serious = elsewhere.team.log, elsewhere.desk.serious
    number = open_one(elsewhere, severity=Severity.SEV_1)
    before, at = log.get(number), eastern("2026-11-23 14:30")
    log.resolve(number, Change(text="restarted"), at=at, by=ALICE)
    serious.follow(before)
    assert [one.is_open for one in serious.since(at)] == [False]


def test_what_an_outage_means_is_told_in_few_words(elsewhere):
    number = open_one(elsewhere)
    with pytest.raises(UserError, match=r"at most 600 characters in a notice, this has 5,000\. Put the details into"):
        ask(elsewhere, number, "x" * 5000, "14:05")
    assert list(elsewhere.notices.standing()) == []


def test_without_targets_a_notice_can_only_be_copied(team):
    elsewhere = ToldElsewhere(team, environment={})
    number = open_one(elsewhere, "2026-11-23 13:12")
    assert (
        ask(elsewhere, number, "nobody can check in at two sites", "13:14").replace("*", "")
        == f"{NOTICE}\n`!incident announce 1` sends it to people without Slack."
    )
    assert announce(elsewhere, number, "13:16") == (
        "Nobody is sent outage notices: `[[targets]]` in data/desk.toml names who is. "
        "`!incident notice 1` writes it to be copied."
    )


def test_after_a_start_nothing_is_sent_twice_and_what_is_old_no_more(elsewhere, teams):
    open_one(elsewhere, "2026-11-23 08:00", severity=Severity.SEV_1)
    elsewhere.open()
    elsewhere.tick(eastern("2026-11-23 12:30"))
    assert teams[0].texts == []
    open_one(elsewhere, "2026-11-23 13:12", severity=Severity.SEV_1)
    elsewhere.tick(eastern("2026-11-23 13:13"))
    elsewhere.open()
    evening(elsewhere)
    elsewhere.open()
    evening(elsewhere, "20:02", "20:05")
    assert [text.partition(":")[0] for text in teams[0].texts] == [
        "Severity 1",
        "Production support summary, Monday, November 23, 2026 (1pm to 8pm ET, on call",
    ]


def test_a_workflow_that_is_busy_is_asked_again_when_it_says(elsewhere, teams, mail):
    teams[0].answers.append((429, {"Retry-After": "90"}))
    evening(elsewhere, "20:00", "20:01")
    assert (teams[0].asked, teams[0].taken, len(mail[0].taken)) == (1, [], 1)
    evening(elsewhere, "20:01", "20:03")
    assert (teams[0].asked, len(teams[0].taken)) == (2, 1)


def test_a_workflow_that_does_not_answer_gets_it_once_more_marked(elsewhere, teams, monkeypatch):
    teams[0].answers.append((HANGS, {}))
    monkeypatch.setattr(by_teams, "TIMEOUT", 0.3)
    evening(elsewhere, "20:00", "20:00")
    monkeypatch.setattr(by_teams, "TIMEOUT", LONG)
    assert "unconfirmed: Teams did not answer in time" in elsewhere.desk.standing(DAY)[0]
    evening(elsewhere, "20:01", "20:05")
    assert [text.partition("\n")[0] for text in teams[0].texts] == [
        "(possibly repeated: the chat did not confirm the first one)"
    ]
    assert elsewhere.team.posted[0].startswith("*Production support summary")


def notices(elsewhere: ToldElsewhere, at: str) -> list[tuple[str, str]]:
    """Whom the chat tells of what was not sent elsewhere, and what."""
    moment = eastern(f"2026-11-23 {at}")
    found = [one for target in elsewhere.desk.targets for one in target.notices(moment)]
    return [(one.person, line.text) for one in found for line in one.compose(one.due, PostRecord(one.key))]


def test_what_a_workflow_refuses_for_good_is_told_at_once_and_when_it_is_given_up(elsewhere, teams):
    teams[0].answers.extend([(404, {})] * 500)
    evening(elsewhere, "19:58", "20:01")
    why = "Teams answered 404: is the workflow still there, and its address right?"
    what = "⚠ The summary of Monday, November 23, 2026"
    assert notices(elsewhere, "20:01") == [
        (
            ALICE.id,
            f"{what} cannot be sent to VISN leads (Microsoft Teams): {why} Tried again until 8:30pm; "
            "see to `DESK_TARGET_VISN`.",
        )
    ]
    evening(elsewhere, "20:01", "20:40")
    assert notices(elsewhere, "20:40") == [
        (
            ALICE.id,
            f"{what} was not sent to VISN leads (Microsoft Teams): {why} Who needs it there has to be told by you.",
        )
    ]
    assert elsewhere.team.posted[0].startswith("*Production support summary")


def test_mail_refused_for_one_address_goes_to_the_others_and_the_admins_hear(elsewhere, mail):
    mail[0].refusals["second@example.gov"] = "550 no such user"
    evening(elsewhere)
    assert mail[0].taken[0].rcpt_tos == ["first@example.gov"]
    assert list(elsewhere.trouble._waiting) == [
        'Target "Sites": The mail server refused 1 of 2 addresses (550); the others were sent it.'
    ]


def test_mail_refused_for_now_is_sent_later_once(elsewhere, mail):
    mail[0].last.append("451 try later")
    evening(elsewhere, "20:00", "20:05")
    assert len(mail[0].taken) == 1


def test_without_its_variable_a_target_is_named_and_the_others_are_told(team, teams):
    elsewhere = ToldElsewhere(team, LEADS, SITES, environment={LEADS.address: teams[1]})
    assert elsewhere.desk.mistakes == [
        'desk.toml, target "Sites": DESK_TARGET_SITES is not set',
    ]
    assert elsewhere.desk.listed() == (
        "VISN leads (Microsoft Teams): summary, sev 1 and notices\nSites (e-mail): ⚠ DESK_TARGET_SITES is not set\n"
        "`!desk try <name>` sends one a trial."
    )
    evening(elsewhere)
    assert len(teams[0].taken) == 1


def test_in_a_rehearsal_nobody_elsewhere_is_told(team, teams):
    elsewhere = ToldElsewhere(team, LEADS, environment={LEADS.address: teams[1]}, rehearsal=True)
    evening(elsewhere)
    assert teams[0].taken == []


def test_a_target_can_be_tried(elsewhere, teams):
    assert elsewhere.desk.try_out("visn LEADS", ALICE) == (
        "Sent to VISN leads (Microsoft Teams): ask there whether it arrived."
    )
    assert teams[0].texts == [
        "A trial\nThe production-support desk was asked by Alice whether it reaches VISN leads: nothing is wrong."
    ]
    teams[0].answers.append((410, {}))
    with pytest.raises(UserError, match=r"It was not sent to VISN leads.*410"):
        elsewhere.desk.try_out("VISN leads", ALICE)
    with pytest.raises(UserError, match=r'No target is called "nobody": `!desk try VISN leads` and `!desk try Sites`.'):
        elsewhere.desk.try_out("nobody", ALICE)


def test_no_word_of_a_trouble_holds_an_address(elsewhere, teams, caplog):
    teams[0].answers.extend([(404, {}), (302, {"Location": "http://127.0.0.1:1/"}), (500, {})])
    evening(elsewhere, "20:00", "20:10")
    assert "secret-of-the-workflow" not in caplog.text + "\n".join(elsewhere.trouble._waiting)
    assert len(teams[0].taken) == 1


def test_a_password_that_no_mail_server_takes_is_refused_without_a_word_of_it(team, mail, monkeypatch):
    monkeypatch.setattr(SMTP, "login", lambda self, *named: "\0".join(named).encode("ascii"))  # as it does
    server = mail[1].replace("smtp://", "smtp://desk:secr%C3%A9t@")
    elsewhere = ToldElsewhere(team, SITES, environment={SITES.address: "first@example.gov", "DESK_SMTP": server})
    evening(elsewhere, "20:00", "20:01")
    assert elsewhere.desk.standing(DAY) == [
        "Sites (e-mail): being tried: DESK_SMTP names a host, a user or a password that no mail server takes"
    ]
    assert "secr" not in "\n".join(text for _, text in notices(elsewhere, "20:01"))


def test_a_target_that_hangs_holds_up_neither_the_chat_nor_another(elsewhere, teams, mail):
    teams[0].answers.append((HANGS, {}))
    elsewhere.at = eastern("2026-11-23 20:00")
    elsewhere.desk.tick(elsewhere.at)
    until(lambda: teams[0].asked and mail[0].taken, "both to be sent the day")
    elsewhere.desk.tick(elsewhere.at)
    elsewhere.team.tick(elsewhere.at)
    assert len(elsewhere.team.posted) == 1
    teams[0].over.set()


def test_a_day_that_cannot_be_told_by_mail_is_owed_until_the_server_is_back(team, teams):
    environment = {SITES.address: "first@example.gov", "DESK_SMTP": f"smtp://127.0.0.1:{free_port()}?from=d@e.gov"}
    elsewhere = ToldElsewhere(team, SITES, environment=environment)
    evening(elsewhere)
    told = elsewhere.desk.standing(DAY)
    assert told == ["Sites (e-mail): being tried: the mail server cannot be reached (ConnectionRefusedError)"]
    with mail_server() as (post, url):
        environment["DESK_SMTP"] = url
        elsewhere.open()
        evening(elsewhere, "20:10", "20:12")
    assert len(post.taken) == 1
