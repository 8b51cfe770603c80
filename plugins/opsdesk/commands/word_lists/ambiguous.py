"""Words that mean one command or another."""

# Words that may mean several commands: they are asked about.
AMBIGUOUS = {
    "edit": ("incident_update", "incident_note"),
    "take": ("incident_assign", "oncall_take"),
    "accept": ("shift_accept", "oncall_accept"),
    "post": ("summary_post", "incident_export"),
    "skip": ("summary_skip",),
    "resume": ("summary_resume",),
    "status": ("desk_status", "summary_status", "incident_list"),
}
# Words that are about an incident where its number stands behind them, and what they mean elsewhere.
NUMBERED = {
    "link": ("incident_link", "links"),
    "take": ("incident_assign|me", ""),
    "status": ("incident_show", ""),
    "escalate": ("incident_escalate", "whois_escalate"),
    "call": ("incident_escalate", "whois"),
    **dict.fromkeys(("todo", "action", "followup", "follow-up"), ("incident_action", "")),
    "looking": ("incident_ack", ""),
    "history": ("incident_show", ""),
    "details": ("incident_show", ""),
    **dict.fromkeys(("end", "ended", "finish", "finished", "solved"), ("incident_resolve", "")),
}
