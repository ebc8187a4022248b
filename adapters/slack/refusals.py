"""What Slack's error codes mean in the contract's words.

The codes are those of the method pages (https://docs.slack.dev/reference/methods), each page a list of its own.
"""

from __future__ import annotations

import re

from adapters.contract import (
    DeliveryError,
    Gone,
    NotPermitted,
    TooManyRequests,
    Transient,
    Unauthorized,
    Unreachable,
)

_NOT_A_CODE = re.compile(r"[^a-z0-9_:.,-]+", re.IGNORECASE)
_LONGEST_CODE = 80
_TOKEN = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired invalid_app app_uninstalled "
    "user_removed_from_team team_access_not_granted org_login_required".split()
)
_UNREACHABLE = frozenset(
    "cannot_dm_bot user_disabled user_not_found user_not_visible messages_tab_disabled not_in_dm "
    "cannot_message_user".split()
)
_GONE = frozenset(
    "channel_not_found is_archived message_not_found thread_not_found cant_update_message cant_delete_message "
    "edit_window_closed is_inactive file_not_found file_deleted access_denied_to_channel used_url expired_url "
    "view_not_found not_found".split()
)
_NOT_PERMITTED = {  # the right that is lacking, as Slack calls it
    "not_in_channel": "channel membership (/invite the app)",
    "restricted_action": "posting (restricted by an admin)",
    "restricted_action_read_only_channel": "posting (the channel is read-only)",
    "restricted_action_thread_only_channel": "posting outside of threads (restricted by an admin)",
    "restricted_action_non_threadable_channel": "posting in threads (restricted by an admin)",
    "restricted_action_thread_locked": "posting in this thread (it is locked)",
    "no_permission": "this action",
    "not_allowed_token_type": "a bot token",
    "ekm_access_denied": "posting (suspended by an admin)",
    "file_uploads_disabled": "file uploads (disabled in this workspace)",
    "file_upload_disabled": "file uploads (disabled in this workspace)",
    "access_denied": "access",
    "method_not_supported_for_channel_type": "this kind of channel",
    "team_access_not_granted": "access to the workspace",
}
_TRANSIENT = frozenset(
    "internal_error fatal_error service_unavailable request_timeout rollup_error external_channel_migrating".split()
)


class Refused(Exception):
    """Slack answered, and the answer was no. `status` is HTTP's, `code` Slack's error, `needed` the missing scope."""

    def __init__(self, status: int, code: str, *, needed: str = "", retry_after: float = 0.0) -> None:
        self.code = _NOT_A_CODE.sub("", code)[:_LONGEST_CODE]
        self.needed = _NOT_A_CODE.sub("", needed)[:_LONGEST_CODE]
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}")

    @property
    def passing(self) -> bool:
        """Whether the same request may work later: too many of them, or Slack's own trouble."""
        return isinstance(contract_error(self), TooManyRequests | Transient)

    @property
    def final(self) -> bool:
        """Whether it is Slack's answer to this very request: neither will it pass, nor is it about the token."""
        return not isinstance(contract_error(self), TooManyRequests | Transient | Unauthorized)


class Lost(Exception):
    """No answer arrived. `maybe_done`: the request had left us, so Slack may have carried it out."""

    def __init__(self, detail: str, *, maybe_done: bool) -> None:
        super().__init__(detail)
        self.maybe_done = maybe_done


def contract_error(error: Refused | Lost) -> DeliveryError:
    """The contract's word for an error."""
    if isinstance(error, Lost):
        return Transient(str(error), maybe_done=error.maybe_done)
    code, detail = error.code, str(error)
    if error.status == 429 or code in ("ratelimited", "rate_limited", "message_limit_exceeded"):
        return TooManyRequests(error.retry_after or 1.0, detail)
    if error.status >= 500 or code in _TRANSIENT:
        return Transient(detail, maybe_done=True)
    if code in _TOKEN:
        return Unauthorized(detail)
    if code == "missing_scope":
        return NotPermitted(f"{error.needed or 'a scope'} ({detail})")
    if code in _UNREACHABLE:
        return Unreachable(detail)
    if code in _GONE:
        return Gone(detail)
    if code in _NOT_PERMITTED:
        return NotPermitted(f"{_NOT_PERMITTED[code]} ({detail})")
    return DeliveryError(detail)
