"""The reports that S3 writes about a bucket, and where they go: inventories and storage class analyses."""

from collections.abc import Callable

from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.reports import AnalyticsConfiguration, InventoryConfiguration, ReportDestination
from s3audit.setting import Known, Setting, Unknown, Unset, every_of, when_set
from s3audit.text import Text, text
from s3audit.verdict import Status, Verdict, failed, not_applicable, unless

NONE = "no report about it is exported"

Judge = Callable[[ReportDestination, Text], Verdict]
"""Of a destination, and of what the keys of the reports begin with, as far as that is known."""


def of_every_export(bucket: Bucket, judge: Judge) -> Verdict:
    """The judgement of the destination of every report that is on."""
    none = not_applicable(bucket.at, NONE)

    def inventory(one: InventoryConfiguration) -> Verdict:
        return unless(
            ~one.enabled.is_in(True, what="the inventory"),
            "nothing is exported",
            lambda: judge(one.destination, _below(one, bucket)),
        )

    def analysis(one: AnalyticsConfiguration) -> Verdict:
        return when_set(
            one.export, lambda to: judge(to, _told(to.prefix) or Text()), "the analysis is not exported"
        )

    return every_of(bucket.inventory, inventory, empty=none) & every_of(
        bucket.analytics, analysis, empty=none
    )


def of_target(to: ReportDestination, estate: Estate, judge: Callable[[Bucket], Verdict]) -> Verdict:
    """The judgement of the bucket that a report goes to."""
    gone = failed(
        to.bucket.at, "there is no such bucket, and whoever makes one of this name gets the reports"
    )
    return when_set(target_of(to, estate), judge, gone)


def _below(one: InventoryConfiguration, bucket: Bucket) -> Text:
    """An inventory is below its prefix, the name of the bucket and its own."""
    prefix = one.destination.prefix
    if isinstance(prefix, Unknown):
        return Text()
    begun = _told(prefix) or Text()
    if begun.parts and begun.ends_with("/") is not Status.FAIL:
        return begun  # whether there is one slash or two after it AWS does not say
    pieces = (*begun.parts, "/") if begun.parts else ()
    for piece in (_told(bucket.name), _told(one.id)):
        if piece is None:
            break
        pieces = (*pieces, *piece.parts, "/")
    return text(*pieces)


def _told(setting: Setting[Text] | Setting[Text | None]) -> Text | None:
    match setting:
        case Known(Text() as found) | Unset(Text() as found):
            return found
        case _:
            return None


def target_of(to: ReportDestination, estate: Estate) -> Setting[Bucket | None]:
    match to.bucket:
        case Unknown() as gap:
            return gap
        case Known(arn, at) | Unset(arn, at):
            return estate.bucket_of_arn(arn, at)


def is_private(target: Bucket, estate: Estate, note: str, to: Setting[Text]) -> Verdict:
    """Whether not just anybody reads or lists what is exported; the note says, at a place, that it goes there."""
    # Most buckets export nothing.
    from s3audit.policy.access import public_list, public_read

    found = public_read(target, estate)
    if found.status is not Status.PASS:
        found |= public_list(target, estate)
    return (~found).noting(note, to.at) if found.status is Status.PASS else ~found
