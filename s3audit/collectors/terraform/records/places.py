"""Where the source of a plan declares a resource and each of its arguments."""

import posixpath
from collections.abc import Mapping, Sequence

from s3audit.collectors.documents.hcl.syntax import Block, Body, Expression, Literal, Object, Template, Tuple
from s3audit.collectors.documents.tree import Node
from s3audit.collectors.terraform.records.addresses import parse
from s3audit.collectors.terraform.records.order import by_words, in_order

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

    def elements(self, items: Sequence[object]) -> list["Place"]:
        """The places of these elements."""
        if isinstance(self.value, Tuple) and len(self.value.items) == len(items):
            return [Place(value, value, value=value) for value in self.value.items]
        found: list[Place] = []
        for index in self._order(items):
            block = None if index is None else self.blocks[index]
            found.append(Place(self.node, self.node) if block is None else Place(block, block, block=block))
        return found

    def _order(self, items: Sequence[object]) -> list[int | None]:
        """Which of the blocks each element is."""
        if len(self.blocks) == 1:
            return [0] * len(items)
        if any(map(_is_dynamic, self.blocks)):
            return [None] * len(items)
        constants = [_constants(block) for block in self.blocks]
        order = in_order(constants, items)
        return order if None not in order else by_words(constants, items)


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
                written = place.value.items if isinstance(place.value, Tuple) else place.blocks
                inside = place.elements([None] * max(len(written), 1))
                place = inside[step] if step < len(inside) else inside[0] if len(inside) == 1 else place
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


def _constants(block: Block) -> dict[str, object]:
    """What a block says in plain words."""
    return {
        name: written.value.value
        for name, written in block.body.attributes.items()
        if isinstance(written.value, Literal) and isinstance(written.value.value, str | int)
    }


def _literal(value: Expression) -> str:
    match value:
        case Literal(value=str(known)):
            return known
        case Template(parts=(str(known),)):
            return known
        case _:
            return ""
