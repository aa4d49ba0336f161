"""What the contract's own source says: the names of a module in their order, each with the text below it."""

import ast
import inspect
import itertools
from collections.abc import Mapping
from types import ModuleType


def documented(module: ModuleType) -> Mapping[str, str]:
    """The module's public assignments that have a docstring below them, and that docstring on one line."""
    body = ast.parse(inspect.getsource(module)).body
    found: dict[str, str] = {}
    for statement, below in itertools.pairwise(body):
        match statement, below:
            case (
                (ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name))),
                ast.Expr(ast.Constant(str() as text)),
            ) if not name.startswith("_"):
                found[name] = " ".join(text.split())
    return found
