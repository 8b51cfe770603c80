"""The words of the desk's commands: each command's own, and those that people type for it."""

import enum

import msgspec

from opsdesk.access import Right


class Risk(enum.Enum):
    """What a command does if it was not meant: whether a misspelt word of it is done, or asked about."""

    READS = "it changes nothing"
    UNDOABLE = "another command takes it back"
    GOES_OUT = "it goes out to others"
    LASTS = "it cannot be taken back"

    @property
    def is_done_misspelt(self) -> bool:
        """Return whether a word with one letter wrong is done at once, rather than asked about."""
        return self in (Risk.READS, Risk.UNDOABLE)


class Spoken(msgspec.Struct, frozen=True):
    """A command as it is spoken of: Errbot's name for it, its risk, and other words.

    `verbs` are typed for its last word, behind its group; `alone` are phrases typed for all of it. What a phrase adds
    to what is typed behind it stands after a "|": "my incidents|mine" is `!incident list mine`.
    """

    name: str
    risk: Risk = Risk.READS
    verbs: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    needs: Right | None = None  # where that does not follow from the risk: PUBLISH is for what many are told of

    @property
    def right(self) -> Right:
        """Return what somebody needs to use it."""
        return self.needs or (Right.READ if self.risk is Risk.READS else Right.CHANGE)

    @property
    def group(self) -> str:
        """Return its first word: "incident"."""
        return self.name.partition("_")[0]

    @property
    def verb(self) -> str:
        """Return its second word, "" where it has none."""
        return self.name.partition("_")[2]

    @property
    def typed(self) -> str:
        """Return it as it is typed: "!incident resolve"."""
        return "!" + self.name.replace("_", " ")


LOOKING = ("i'm looking at", "im looking at", "i am looking at", "on it", "im on it", "i'm on it")
TAKING = ("accept", "accepting", "start", "starting", "take", "taking")  # one's own shift
UNDOABLE, GOES_OUT, LASTS = Risk.UNDOABLE, Risk.GOES_OUT, Risk.LASTS

GROUPS = {  # what people call a group of commands, its own name first
    "incident": ("incident", "incidents", "inc", "incs"),
    "summary": ("summary", "summaries"),
    "stats": ("stats", "stat", "counts", "count", "numbers"),
    "oncall": ("oncall", "on call", "on-call", "rota", "rotation"),
    "shift": ("shift", "shifts"),
    "alerts": ("alerts", "alert"),
    "watch": ("watch",),
    "traces": ("traces", "trace", "error traces", "spans"),
    "whois": ("whois", "who is", "who's", "whos", "contact", "contacts"),
    "links": ("links", "link", "dashboards", "dashboard"),
    "runbook": ("runbook", "runbooks", "run book", "run books", "run-book"),
    "report": ("report", "reports"),
    "desk": ("desk",),
    "undo": ("undo",),
}

INCIDENT = (
    Spoken("incident"),
    Spoken(
        "incident_open",
        UNDOABLE,
        verbs=("start", "new", "create", "opened", "raise", "report", "declare", "file"),
        alone=("open", "start", "new", "create", "report incident", "report an incident", "report a new incident"),
    ),
    Spoken("incident_update", UNDOABLE, verbs=("updated",), alone=("update",)),
    Spoken(
        "incident_resolve",
        UNDOABLE,
        verbs=("close", "closed", "done", "fix", "fixed", "resolved", "end", "ended", "solved", "finish", "finished"),
        alone=("resolve", "close", "done", "fix", "fixed", "resolved", "closed"),
    ),
    Spoken(
        "incident_ack",
        UNDOABLE,
        verbs=("acknowledge", "acked", "acknowledged", "accept", "accepted"),
        alone=("ack", "acknowledge", *LOOKING),
    ),
    Spoken("incident_reopen", UNDOABLE, verbs=("re-open", "reopened"), alone=("reopen", "re-open", "open again")),
    Spoken("incident_assign", UNDOABLE, verbs=("give", "reassign", "owner", "take|me"), alone=("assign", "reassign")),
    Spoken("incident_note", UNDOABLE, verbs=("comment", "noted", "remark", "add"), alone=("note", "comment")),
    Spoken("incident_link", UNDOABLE, verbs=("attach",), alone=("attach",)),
    Spoken("incident_void", LASTS, verbs=("delete", "remove", "cancel", "invalid"), alone=("void",)),
    Spoken("incident_merge", LASTS, verbs=("duplicate", "dup", "join"), alone=("merge",)),
    Spoken("incident_escalate", GOES_OUT, verbs=("call", "page")),
    Spoken(
        "incident_action", UNDOABLE, verbs=("actions", "todo", "followup", "follow-up"), alone=("action items|list",)
    ),
    Spoken("incident_notice", LASTS, verbs=("outage", "outage notice"), alone=("outage notice",)),
    Spoken("incident_announce", GOES_OUT, needs=Right.PUBLISH),
    Spoken("incident_snooze", LASTS, verbs=("remind", "quiet"), alone=("snooze",)),
    Spoken(
        "incident_list",
        verbs=("ls", "mine|mine", "today|today", "week|week"),
        alone=(
            "list",
            "what is happening",
            "what's happening",
            "whats happening",
            "what is going on",
            "what's going on",
            "mine|mine",
            "my incidents|mine",
            "what is open",
            "what's open",
            "whats open",
            "anything open",
            "is anything open",
            "open incidents",
            *(
                f"{closed} {ones}|resolved"
                for closed in ("closed", "resolved", "fixed")
                for ones in ("incidents", "ones")
            ),
        ),
    ),
    Spoken(
        "incident_show",
        verbs=("view", "info", "status", "timeline", "details", "history"),
        alone=("show", "view", "timeline"),
    ),
    Spoken("incident_search", verbs=("find", "grep"), alone=("search", "find")),
    Spoken("incident_export", verbs=("download", "csv", "postmortem", "post-mortem"), alone=("export", "postmortem")),
    Spoken("incident_metrics", verbs=("metric", "statistics", "mttr"), alone=("metrics", "mttr")),
)
ALERTS = (
    Spoken("alerts", verbs=("list", "show")),
    Spoken("alerts_ack", UNDOABLE, verbs=("acknowledge", "acked", "looking")),
    Spoken("alerts_noise", UNDOABLE, alone=("noise",)),
    Spoken("alerts_handled", UNDOABLE, verbs=("done", "handle", "resolve", "resolved", "close", "fixed")),
    Spoken("alerts_open", UNDOABLE),
    Spoken("alerts_escalate", GOES_OUT),
    Spoken("alerts_mute", GOES_OUT, verbs=("silence",), alone=("mute", "silence"), needs=Right.PUBLISH),
    Spoken("alerts_unmute", GOES_OUT, verbs=("unsilence",), alone=("unmute",), needs=Right.PUBLISH),
    Spoken("alerts_undo", GOES_OUT),
    Spoken("alerts_questions"),
    Spoken("alerts_try"),
    Spoken("alerts_rules", verbs=("muted", "mutes")),
)
SUMMARY = (
    Spoken("traces", verbs=("show", "list"), alone=("error traces",)),
    Spoken("watch"),
    Spoken("watch_off", GOES_OUT, verbs=("pause", "stop", "mute", "silence", "quiet"), needs=Right.PUBLISH),
    Spoken("watch_on", GOES_OUT, verbs=("resume", "start", "unmute", "unsilence", "again"), needs=Right.PUBLISH),
    Spoken("summary", verbs=("show", "preview", "draft")),
    Spoken("summary_post", GOES_OUT, verbs=("send", "publish"), needs=Right.PUBLISH),
    Spoken(
        "summary_note",
        UNDOABLE,
        verbs=("add", "handover"),
        alone=(
            "handover",
            "hand over",
            "handoff",
            "hand off",
            "note for handover",
            "note for the handover",
            "note for the next shift",
            "note for the summary",
        ),
    ),
    Spoken("summary_notes"),
    Spoken("summary_skip", GOES_OUT, needs=Right.PUBLISH),
    Spoken("summary_resume", GOES_OUT, verbs=("unskip",), needs=Right.PUBLISH),
    Spoken("summary_status"),
    Spoken("report", alone=("week report|week", "weekly report|week", "sprint report|sprint", "monthly report|month")),
)
STATS = (
    Spoken(
        "stats",
        verbs=("show", "for"),
        alone=("todays counts|today", "today's counts|today", "todays numbers|today", "today's numbers|today"),
    ),
    Spoken("stats_chart", verbs=("graph", "draw", "plot"), alone=("chart", "graph", "plot")),
    Spoken("stats_record", LASTS, verbs=("enter", "set"), alone=("record",)),
    Spoken("stats_check", verbs=("test",)),
    Spoken("stats_discover"),
)
ONCALL = (
    Spoken(
        "oncall",
        verbs=("now", "who", "show", "list"),
        alone=(
            "who is on call",
            "who's on call",
            "whos on call",
            "who on call",
            "who is oncall",
            "who's oncall",
            "whos oncall",
            "who oncall",
            "who has the shift",
            "whois oncall",
            "whois on call",
        ),
    ),
    Spoken(
        "oncall_week",
        alone=(
            "who is on call this week",
            "who's on call this week",
            "whos on call this week",
            "who is oncall this week",
            "who's oncall this week",
            "whos oncall this week",
        ),
    ),
    Spoken(
        "oncall_next", alone=("who is next", "who's next", "whos next", "who is on call next", "who's on call next")
    ),
    Spoken("oncall_when", alone=("when is",)),
    Spoken("oncall_me", alone=("when am i on call", "am i on call", "my shifts", "my shift")),
    Spoken("oncall_calendar", verbs=("ics", "ical", "calendars"), alone=("my calendar",)),
    Spoken("oncall_swap", GOES_OUT, verbs=("trade",), alone=("swap",)),
    Spoken("oncall_cover", GOES_OUT, alone=("cover",)),
    Spoken("oncall_accept", GOES_OUT),
    Spoken("oncall_decline", GOES_OUT, verbs=("refuse", "no"), alone=("decline",)),
    Spoken("oncall_take", GOES_OUT),
    Spoken("oncall_undo", GOES_OUT),
    Spoken("shift"),
    Spoken(
        "shift_accept",
        GOES_OUT,
        verbs=("take", "start"),
        alone=("accept shift", "accept the shift", *(f"{taking} my shift" for taking in TAKING)),
    ),
)
ASK = tuple(
    f"{asking} {about}"
    for asking in ("who do i ask", "whom do i ask", "who to ask", "whom to ask", "who can i ask", "ask")
    for about in ("about", "for")
)
CONTACTS = (
    Spoken(
        "whois",
        alone=(
            "who",
            "whom",
            "contact for",
            "contacts for",
            "how do i reach",
            "reach",
            *ASK,
            "who knows",
            "who knows about",
            "who owns",
            "who handles",
        ),
    ),
    Spoken("whois_escalate", verbs=("escalation",), alone=("escalation",)),
    Spoken("links", verbs=("show", "list", "find")),
    Spoken("runbook", verbs=("show", "list", "for")),
)
DESK = (
    Spoken("desk_status", alone=("ping",)),
    Spoken("desk_audit", needs=Right.ADMINISTER),
    Spoken("desk_backup", needs=Right.ADMINISTER),
    Spoken("desk_targets"),
    Spoken("desk_try", GOES_OUT, needs=Right.PUBLISH),
    Spoken("desk_board", alone=("web board", "the web board")),
    Spoken(
        "desk_help",
        alone=(
            *("help", "help me"),
            "hello",
            "hi",
            "hey",
            "commands",
            "what can you do",
            "what do you do",
            "how does this work",
        ),
    ),
    Spoken("yes", LASTS, needs=Right.READ),  # what it does needs its own right
    Spoken("no"),
    Spoken("undo", LASTS, alone=("take it back", "take that back", "undo that", "undo it")),
)

SPOKEN = {one.name: one for one in (*INCIDENT, *ALERTS, *SUMMARY, *STATS, *ONCALL, *CONTACTS, *DESK)}
