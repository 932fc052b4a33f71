from s3audit.check import ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import listed
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import acts, has_effect
from s3audit.policy.language import Condition, Policy, Principal, Statement
from s3audit.policy.patterns import covers
from s3audit.setting import Known, Unknown, every_of, some_of
from s3audit.text import Text, same, text
from s3audit.verdict import Evidence, Status, Verdict, every, passed, some, unknown, unless, verdict

from ._statements import account_in, is_everyone, is_own, of_policy, some_of_items
from ._trust import Trusted, trusted

_SESSION = text("s3express:CreateSession")
_TELLING = (
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn"),
    *("aws:sourcevpc", "aws:sourcevpce", "aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid"),
)


@check(
    severity=MEDIUM,
    severity_rule="medium: a session reads and writes everything in the bucket, unless its mode is restricted",
    needs=(BUCKETS,),
    about="policy",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Who is trusted is named; who only reads opens sessions that only read.
            BucketPolicy:
              Type: AWS::S3Express::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Principal: {AWS: arn:aws:iam::111122223333:role/report-daily}
                      Action: s3express:CreateSession
                      Resource: !GetAtt Bucket.Arn
                      Condition:
                        StringEquals: {"s3express:SessionMode": ReadOnly}
            """,
        terraform="""
            # Who is trusted is named; who only reads opens sessions that only read.
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_directory_bucket.example.bucket
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Allow"
                  Principal = { AWS = "arn:aws:iam::111122223333:role/report-daily" }
                  Action    = "s3express:CreateSession"
                  Resource  = aws_s3_directory_bucket.example.arn
                  Condition = { StringEquals = { "s3express:SessionMode" = "ReadOnly" } }
                }]
              })
            }
            """,
        cli="""
            # policy.json names those who are trusted, with StringEquals on s3express:SessionMode where they only read.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Accounts that are to have access go to trusted_accounts in .s3audit.toml.",
    ),
    passes=(
        """
        # A role of the account, a trusted one that only reads, and the organization; other buckets are asked elsewhere.
        #: [[expect]]
        #: name = "shop-*"
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
        #: readers = ["arn:aws:iam::111122223333:role/report-*"]
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-orders--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
          OrdersPolicy:
            Type: AWS::S3Express::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/shop"}
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
                  - Effect: Allow
                    Principal: {AWS: arn:aws:iam::111122223333:role/report-daily}
                    Action: s3express:*
                    Resource: !GetAtt Orders.Arn
                    Condition: {StringEquals: {"s3express:SessionMode": ReadOnly}}
                  - Effect: Allow
                    Principal: "*"
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
                    Condition: {StringEquals: {"aws:PrincipalOrgID": o-a1b2c3d4e5}}
          Photos:
            Type: AWS::S3::Bucket
        """,
    ),
    fails=(
        """
        # Another account.
        #: [[expect]]
        #: name = "shop-orders-*"
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
        #: readers = ["arn:aws:iam::111122223333:role/report-*"]
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-orders--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
          OrdersPolicy:
            Type: AWS::S3Express::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal:
                      AWS: arn:aws:iam::444455556666:root # <-
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
        """,
        """
        # Everybody, by a pattern; and whoever only reads may write.
        #: [[expect]]
        #: name = "shop-orders-*"
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
        #: readers = ["arn:aws:iam::111122223333:role/report-*"]
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-orders--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
          OrdersPolicy:
            Type: AWS::S3Express::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal: "*" # <-
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
                    Condition: {StringLike: {"aws:PrincipalOrgID": "o-*"}}
                  - Effect: Allow
                    Principal:
                      AWS: arn:aws:iam::111122223333:role/report-daily # <-
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
        """,
    ),
    unsure=(
        """
        # Whoever deploys it says which account.
        #: [[expect]]
        #: name = "shop-orders-*"
        #: trusted_accounts = ["111122223333"]
        #: organization = "o-a1b2c3d4e5"
        #: readers = ["arn:aws:iam::111122223333:role/report-*"]
        Parameters:
          Partner: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3Express::DirectoryBucket
            Properties:
              BucketName: shop-orders--usw2-az1--x-s3
              LocationName: usw2-az1
              DataRedundancy: SingleAvailabilityZone
          OrdersPolicy:
            Type: AWS::S3Express::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Allow
                    Principal:
                      AWS: !Sub arn:aws:iam::${Partner}:root # <-
                    Action: s3express:CreateSession
                    Resource: !GetAtt Orders.Arn
        """,
    ),
)
def directory_bucket(bucket: Bucket, estate: Estate) -> Verdict:
    """Directory bucket policies are limited to trusted principals and sessions.

    One action, s3express:CreateSession, opens a session that may read and write everything in a directory bucket.
    Whoever may open one is a matter of trust, and who only reads needs a session that only reads.
    """

    def asked() -> Verdict:
        return of_policy(bucket, lambda policy: _judged(policy, bucket, estate))

    return unless(~of_type(bucket, "directory"), "it has no sessions", asked)


def _judged(policy: Policy, bucket: Bucket, estate: Estate) -> Verdict:
    trust = trusted(bucket, estate)
    readers = listed(bucket, estate, lambda one: one.trust.readers)
    if isinstance(trust, Unknown):
        return unknown(trust.at, trust.why)
    if isinstance(readers, Unknown):
        return unknown(readers.at, readers.why)
    globs = (readers.value if isinstance(readers, Known) else readers.default) or frozenset[str]()
    found = every_of(policy.statements, lambda one: _limited(one, bucket, trust, globs))
    denied = some_of(policy.statements, lambda one: has_effect(one, "Deny") & acts(one, _SESSION))
    if found.status is not Status.FAIL or denied.status is Status.FAIL:
        return found
    return verdict(
        Status.UNKNOWN, *(Evidence(e.at, f"{e.note}, unless a Deny takes it back") for e in found.evidence)
    )


def _limited(statement: Statement, bucket: Bucket, trust: Trusted, readers: frozenset[str]) -> Verdict:
    opens = has_effect(statement, "Allow") & acts(statement, _SESSION)
    if opens.status is Status.FAIL:
        return Verdict(Status.PASS)
    only_reads = some_of(statement.conditions, _only_reads)
    ours = some_of(statement.conditions, lambda one: _is_ours(one, trust))
    fixed = some_of(statement.conditions, _is_fixed)

    def wrong(item: Known[Principal]) -> Verdict:
        who = item.value
        everyone = is_everyone(item)
        if everyone.status is not Status.FAIL:
            found = Verdict(everyone.status) & ~(ours | fixed)
            return _told(found, item, "the statement opens sessions to everybody", f"whom {who.name} means")
        if who.kind == "Service":
            return Verdict(Status.FAIL)
        foreign = Verdict((~Verdict(_is_trusted(who.name, bucket, trust)) & ~ours).status)
        writes = Verdict((Verdict(_is_reader(who.name, readers)) & ~only_reads).status)
        return _told(
            foreign,
            item,
            f"the statement opens sessions to {who.name}, which is none that is to be trusted",
            f"whether {who.name} is to be trusted",
        ) | _told(
            writes,
            item,
            f"sessions of {who.name}, which only reads, may write",
            f"whether sessions of {who.name} may write",
        )

    return ~(opens & some_of_items(statement.principals, wrong))


def _told(found: Verdict, item: Known[Principal], note: str, question: str) -> Verdict:
    match found.status:
        case Status.PASS:
            return passed(item.at, note)
        case Status.UNKNOWN:
            return unknown(item.at, f"{question} is not known")
        case _:
            return Verdict(Status.FAIL)


def _is_trusted(name: Text, bucket: Bucket, trust: Trusted) -> Status:
    own = is_own(name, bucket)
    account = account_in(name)
    if own is Status.PASS or account is None:
        in_list = name.literal in (trust.canonical_ids or ())
        return Status.PASS if own is Status.PASS or in_list else Status.FAIL
    if account.literal is None:
        return Status.UNKNOWN
    if account.literal in (trust.accounts or ()):
        return Status.PASS
    # What a template writes out is taken for another account, unless the configuration lists it.
    return Status.UNKNOWN if isinstance(bucket.account, Unknown) else Status.FAIL


def _is_reader(name: Text, readers: frozenset[str]) -> Status:
    return some(_fits(text(one).split(":", 5), name.split(":", 5)) for one in readers).status


def _fits(pattern: tuple[Text, ...], name: tuple[Text, ...]) -> Verdict:
    """Part by part, as no part that is not told has a colon in it."""
    if len(pattern) != len(name):
        return Verdict(Status.FAIL)
    return every(Verdict(covers(one, other)) for one, other in zip(pattern, name, strict=True))


def _only_reads(condition: Condition) -> Verdict:
    if not condition.is_about("s3express:sessionmode") or condition.operator.lower() != "stringequals":
        return Verdict(Status.FAIL)
    return every_of(condition.values, lambda value: Verdict(same(value, text("ReadOnly"))))


def _is_ours(condition: Condition, trust: Trusted) -> Verdict:
    """Whether it holds for the organization only that is trusted."""
    if not condition.is_about("aws:principalorgid") or condition.operator.lower() != "stringequals":
        return Verdict(Status.FAIL)
    return every_of(condition.values, lambda value: _is_one_of(value, trust.organizations or frozenset()))


def _is_one_of(value: Text, some: frozenset[str]) -> Verdict:
    if value.literal is None:
        return Verdict(Status.UNKNOWN)
    return Verdict(Status.PASS if value.literal in some else Status.FAIL)


def _is_fixed(condition: Condition) -> Verdict:
    """Whether a condition on who asks, or from where, has no pattern."""
    operator = condition.operator.lower().removeprefix("foranyvalue:")
    if not condition.is_about(*_TELLING) or operator not in (
        "stringequals",
        "arnequals",
        "stringlike",
        "arnlike",
    ):
        return Verdict(Status.FAIL)
    is_pattern = operator != "stringequals"

    def fixed(value: Text) -> Verdict:
        plain = not (is_pattern and any(sign in str(value) for sign in "*?")) and "${" not in (
            value.literal or ""
        )
        return Verdict(Status.PASS if plain else Status.FAIL)

    return every_of(condition.values, fixed)
