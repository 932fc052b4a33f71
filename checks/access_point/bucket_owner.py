from s3audit.check import ACCESS_POINTS, ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import listed_of
from s3audit.model.access_point import AccessPoint, MultiRegionAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.points import Target, bucket_of, buckets_of, targets
from s3audit.setting import Known, Setting, Unknown, Unset
from s3audit.text import Text, same
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, unknown

from ._policies import Point, but_for_volumes


@check(
    severity=MEDIUM,
    severity_rule="medium: what is written through the access point may end up with a stranger",
    needs=(ACCESS_POINTS, BUCKETS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Or the account of somebody to trust.
            BucketAccountId: !Ref AWS::AccountId
            """,
        terraform="""
            # Or the account of somebody to trust.
            resource "aws_s3_access_point" "example" {
              bucket_account_id = data.aws_caller_identity.current.account_id
            }
            data "aws_caller_identity" "current" {}
            """,
        cli="""
            # Of one whose bucket is gone nothing is left.
            aws s3control delete-access-point --account-id ACCOUNT_ID --name ACCESS_POINT
            aws s3control create-access-point --account-id ACCOUNT_ID --name ACCESS_POINT --bucket BUCKET \\
              --bucket-account-id BUCKET_ACCOUNT_ID
            """,
        note="If the account is one of yours, add it to trusted_accounts.",
    ),
    passes=(
        """
        # A bucket of the same account, and one of an account that is trusted.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
        """,
    ),
    fails=(
        """
        # The bucket has to belong to an account that nobody trusts.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: !Ref Orders
              BucketAccountId: "444455556666" # <-
        """,
    ),
    unsure=(
        """
        # Whose bucket it is is for whoever deploys it.
        #: [[expect]]
        #: trusted_accounts = ["222233334444"]
        Parameters:
          Owner: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPoint:
            Type: AWS::S3::AccessPoint
            Properties:
              Bucket: partner-orders # <-
              BucketAccountId: !Ref Owner # <-
        """,
    ),
)
def bucket_owner(point: AccessPoint | MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """Access points belong to buckets of trusted accounts.

    An access point keeps its name when its bucket is deleted, and whoever makes a bucket of that name gets what is
    written through it. The account of the bucket says whose it has to be.
    """

    def judged() -> Verdict:
        trusted = listed_of((point, *buckets_of(point, estate)), estate, lambda one: one.trust.accounts)
        return every(
            _is_trusted(target, point, trusted) & _is_there(target, estate) for target in targets(point)
        )

    return but_for_volumes(point, "there is no bucket behind it", judged)


def _is_trusted(target: Target, point: Point, trusted: Setting[frozenset[str] | None]) -> Verdict:
    """Whether the account of the bucket is its own, or one to trust."""
    match target.account:
        case Known(Text() as account) | Unset(Text() as account):
            return _judged(account, target, point.account, trusted)
        case Unknown(why, at):
            if isinstance(trusted, Unset):
                return not_applicable(at, "nobody says which accounts to trust")
            return unknown(at, f"to which account the bucket belongs is not known: {why}")
        case Known(at=at) | Unset(at=at):
            return passed(at, "the bucket belongs to the account of the access point")


def _judged(
    account: Text, target: Target, own: Setting[Text], trusted: Setting[frozenset[str] | None]
) -> Verdict:
    at = target.account.at
    if not isinstance(own, Unknown) and same(account, _told(own)) is Status.PASS:
        return passed(at, "the bucket belongs to the account of the access point")
    if isinstance(trusted, Unknown):
        return unknown(at, trusted.why)
    accounts = trusted.value if isinstance(trusted, Known) else trusted.default
    if accounts is None:
        return not_applicable(at, "nobody says which accounts to trust")
    if account.literal in accounts:
        return passed(at, f"the bucket belongs to {account}, which is to be trusted")
    # What a template writes out is taken for another account, unless the configuration lists it.
    if account.literal is None or isinstance(own, Unknown):
        return unknown(at, f"whether {account} is an account to trust is not known")
    return failed(at, f"the bucket belongs to {account}, which is not said to be trusted")


def _is_there(target: Target, estate: Estate) -> Verdict:
    match bucket_of(target, estate):
        case Known(Bucket() as bucket) | Unset(Bucket() as bucket):
            return passed(target.at, f"the bucket {bucket.title or bucket.address} is there")
        case Unknown(why):
            return unknown(target.at, why)
        case _:
            return failed(target.at, "the bucket behind it does not exist")


def _told(setting: Known[Text] | Unset[Text]) -> Text:
    return setting.value if isinstance(setting, Known) else setting.default
