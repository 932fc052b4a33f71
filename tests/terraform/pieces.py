"""Pieces of configuration that tests put together."""

from typing import Any

ON, OFF = '"Enabled"', '"Suspended"'


def block(kind: str, /, *labels: str, **arguments: Any) -> str:
    """A block on lines of their own; an argument that is a block of its own is given as lines that are ready."""
    header = " ".join((kind, *(f'"{label}"' for label in labels)))
    lines = "".join(f"  {name} = {value}\n" for name, value in arguments.items())
    return f"{header} {{\n{lines}}}\n"


def variable(name: str, /, **arguments: Any) -> str:
    return block("variable", name, **arguments)


def bucket(name: str = "b", /, **arguments: Any) -> str:
    return block("resource", "aws_s3_bucket", name, **arguments)


def versioning(of: str = "aws_s3_bucket.b.id", status: str = ON, name: str = "b", **arguments: Any) -> str:
    """Its status stands six lines below its header, and one more for each further argument."""
    lines = "".join(f"  {argument} = {value}\n" for argument, value in arguments.items())
    return (
        f'resource "aws_s3_bucket_versioning" "{name}" {{\n{lines}  bucket = {of}\n'
        f"  versioning_configuration {{\n    status = {status}\n  }}\n}}\n"
    )


def call(name: str, source: str, /, **arguments: Any) -> str:
    return block("module", name, source=f'"{source}"', **arguments)


def output(name: str, value: str) -> str:
    return block("output", name, value=value)
