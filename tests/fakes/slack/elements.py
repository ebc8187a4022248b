"""Block elements and composition objects, with the limits of the Block Kit reference."""

from typing import Any

from tests.fakes.slack.shapes import Check, Walk, anything, boolean, items, one_of, shape, string, tagged, whole


def plain(most: int, least: int = 1) -> Check:
    """A plain_text object."""
    return tagged({"plain_text": shape({"text": string(most, least)}, {"emoji": boolean})})


def mrkdwn(most: int) -> Check:
    """A mrkdwn object."""
    return tagged({"mrkdwn": shape({"text": string(most)}, {"verbatim": boolean})})


def words(most: int) -> Check:
    """A plain_text or mrkdwn object."""
    return tagged(
        {
            "plain_text": shape({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": string(most)}, {"verbatim": boolean}),
        }
    )


ACTION_ID = string(255)
STYLE = one_of("primary", "danger")
CONFIRM = shape(
    {"text": words(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": STYLE},
)
_OPTION = shape({"text": plain(75), "value": string(75)}, {"description": plain(75), "url": string(3000)})
_RICH_OPTION = shape({"text": words(75), "value": string(75)}, {"description": words(75)})
_GROUP = shape({"label": plain(75), "options": items(_OPTION, 100)})
_LISTS = {"options": items(_OPTION, 100), "option_groups": items(_GROUP, 100)}
_FIELD = {"action_id": ACTION_ID, "placeholder": plain(150), "focus_on_load": boolean}
_CHOICE = {**_FIELD, "confirm": CONFIRM}
_DISPATCH = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
_MANY = {"max_selected_items": whole(1, 1_000_000)}
_FILTER = shape({}, {"include": anything, "exclude_external_shared_channels": boolean, "exclude_bot_users": boolean})


def _either(check: Check, one: str, other: str) -> Check:
    def both(value: Any, walk: Walk, at: str) -> None:
        check(value, walk, at)
        if isinstance(value, dict) and (value.get(one) is None) == (value.get(other) is None):
            walk.wrong(f"must have exactly one of {one} or {other}", at)

    return both


def _only_in_modals(check: Check) -> Check:
    def guarded(value: Any, walk: Walk, at: str) -> None:
        if walk.surface == "modal":
            check(value, walk, at)
        else:
            walk.wrong(f"unsupported type: {value['type']}", f"{at}/type")

    return guarded


BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": ACTION_ID,
        "url": string(3000),
        "value": string(2000, 0),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = _either(
    shape({"alt_text": string(2000)}, {"image_url": string(3000), "slack_file": anything}), "image_url", "slack_file"
)

_SELECTS: dict[str, Check] = {
    "static_select": _either(shape({}, {**_CHOICE, **_LISTS, "initial_option": _OPTION}), "options", "option_groups"),
    "external_select": shape({}, {**_CHOICE, "initial_option": _OPTION, "min_query_length": whole(0, 1000)}),
    "users_select": shape({}, {**_CHOICE, "initial_user": string(255)}),
    "conversations_select": shape(
        {},
        {
            **_CHOICE,
            "initial_conversation": string(255),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        },
    ),
    "channels_select": shape({}, {**_CHOICE, "initial_channel": string(255), "response_url_enabled": boolean}),
    "multi_static_select": _either(
        shape({}, {**_CHOICE, **_LISTS, **_MANY, "initial_options": items(_OPTION, 100)}), "options", "option_groups"
    ),
    "multi_external_select": shape(
        {}, {**_CHOICE, **_MANY, "initial_options": items(_OPTION, 100), "min_query_length": whole(0, 1000)}
    ),
    "multi_users_select": shape({}, {**_CHOICE, **_MANY, "initial_users": items(string(255), 100)}),
    "multi_conversations_select": shape(
        {},
        {
            **_CHOICE,
            **_MANY,
            "initial_conversations": items(string(255), 100),
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_channels_select": shape({}, {**_CHOICE, **_MANY, "initial_channels": items(string(255), 100)}),
}
_PICKERS: dict[str, Check] = {
    "checkboxes": shape(
        {"options": items(_RICH_OPTION, 10)},
        {
            "action_id": ACTION_ID,
            "initial_options": items(_RICH_OPTION, 10),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        },
    ),
    "radio_buttons": shape(
        {"options": items(_RICH_OPTION, 10)},
        {"action_id": ACTION_ID, "initial_option": _RICH_OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
    ),
    "datepicker": shape({}, {**_CHOICE, "initial_date": string(10, 10)}),
    "timepicker": shape({}, {**_CHOICE, "initial_time": string(5, 5), "timezone": string(255)}),
    "datetimepicker": shape(
        {},
        {
            "action_id": ACTION_ID,
            "initial_date_time": whole(0, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        },
    ),
}
_ACTIONS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": shape({"options": items(_OPTION, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}),
    "workflow_button": shape(
        {"text": plain(75), "workflow": anything},
        {"action_id": ACTION_ID, "style": STYLE, "accessibility_label": string(75), "confirm": CONFIRM},
    ),
}
_TYPED: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_FIELD,
            "initial_value": string(3000, 0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "email_text_input": shape({}, {**_FIELD, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "url_text_input": shape({}, {**_FIELD, "initial_value": string(3000), "dispatch_action_config": _DISPATCH}),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {
            **_FIELD,
            "initial_value": string(100),
            "min_value": string(100),
            "max_value": string(100),
            "dispatch_action_config": _DISPATCH,
        },
    ),
    "rich_text_input": shape({}, {**_FIELD, "initial_value": anything, "dispatch_action_config": _DISPATCH}),
    "file_input": _only_in_modals(
        shape({}, {"action_id": ACTION_ID, "filetypes": items(string(20), 100), "max_files": whole(1, 10)})
    ),
}

IN_ACTIONS = tagged({**_ACTIONS, **_SELECTS, **_PICKERS, "rich_text_input": _TYPED["rich_text_input"]})
IN_SECTION = tagged({**_ACTIONS, **_SELECTS, **_PICKERS, "image": IMAGE})
IN_INPUT = tagged({**_SELECTS, **_PICKERS, **_TYPED})
IN_CONTEXT = tagged(
    {
        "image": IMAGE,
        "plain_text": shape({"text": string(3000)}, {"emoji": boolean}),
        "mrkdwn": shape({"text": string(3000)}, {"verbatim": boolean}),
    }
)
_FEEDBACK = shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
IN_CONTEXT_ACTIONS = tagged(
    {
        "feedback_buttons": shape(
            {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ACTION_ID}
        ),
        "icon_button": shape(
            {"icon": string(100), "text": plain(75)},
            {
                "action_id": ACTION_ID,
                "value": string(2000),
                "confirm": CONFIRM,
                "accessibility_label": string(75),
                "visible_to_user_ids": items(string(255), 100),
            },
        ),
    }
)
