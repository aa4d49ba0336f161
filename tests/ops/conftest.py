"""The house as `make dev` runs it, for the commands of an operator."""

from tests.e2e.conftest import serve

__all__ = ["serve"]
