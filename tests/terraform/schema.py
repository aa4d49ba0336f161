"""The schema of a Terraform provider, read out of the bindings that are generated from it.

Terraform gets a provider, and with it the schema, from its own registry. The bindings of CDK Terrain
(`cdktn-provider-google` and the like, at an ordinary package index) are generated from the same schema of the same
version, and hold what it takes to validate against it: every argument with its type, whether it is required, every
block with how often it may come, and what is computed. What they do not hold: values that are allowed, and what
conflicts with what.
"""

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Type = str | list[str]
"""As Terraform writes types in JSON: `"string"`, `["list", "string"]`."""
Nesting = Literal["single", "list", "set"]


@dataclass
class Attribute:
    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    write_only: bool = False


@dataclass
class Nested:
    """A block within a block. `most` 0: any number."""

    nesting: Nesting
    block: "Block"
    least: int
    most: int


@dataclass
class Block:
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: dict[str, Nested] = field(default_factory=dict)


@dataclass
class Provider:
    """A provider with those of its resources and data sources that were asked for, by type."""

    version: str
    configuration: Block
    resources: dict[str, Block]
    data_sources: dict[str, Block]


_SCALARS: Final[dict[str, str]] = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_COLLECTION: Final = re.compile(r"(string|number|boolean|any)(List|Map)")
_GETTER: Final = re.compile(r"(String|Number|Boolean|Any)?(List|Map)?")

# One argument or block in the function that writes a block out again.
_ENTRY: Final = re.compile(
    r"^ +(\w+): \{\n +value: (.+?),\n +isBlock: (true|false),\n +type: \"(\w+)\",\n +storageClassType: \"(\w+)\",\n",
    re.MULTILINE,
)
_WRITER: Final = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_CLASS: Final = re.compile(r"^class (\w+) extends ([\w.]+) \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_INTERFACE: Final = re.compile(r"export interface (\w+)[^{]*\{\n(.*?)\n\}", re.DOTALL)
# Each property is documented with its own name, and has a question mark if it may be left out.
_PROPERTY: Final = re.compile(r"#(\w+) \w+#\1\}(?:(?!/\*\*).)*?readonly \w+(\??):", re.DOTALL)
_COMPUTED: Final = re.compile(r"return (?:cdktn\.Fn\.tolist\()?this\.get(\w+?)Attribute\('(\w+)'\)")
_COMPUTED_LIST: Final = re.compile(r"new \w+List\(this, \"(\w+)\", (?:true|false)\)")
_COMPUTED_MAP: Final = re.compile(r"new cdktn\.(String|Number|Boolean|Any)Map(?:List)?\(this, \"(\w+)\"\)")
_KIND: Final = re.compile(r"^class (\w+) extends cdktn\.Terraform(?:Resource|DataSource|Provider) ", re.MULTILINE)
_VERSION: Final = re.compile(r"providerVersion: '([^']+)'")


class Module:
    """The bindings of one resource, data source or provider: generated JavaScript and its declarations."""

    def __init__(self, code: str, declarations: str) -> None:
        self._writers = dict(_WRITER.findall(code))
        self._classes = {name: body for name, _, body in _CLASS.findall(code)}
        self._required = {
            name: {argument for argument, optional in _PROPERTY.findall(body) if not optional}
            for name, body in _INTERFACE.findall(declarations)
        }
        found = _KIND.search(code)
        assert found, "no resource in these bindings"
        self._name = found[1]

    def root(self) -> Block:
        writer = self._classes[self._name].partition("synthesizeHclAttributes() {")[2]
        return self._block(writer, f"{self._name}Config", self._name)

    def _block(self, writer: str, interface: str, reader: str) -> Block:
        """What `writer` writes; `interface` knows what is required, and the class `reader` what is computed."""
        block = Block()
        required = self._required.get(interface, set())
        for name, value, is_block, kind, storage in _ENTRY.findall(writer):
            if is_block == "true":
                block.blocks[name] = self._nested(value, kind, required=name in required)
            else:
                block.attributes[name] = Attribute(
                    _type(kind, storage),
                    required=name in required,
                    optional=name not in required,
                    write_only="markWriteOnlyAttribute" in value,
                )
        for name, type_ in self._computed(reader):
            if name not in block.attributes and name not in block.blocks:
                block.attributes[name] = Attribute(type_, computed=True)
        if "id" in block.attributes:
            block.attributes["id"].computed = not block.attributes["id"].required
        return block

    def _nested(self, value: str, kind: str, *, required: bool) -> Nested:
        found = re.search(r"(\w+)ToHclTerraform", value)
        assert found
        struct = found[1]
        interface = struct[0].upper() + struct[1:]
        block = self._block(self._writers[struct], interface, f"{interface}OutputReference")
        nesting: Nesting = "single" if kind == "struct" else "set" if kind == "set" else "list"
        one = nesting == "single" or "listMapperHcl" not in value
        return Nested(nesting, block, least=int(required), most=1 if one and nesting != "single" else 0)

    def _computed(self, reader: str) -> Iterator[tuple[str, Type]]:
        body = self._classes.get(reader, "")
        for getter, name in _COMPUTED.findall(body):
            yield name, _getter_type(getter)
        for kind, name in _COMPUTED_MAP.findall(body):
            yield name, ["map", _SCALARS[kind.lower()]]
        for name in _COMPUTED_LIST.findall(body):
            yield name, "dynamic"


def _type(kind: str, storage: str) -> Type:
    if storage in _SCALARS:
        return _SCALARS[storage]
    found = _COLLECTION.fullmatch(storage)
    if not found:
        return "dynamic"
    collection = "map" if found[2] == "Map" else "set" if kind == "set" else "list"
    return [collection, _SCALARS[found[1]]]


def _getter_type(getter: str) -> Type:
    found = _GETTER.fullmatch(getter)
    if not found:
        return "dynamic"
    scalar = _SCALARS[(found[1] or "string").lower()]
    return [found[2].lower(), scalar] if found[2] else scalar


def load(wheel: Path, resources: AbstractSet[str], data_sources: AbstractSet[str]) -> Provider:
    """The provider in this wheel. Types are named as in Terraform; what it does not have is left out, for Terraform to
    say so.
    """
    folders = {"provider": "provider"}
    for name in resources:
        folders |= dict.fromkeys(_folders(name), name)
    for name in data_sources:
        folders |= dict.fromkeys((f"data-{folder}" for folder in _folders(name)), f"data.{name}")
    code: dict[str, str] = {}
    declarations: dict[str, str] = {}
    with _bindings(wheel) as bindings:
        for member in bindings:
            folder = member.name.removeprefix("package/lib/").partition("/")[0]
            if folder not in folders or not member.name.endswith((".d.ts", ".js")):
                continue
            stream = bindings.extractfile(member)
            assert stream
            texts = declarations if member.name.endswith(".d.ts") else code
            texts[folder] = texts.get(folder, "") + stream.read().decode()
    blocks = {folders[folder]: Module(code[folder], declarations[folder]).root() for folder in code}
    version = _VERSION.search(code["provider"])
    assert version, f"{wheel.name} does not say which provider it is of"
    configuration = blocks.pop("provider")
    for attribute in configuration.attributes.values():
        attribute.computed = False
    return Provider(
        version[1],
        configuration,
        {name: block for name, block in blocks.items() if not name.startswith("data.")},
        {name.removeprefix("data."): block for name, block in blocks.items() if name.startswith("data.")},
    )


def _folders(name: str) -> tuple[str, str]:
    """Where a type's bindings may be: those of a provider's own prefix go without it."""
    folder = name.replace("_", "-")
    return folder, folder.partition("-")[2]


def _bindings(wheel: Path) -> tarfile.TarFile:
    with zipfile.ZipFile(wheel) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        return tarfile.open(fileobj=io.BytesIO(outer.read(inner)))
