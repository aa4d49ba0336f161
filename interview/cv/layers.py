"""Which layers of a PDF are shown when it is opened (optional content, ISO 32000-1, 8.11)."""

from typing import Any

from pdfminer.pdftypes import PDFObjRef, resolve1


class Layers:
    """The document's layers in their state at opening."""

    def __init__(self, catalog: dict[str, Any]) -> None:
        properties = resolve1(catalog.get("OCProperties"))
        default = resolve1(properties.get("D")) if isinstance(properties, dict) else None
        self._all_off = False
        self._off: set[int] = set()
        self._on: set[int] = set()
        if isinstance(default, dict):
            self._all_off = _name(default.get("BaseState")) == "OFF"
            self._off = _numbers(default.get("OFF"))
            self._on = _numbers(default.get("ON"))

    def shown(self, group: Any) -> bool:
        """Whether content of this layer, or of this combination of layers, is shown; `group` is best a reference."""
        given = resolve1(group)
        if not isinstance(given, dict):
            return True
        if _name(given.get("Type")) == "OCMD":
            return self._combination(given)
        number = group.objid if isinstance(group, PDFObjRef) else None
        if number is None:
            return True
        return number in self._on if self._all_off else number not in self._off

    def _combination(self, given: dict[str, Any]) -> bool:
        groups = resolve1(given.get("OCGs"))
        members = groups if isinstance(groups, list) else [given["OCGs"]] if isinstance(groups, dict) else []
        states = [self.shown(member) for member in members]
        if not states:
            return True
        policy = _name(given.get("P"))
        if policy == "AllOn":
            return all(states)
        if policy == "AnyOff":
            return not all(states)
        if policy == "AllOff":
            return not any(states)
        return any(states)


def _numbers(value: Any) -> set[int]:
    value = resolve1(value)
    return {entry.objid for entry in value if isinstance(entry, PDFObjRef)} if isinstance(value, list) else set()


def _name(value: Any) -> str:
    name = getattr(resolve1(value), "name", "")
    return name if isinstance(name, str) else ""
