"""What an override file makes of a block: https://developer.hashicorp.com/terraform/language/files/override."""

from s3audit.collectors.documents.hcl.syntax import Block, Body

_WITH_LIFECYCLE = ("resource", "data", "ephemeral")


def is_override(stem: str) -> bool:
    """Whether a file of this name, without its extension, changes what the others declare."""
    return stem == "override" or stem.endswith("_override")


def merged(base: Block, over: Block) -> Block:
    """The block with its arguments replaced one by one, and its nested blocks by type."""

    def read() -> Body:
        return _merged_body(base.body, over.body, base.type in _WITH_LIFECYCLE)

    return Block(base.start, base.end, base.lines, base.type, base.labels, read)


def _merged_body(base: Body, over: Body, with_lifecycle: bool) -> Body:
    kept = {"lifecycle"} if with_lifecycle else set()
    # In JSON an argument may be what is a block in HCL.
    replaced = {_kind(block) for block in over.blocks} - kept
    attributes = {name: written for name, written in base.attributes.items() if name not in replaced}
    attributes.update(over.attributes)
    # With one of them in each file Terraform heeds `count`; both in one file it refuses.
    both = {"count", "for_each"}
    if (
        both <= attributes.keys()
        and not both <= base.attributes.keys()
        and not both <= over.attributes.keys()
    ):
        del attributes["for_each"]
    replaced |= over.attributes.keys()
    blocks = [block for block in base.blocks if _kind(block) not in replaced]
    for block in over.blocks:
        place = next((at for at, known in enumerate(blocks) if known.type in kept), None)
        if block.type in kept and place is not None:
            blocks[place] = merged(blocks[place], block)
        else:
            blocks.append(block)
    return Body(attributes, blocks, base.is_whole and over.is_whole)


def _kind(block: Block) -> str:
    """The type of block that it is or makes."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
