"""The names that services give their buckets in an account: who has them, the account, somebody else or nobody."""

import re
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec

from s3audit.collectors.live.answers import Gone, NotApplicable, Told, Unseen
from s3audit.collectors.live.asking import Asker
from s3audit.collectors.live.filler import ORIGIN
from s3audit.collectors.live.listing import ask_regions
from s3audit.collectors.live.operations.account import LIST_BUCKETS, PREDICTABLE
from s3audit.collectors.live.place import Place
from s3audit.collectors.live.reading import Read, Scope
from s3audit.location import Location
from s3audit.model.base import kind_of
from s3audit.model.estate import Listing, Unlisted
from s3audit.model.predictable import FOREIGN, FREE, OWN, PredictableName
from s3audit.setting import Known, Setting, Unknown
from s3audit.text import Text

_KIND = kind_of(PredictableName)
_AT_ONCE = 8
_NAMES = (
    ("AWS Glue", "aws-glue-assets-{account}-{region}"),
    ("Amazon SageMaker", "sagemaker-{region}-{account}"),
    ("Amazon EMR Studio", "aws-emr-studio-{account}-{region}"),
    ("AWS CodeStar", "aws-codestar-{region}-{account}"),
)
_CDK = "cdk-{qualifier}-assets-{account}-{region}"
_QUALIFIER = "hnb659fds"
"""What CDK has for it, unless somebody chooses another."""
_TEMPLATES = "cf-templates-{mark}-{region}"
_TEMPLATES_OWN = re.compile(r"cf-templates-([a-z0-9]+)-([a-z]{2,}(?:-[a-z]+)+-\d+)")


def predictable(account: str, regions: Iterable[str], own: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Service, Region and name; the parts that an account chose or was given show in the names that it has."""
    cdk = re.compile(f"cdk-([a-z0-9]{{1,10}})-assets-{account}-[a-z0-9-]+")
    qualifiers = sorted({_QUALIFIER, *(found[1] for name in own if (found := cdk.fullmatch(name)))})
    marks = sorted({found[1] for name in own if (found := _TEMPLATES_OWN.fullmatch(name))})
    for region in regions:
        for service, form in _NAMES:
            yield service, region, form.format(account=account, region=region)
        for one in qualifiers:
            yield "AWS CDK", region, _CDK.format(qualifier=one, account=account, region=region)
        for one in marks:
            yield "AWS CloudFormation", region, _TEMPLATES.format(mark=one, region=region)


class PredictableReader(msgspec.Struct, frozen=True):
    """Asks of each name that the account does not have whether there is a bucket of it."""

    need: str = "predictable names"
    scope: Scope = "account"

    def read(self, asker: Asker, place: Place, region: str) -> Read:
        listed = asker.ask(LIST_BUCKETS, place.account, {})
        whole = isinstance(listed, Told)
        own = (
            {str(one.get("Name")) for one in listed.document.get("Buckets") or ()}
            if isinstance(listed, Told)
            else set()
        )
        _, told = ask_regions(asker, place)
        gap = told.why if isinstance(told, Unseen) else ""
        regions = (
            sorted(str(one["RegionName"]) for one in told.document.get("Regions") or ())
            if isinstance(told, Told)
            else place.regions
        )

        def read(one: tuple[str, str, str]) -> PredictableName:
            service, where, name = one
            arn = f"arn:{place.partition}:s3:::{name}"
            at = Location(arn, arn, call=(LIST_BUCKETS if name in own else PREDICTABLE).id)
            return PredictableName(
                address=arn,
                at=at,
                origin=ORIGIN,
                title=name,
                arn=Known(Text((arn,)), at),
                account=Known(Text((place.account,)), at),
                region=Known(Text((where,)), at),
                name=Known(Text((name,)), at),
                service=Known(Text((service,)), at),
                holder=Known(OWN, at) if name in own else _holder(asker, place, name, at, whole),
            )

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = tuple(pool.map(read, predictable(place.account, regions, own)))
        if gap:
            return Read(found, unlisted=(Unlisted(_KIND, place.account, "", gap),))
        return Read(found, (Listing(_KIND, place.account, ""),))


def _holder(asker: Asker, place: Place, name: str, at: Location, whole: bool) -> Setting[str]:
    """Who has a name that is not among the buckets of the account, as far as these are known."""
    match asker.ask(PREDICTABLE, name, {"Bucket": name}, place.home):
        case Gone():
            return Known(FREE, at)
        case Told():
            there = True
        case NotApplicable(region=where):
            # S3 says where a bucket is to whoever asks; of one that is not there it says nothing.
            there = bool(where)
        case Unseen(why=why):
            return Unknown(why, at)
        case _:
            return Unknown(f"{PREDICTABLE.id} does not tell it", at)
    if not there:
        return Unknown(f"{PREDICTABLE.id} was refused, and does not say that there is such a bucket", at)
    if not whole:
        return Unknown("there is such a bucket, and the buckets of the account could not be listed", at)
    return Known(FOREIGN, at)


PREDICTABLE_READER = PredictableReader()
