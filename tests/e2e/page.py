"""The stand-in's page as people see it, mended where it shows less than Slack does, or more.

The stand-in's own page knows no field that somebody else filled in before, no people to choose, no lines in a text,
shows everybody what one person alone is told, and escapes twice. It has one look: Slack's page is narrow on a phone,
and dark for whoever likes it so.
"""

from typing import Any

Json = dict[str, Any]

# What stands in the page, once, and what takes its place.
MENDED = {
    # what one person alone is told
    "D=c&&!se?l.messages[c]??[]:[]": "D=(c&&!se?l.messages[c]??[]:[]).filter(w=>!w.ephemeral_to||w.ephemeral_to===m)",
    # &amp; and &lt; as Slack shows them
    r'c=c.replace(/\n/g,"<br/>"),c}function z6': r'c=c.replace(/\n/g,"<br/>").replace(/&amp;(amp|lt|gt);/g,"&$1;"),c}'
    "function z6",
    # what is chosen before anybody touches it
    "de=(te=(fe=K.get(c,g))==null?void 0:fe.selected_option)==null?void 0:te.value;": "de=(K.get(c,g)?.selected_option"
    "??l.initial_option)?.value;",
    'V=((L=(R=K.get(c,g))==null?void 0:R.selected_option)==null?void 0:L.value)??"";': "V=(K.get(c,g)?.selected_option"
    '??l.initial_option)?.value??"";',
    # several lines, and people to choose
    'case"plain_text_input":{const V=': 'case"users_select":{const V=K.get(c,g)?.selected_user??l.initial_user??"";'
    'return f.jsxs("select",{className:"bk-select",value:V,onChange:D=>K.set(c,g,{type:"users_select",'
    'selected_user:D.target.value||null}),children:[f.jsx("option",{value:"",children:"Select a person"}),'
    '[...Vo].map(([D,de])=>f.jsx("option",{value:D,children:de},D))]})}'
    'case"plain_text_input":{const V=',
    'return f.jsx("input",{className:"bk-plain-input",placeholder:(z=l.placeholder)': "return f.jsx("
    'l.multiline?"textarea":"input",{rows:l.multiline?3:void 0,maxLength:l.max_length,className:"bk-plain-input",'
    "placeholder:(z=l.placeholder)",
    # what is wrong, below its field
    "ctx:{input:C}}),c&&Object": "ctx:{input:C,wrong:c}}),!1&&Object",
    'l.hint&&f.jsx("div",{className:"bk-hint",children:l.hint.text})]});default': "a.wrong?.[c]&&"
    'f.jsx("div",{className:"modal-error",children:a.wrong[c]}),'
    'l.hint&&f.jsx("div",{className:"bk-hint",children:l.hint.text})]});default',
    # which field need not be filled in
    'className:"bk-label",children:l.label.text': 'className:"bk-label",children:l.label.text'
    '+(l.optional?" (optional)":"")',
}

# Counts what the desk said to forms, for whoever waits for that.
ANSWERED = """
window.answered = {times: 0, errors: null};
window.WebSocket = class extends WebSocket {
  constructor(...told) {
    super(...told);
    this.addEventListener("message", ({data}) => {
      const {t, errors} = JSON.parse(data);
      if (t === "view" || t === "view_errors") answered = {times: answered.times + 1, errors: errors ?? null};
    });
  }
};
"""

# Source of the colours: Slack's own light and dark look. Of its page on a phone, one thing is seen at a time.
STYLE = """
.plain { white-space: pre-wrap } .bk-context { flex-wrap: wrap } .bk-text, .bk-context-text { overflow-wrap: anywhere }
.bk-section { display: flex; gap: 16px; align-items: flex-start; justify-content: space-between }
.bk-section > .bk-button { flex: none } .bk-overflow { width: 52px } .bk-button { max-width: 280px; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap } .msg-body { flex: 1 } .msg.highlighted { animation: none }
.bk-select { max-width: 100% } .bk-button.bk-primary, .modal-btn.primary { background: #007a5a; border-color: #007a5a }
.topbar-right > :not(.actas):not(.notif) { display: none }
@media (max-width: 500px) {
  .sidebar, .topbar, .composer { display: none } .thread-pane { position: fixed; inset: 0; width: auto !important }
  .thread-resize-handle { display: none } .msg { padding: 6px 12px } .bk-section { flex-direction: column; gap: 6px }
  .modal { max-width: 100vw; max-height: 100vh; border-radius: 0 }
}
@media (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --border: #35373b; --text: #d1d2d3; --muted: #ababad }
  body, .main, .home, .thread-pane, .modal, .composer { background: #1a1d21 }
  .msg:hover, .msg.highlighted { background: #222529 } .msg-text a, .blocks a, .thread-summary-count { color: #1d9bd1 }
  .bk-button, .modal-btn, .bk-select, .bk-plain-input { background: #222529; color: #d1d2d3; border-color: #565856 }
  .bk-button.bk-primary, .modal-btn.primary { color: #fff; background: #007a5a; border-color: #007a5a }
  code { background: #222529; border-color: #35373b; color: #e8912d } .mention { background: #1d2b36; color: #1d9bd1 }
  .badge-app { background: #35373b; color: #ababad } .modal-error { color: #e8616a }
  .msg-hover-actions { display: none !important } .thread-summary.unread { background: #222529 }
}
"""


def mended(page: str) -> str:
    """The stand-in's page with everything mended. Fails where it is not the page that this was written for."""
    for before, after in MENDED.items():
        assert page.count(before) == 1, f"the stand-in's page is another: {before}"
        page = page.replace(before, after)
    return page.replace("<head>", f"<head><script>{ANSWERED}</script>").replace(
        "</head>", f"<style>{STYLE}</style></head>"
    )


def as_slack_tells(payload: Json, homes: dict[str, Json]) -> Json:
    """What Slack tells of the click that the stand-in tells of with `payload`; `homes` are people's Home tabs.

    Source of the shapes: https://docs.slack.dev/reference/interaction-payloads
    """
    if payload.get("type") == "view_submission":
        _fill_in(payload["view"])
    if payload.get("type") == "block_actions" and not payload["channel"]["id"]:
        user = payload["user"]["id"]
        view = homes[user] | {"id": f"VH{user}", "private_metadata": "", "state": {"values": {}}}
        told = {name: payload[name] for name in payload if name not in ("channel", "message", "response_url")}
        return told | {"container": {"type": "view", "view_id": view["id"]}, "view": view}
    return payload


def left_empty(payload: Json) -> Json:
    """What Slack says to a form with an empty field that must be filled in, which the desk does not hear of."""
    if payload.get("type") != "view_submission":
        return {}
    values = payload["view"]["state"]["values"]
    must = [block["block_id"] for block in payload["view"]["blocks"] if not block.get("optional")]
    empty = [name for name in must if not any(told for key, told in values[name]["v"].items() if key != "type")]
    errors = dict.fromkeys(empty, "Please complete this required field.")
    return {"response_action": "errors", "errors": errors} if errors else {}


def _fill_in(view: Json) -> None:
    """Tells of a field that nobody touched what stands in it, where the stand-in tells nothing."""
    for block in view["blocks"]:
        element, state = block["element"], view["state"]["values"][block["block_id"]]
        kind = element["type"]
        told = {"plain_text_input": "value", "users_select": "selected_user"}.get(kind, "selected_option")
        stood = {"value": "initial_value", "selected_user": "initial_user"}.get(told, "initial_option")
        is_touched = told in state["v"] and state["v"][told] is not None
        value = state["v"][told] if is_touched else element.get(stood)
        state["v"] = {"type": kind, told: value or None}
