"""Words for people: functions that take values and return text."""
