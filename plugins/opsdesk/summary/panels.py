"""What can be pressed on the draft of the summary, and the form for what is handed over."""

from opsdesk.chat import Button, Doing, Field, FieldKind, Filled, Form

DRAFTED = (
    Button("Add a note", "handover.note", "", "Add a note for the hand-over"),
    Button("Preview", "summary.preview", "", "Preview the day's post"),
)
HANDOVER = "handover.note"
LONGEST_NOTE = 1_000


def noting() -> Form:
    """Return the form that adds a note to what is handed over."""
    field = Field(
        "words", "Note", FieldKind.WORDS, hint="The next shift reads it.", most=LONGEST_NOTE, is_optional=False
    )
    return Form(HANDOVER, "", "Hand over", "Add", (field,), "!summary note Watch the VEText backlog")


def typed_for(filled: Filled) -> Doing:
    """Return the command that the form stands for."""
    return Doing("summary_note", filled.values.get("words", "").strip())
