"""assistant.threads.*: status, title and suggested prompts of a thread with the assistant."""

from tests.fakes.slack.errors import SlackError, invalid_arguments
from tests.fakes.slack.params import Params, required, text
from tests.fakes.slack.registry import Call, method
from tests.fakes.slack.rooms import room_to_write
from tests.fakes.wire import Json

_PROMPTS = 4


@method("assistant.threads.setStatus", "assistant:write", "chat:write")
def set_status(call: Call) -> Json:
    """A status in a channel's thread needs only chat:write; it is gone when the app writes there."""
    if "status" not in call.params:
        raise invalid_arguments("missing required field: status")
    thread = _thread(call, only_assistant=False)
    status = text(call.params, "status")
    thread["status"] = status
    thread.setdefault("statuses", []).append(status)
    return {}


@method("assistant.threads.setTitle", "assistant:write")
def set_title(call: Call) -> Json:
    _thread(call)["title"] = required(call.params, "title")
    return {}


@method("assistant.threads.setSuggestedPrompts", "assistant:write")
def set_suggested_prompts(call: Call) -> Json:
    prompts = call.params.get("prompts")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= _PROMPTS:
        raise invalid_arguments(f"must have 1 to {_PROMPTS} items [json-pointer:/prompts]")
    for number, one in enumerate(prompts):
        if not isinstance(one, dict) or not one.get("title") or not one.get("message"):
            raise invalid_arguments(f"must have title and message [json-pointer:/prompts/{number}]")
    thread = _thread(call)
    thread["prompts"] = prompts
    thread["prompts_title"] = text(call.params, "title")
    return {}


def _thread(call: Call, *, only_assistant: bool = True) -> Json:
    if not call.workspace.assistant:
        raise SlackError("access_denied")
    params: Params = call.params
    room = room_to_write(call, required(params, "channel_id"))
    thread_ts = required(params, "thread_ts")
    if thread_ts not in room.assistant_threads and (only_assistant or room.find(thread_ts) is None):
        raise SlackError("invalid_thread_ts")
    return room.thread_state(thread_ts)
