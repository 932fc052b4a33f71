from s3audit.check import ACCOUNT, BUCKETS, CRITICAL, HIGH, LIVE, PREDICTABLE_NAMES, ROLES, Fix, check
from s3audit.model.account import Account
from s3audit.model.estate import Estate
from s3audit.model.predictable import FOREIGN, FREE, PredictableName
from s3audit.setting import Known, Unknown, Unset
from s3audit.text import same
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, unknown, verdict

from ._users import user_of


@check(
    severity=HIGH,
    severity_rule=(
        "high: whoever has the name gets what the service writes there, and chooses what it reads; critical where"
        " something in the account uses the name"
    ),
    needs=(ACCOUNT, BUCKETS, PREDICTABLE_NAMES, ROLES),
    sources=(LIVE,),
    peers={"prowler": ("s3_bucket_shadow_resource_vulnerability",)},
    fix=Fix(
        cli="""
            # While a name is still free: make the bucket before anybody else does.
            aws s3 mb s3://NAME --region REGION
            """,
        note=(
            "A name that somebody else has is lost: give the service a bucket of another name, and deny roles what is"
            " not of the account, with aws:ResourceAccount."
        ),
    ),
    passes=(
        """
        # The account has one of the names itself, and nobody has the others.
        Account:
          Buckets:
            - Name: sagemaker-eu-west-1-123456789012
            - Name: shop-orders
        """,
    ),
    fails=(
        """
        # Somebody else has the name that AWS Glue would use here.
        Account:
          Buckets:
            - Name: shop-orders
            - Name: aws-glue-assets-123456789012-eu-west-1 # <-
              Owner: "444455556666"
        """,
        """
        # Critical: a bucket of the account sends its access logs there.
        Account:
          Buckets:
            - Name: cf-templates-1x2y3z4a5b6c-us-east-1
              BucketRegion: us-east-1
            - Name: cf-templates-1x2y3z4a5b6c-eu-west-1 # <-
              Owner: "444455556666"
            - Name: shop-orders
              PutBucketLogging:
                BucketLoggingStatus:
                  LoggingEnabled:
                    TargetBucket: cf-templates-1x2y3z4a5b6c-eu-west-1
                    TargetPrefix: orders/
        """,
        """
        # In a Region that the account has never used, and with the qualifier that it has chosen for CDK.
        Account:
          Buckets:
            - Name: cdk-shop-assets-123456789012-eu-west-1
            - Name: cdk-shop-assets-123456789012-us-west-2 # <-
              BucketRegion: us-west-2
              Owner: "444455556666"
        """,
    ),
    unsure=(
        """
        # There is such a bucket, and nobody may list those of the account.
        Account:
          Buckets:
            - Name: sagemaker-eu-west-1-123456789012 # <-
          Denied: [s3:ListBuckets]
        """,
    ),
)
def predictable(account: Account, estate: Estate) -> Verdict:
    """Bucket names are not guessable service patterns owned by someone else.

    Services and tools make up the names of their buckets from the id of the account and the Region, and use what is
    there. Whoever takes such a name first receives what they write, or hands them templates and scripts to run.
    """
    if isinstance(account.account, Unknown):
        return unknown(account.at, account.account.why)
    found = [_judge(one, account, estate) for one in estate.all(PredictableName)]
    name = account.account.value if isinstance(account.account, Known) else account.account.default
    gap = estate.unlisted(PredictableName, name.literal or "")
    if gap is not None:
        found.append(unknown(account.at, f"which names there may be is not known: {gap.why}"))
    return _told(every(found, not_applicable(account.at, "it has no such names")), account)


def _judge(one: PredictableName, account: Account, estate: Estate) -> Verdict:
    match one.account, account.account:
        case (Known(own) | Unset(own), Known(whole) | Unset(whole)):
            its = same(own, whole)
        case _:
            its = Status.UNKNOWN
    if its is Status.FAIL:
        return not_applicable(one.at, "it is a name of another account")
    found = _held(one, estate)
    if its is Status.UNKNOWN and found.status is Status.FAIL:
        return unknown(one.at, f"whether {one.title} is a name of this account is not known")
    return found


def _held(one: PredictableName, estate: Estate) -> Verdict:
    match one.holder:
        case Unknown(why, at):
            return unknown(at, f"who has the name {one.title} is not known: {why}")
        case Known(holder, at) | Unset(holder, at):
            if holder not in (FOREIGN, FREE):
                return passed(at, "")
            user = user_of(one.title, estate)
            if holder == FREE:
                return passed(at, f"nobody has the name {one.title} yet, which {user} uses" if user else "")
            used = f", and {user} uses it" if user else ""
            return failed(
                at,
                f"the name {one.title}, which {_service(one)} uses here, belongs to another account{used}",
                CRITICAL if user else HIGH,
            )


def _service(one: PredictableName) -> str:
    match one.service:
        case Known(service) | Unset(service):
            return str(service)
        case Unknown():
            return "a service"


def _told(found: Verdict, account: Account) -> Verdict:
    """A hundred names of which there is nothing to say are told in one sentence."""
    if found.status is not Status.PASS:
        return found
    told = [one for one in found.evidence if one.note]
    if told:
        return verdict(Status.PASS, *told)
    return passed(account.at, "nobody else has one of the names that its id gives away")
