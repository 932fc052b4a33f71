"""Where the source of a plan declares a resource and each of its arguments."""

import posixpath
from collections.abc import Mapping, Sequence

from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Literal, Object, Template, Tuple
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.addresses import parse

_MOST_BLOCKS = 500
"""Of one type in a block, of which it is looked for which stands for which element."""
_MOST_LEVELS = 50


class Place:
    """A part of a resource: what stands for it, and what it consists of."""

    __slots__ = ("block", "blocks", "key", "node", "value")

    def __init__(
        self,
        node: Node,
        key: Node,
        *,
        block: Block | None = None,
        blocks: Sequence[Block] = (),
        value: Expression | None = None,
    ) -> None:
        self.node = node
        """The value, or the header of the block."""
        self.key = key
        self.block = block
        self.blocks = blocks
        """Those of one type, `dynamic` ones too."""
        self.value = value

    def below(self, name: str) -> "Place":
        """The place of an argument, of nested blocks or of a member; the whole where it is not written by itself."""
        if self.block is not None:
            body = _content(self.block)
            written = body.attributes.get(name)
            if written is not None:
                return Place(written.value, written.key, value=written.value)
            blocks = [one for one in body.blocks if _is_of(one, name)]
            if blocks:
                return Place(blocks[0], blocks[0], blocks=blocks)
        elif isinstance(self.value, Object):
            for key, value in self.value.items:
                if isinstance(key, Literal) and key.value == name:
                    return Place(value, key, value=value)
        return Place(self.node, self.node)

    def element(self, index: int, items: Sequence[object]) -> "Place":
        """The place of one of these elements."""
        if isinstance(self.value, Tuple) and len(self.value.items) == len(items):
            value = self.value.items[index]
            return Place(value, value, value=value)
        block = self._block(index, items)
        return Place(self.node, self.node) if block is None else Place(block, block, block=block)

    def _block(self, index: int, items: Sequence[object]) -> Block | None:
        if len(self.blocks) == 1:
            return self.blocks[0]
        count = len(self.blocks)
        if count != len(items) or count > _MOST_BLOCKS or any(_is_dynamic(one) for one in self.blocks):
            return None
        if _may_be(self.blocks[index], items[index]):
            return self.blocks[index]
        # Sets are sorted in a plan.
        fitting = [one for one in self.blocks if _may_be(one, items[index])]
        return fitting[0] if len(fitting) == 1 else None


class Places:
    """The bodies of modules by folder, below the folder of the root module."""

    def __init__(
        self,
        folders: Mapping[str, Sequence[Body]],
        root: str = ".",
        installed: Mapping[str, str] | None = None,
    ) -> None:
        self._folders = {posixpath.normpath(folder): bodies for folder, bodies in folders.items()}
        self._root = posixpath.normpath(root)
        self._installed = installed or {}
        """The folders of modules that no local path names, by the names of the calls: `site.logs`."""
        self._indices: dict[str, dict[tuple[str, ...], Block]] = {}
        self._of_modules: dict[tuple[str, ...], str | None] = {(): self._root}

    def block(self, address: str) -> Block | None:
        """The block that declares a resource or data source."""
        parsed = parse(address)
        folder = None if parsed is None else self._folder(parsed.folder)
        if parsed is None or folder is None:
            return None
        kind = "resource" if parsed.mode == "managed" else parsed.mode
        return self._index(folder).get((kind, parsed.type, parsed.name))

    def place(self, address: str) -> Place | None:
        block = self.block(address)
        return None if block is None else Place(block, block, block=block)

    def find(self, address: str, path: Sequence[str | int]) -> Node | None:
        """What stands for an argument: its value, the header of its block, or what it would stand under."""
        place = self.place(address)
        for step in path if place else ():
            assert place is not None  # noqa: S101 - each step of one leads to another
            if isinstance(step, str):
                place = place.below(step)
            else:
                items = place.value.items if isinstance(place.value, Tuple) else place.blocks
                place = place.element(step, [None] * max(len(items), step + 1))
        return None if place is None else place.node

    def _folder(self, modules: tuple[str, ...]) -> str | None:
        """Where the module lies that these calls lead to."""
        if modules not in self._of_modules:
            self._of_modules[modules] = self._called(modules) if len(modules) <= _MOST_LEVELS else None
        return self._of_modules[modules]

    def _called(self, modules: tuple[str, ...]) -> str | None:
        outer = self._folder(modules[:-1])
        call = None if outer is None else self._index(outer).get(("module", modules[-1]))
        if outer is None or call is None:
            return None
        written = call.body.attributes.get("source")
        source = "" if written is None else _literal(written.value)
        if source.startswith(("./", "../")):
            return posixpath.normpath(posixpath.join(outer, source))
        installed = self._installed.get(".".join(modules))
        return None if installed is None else posixpath.normpath(installed)

    def _index(self, folder: str) -> dict[tuple[str, ...], Block]:
        """The blocks of a folder by type and labels; of two the first counts."""
        if folder not in self._indices:
            found: dict[tuple[str, ...], Block] = {}
            for body in self._folders.get(folder, ()):
                for block in body.blocks:
                    found.setdefault((block.type, *block.labels), block)
            self._indices[folder] = found
        return self._indices[folder]


def _is_of(block: Block, name: str) -> bool:
    return block.type == name or (_is_dynamic(block) and block.labels == (name,))


def _is_dynamic(block: Block) -> bool:
    return block.type == "dynamic" and len(block.labels) == 1


def _content(block: Block) -> Body:
    if not _is_dynamic(block):
        return block.body
    return next((one.body for one in block.body.blocks if one.type == "content"), block.body)


def _may_be(block: Block, item: object) -> bool:
    """Whether an element may be what this block makes: nothing that it says is otherwise there."""
    if not isinstance(item, dict):
        return True
    for name, written in block.body.attributes.items():
        planned = item.get(name)
        if planned is None or isinstance(planned, dict | list) or not isinstance(written.value, Literal):
            continue
        if str(written.value.value).lower() != str(planned).lower():
            return False
    return True


def _literal(value: Expression) -> str:
    match value:
        case Literal(value=str(known)):
            return known
        case Template(parts=(str(known),)):
            return known
        case _:
            return ""
