"""Messages with buttons, and forms, as data: a chat that has none shows a message's text, and people type."""

import enum
from collections.abc import Mapping

import msgspec


class Button(msgspec.Struct, frozen=True):
    """Something to press. `act` names what it does, `about` what to, such as "12"; `says` is read out for its label."""

    label: str
    act: str
    about: str
    says: str
    primary: bool = False


class Panel(msgspec.Struct, frozen=True):
    """A message in parts: `title` stands out, `facts` and `below` are small, `words` are somebody's own.

    One that has no parts is all `text`; on a page, `link` leads to the message that it is about.
    Of `more` buttons there is room for five, in a menu. The text of the message says all of it, too.
    """

    title: str = ""
    facts: str = ""
    words: str = ""
    below: str = ""
    buttons: tuple[Button, ...] = ()
    more: tuple[Button, ...] = ()
    text: str = ""
    link: str = ""


class HomePart(msgspec.Struct, frozen=True):
    """A part of a page: its heading, "" for none, and what stands below it, each with what can be pressed."""

    heading: str
    panels: tuple[Panel, ...]


class HomePage(msgspec.Struct, frozen=True):
    """What somebody sees of the desk who opens it, in a chat that has a place for it.

    `as_of` says of when it is: pages that differ in that alone tell the same.
    """

    parts: tuple[HomePart, ...]
    as_of: str = ""


class FieldKind(enum.Enum):
    """How a field is filled in."""

    LINE = "one line"
    WORDS = "several lines"
    CHOICE = "one of a few, all of them in sight"
    LIST = "one of many"
    PERSON = "somebody"


class Field(msgspec.Struct, frozen=True):
    """A field of a form. `choices` are its values, each with what people read; `hint` stands below it."""

    name: str
    label: str
    kind: FieldKind
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    most: int = 3_000  # characters
    is_optional: bool = True


class Form(msgspec.Struct, frozen=True):
    """A form. `name` says what is done with it, `about` what to; `typed` is what can be typed instead."""

    name: str
    about: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    typed: str

    @property
    def values(self) -> Mapping[str, str]:
        """Return what stands in its fields of choices before anybody touches them."""
        chosen = (FieldKind.CHOICE, FieldKind.LIST, FieldKind.PERSON)
        return {field.name: field.value for field in self.fields if field.kind in chosen and field.value}


class Filled(msgspec.Struct, frozen=True):
    """A form as it was sent: the values of its fields, and what stood in those of choices `before`."""

    name: str
    about: str
    values: Mapping[str, str]
    before: Mapping[str, str]

    def changed(self, field: str) -> str:
        """Return what was chosen in a field; "" where nobody changed it."""
        value = self.values.get(field, "")
        return "" if value == self.before.get(field) else value


class Doing(msgspec.Struct, frozen=True):
    """What a press or a form does: the command called `command`, with `text` behind it; or show the form `form`.

    `seen` is how many entries whoever asked had seen of what it is about; 0 where that does not matter. It is done in
    the `thread`, "" for none; None is that of what was pressed.
    """

    command: str = ""
    text: str = ""
    form: str = ""
    about: str = ""
    seen: int = 0
    thread: str | None = None


class Misfilled(Exception):
    """What is wrong with fields of a form, by their names."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(wrong.values()))
        self.wrong = dict(wrong)
