from s3audit.check import BATCH_JOBS, BUCKETS, LIVE, LOW, ROLES, Fix, check
from s3audit.intent import trusted
from s3audit.model.batch import BatchJob
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.names import bucket_in_arn
from s3audit.model.owner import Account
from s3audit.model.roles import role_of
from s3audit.setting import Known, Unknown, Unset, when_set
from s3audit.text import Text, same, text
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, passed, some, unknown, unless

_DONE = ("Complete", "Cancelled", "Failed")


@check(
    severity=LOW,
    severity_rule="low: whoever may make such a job, or read its report, has to be let in by something else, too",
    needs=(BATCH_JOBS, BUCKETS, ROLES),
    sources=(LIVE,),
    fix=Fix(
        cli="""
            # With the actions of the job, on its buckets alone.
            aws iam put-role-policy --role-name ROLE --policy-name NAME --policy-document file://policy.json
            # A job keeps its report as it is: stop it, and make it anew with a bucket of your own.
            aws s3control update-job-status --account-id ACCOUNT_ID --job-id JOB_ID --requested-job-status Cancelled
            """,
        note="With ExpectedBucketOwner in the report of a job, S3 writes it to a bucket of that account only.",
    ),
    passes=(
        """
        # The role may write to one bucket, and the report goes to another one of the account.
        Account:
          Buckets:
            - Name: shop-orders
            - Name: shop-reports
          Roles:
            - RoleName: tagging
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Action: s3:PutObjectTagging
                    Resource: arn:aws:s3:::shop-orders/*
                  - Effect: Allow
                    Action: s3:PutObject
                    Resource: arn:aws:s3:::shop-reports/*
          Jobs:
            - JobId: job-1
              Status: Active
              RoleArn: arn:aws:iam::123456789012:role/tagging
              Report: {Enabled: true, Bucket: "arn:aws:s3:::shop-reports", Prefix: tagging}
        """,
        """
        # The report goes to a partner who is trusted, and the job whose role may do more is over.
        #: [[expect]]
        #: trusted_accounts = ["444455556666"]
        Account:
          Buckets:
            - Name: shop-orders
            - Name: partner-reports
              Owner: "444455556666"
          Roles:
            - RoleName: tagging
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "s3:PutObject*", Resource: "*"}]
          Jobs:
            - JobId: job-1
              Status: Complete
              RoleArn: arn:aws:iam::123456789012:role/tagging
              Report:
                Enabled: true
                Bucket: arn:aws:s3:::partner-reports
                ExpectedBucketOwner: "444455556666"
        """,
    ),
    fails=(
        """
        # The role may write objects to every bucket there is.
        Account:
          Buckets:
            - Name: shop-orders
          Roles:
            - RoleName: tagging # <-
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "*"}]
          Jobs:
            - JobId: job-1
              Status: Active
              RoleArn: arn:aws:iam::123456789012:role/tagging
              Report: {Enabled: false}
        """,
        """
        # The report goes to a bucket that is none of the account, and nobody says whose it is.
        Account:
          Buckets:
            - Name: shop-orders
            - Name: partner-reports
              Owner: "444455556666"
          Roles:
            - RoleName: tagging
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::partner-reports/*"}]
          Jobs:
            - JobId: job-1 # <-
              Status: Complete
              RoleArn: arn:aws:iam::123456789012:role/tagging
              Report: {Enabled: true, Bucket: "arn:aws:s3:::partner-reports"}
        """,
    ),
    unsure=(
        """
        # Nobody may read what the role may do.
        Account:
          Buckets:
            - Name: shop-reports
          Roles:
            - RoleName: tagging
              PolicyDocument:
                Version: "2012-10-17"
                Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::shop-reports/*"}]
          Jobs:
            - JobId: job-1 # <-
              Status: Active
              RoleArn: arn:aws:iam::123456789012:role/tagging
              Report: {Enabled: true, Bucket: "arn:aws:s3:::shop-reports"}
          Denied: [iam:GetRolePolicy]
        """,
        """
        # What the job does is not told.
        Account:
          Buckets:
            - Name: shop-orders
          Jobs:
            - JobId: job-1 # <-
              Status: Complete
          Denied: [s3control:DescribeJob]
        """,
    ),
)
def job_role(job: BatchJob, estate: Estate) -> Verdict:
    """S3 Batch Operations jobs use scoped roles and private reports.

    One job changes any number of objects with the rights of its role: ACLs, tags, locks. Where the role reaches every
    bucket, so does whoever may make a job with it. Reports list the keys of all objects that were worked on.
    """
    done = job.status.is_in(*_DONE, what="the status")
    return unless(done, "its role does no more for it", lambda: _scoped(job, estate)) & _private(job, estate)


def _scoped(job: BatchJob, estate: Estate) -> Verdict:
    """Whether its role may write to no more than some buckets."""
    from s3audit.policy.actions import ACTIONS, PERMISSIONS, TAGGING, WRITE
    from s3audit.policy.broad import policies_of
    from s3audit.policy.holders import bucket_arn, elsewhere, holder_of

    at = job.role.at
    if isinstance(job.role, Unknown):
        return unknown(at, f"the role is not known: {job.role.why}")
    arn = job.role.value if isinstance(job.role, Known) else job.role.default
    if arn is None:
        return not_applicable(at, "the job has no role")
    named = Known(arn, at)
    role = role_of(named, estate)
    if isinstance(role, Unknown):
        return unknown(at, role.why)
    seen = role.value if isinstance(role, Known) else role.default
    if seen is None:
        return passed(at, "there is no such role any more")
    holder = holder_of(named, elsewhere(named), job, estate)
    if isinstance(holder, Unknown):
        return unknown(at, holder.why)
    gap = holder.gap()
    if gap:
        return unknown(at, gap)
    writes = tuple(one for one in ACTIONS if one.of_objects and one.level in (WRITE, TAGGING, PERMISSIONS))
    found = holder.may(bucket_arn(holder.place), writes, foreign=True)
    if found.status is Status.FAIL:
        return passed(at, f"{holder.title} may write to no more than some buckets")
    if found.status is Status.UNKNOWN:
        return unknown(at, found.evidence[0].note)
    broad = every(policies_of(seen, estate))
    (evidence,) = found.evidence
    if broad.status is Status.FAIL and evidence.at in (one.at for one in broad.evidence):
        return not_applicable(evidence.at, "access-iam-broad-s3 speaks of the role")
    if broad.status is Status.UNKNOWN:
        return unknown(at, broad.evidence[0].note)
    return failed(evidence.at, f"{evidence.note}, and the job {_id(job)} has this role")


def _private(job: BatchJob, estate: Estate) -> Verdict:
    """Whether its report goes to a bucket of the account, or of one that is trusted."""
    on = job.report.is_in(True, what="the report")
    return unless(~on, "it tells nobody anything", lambda: _kept(job, estate))


def _kept(job: BatchJob, estate: Estate) -> Verdict:
    return when_set(
        job.report_bucket,
        lambda arn: _near(arn, job, estate),
        "the report goes nowhere",
        "where the report goes",
    )


def _near(arn: Text, job: BatchJob, estate: Estate) -> Verdict:
    at = job.report_bucket.at
    name = (bucket_in_arn(arn) or arn).literal or ""
    bucket = estate.at(str(arn), Bucket)
    trust = trusted(job, estate, *(() if bucket is None else (bucket,)))
    if isinstance(trust, Unknown):
        return unknown(at, trust.why)
    accounts: tuple[Account, ...] = (
        job.account,
        *(Known(text(one), at) for one in sorted(trust.accounts or ())),
    )
    if bucket is not None and bucket.is_declared:
        return _is_of(name, bucket.account, accounts, job)
    unread = estate.not_read.get(name)
    if unread is not None:
        return _is_of(name, Known(text(unread.account), at), accounts, job)
    match job.report_bucket_owner:
        case Unknown(why):
            return unknown(at, f"who has to own the bucket of the report is not known: {why}")
        case Known(None) | Unset(None):
            return _of_nobody(name, job, estate)
        case owner:
            return _is_of(name, owner, accounts, job)


def _of_nobody(name: str, job: BatchJob, estate: Estate) -> Verdict:
    """A bucket that is none of those which were listed, and of which nobody says whose it has to be."""
    at = job.report_bucket.at
    match job.account:
        case Unknown(why):
            return unknown(at, f"the account is not known: {why}")
        case Known(account) | Unset(account):
            gap = estate.unread_buckets(account.literal or "", "")
            if gap is None:
                said = (
                    f"the report goes to {name}, which is no bucket of the account, and no owner is expected"
                )
                return failed(at, said)
            return unknown(at, f"whether the bucket {name} of the report is its own is not known: {gap.why}")


def _is_of(name: str, account: Account, wanted: tuple[Account, ...], job: BatchJob) -> Verdict:
    """Whether a bucket of an account belongs to one of these."""
    return some(_same(f"the bucket {name} of the report", account, one, job) for one in wanted)


def _same(what: str, account: Account, wanted: Account, job: BatchJob) -> Verdict:
    at = job.report_bucket.at
    match account, wanted:
        case (
            (Known(Text() as one) | Unset(Text() as one)),
            (Known(Text() as other) | Unset(Text() as other)),
        ):
            status = same(one, other)
            if status is Status.UNKNOWN:
                return unknown(at, f"whether {what} belongs to the account {other} is not known")
            return (passed if status is Status.PASS else failed)(at, f"{what} belongs to the account {one}")
        case _:
            return unknown(at, f"to which account {what} belongs is not known")


def _id(job: BatchJob) -> str:
    return job.title or job.address
