"""All suppressions of a file."""

import re
from collections.abc import Iterator

from s3audit.collectors.documents.files import File
from s3audit.collectors.documents.reader import decode
from s3audit.collectors.documents.reader import read as read_documents
from s3audit.collectors.documents.sniff import sniff
from s3audit.location import Location
from s3audit.suppress import hcl, may_suppress, metadata, ours, theirs, yaml
from s3audit.suppress.mark import Mark, Span
from s3audit.suppress.page import Comment, Page

HCL = (".tf", ".tofu")
_JSON = re.compile(r"\s*[{\[]")


class Written:
    """The suppressions of a file, and the blocks that they may stand at."""

    def __init__(self, spans: tuple[Span, ...], page: Page | None) -> None:
        self.spans = spans
        self.page = page


NOTHING = Written((), None)


def written(file: File, honor_foreign: bool) -> Written:
    """What is suppressed in a file."""
    if not may_suppress(file.data, honor_foreign):
        return NOTHING
    text = decode(file.data)
    if _is_hcl(file):
        page = hcl.page(text)
        return Written(tuple(_of(page, file.source, honor_foreign)), page)
    documents, _ = read_documents(file.data, file.source, limit=len(file.data))
    spans = [one for document in documents for one in metadata.spans(document, file.source, honor_foreign)]
    if _JSON.match(text):
        return Written(tuple(spans), None)
    page = yaml.page(text, documents)
    return Written((*spans, *_of(page, file.source, honor_foreign)), page)


def _is_hcl(file: File) -> bool:
    return file.source.endswith(HCL) or (
        not file.path and sniff(file.data, file.source, named=True) == "terraform"
    )


def _of(page: Page, source: str, honor_foreign: bool) -> Iterator[Span]:
    for comment in page.comments:
        for one in _marks(page, comment, source, honor_foreign):
            reached = page.reached(comment, one.reach)
            if reached is None:
                yield Span(one, 0, 0, is_whole=False)
                continue
            first, last, block = reached
            is_whole = block is not None or one.reach == "file"
            call, address = ("", "") if block is None else (block.call, block.address)
            yield Span(one, first, last, is_whole, call, address)


def _marks(page: Page, comment: Comment, source: str, honor_foreign: bool) -> Iterator[Mark]:
    at = Location(source, "", comment.line, comment.column, comment.end_line, comment.end_column)
    yield from ours.marks(comment.text, at)
    if honor_foreign:
        yield from theirs.marks(comment.text, at, page.is_first(comment))
