"""The check of requests itself."""

from typing import Any

import httpx2
import jsonschema
import pytest

from tests.interview.avatar.contract import Contract

KEY = {"x-api-key": "a-key"}
ADDRESS = "https://tavusapi.com/v2"


def request(method: str, path: str, **more: Any) -> httpx2.Request:
    return httpx2.Request(method, f"{ADDRESS}{path}", **{"headers": KEY, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        request("POST", "/conversations/c1/speak"),
        request("PUT", "/conversations"),
        request("GET", "/conversations", headers={}),
        request("GET", "/conversations?sort=new"),
        request("POST", "/conversations/c1/end", json={}),
    ],
)
async def test_an_undescribed_request_is_noticed(wrong: httpx2.Request) -> None:
    with pytest.raises(AssertionError):
        await Contract().check(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        request("GET", '/conversations?limit="x"'),
        request("POST", "/conversations", json={"name": "one"}),
        request("POST", "/conversations", json={"max_participants": 1}),
        request("POST", "/conversations", json={"require_auth": "true"}),
        request("POST", "/conversations", json={"properties": {"timeout": 5}}),
        request("POST", "/conversations", json={"properties": {"max_call_duration": "long"}}),
        request("POST", "/personas", json={"pipeline_mode": "speech"}),
        request("POST", "/personas", json={"layers": {"perception": {"perception_model": "none"}}}),
    ],
)
async def test_a_request_that_differs_from_the_description_is_noticed(wrong: httpx2.Request) -> None:
    with pytest.raises(jsonschema.ValidationError):
        await Contract().check(wrong)


async def test_a_described_request_passes() -> None:
    contract = Contract()
    await contract.check(request("GET", "/conversations?status=active&limit=100&page=1"))
    await contract.check(request("POST", "/conversations", json={"properties": {"max_call_duration": 60}}))
    assert contract.seen == {"listConversations", "createConversation"}
    assert contract.bodies("createConversation") == [{"properties": {"max_call_duration": 60}}]
