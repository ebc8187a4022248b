"""One request: answers that are not from the Bot API, and what the libraries may log."""

import logging

import pytest
from telegram.error import TelegramError

from adapters.contract import Transient
from adapters.telegram.api import _refusal, _Request, silence
from adapters.telegram.refusals import Refused, contract_error


@pytest.mark.parametrize("page", [b"<html>bad gateway</html>", b"[]", b'{"parameters": 3}', b'"x"', b"\xff"])
def test_a_proxy_s_error_page_is_a_refusal_by_its_status(page: bytes) -> None:
    refused = _refusal(502, page)
    assert (refused.code, refused.message) == (502, "no description")
    assert isinstance(contract_error(refused), Transient)


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b"\xff"])
def test_an_answer_that_is_none_may_have_been_a_success(answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramError) as broken:
        _Request.parse_json_payload(answer)
    trouble = contract_error(broken.value)
    assert isinstance(trouble, Transient)
    assert trouble.maybe_done
    assert caplog.text == ""


def test_quoted_words_and_long_sentences_do_not_get_into_errors() -> None:
    refused = Refused(400, "Bad Request: can't parse \"secret words\" of 'others'" + " and" * 100)
    assert "secret" not in str(contract_error(refused))
    assert len(str(contract_error(refused))) < 200


def test_the_libraries_are_silent_even_when_the_root_logs_everything(caplog: pytest.LogCaptureFixture) -> None:
    silence()
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore.connection", "telegram.Bot"):
        logging.getLogger(name).info("POST https://api.telegram.org/bot1:TOKEN/sendMessage")
    assert caplog.text == ""
