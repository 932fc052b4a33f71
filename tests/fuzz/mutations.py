"""Texts and JSON documents, a little changed."""

import copy
import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_TOKEN = re.compile(r'"[^"\n]*"|[\w.-]+|[^\w\s]|\n|[ \t]+')
_BYTES = [b"\0", b"\xff", b'"', b"{", b"}", b"$", b"\n", b"\r", b"\\", b"\xe2\x80\xae", b"<<E\n", b"/*"]


def changed_text(text: str, words: Sequence[str], random: Random) -> bytes:
    """A text of tokens with some of them deleted, doubled, swapped or replaced."""
    tokens = _TOKEN.findall(text)
    for _ in range(random.randint(1, 4)):
        if len(tokens) < 4:
            break
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        match random.randrange(10):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[other])
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3 | 4:
                tokens[at] = random.choice(words)
            case 5:
                del tokens[at : at + random.randrange(1, 30)]
            case 6 | 7 | 8 if "=" in tokens[at:]:
                value = tokens.index("=", at) + 1
                end = tokens.index("\n", value) if "\n" in tokens[value:] else len(tokens)
                tokens[value:end] = [" ", random.choice(words)]
            case _:
                tokens[at:at] = tokens[other : other + random.randrange(1, 60)]
    return (
        changed_bytes("".join(tokens).encode(), random) if random.random() < 0.2 else "".join(tokens).encode()
    )


def changed_bytes(data: bytes, random: Random) -> bytes:
    """Some bytes flipped, replaced or inserted, or all from somewhere on cut off."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(data) + 1)
        match random.randrange(4):
            case 0:
                data = data[:at]
            case 1 if at < len(data):
                data = data[:at] + bytes([data[at] ^ (1 << random.randrange(8))]) + data[at + 1 :]
            case 2:
                data = data[:at] + data[at + 1 :]
            case _:
                data = data[:at] + random.choice(_BYTES) + data[at:]
    return data


def changed_json(document: Any, strangers: Sequence[object], random: Random) -> bytes:
    """A document with parts deleted, doubled, moved or of another type; now and then it is no JSON any more."""
    document = copy.deepcopy(document)
    for _ in range(random.randint(1, 4)):
        holder, step = _somewhere(document, random)
        if holder is None:
            break
        _change(holder, step, strangers, lambda: _somewhere(document, random), random)
    data = json.dumps(document).encode()
    return changed_bytes(data, random) if random.random() < 0.2 else data


def _change(
    holder: Any,
    step: Any,
    strangers: Sequence[object],
    elsewhere: Callable[[], tuple[Any, Any]],
    random: Random,
) -> None:
    value = holder[step]
    match random.randrange(8):
        case 0:
            del holder[step]
        case 1 | 2:
            holder[step] = copy.deepcopy(random.choice(strangers))
        case 3:
            other, where = elsewhere()
            holder[step] = copy.deepcopy(other[where])
        case 4:
            holder[step] = [copy.deepcopy(value), value]
        case 5 if isinstance(value, list):
            holder[step] = value[0] if value else None
        case 5:
            holder[step] = json.dumps(value)
        case 6 if isinstance(holder, list):
            holder.insert(random.randrange(len(holder) + 1), copy.deepcopy(value))
        case 6:
            holder[random.choice(list(holder))] = copy.deepcopy(value)
        case _ if isinstance(holder, dict):
            holder[random.choice(["", "id", "bucket", "for_each", "dynamic", f"{step}x"])] = holder.pop(step)
        case _:
            random.shuffle(holder)


def _somewhere(document: Any, random: Random) -> tuple[Any, Any]:
    """A part of a document by what holds it, deep ones as likely as others; None where there is none."""
    holder: Any = None
    step: Any = ""
    inner = document
    while isinstance(inner, dict | list) and inner:
        holder = inner
        step = random.choice(list(inner)) if isinstance(inner, dict) else random.randrange(len(inner))
        inner = holder[step]
        if random.random() < 0.15:
            break
    return holder, step
