"""The checks the real endpoint makes on a chat completion request, in its words and with its codes.

Source: the official OpenAPI description and the errors the API is known to answer.
"""

import re
from typing import Any

from tests.fakes.openai.schemas import check_schema
from tests.fakes.wire import Json

PARAMETERS = frozenset(
    "audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages "
    "metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key "
    "prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier "
    "stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity "
    "web_search_options".split()
)
# role → keys a message of it may have
_ROLES = {
    "developer": {"role", "content", "name"},
    "system": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {"role", "content", "name", "refusal", "audio", "tool_calls", "function_call"},
    "tool": {"role", "content", "tool_call_id"},
    "function": {"role", "content", "name"},
}
_PARTS = {"text", "image_url", "input_audio", "file", "refusal"}
_RANGES = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
    "n": (1, 128),
    "max_tokens": (1, None),
    "max_completion_tokens": (1, None),
    "top_logprobs": (0, 20),
}
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_PERSON_NAME = re.compile(r"[^\s<|\\/>]{1,64}\Z")
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
MAX_TOOLS = 128
MAX_CALL_ID = 40


class Refused(Exception):
    """A request the API refuses; `error` is the object inside its JSON, `code` the HTTP status."""

    def __init__(
        self, message: str, param: str | None = None, error_code: str | None = "invalid_value", code: int = 400
    ) -> None:
        super().__init__(message)
        self.code = code
        self.error: Json = {
            "message": message,
            "type": "invalid_request_error",
            "param": param,
            "code": error_code,
        }


def check_chat(body: Any) -> None:
    """Raise Refused for what the API would not take."""
    if not isinstance(body, dict):
        raise Refused("We could not parse the JSON body of your request.", None, None)
    for name in body:
        if name not in PARAMETERS:
            raise Refused(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise Refused("you must provide a model parameter", None, None)
    for name, (low, high) in _RANGES.items():
        _check_range(name, body.get(name), low, high)
    if body.get("stream_options") is not None and not body.get("stream"):
        raise Refused("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options")
    effort = body.get("reasoning_effort")
    if effort is not None and effort not in _EFFORTS:
        raise Refused(f"Invalid value: '{effort}'. Supported values are: {_listed(_EFFORTS)}.", "reasoning_effort")
    names = _check_tools(body)
    _check_choice(body, names)
    _check_format(body.get("response_format"))
    _check_messages(body.get("messages"))


def _check_range(name: str, value: Any, low: float, high: float | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        kind = type(value).__name__
        raise Refused(f"Invalid type for '{name}': expected a number, but got {kind} instead.", name, "invalid_type")
    if value < low:
        text = f"Invalid '{name}': decimal below minimum value. Expected a value >= {low}, but got {value} instead."
        raise Refused(text, name, "decimal_below_min_value")
    if high is not None and value > high:
        text = f"Invalid '{name}': decimal above maximum value. Expected a value <= {high}, but got {value} instead."
        raise Refused(text, name, "decimal_above_max_value")


def _check_tools(body: Json) -> set[str]:
    tools = body.get("tools")
    if tools is None:
        return set()
    if not isinstance(tools, list) or not tools:
        text = "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead."
        raise Refused(text, "tools", "empty_array")
    if len(tools) > MAX_TOOLS:
        text = (
            f"Invalid 'tools': array too long. Expected an array with maximum length {MAX_TOOLS}, "
            f"but got an array with length {len(tools)} instead."
        )
        raise Refused(text, "tools", "array_above_max_length")
    names: set[str] = set()
    for index, tool in enumerate(tools):
        where = f"tools[{index}]"
        if not isinstance(tool, dict) or tool.get("type") != "function":
            raise Refused(f"Missing required parameter: '{where}.type'.", f"{where}.type", "missing_required_parameter")
        names.add(_check_function(tool.get("function"), f"{where}.function"))
    return names


def _check_function(function: Any, where: str) -> str:
    if not isinstance(function, dict) or not isinstance(function.get("name"), str):
        raise Refused(f"Missing required parameter: '{where}.name'.", f"{where}.name", "missing_required_parameter")
    for key in function:
        if key not in ("name", "description", "parameters", "strict"):
            raise Refused(f"Unknown parameter: '{where}.{key}'.", f"{where}.{key}", "unknown_parameter")
    name: str = function["name"]
    if not _TOOL_NAME.match(name):
        text = f"Invalid '{where}.name': string does not match pattern. Expected a string that matches the pattern "
        raise Refused(text + "'^[a-zA-Z0-9_-]{1,64}$'.", f"{where}.name")
    schema = function.get("parameters")
    if schema is not None or function.get("strict"):
        problem = check_schema(schema, strict=bool(function.get("strict")))
        if problem:
            text = f"Invalid schema for function '{name}': {problem}"
            raise Refused(text, f"{where}.parameters", "invalid_function_parameters")
    return name


def _check_choice(body: Json, names: set[str]) -> None:
    for name in ("tool_choice", "parallel_tool_calls"):
        if body.get(name) is not None and not names:
            raise Refused(
                f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.", name, None
            )
    choice = body.get("tool_choice")
    if isinstance(choice, str) and choice not in ("none", "auto", "required"):
        raise Refused(
            f"Invalid value: '{choice}'. Supported values are: 'none', 'auto', and 'required'.", "tool_choice"
        )
    if isinstance(choice, dict) and choice.get("type") == "function":
        wanted = choice.get("function", {}).get("name")
        if wanted not in names:
            text = f"Tool choice 'function' not found in 'tools' parameter: '{wanted}'."
            raise Refused(text, "tool_choice", None)


def _check_format(form: Any) -> None:
    if form is None:
        return
    kind = form.get("type") if isinstance(form, dict) else None
    if kind not in ("text", "json_object", "json_schema"):
        text = f"Invalid value: '{kind}'. Supported values are: 'json_object', 'json_schema', and 'text'."
        raise Refused(text, "response_format.type")
    if kind == "json_schema":
        given = form.get("json_schema") or {}
        name = given.get("name")
        if not isinstance(name, str) or not _TOOL_NAME.match(name):
            where = "response_format.json_schema.name"
            raise Refused(f"Missing required parameter: '{where}'.", where, "missing_required_parameter")
        problem = check_schema(given.get("schema"), strict=bool(given.get("strict")))
        if problem:
            raise Refused(f"Invalid schema for response_format '{name}': {problem}", "response_format", None)


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list):
        raise Refused("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if not messages:
        text = (
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise Refused(text, "messages", "empty_array")
    waiting: set[str] = set()
    caller = 0
    for index, message in enumerate(messages):
        _check_message(message, f"messages[{index}]")
        if message["role"] == "tool":
            if message.get("tool_call_id") not in waiting:
                text = (
                    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with "
                    "'tool_calls'."
                )
                raise Refused(text, f"messages.[{index}].role", None)
            waiting.discard(message["tool_call_id"])
            continue
        _check_answered(waiting, caller)
        waiting = {one["id"] for one in message.get("tool_calls") or ()}
        caller = index
    _check_answered(waiting, caller)


def _check_answered(waiting: set[str], caller: int) -> None:
    if waiting:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {', '.join(sorted(waiting))}"
        )
        raise Refused(text, f"messages.[{caller}].role", None)


def _check_message(message: Any, where: str) -> None:
    role = message.get("role") if isinstance(message, dict) else None
    if role not in _ROLES:
        text = f"Invalid value: '{role}'. Supported values are: {_listed(tuple(_ROLES))}."
        raise Refused(text, f"{where}.role")
    for key in message:
        if key not in _ROLES[role]:
            raise Refused(f"Unknown parameter: '{where}.{key}'.", f"{where}.{key}", "unknown_parameter")
    name = message.get("name")
    if name is not None and not _PERSON_NAME.match(str(name)):
        text = f"Invalid '{where}.name': string does not match pattern. Expected a string that matches the pattern "
        raise Refused(text + "'^[^\\s<|\\\\/>]+$'.", f"{where}.name")
    tool_calls = message.get("tool_calls")
    if tool_calls is not None:
        _check_calls(tool_calls, f"{where}.tool_calls")
    content = message.get("content")
    if content is None:
        if role == "assistant" and (tool_calls or message.get("refusal") or message.get("function_call")):
            return
        raise Refused("Invalid value for 'content': expected a string, got null.", f"{where}.content", None)
    if isinstance(content, list):
        _check_parts(content, f"{where}.content")
    elif not isinstance(content, str):
        text = f"Invalid type for '{where}.content': expected one of a string or array of objects."
        raise Refused(text, f"{where}.content", "invalid_type")


def _check_calls(tool_calls: Any, where: str) -> None:
    if not isinstance(tool_calls, list) or not tool_calls:
        text = (
            f"Invalid '{where}': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise Refused(text, where, "empty_array")
    for index, one in enumerate(tool_calls):
        at = f"{where}[{index}]"
        call_id = one.get("id")
        if not isinstance(call_id, str) or not call_id:
            raise Refused(f"Missing required parameter: '{at}.id'.", f"{at}.id", "missing_required_parameter")
        if len(call_id) > MAX_CALL_ID:
            text = f"Invalid '{at}.id': string too long. Expected a string with maximum length {MAX_CALL_ID}."
            raise Refused(text, f"{at}.id", "string_above_max_length")
        function = one.get("function")
        if one.get("type") != "function" or not isinstance(function, dict):
            raise Refused(f"Missing required parameter: '{at}.type'.", f"{at}.type", "missing_required_parameter")
        if not _TOOL_NAME.match(str(function.get("name", ""))):
            text = f"Invalid '{at}.function.name': string does not match pattern."
            raise Refused(text, f"{at}.function.name")
        if not isinstance(function.get("arguments"), str):
            text = f"Invalid type for '{at}.function.arguments': expected a string."
            raise Refused(text, f"{at}.function.arguments", "invalid_type")


def _check_parts(parts: list[Any], where: str) -> None:
    if not parts:
        text = (
            f"Invalid '{where}': empty array. Expected an array with minimum length 1, but got an empty array instead."
        )
        raise Refused(text, where, "empty_array")
    for index, part in enumerate(parts):
        at = f"{where}[{index}]"
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in _PARTS:
            raise Refused(
                f"Invalid value: '{kind}'. Supported values are: {_listed(tuple(sorted(_PARTS)))}.", f"{at}.type"
            )
        if kind == "text" and not isinstance(part.get("text"), str):
            raise Refused(f"Missing required parameter: '{at}.text'.", f"{at}.text", "missing_required_parameter")
        if kind == "image_url":
            url = (part.get("image_url") or {}).get("url", "")
            if not str(url).startswith(("https://", "http://", "data:image/")):
                raise Refused("Invalid image URL.", f"{at}.image_url.url", "invalid_image_url")


def _listed(values: tuple[str, ...]) -> str:
    quoted = [f"'{value}'" for value in values]
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
