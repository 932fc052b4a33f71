"""Functions of networks, of IPv4 and IPv6."""

from ipaddress import IPv6Address
from typing import NamedTuple

from s3audit.collectors.terraform.language.convert import NotKnown
from s3audit.collectors.terraform.language.functions.common import Refused, strict
from s3audit.collectors.terraform.language.values import Plain

_WIDEST = 32
"""Bits by which `cidrsubnets` may lengthen a prefix."""
_NESTED = "an IPv4 address within IPv6 is not worked out"


class _Network(NamedTuple):
    address: int
    prefix: int
    bits: int


def _network(text: str) -> _Network:
    """Such as 10.0.0.0/8; what lies behind the prefix does not count."""
    address, slash, length = text.partition("/")
    bits = 128 if ":" in address else 32
    number = _address(address, bits)
    if not slash or not length.isdecimal() or not length.isascii() or len(length) > 9 or int(length) > bits:
        raise Refused(f"{text[:60]!r} is no network such as 10.0.0.0/8")
    prefix = int(length)
    return _Network(number >> (bits - prefix) << (bits - prefix), prefix, bits)


def _address(text: str, bits: int) -> int:
    if bits == 128:
        try:
            return int(IPv6Address(text)) if "%" not in text else _refuse(text)
        except ValueError:
            if any(len(part) > 1 and part[0] == "0" for part in text.rsplit(":", maxsplit=1)[-1].split(".")):
                raise NotKnown("an address with leading zeros is not worked out") from None
            _refuse(text)
    parts = text.split(".")
    number = 0
    for part in parts:
        if not (part.isdecimal() and part.isascii() and len(part) < 10 and int(part) < 256):
            _refuse(text)
        number = number << 8 | int(part)
    return number if len(parts) == 4 else _refuse(text)


def _refuse(text: str) -> int:
    raise Refused(f"{text[:60]!r} is no address")


def _spelled(number: int, bits: int) -> str:
    if bits == 32:
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    if number >> 32 == 0xFFFF:
        raise NotKnown(_NESTED)
    return str(IPv6Address(number))


def _cidrhost(prefix: str, number: int) -> str:
    network = _network(prefix)
    size = 1 << (network.bits - network.prefix)
    if not -size <= number < size:
        raise Refused(f"the network has no host {number}")
    return _spelled(network.address + (number if number >= 0 else size + number), network.bits)


def _cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if network.bits != 32:
        raise Refused("IPv6 has no netmasks")
    return _spelled((1 << 32) - (1 << (32 - network.prefix)), 32)


def _cidrsubnet(prefix: str, newbits: int, number: int) -> str:
    network = _network(prefix)
    longer = network.prefix + newbits
    if newbits < 0 or number < 0:
        raise NotKnown("what a negative number means here is not documented")
    if longer > network.bits:
        raise Refused(f"the prefix would have {longer} bits")
    if number >> newbits:
        raise Refused(f"{newbits} bits do not hold {number}")
    return _with_prefix(network.address | number << (network.bits - longer), longer, network.bits)


def _with_prefix(address: int, prefix: int, bits: int) -> str:
    return f"{_spelled(address, bits)}/{prefix}"


def _cidrsubnets(prefix: str, *newbits: int) -> list[Plain]:
    network = _network(prefix)
    if newbits and not network.address:
        raise Refused("a network that begins at zero is not divided")
    made: list[Plain] = []
    free = network.address
    end = network.address + (1 << (network.bits - network.prefix))
    for bits in newbits:
        longer = network.prefix + bits
        if bits < 1:
            raise Refused("a prefix must become longer")
        if bits > _WIDEST or longer > network.bits:
            raise Refused(f"a prefix can't become longer by {bits} bits")
        size = 1 << (network.bits - longer)
        start = -(-free // size) * size
        if start + size > end:
            raise Refused("there is not enough room")
        made.append(_with_prefix(start, longer, network.bits))
        free = start + size
    return made


def _cidrcontains(prefix: str, other: str) -> bool:
    network = _network(prefix)
    inner = _network(other) if "/" in other else _network(f"{other}/{128 if ':' in other else 32}")
    for one in (prefix, other):
        _refuse_nested(one.partition("/")[0])
    if network.bits != inner.bits:
        raise Refused("one of them is IPv4 and the other one is IPv6")
    shift = network.bits - network.prefix
    return inner.prefix >= network.prefix and inner.address >> shift == network.address >> shift


def _refuse_nested(address: str) -> None:
    """An IPv4 address that is written as one of IPv6 may be taken for either."""
    if ":" in address and _address(address, 128) >> 32 == 0xFFFF:
        raise NotKnown(_NESTED)


FUNCTIONS = {
    "cidrcontains": strict("string string", _cidrcontains),
    "cidrhost": strict("string whole", _cidrhost, gives_text=True),
    "cidrnetmask": strict("string", _cidrnetmask, gives_text=True),
    "cidrsubnet": strict("string whole whole", _cidrsubnet, gives_text=True),
    "cidrsubnets": strict("string whole...", _cidrsubnets),
}
