"""What a framework is: requirements in our own words, each with the checks that answer it."""

import msgspec


class FrameworkError(Exception):
    """A framework that does not exist or can't be read; the message says where and what was expected."""


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a framework asks for; its id is spelled as there."""

    id: str
    title: str
    """What is true when it is met."""
    checks: tuple[str, ...] = ()
    """They decide; without any, a person does."""
    supporting: tuple[str, ...] = ()
    """Shown beside the others, and deciding nothing."""
    weak: tuple[str, ...] = ()
    """Of the checks, those that the source names and that are poor evidence."""
    partial: bool = False
    """The checks settle a part of it only, so that it never passes as a whole."""
    manual: str = ""
    """What a person still has to look at."""
    differs: str = ""
    """Where our verdict and the source's own test part."""
    basis: str = ""
    """Who says that these checks answer it."""
    level: str = ""
    assessment: str = ""
    standards: str = ""
    unsure: bool = False
    """One secondary source alone says so, or nobody has confirmed it."""
    note: str = ""

    @property
    def all_checks(self) -> tuple[str, ...]:
        return (*self.checks, *self.supporting)


class NotFollowed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody else maps and we don't."""

    peer: str
    requirement: str
    why: str


class Framework(msgspec.Struct, frozen=True, kw_only=True):
    """A standard, or the rules of a company."""

    id: str
    title: str
    requirements: tuple[Requirement, ...]
    short: str = ""
    """What people call it, whatever the version."""
    version: str = ""
    also_for: tuple[str, ...] = ()
    """Versions of which the same is true."""
    publisher: str = ""
    source: str = ""
    """Where the mapping is from."""
    note: str = ""
    """What goes for every requirement."""
    retired: tuple[Requirement, ...] = ()
    """What earlier versions asked for; it is never scored."""
    not_followed: tuple[NotFollowed, ...] = ()

    @property
    def name(self) -> str:
        """`CIS Amazon Web Services Foundations Benchmark v5.0.0`."""
        if not self.version:
            return self.title
        return f"{self.title}, {self.version}" if " " in self.version else f"{self.title} {self.version}"

    @property
    def label(self) -> str:
        """In a list: `CIS`."""
        return self.short or self.id

    @property
    def checks(self) -> tuple[str, ...]:
        """Every check that a requirement names, each once, in the order of the requirements."""
        return tuple(dict.fromkeys(check for one in self.requirements for check in one.all_checks))

    @property
    def deciding(self) -> frozenset[str]:
        """The checks of which a failure fails a requirement."""
        return frozenset(check for one in self.requirements for check in one.checks)
