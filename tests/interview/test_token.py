import hashlib
import re

import pytest

from interview.token import hash_token, matches, new_session_id, new_token


def test_a_token_carries_256_bits_and_needs_no_escaping() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_token())


def test_an_id_carries_128_bits_and_is_fit_for_documents_and_objects() -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", new_session_id())


def test_tokens_and_ids_are_unique() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000
    assert len({new_session_id() for _ in range(1000)}) == 1000


def test_the_hash_is_sha_256_in_hex() -> None:
    assert hash_token("abc") == hashlib.sha256(b"abc").hexdigest()


def test_only_the_token_itself_matches() -> None:
    token = new_token()
    sha256 = hash_token(token)
    assert matches(token, sha256)
    for wrong in (new_token(), token[:-1], token + "a", token.swapcase(), "", sha256):
        assert not matches(wrong, sha256)


@pytest.mark.parametrize("text", ["naïve", "\ud800", "\x00", "a" * 100_000])
def test_any_text_is_compared_without_an_error(text: str) -> None:
    assert not matches(text, hash_token(new_token()))
    assert not matches(new_token(), text)
