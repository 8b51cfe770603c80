"""What the shipped files tell of whom to ask, at the hour when the clock of the stage starts."""

HOUR = "from_ts=1795453920000&to_ts=1795457520000&live=true"
VISTA = f"""\
*VistA* · also vista-api
1. Shane Elliott
2. Andy McCarty
No contact is kept for them: ask in #check-in-go-live.
No answer? `!whois escalate vista`
Runbook: `!runbook vista-api`
vista-api dashboard: https://tevi.ddog-gov.com/dashboard/pa4-jzg-492/vista-api?{HOUR}
vista-api in VEText's Datadog: https://vetext.ddog-gov.com/dashboard/vu4-t9w-xzs?{HOUR}
vista-api troubleshooting thread: https://dsva.slack.com/archives/C022AC2STBM/p1653417300546239"""
LOROTA = f"""\
*LoROTA*
1. Open the LoROTA dashboard.
2. Open the vets-api dashboard: do the calls to LoROTA for tokens or for data fail?
3. Ask Charley, then Michael Kimball, in #check-in-experience-engineering. No answer? `!whois escalate lorota`.

*LoROTA dashboard* https://tevi.ddog-gov.com/dashboard/9ss-nrd-bj9?{HOUR}
*vets-api dashboard* https://vagov.ddog-gov.com/dashboard/zps-5fk-azw/check-in-vets-api"""
