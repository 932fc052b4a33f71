from s3audit.check import BUCKETS, CLOUDFORMATION, LOW, TERRAFORM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.reports import IntelligentTieringConfiguration, Tiering
from s3audit.setting import Known, Listed, Setting, Unknown, Unset, every_of
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, unknown

from ._moments import some_days
from ._rules import fulfils

_ARCHIVE, _DEEP = "ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"
_LEAST = {_ARCHIVE: 90, _DEEP: 180}
_MOST = 730
_YES = Verdict(Status.PASS)


@check(
    severity=LOW,
    severity_rule="low: S3 refuses it, so nothing is archived, and it all costs what it did",
    needs=(BUCKETS,),
    about="intelligent_tiering",
    sources=(CLOUDFORMATION, TERRAFORM),
    peers={
        "custodian": ("intelligent-tiering",),
        "cfn_lint": ("E3061",),
        "tflint": ("aws_s3_bucket_intelligent_tiering_configuration_invalid_status",),
    },
    fix=Fix(
        cloudformation="""
            IntelligentTieringConfigurations:
              - Id: archive
                Status: Enabled
                Tierings:
                  - AccessTier: ARCHIVE_ACCESS
                    Days: 90
                  - AccessTier: DEEP_ARCHIVE_ACCESS
                    Days: 180
            """,
        terraform="""
            resource "aws_s3_bucket_intelligent_tiering_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              name   = "archive"
              tiering {
                access_tier = "ARCHIVE_ACCESS"
                days        = 90
              }
              tiering {
                access_tier = "DEEP_ARCHIVE_ACCESS"
                days        = 180
              }
            }
            """,
        note="Whoever reads an archived object waits for hours, so archive only what can wait.",
    ),
    passes=(
        """
        # The earliest that there is.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Tierings:
                    - {AccessTier: ARCHIVE_ACCESS, Days: 90}
                    - {AccessTier: DEEP_ARCHIVE_ACCESS, Days: 180}
        """,
        """
        # The latest, and one tier alone; without a configuration nothing is asked.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Prefix: old/
                  Tierings:
                    - {AccessTier: DEEP_ARCHIVE_ACCESS, Days: 730}
                - Id: reports
                  Status: Disabled
                  Prefix: reports/
                  Tierings:
                    - {AccessTier: DEEP_ARCHIVE_ACCESS, Days: 730}
                    - {AccessTier: ARCHIVE_ACCESS, Days: 729}
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Too early, and too late.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Tierings:
                    - AccessTier: ARCHIVE_ACCESS
                      Days: 30 # <-
                    - AccessTier: DEEP_ARCHIVE_ACCESS
                      Days: 1000 # <-
        """,
        """
        # Deep archive comes after archive, not with it.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Tierings:
                    - {AccessTier: ARCHIVE_ACCESS, Days: 180}
                    - AccessTier: DEEP_ARCHIVE_ACCESS
                      Days: 180 # <-
        """,
        """
        # One tier has one time.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Tierings:
                    - {AccessTier: ARCHIVE_ACCESS, Days: 90}
                    - AccessTier: ARCHIVE_ACCESS # <-
                      Days: 365
        """,
    ),
    unsure=(
        """
        # After how many days is for whoever deploys it.
        Parameters:
          Days:
            Type: Number
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              IntelligentTieringConfigurations:
                - Id: archive
                  Status: Enabled
                  Tierings:
                    - AccessTier: ARCHIVE_ACCESS
                      Days: !Ref Days # <-
        """,
    ),
)
def intelligent_tiering_days(bucket: Bucket) -> Verdict:
    """Intelligent-Tiering archive settings are in range.

    S3 takes 90 to 730 days for the archive tier and 180 to 730 for the deep one, each once and the deep one later.
    It refuses anything else: the deployment fails, and nothing is archived.
    """
    none = not_applicable(bucket.intelligent_tiering.at, "it has no Intelligent-Tiering configuration")
    return every_of(bucket.intelligent_tiering, _is_taken, none)


def _is_taken(one: IntelligentTieringConfiguration) -> Verdict:
    return every_of(one.tierings, _in_range) & _in_order(one.tierings)


def _in_range(tier: Tiering) -> Verdict:
    match tier.access_tier:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(name) | Unset(name):
            least = _LEAST.get(name)
            if least is None:
                return _YES
            told = some_days(tier.days.value) if isinstance(tier.days, Known) else "not set"
            note = f"{name} is {told}, and S3 takes {least} to {_MOST}"
            return fulfils(
                tier.days, lambda days: _is_between(days, least), note, f"the number of days of {name}"
            )


def _is_between(days: int | None, least: int) -> bool:
    return days is not None and least <= days <= _MOST


def _in_order(tierings: Listed[Tiering]) -> Verdict:
    """Whether no tier is there twice, and the deep one comes later."""
    match tierings:
        case Unknown(why, at):
            return unknown(at, why)
        case Known(items) | Unset(items):
            found = [item.value if isinstance(item, Known) else None for item in items]
            return every(
                _YES if one is None or other is None else _fit(one, other)
                for index, other in enumerate(found)
                for one in found[:index]
            )


def _fit(one: Tiering, other: Tiering) -> Verdict:
    """An element that is not known is told of elsewhere."""
    match one.access_tier, other.access_tier:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case ((Known(a) | Unset(a)), (Known(b) | Unset(b))):
            if a == b:
                return failed(other.access_tier.at, f"{a} is there twice")
            if {a, b} != {_ARCHIVE, _DEEP}:
                return _YES
            return _later(one.days, other.days) if b == _DEEP else _later(other.days, one.days)


def _later(archive: Setting[int], deep: Setting[int]) -> Verdict:
    match archive, deep:
        case (Unknown(why, at), _) | (_, Unknown(why, at)):
            return unknown(at, why)
        case Known(one), Known(other):
            note = f"{_DEEP} comes after {some_days(other)}, {_ARCHIVE} after {some_days(one)}"
            return deep.satisfies(lambda days: days > one, note)
        case _:
            return _YES
