from s3audit.check import ACCOUNT, ALL, BUCKETS, LIVE, LOW, MEDIUM, WATCHERS, Fix, check
from s3audit.intent import holds
from s3audit.model.account import Account
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.watch import MacieJob, MacieSession
from s3audit.setting import Known, Unknown, Unset, some_of
from s3audit.text import Text
from s3audit.verdict import Status, Verdict, failed, not_applicable, passed, unknown

from ._regions import literal, missing

_STOPPED = frozenset({"CANCELLED", "PAUSED", "USER_PAUSED"})
_PERSONAL = "personal"
_MOST_NAMED = 3


@check(
    severity=LOW,
    severity_rule="low: it finds what is where, and keeps nobody out; medium where personal data is said to be",
    needs=(ACCOUNT, BUCKETS, WATCHERS),
    sources=ALL,
    peers={
        "prowler": ("macie_is_enabled", "macie_automated_sensitive_data_discovery_enabled"),
        "steampipe": ("s3_bucket_protected_by_macie",),
    },
    fix=Fix(
        cloudformation="""
            # Automated discovery is turned on elsewhere.
            Status: ENABLED
            """,
        terraform="""
            resource "aws_macie2_account" "example" {
              status = "ENABLED"
            }
            """,
        cli="""
            aws macie2 enable-macie --region REGION
            aws macie2 update-automated-discovery-configuration --region REGION --status ENABLED
            """,
        note=(
            "Macie costs by what it reads; in an organization its administrator turns automated discovery on for the"
            " members, and no template has a word for it."
        ),
    ),
    passes=(
        """
        # Macie is on.
        Resources:
          Macie:
            Type: AWS::Macie::Session
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Macie has been stopped.
        Resources:
          Macie:
            Type: AWS::Macie::Session
            Properties:
              Status: PAUSED # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
        """
        # It has been stopped where personal data is.
        #: [[expect]]
        #: name = "shop-patients"
        #: data = "personal"
        Resources:
          Macie:
            Type: AWS::Macie::Session
            Properties:
              Status: PAUSED # <-
          Patients:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-patients
        """,
    ),
    unsure=(
        """
        # Whoever deploys it decides.
        Parameters:
          Macie: {Type: String}
        Resources:
          Session:
            Type: AWS::Macie::Session
            Properties:
              Status: !Ref Macie # <-
          Orders:
            Type: AWS::S3::Bucket
        """,
    ),
)
def macie(subject: Account | MacieSession, estate: Estate) -> Verdict:
    """Macie classifies the data.

    Names, card numbers and keys end up in buckets that nobody thinks of as sensitive, such as those of exports and
    logs. Macie reads samples and tells where, before somebody else finds them.
    """
    if isinstance(subject, Account):
        found = missing(
            subject, estate, MacieSession, lambda region: f"Macie is not on in {region}", "Macie is on"
        )
    else:
        found = subject.status.is_in("ENABLED", what="Macie")
        if subject.origin == LIVE:
            found &= subject.automated_discovery.is_in("ENABLED", what="automated discovery") | _read_by_jobs(
                subject, estate
            )
    return found.at_severity(MEDIUM) if _has_personal_data(subject, estate, found) else found


def _read_by_jobs(session: MacieSession, estate: Estate) -> Verdict:
    """Whether jobs read every bucket of the Region."""
    names = estate.once(_names).get((literal(session.account), literal(session.region)), ())
    if not names:
        return not_applicable(session.at, "it has no bucket there")
    listed = session.jobs
    if isinstance(listed, Unknown):
        return unknown(listed.at, f"which buckets jobs of Macie read is not known: {listed.why}")
    jobs, at = listed.value if isinstance(listed, Known) else listed.default, listed.at
    read: set[str] = set()
    open_ = Verdict(Status.FAIL)
    for item in jobs:
        match item:
            case Unknown(why, where):
                open_ |= unknown(where, why)
            case Known(job) | Unset(job):
                open_ |= _add(job, read)
    left = [name for name in names if name not in read]
    if not left:
        return passed(at, "jobs read every bucket")
    more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
    return failed(at, f"no job reads {', '.join(left[:_MOST_NAMED])}{more}") | open_


def _add(job: MacieJob, read: set[str]) -> Verdict:
    """Take down what a job reads; UNKNOWN where it may read more."""
    stopped = job.status.satisfies(lambda status: status in _STOPPED, "a job has stopped")
    if stopped.status is Status.PASS:
        return Verdict(Status.FAIL)
    if stopped.status is Status.UNKNOWN:
        return stopped

    def take(name: Text) -> Verdict:
        read.add(str(name))
        return Verdict(Status.FAIL)

    return some_of(job.buckets, take)


def _names(estate: Estate) -> dict[tuple[str, str], tuple[str, ...]]:
    """The names of the buckets that Macie can read, by account and Region."""
    found: dict[tuple[str, str], list[str]] = {}
    for bucket in estate.all(Bucket):
        if bucket.type == "general" and bucket.is_declared and literal(bucket.name):
            place = literal(bucket.account), literal(bucket.region)
            found.setdefault(place, []).append(literal(bucket.name))
    return {place: tuple(sorted(names)) for place, names in found.items()}


def _has_personal_data(subject: Account | MacieSession, estate: Estate, found: Verdict) -> bool:
    """Whether a bucket that Macie would read is said to hold some."""
    if found.status is not Status.FAIL or not any(_PERSONAL in one.data for one in estate.expectations):
        return False
    return any(
        holds(bucket, estate, _PERSONAL).status is Status.PASS
        for bucket in estate.all(Bucket)
        if subject.origin != LIVE or literal(bucket.account) == literal(subject.account)
    )
