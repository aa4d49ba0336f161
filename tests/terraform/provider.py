"""A provider that knows its schema and nothing else, served to Terraform over its plugin protocol (tfplugin6).

Five messages are needed, and they are encoded here by hand: gRPC alone does it, without generated code. Whatever would
need a cloud (planning, reading, applying) is done by Terraform's own mocks (`mock_provider` in *.tftest.hcl).
"""

import json
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final

import grpc

from tests.terraform.schema import Block, Provider

_NESTING: Final = {"single": 1, "list": 2, "set": 3}
_EMPTY: Final = b""


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value) if value else b""


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _block(block: Block) -> bytes:
    """`Schema.Block`: attributes are field 2, nested blocks field 3."""
    out = b""
    for name, attribute in block.attributes.items():
        out += _bytes(
            2,
            _text(1, name)
            + _text(2, json.dumps(attribute.type))
            + _number(4, attribute.required)
            + _number(5, attribute.optional)
            + _number(6, attribute.computed)
            + _number(10, attribute.write_only),
        )
    for name, nested in block.blocks.items():
        limits = _number(4, nested.least) + _number(5, nested.most) if nested.nesting != "single" else b""
        content = _text(1, name) + _bytes(2, _block(nested.block)) + _number(3, _NESTING[nested.nesting])
        out += _bytes(3, content + limits)
    return out


def _schema(block: Block) -> bytes:
    return _bytes(2, _block(block))


def _answer(provider: Provider) -> bytes:
    """`GetProviderSchema.Response`: the provider's configuration, then resources and data sources by name."""
    out = _bytes(1, _schema(provider.configuration)) + _bytes(6, b"")
    for field, blocks in ((2, provider.resources), (3, provider.data_sources)):
        for name, block in blocks.items():
            out += _bytes(field, _text(1, name) + _bytes(2, _schema(block)))
    return out


class _Handler(grpc.GenericRpcHandler):  # type: ignore[misc] # grpc is untyped
    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def service(self, handler_call_details: Any) -> Any:
        method = handler_call_details.method.rsplit("/", 1)[1]
        if method == "GetProviderSchema":
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: self._answer)
        if method.startswith(("Validate", "Configure", "Stop")):
            return grpc.unary_unary_rpc_method_handler(lambda _request, _context: _EMPTY)
        return None


@contextmanager
def serving(providers: Mapping[str, Provider]) -> Iterator[str]:
    """Serve these providers by their names. Yields the value for TF_REATTACH_PROVIDERS."""
    servers = []
    attach = {}
    try:
        for name, provider in providers.items():
            server = grpc.server(ThreadPoolExecutor(2), options=[("grpc.max_send_message_length", -1)])
            server.add_generic_rpc_handlers([_Handler(_answer(provider))])
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            servers.append(server)
            attach[f"registry.terraform.io/hashicorp/{name}"] = {
                "Protocol": "grpc",
                "ProtocolVersion": 6,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "tcp", "String": f"127.0.0.1:{port}"},
            }
        yield json.dumps(attach)
    finally:
        for server in servers:
            server.stop(None).wait()
