"""libyaml's terse complaints as sentences: what is wrong and the way out."""

import re

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from s3audit.collectors.documents.problems import DocumentError
from s3audit.collectors.documents.tree import Lines

_UNPRINTABLE = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"

_CLOSE = "The quoted text that begins here is never closed: add the closing quote."
_HEXADECIMAL = "Expected hexadecimal digits after this escape; write two backslashes where one is meant."
_ESCAPE = "This escape is unknown in double quotes: write two backslashes for one, or use single quotes."
_AFTER_INDICATOR = "Only a comment may follow here on this line: put the text on the next line, or quote it."
_TAG = "This tag can't be read: write '!Name' and a space before the value."

# A part of the complaint, in the words of libyaml or of the pure Python parser, and the sentence.
# {since} is where the construct begins that the parser was reading.
_SENTENCES = (
    (
        "mapping values are not allowed",
        "A ':' can't stand here: a key begins its own line, and a text that holds ': ' needs quotes.",
    ),
    (
        "did not find expected key",
        "Expected the next key of the mapping begun on {since}: mind the indentation and the quotes.",
    ),
    (
        "expected <block end>",
        "This does not continue what was begun on {since}: mind the indentation.",
    ),
    (
        "expected '-' indicator",
        "Expected the next '- ' of the list begun on {since}: mind the indentation.",
    ),
    (
        "could not find expected ':'",
        "What begins on {since} is no 'key: value': add the ':', or indent it if it continues a text.",
    ),
    (
        "',' or ']'",
        "Expected ',' or ']' in the list begun on {since}: add it, or quote a text with such characters.",
    ),
    (
        "',' or '}'",
        "Expected ',' or '}}' in the mapping begun on {since}: add it, or quote a text with such characters.",
    ),
    ("node content", "Expected a value here; quote a text that begins with a character that YAML reserves."),
    (
        "<document start>",
        "Expected '---' or the end of the file, for what stands before is complete: mind the indentation.",
    ),
    ("unexpected end of stream", _CLOSE),
    ("unexpected document", _CLOSE),
    ("unknown escape character", _ESCAPE),
    ("character escape code", _ESCAPE),
    ("expected hexdecimal number", _HEXADECIMAL),
    ("escape sequence of", _HEXADECIMAL),
    (
        "alphabetic or numeric character",
        "'*' begins an alias and '&' an anchor, which need a name. Quote a text like \"*\".",
    ),
    (
        "entries are not allowed",
        "A list item ('- ') can't stand here: put it on a line of its own, below its key.",
    ),
    ("mapping keys are not allowed", "A '?' can't begin a key here: quote a text that begins with '? '."),
    ("comment or line break", _AFTER_INDICATOR),
    ("chomping", _AFTER_INDICATOR),
    (
        "indentation indicator",
        "The indentation that a block text ('|' or '>') states is a digit from 1 to 9.",
    ),
    (
        "undefined tag handle",
        "This tag has a prefix that is declared nowhere; CloudFormation's look like '!Ref'.",
    ),
    ("%YAML directive", "Only one %YAML directive may stand before a document: remove the others."),
    ("incompatible YAML document", "This document says that it is not YAML 1.x: remove the %YAML directive."),
    ("whitespace or line break", _TAG),
    ("tag", _TAG),
)

_TAB = "A tab can't indent or begin a value in YAML: replace it with spaces."
_RESERVED = "A value can't begin with {what}, which YAML reserves: put the text in quotes."


def explain(error: Exception, text: str, reached: int) -> DocumentError:
    """The error as a place and a sentence; `reached` is where the last good part ended."""
    if isinstance(error, ReaderError):
        return _unprintable(text, reached)
    if not isinstance(error, MarkedYAMLError):
        return DocumentError(
            reached, "What follows here can't be read as YAML: it holds an invalid escape or tag."
        )
    mark = error.problem_mark or error.context_mark
    if _sentence_for(error) is _CLOSE:
        # That a quote is not closed is noticed at the end of the text, and mended at its start.
        mark = error.context_mark or mark
    offset = reached if mark is None else min(mark.index, len(text))
    return DocumentError(offset, _sentence(error, text, offset))


def _sentence_for(error: MarkedYAMLError) -> str | None:
    return next((sentence for part, sentence in _SENTENCES if part in (error.problem or "")), None)


def _sentence(error: MarkedYAMLError, text: str, offset: int) -> str:
    problem = error.problem or ""
    here = text[offset : offset + 1]
    if here == "\t" and ("cannot start any token" in problem or "a tab character" in problem):
        return _TAB
    if "cannot start any token" in problem:
        return _RESERVED.format(what=repr(here))
    begun = error.context_mark or error.problem_mark
    line = 1 if begun is None else Lines(text).place(min(begun.index, len(text)))[0]
    if (sentence := _sentence_for(error)) is not None:
        return sentence.format(since=f"line {line}")
    while_doing = f" {error.context}:" if error.context else ""
    return f"This is not valid YAML:{while_doing} {problem}."


def _unprintable(text: str, reached: int) -> DocumentError:
    found = re.compile(_UNPRINTABLE).search(text)
    if found is None:
        return DocumentError(reached, "What follows here can't be read as YAML.")
    code = ord(found.group())
    return DocumentError(
        found.start(),
        f"YAML forbids the control character U+{code:04X} here: remove it or write it as an escape.",
    )


SYNTAX_ERRORS = (yaml.YAMLError, ValueError, OverflowError)
"""All that the parsers raise for bad input: libyaml's also UnicodeError for some tags."""
