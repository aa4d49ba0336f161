"""The OpenAPI description itself. tests/functions checks real answers against it."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from contract.limits import MAX_JOB_DESCRIPTION, MAX_TOPIC
from contract.terms import DEFAULT_LANGUAGE, DEFAULT_LEVEL
from interview.api import end, start
from interview.openapi import document


def test_it_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_it_describes_every_route_and_no_other() -> None:
    described = {
        (method.upper(), path)
        for path, methods in document()["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert described == {(route.method, route.path) for route in (*start.ROUTES, *end.ROUTES)}


def test_every_shape_is_used() -> None:
    text = str(document())
    for name in document()["components"]["schemas"]:
        assert f"'#/components/schemas/{name}'" in text


def test_its_limits_are_those_of_the_code() -> None:
    for name in ("StartRequest", "StartForm"):
        text = str(document()["components"]["schemas"][name])
        assert f"'maxLength': {MAX_TOPIC}" in text
        assert f"'maxLength': {MAX_JOB_DESCRIPTION}" in text
        assert f"'default': '{DEFAULT_LEVEL}'" in text
        assert f"'default': '{DEFAULT_LANGUAGE}'" in text


def test_only_what_comes_before_an_interview_is_open_and_what_has_a_secret_of_its_own() -> None:
    opened = {
        path
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method != "parameters" and operation["security"] == []
    }
    assert opened == {
        "/api/interview/start",
        "/api/interview/read-cv",
        "/api/interview/voice-sample",
        "/api/openapi.json",
        "/api/interview/hooks/tavus/{secret}",
    }
