"""Every kind of call that the desk makes of Slack, each under the conversation in which a test makes it fail."""

START = ("auth.test", "apps.connections.open", "socket")
TALK = (
    "users.info",
    "users.list",
    "bots.info",
    "conversations.info",
    "conversations.replies",
    "chat.postMessage",
    "chat.update",
    "reactions.add",
    "reactions.remove",
    "files.getUploadURLExternal",
    "upload",
    "files.completeUploadExternal",
)
SHIFT = ("conversations.open", "conversations.setTopic", "chat.postMessage")
READ_BACK = ("conversations.history",)
ALONE = ("chat.postEphemeral", "respond")  # nothing rests on it: tests/slack/test_private.py makes it fail
FORMS = ("views.open",)  # a person is told to type instead: tests/e2e/test_asking.py
HOME = ("views.publish",)  # it is shown again a minute later: tests/home/test_home.py, tests/slack/test_home_tab.py
ALL = frozenset((*START, *TALK, *SHIFT, *READ_BACK, *ALONE, *FORMS, *HOME))

FAILURES = ("429", "500", "500 after", "cut before", "cut after", "hang", "hang after")
