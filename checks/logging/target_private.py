from s3audit.check import (
    ACCESS_POINTS,
    ACCOUNT,
    ALL,
    BUCKETS,
    CRITICAL,
    DISTRIBUTIONS,
    LOAD_BALANCERS,
    TRAILS,
    Fix,
    check,
)
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.uses import (
    receives_access_logs,
    receives_balancer_logs,
    receives_distribution_logs,
    receives_trail_logs,
)
from s3audit.verdict import Status, Verdict, failed, unless, verdict


@check(
    severity=CRITICAL,
    severity_rule="critical: logs tell the keys of objects, who asks for them and from where, and they are evidence",
    needs=(BUCKETS, ACCOUNT, ACCESS_POINTS, TRAILS, DISTRIBUTIONS, LOAD_BALANCERS),
    sources=ALL,
    peers={
        "trivy": ("AVD-AWS-0161",),
        "prowler": ("cloudtrail_logs_s3_bucket_is_not_publicly_accessible",),
        "kics": (
            "CloudTrail Log Files S3 Bucket is Publicly Accessible (terraform bd0088a5-c133-4b20-b129-ec9968b16ef3)",
        ),
    },
    fix=Fix(
        cloudformation="""
            PublicAccessBlockConfiguration:
              BlockPublicAcls: true
              IgnorePublicAcls: true
              BlockPublicPolicy: true
              RestrictPublicBuckets: true
            """,
        terraform="""
            resource "aws_s3_bucket_public_access_block" "example" {
              bucket                  = aws_s3_bucket.example.id
              block_public_acls       = true
              ignore_public_acls      = true
              block_public_policy     = true
              restrict_public_buckets = true
            }
            """,
        cli="""
            aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \\
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
            """,
        note="S3 and other services still deliver their logs: they are no public.",
    ),
    passes=(
        """
        # The policy lets S3 write, and nobody read.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
          Logs:
            Type: AWS::S3::Bucket
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: {Service: logging.s3.amazonaws.com}
                    Action: s3:PutObject
                    Resource: !Sub ${Logs.Arn}/*
                    Condition:
                      StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}
        """,
        """
        # What the policy gives everybody is blocked.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                IgnorePublicAcls: true
                BlockPublicPolicy: true
                RestrictPublicBuckets: true
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
    ),
    fails=(
        """
        # Everybody may read what CloudTrail writes.
        Resources:
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: !Ref Logs # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false} # <-
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow # <-
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
        """
        # Everybody may list the access logs, by an ACL.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs} # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              AccessControl: PublicRead # <-
              OwnershipControls:
                Rules:
                  - ObjectOwnership: ObjectWriter
              PublicAccessBlockConfiguration: {IgnorePublicAcls: false}
        """,
    ),
    unsure=(
        """
        # Whether it is blocked is for whoever deploys it.
        Parameters:
          Block: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration: {DestinationBucketName: !Ref Logs}
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              PublicAccessBlockConfiguration:
                RestrictPublicBuckets: !Ref Block # <-
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
        """
        # Whether logs go there is for whoever deploys it.
        Parameters:
          LogBucket: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              LoggingConfiguration:
                DestinationBucketName: !Ref LogBucket # <-
          Logs:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-logs
              PublicAccessBlockConfiguration: {RestrictPublicBuckets: false}
          LogsPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Logs
              PolicyDocument:
                Statement:
                  - Effect: Allow
                    Principal: "*"
                    Action: s3:GetObject
                    Resource: !Sub ${Logs.Arn}/*
        """,
    ),
)
def target_private(bucket: Bucket, estate: Estate) -> Verdict:
    """Log target buckets are not public.

    Logs tell which objects there are, who asks for them and from where, which is where an attack begins. After one
    they are the evidence, and whoever can write there can change it.
    """
    receives = _receives_logs(bucket, estate)
    return unless(~receives, "it is no log target", lambda: _is_private(bucket, estate, receives))


def _is_private(bucket: Bucket, estate: Estate, receives: Verdict) -> Verdict:
    found = ~_is_public(bucket, estate)
    if found.status is Status.FAIL and receives.status is Status.PASS:
        return verdict(Status.FAIL, *found.evidence, *receives.evidence)
    return found


def _receives_logs(bucket: Bucket, estate: Estate) -> Verdict:
    found = receives_access_logs(bucket, estate)
    for receives in (receives_trail_logs, receives_distribution_logs, receives_balancer_logs):
        if found.status is Status.PASS:  # one kind of logs is enough
            return found
        found = found | receives(bucket, estate)
    none_seen = found.status is Status.FAIL and not found.evidence
    return failed(bucket.at, "nothing is seen to log to it") if none_seen else found


def _is_public(bucket: Bucket, estate: Estate) -> Verdict:
    # Of most buckets it is known before that nobody logs to them.
    from s3audit.policy.access import public_list, public_permissions, public_read, public_write

    found = public_read(bucket, estate)
    for public in (public_list, public_write, public_permissions):
        if found.status is not Status.PASS:
            found = found | public(bucket, estate)
    return found
