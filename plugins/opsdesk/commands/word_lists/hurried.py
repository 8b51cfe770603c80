"""Words as they are written in a hurry: a sentence is read with what they say, and kept as it is typed."""

WRITTEN = {
    "r": "are", "u": "you", "ur": "your", "w": "with", "w/": "with", "abt": "about", "rn": "now", "hrs": "hours",
    "hr": "hour", "mins": "minutes", "wk": "week", "wks": "weeks", "tonite": "tonight", "tonites": "tonights",
    "ydays": "yesterdays", "nite": "night", "nr": "number", "frm": "from", "dd": "datadog", "smth": "something",
    "cuz": "because", "ya": "you", "em": "them", "thru": "through",
}  # fmt: skip
