from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.model.bucket import Bucket
from s3audit.model.estate import Estate
from s3audit.model.relations import label
from s3audit.model.replicas import (
    comes_to,
    destination_of,
    destination_or_stand_in,
    is_on,
    leads_to,
    replicates_to,
    share_objects,
)
from s3audit.model.replication import ReplicationRule
from s3audit.setting import every_of, when_set
from s3audit.verdict import Evidence, Status, Verdict, not_applicable, unless, verdict

from ._intent import for_recovery
from ._rules import of_every_rule


@check(
    severity=LOW,
    severity_rule=(
        "low: the second hop often serves only what is written there; medium where the first bucket is said to"
        " need a copy"
    ),
    needs=(BUCKETS,),
    about="replication",
    sources=ALL,
    fix=Fix(
        cloudformation="""
            ReplicationConfiguration:
              Rules:
                - Status: Enabled
                  Priority: 1
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Copy.Arn
                - Status: Enabled
                  Priority: 2
                  Filter: {Prefix: ""}
                  DeleteMarkerReplication: {Status: Disabled}
                  Destination:
                    Bucket: !GetAtt Archive.Arn
            """,
        terraform="""
            resource "aws_s3_bucket_replication_configuration" "example" {
              bucket = aws_s3_bucket.example.id
              role   = aws_iam_role.example.arn
              rule {
                status   = "Enabled"
                priority = 1
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.copy.arn
                }
              }
              rule {
                status   = "Enabled"
                priority = 2
                filter {}
                delete_marker_replication {
                  status = "Disabled"
                }
                destination {
                  bucket = aws_s3_bucket.archive.arn
                }
              }
            }
            """,
        cli="""
            # The whole configuration, with one more rule that leads to the last bucket of the chain.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
        note="Several destinations take rules of the newer form: each with Filter and Priority.",
    ),
    passes=(
        """
        # The first bucket is copied to both others by itself.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Archive.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Destination: {Bucket: !GetAtt Archive.Arn}}
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # No chains: what goes on is something else; and of the last two each is copied to the other one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: orders/, Destination: {Bucket: !GetAtt Copy.Arn}}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: photos/, Destination: {Bucket: !GetAtt Archive.Arn}}
                  - {Status: Disabled, Prefix: orders/, Destination: {Bucket: !GetAtt Archive.Arn}}
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - {Status: Enabled, Prefix: photos/, Destination: {Bucket: !GetAtt Copy.Arn}}
          Last:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Copy.Arn}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Archive.Arn}
        """,
    ),
    fails=(
        """
        # Low: what is written to Orders is copied once, and never comes to Archive.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: !GetAtt Archive.Arn # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
        """
        # Medium: that a rule of Orders leads to Archive is no help while it is off.
        #: [[expect]]
        #: name = "shop-orders"
        #: replicated = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination:
                      Bucket: !GetAtt Copy.Arn # <-
                  - Status: Disabled
                    Priority: 2
                    Filter: {Prefix: orders/}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: !GetAtt Archive.Arn}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Prefix: orders/new/
                    Destination:
                      Bucket: !GetAtt Archive.Arn # <-
          Archive:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
        """,
    ),
    unsure=(
        """
        # Whether it goes on from there is told elsewhere.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Destination:
                      Bucket: arn:aws:s3:::company-copy # <-
        """,
    ),
)
def chain(bucket: Bucket, estate: Estate) -> Verdict:
    """What is copied on from a destination is copied there from the source as well.

    S3 does not replicate replicas. Where one bucket is copied to a second and that to a third, what is written to
    the first comes to the second, and never to the third.
    """
    found = of_every_rule(bucket, lambda rule: _ends_well(rule, bucket, estate))
    if found.status is Status.FAIL and for_recovery(bucket, estate).status is Status.PASS:
        return found.at_severity(MEDIUM)
    return found


def _ends_well(first: ReplicationRule, source: Bucket, estate: Estate) -> Verdict:
    return when_set(
        destination_of(first, estate),
        lambda middle: _from_there(first, source, middle, estate),
        not_applicable(first.destination.bucket.at, "the destination does not exist"),
    )


def _from_there(first: ReplicationRule, source: Bucket, middle: Bucket, estate: Estate) -> Verdict:
    nothing = not_applicable(middle.replication.at, f"{label(middle)} is not replicated")
    return when_set(
        middle.replication,
        lambda replication: every_of(
            replication.rules,
            lambda second: unless(
                ~(is_on(second) & share_objects(first, second)),
                "nothing of it goes on",
                lambda: _arrives(first, second, source, middle, estate),
            ),
            empty=nothing,
        ),
        nothing,
        what=f"replication of {label(middle)}",
    )


def _arrives(
    first: ReplicationRule, second: ReplicationRule, source: Bucket, middle: Bucket, estate: Estate
) -> Verdict:
    """Whether the end of the second rule gets it from the source, or is in a ring with the source."""
    last = destination_or_stand_in(second, estate)
    found = replicates_to(source, second, estate) | comes_to(destination_of(second, estate), source, estate)
    if found.status is Status.FAIL:
        at, then = first.destination.bucket.at, second.destination.bucket.at
        found = verdict(
            Status.FAIL,
            Evidence(at, f"{label(source)} is replicated to {label(middle)}"),
            Evidence(then, f"{label(middle)} is replicated to {label(last)}, {label(source)} is not"),
        )
    return unless(leads_to(second, source, estate), "it comes back", found)
