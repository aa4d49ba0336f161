"""The shapes of what goes in and comes out, computed from the contract's structs."""

from typing import Any

from msgspec import Struct
from msgspec.json import schema_components

from contract.http import API

Schema = dict[str, Any]

_PLACE = "#/components/schemas/{name}"

TEXT: Schema = {"type": "string"}


def ref(shape: type[Struct]) -> Schema:
    """A reference to one of `SCHEMAS`."""
    return {"$ref": _PLACE.format(name=shape.__name__)}


def _schemas() -> Schema:
    _, schemas = schema_components(API, ref_template=_PLACE)
    return schemas


SCHEMAS: Schema = _schemas()
