"""Whom to ask, as Slack shows it: channels that lead there, and the ladder of the incident whose thread it is."""


def test_channels_lead_there_under_whatever_name_they_have(slack, desk):
    told = slack.ask("alice", "!whois charley").splitlines()
    assert "No contact is kept for Charley: ask in <#C02G6AB3ZRS> or <#C02UP02HHGX>." in told
    assert slack.ask("alice", "!whois <#C02G6AB3ZRS>").startswith("<#C02G6AB3ZRS> · C02G6AB3ZRS\n")


def test_addresses_arrive_whole(slack, desk):
    told = slack.ask("alice", "!links cw-stats").splitlines()[1]
    assert told.startswith("https://tevi.ddog-gov.com/dashboard/zix-s83-2u8/cw-stats?from_ts=")
    assert told.endswith("&amp;live=true")


def test_in_an_incident_s_thread_its_minutes_count(slack, desk):
    slack.say("alice", "!incident open VistA timeouts --on vista")
    card = slack.answer()
    number = card["text"].split("#")[1].split()[0]
    assert "Ask Shane Elliott or Andy McCarty · `!runbook vista`" in card["text"].splitlines()

    slack.say("bob", "!whois escalate", thread=card["ts"])
    answer = slack.answer()
    assert answer["thread_ts"] == card["ts"]
    told = answer["text"].splitlines()
    assert told[0] == f"*VistA*: #{number} VistA timeouts, opened less than a minute ago"
    assert told[1] == "➜ At once: Shane Elliott"


def test_a_mention_of_somebody_whose_id_is_not_written_down_calls_nobody(slack, desk):
    told = slack.ask("alice", "!whois <@U0000NOBODY>")
    assert "<@" not in told
    assert told.endswith("type the name instead.")
