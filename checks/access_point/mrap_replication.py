from collections.abc import Iterator

from s3audit.check import ACCESS_POINTS, ALL, BUCKETS, MEDIUM, Fix, check
from s3audit.intent import said_of
from s3audit.model.access_point import MultiRegionAccessPoint
from s3audit.model.bucket import Bucket
from s3audit.model.effective import versioning
from s3audit.model.estate import Estate
from s3audit.model.points import Target, bucket_of, buckets_of, targets
from s3audit.model.relations import label
from s3audit.model.replicas import is_on, leads_to, some_rule
from s3audit.setting import Known, Unknown, Unset
from s3audit.verdict import Severity, Status, Verdict, every, failed, not_applicable, passed, unknown, unless


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: the nearest bucket may lack the object; one step higher where the routes are known to send requests"
        " to both of them"
    ),
    needs=(ACCESS_POINTS, BUCKETS),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            # Each bucket replicates to each other one.
            Orders:
              Type: AWS::S3::Bucket
              Properties:
                BucketName: shop-orders
                VersioningConfiguration: {Status: Enabled}
                ReplicationConfiguration:
                  Role: !GetAtt Role.Arn
                  Rules:
                    - Status: Enabled
                      Priority: 1
                      Filter: {Prefix: ""}
                      DeleteMarkerReplication: {Status: Enabled}
                      Destination: {Bucket: !Sub "arn:${AWS::Partition}:s3:::shop-copy"}
            Copy:
              Type: AWS::S3::Bucket
              Properties:
                BucketName: shop-copy
                VersioningConfiguration: {Status: Enabled}
                ReplicationConfiguration:
                  Role: !GetAtt Role.Arn
                  Rules:
                    - Status: Enabled
                      Priority: 1
                      Filter: {Prefix: ""}
                      DeleteMarkerReplication: {Status: Enabled}
                      Destination: {Bucket: !Sub "arn:${AWS::Partition}:s3:::shop-orders"}
            """,
        terraform="""
            # Each bucket replicates to each other one.
            resource "aws_s3_bucket_replication_configuration" "orders" {
              bucket = aws_s3_bucket.orders.id
              role   = aws_iam_role.example.arn
              rule {
                status = "Enabled"
                filter {}
                delete_marker_replication {
                  status = "Enabled"
                }
                destination {
                  bucket = aws_s3_bucket.copy.arn
                }
              }
            }
            resource "aws_s3_bucket_replication_configuration" "copy" {
              bucket = aws_s3_bucket.copy.id
              role   = aws_iam_role.example.arn
              rule {
                status = "Enabled"
                filter {}
                delete_marker_replication {
                  status = "Enabled"
                }
                destination {
                  bucket = aws_s3_bucket.orders.arn
                }
              }
            }
            """,
        cli="""
            # Once for each bucket, with a rule to each other one.
            aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json
            """,
        note="What is in the buckets already is copied by a job of S3 Batch Replication.",
    ),
    passes=(
        """
        # Both have a rule to the other one.
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders
                - Bucket: !Ref Copy
        """,
        """
        # The buckets of one are meant to differ, and the other one has a single bucket.
        #: [[expect]]
        #: name = "world"
        #: kind = "multi-region-access-point"
        #: deliberately_different = true
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
              VersioningConfiguration: {Status: Enabled}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders
                - Bucket: !Ref Photos
          Near:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: near
              Regions:
                - Bucket: !Ref Orders
          Wide:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: wide
              Regions:
                - Bucket: !Ref Orders
                - Bucket: !Ref Copy
        """,
    ),
    fails=(
        """
        # What is written to the one bucket never gets to the other one.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
              VersioningConfiguration: {Status: Enabled}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders # <-
                - Bucket: !Ref Copy # <-
        """,
        """
        # There is a way to the copy, and none back.
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders
                - Bucket: !Ref Copy # <-
        """,
        """
        # A replica is not copied on: what is written to the first bucket never gets to the third.
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          Copy:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-copy
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-third"}
          Third:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-third
              VersioningConfiguration: {Status: Enabled}
              ReplicationConfiguration:
                Role: arn:aws:iam::111122223333:role/replication
                Rules:
                  - Status: Enabled
                    Priority: 1
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-orders"}
                  - Status: Enabled
                    Priority: 2
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders # <-
                - Bucket: !Ref Copy
                - Bucket: !Ref Third
        """,
    ),
    unsure=(
        """
        # One of the buckets is declared elsewhere.
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
                    Filter: {Prefix: ""}
                    DeleteMarkerReplication: {Status: Disabled}
                    Destination: {Bucket: "arn:aws:s3:::shop-copy"}
          World:
            Type: AWS::S3::MultiRegionAccessPoint
            Properties:
              Name: world
              Regions:
                - Bucket: !Ref Orders
                - Bucket: shop-copy # <-
        """,
    ),
)
def mrap_replication(point: MultiRegionAccessPoint, estate: Estate) -> Verdict:
    """Buckets behind a Multi-Region Access Point replicate to each other.

    A request goes to the bucket that is nearest, whatever is in it. Where an object was written to another one, the
    reader is told that there is no such object.
    """
    members = targets(point)
    if len(members) < 2 and not isinstance(point.buckets, Unknown):
        return not_applicable(point.at, "there is one bucket behind it")
    different = said_of((point, *buckets_of(point, estate)), estate, lambda one: one.deliberately_different)
    return unless(
        different.satisfies(lambda flag: flag is True, "its buckets are said to be different"),
        "they need not hold the same",
        lambda: every(_pairs(point, members, estate)),
    )


def _pairs(point: MultiRegionAccessPoint, members: list[Target], estate: Estate) -> Iterator[Verdict]:
    routes = [_traffic(point, place) for place in range(len(members))]
    for here, source in enumerate(members):
        yield _is_seen(source, estate)
        for there, target in enumerate(members):
            if here != there and routes[here] != 0:
                found = _is_copied(source, target, estate)
                # Requests are known to go to both of them.
                yield found.at_severity(Severity.HIGH) if routes[here] and routes[there] else found


def _is_seen(member: Target, estate: Estate) -> Verdict:
    match bucket_of(member, estate):
        case Unknown(why):
            return unknown(member.at, why)
        case _:
            return Verdict(Status.PASS)


def _traffic(point: MultiRegionAccessPoint, place: int) -> int | None:
    """Which part of the requests goes to it; None where nobody tells."""
    match point.buckets:
        case Known(items) | Unset(items):
            match items[place]:
                case Known(one) | Unset(one):
                    match one.traffic:
                        case Known(share) | Unset(share):
                            return share
                        case Unknown():
                            return None
                case Unknown():
                    return None
        case Unknown():
            return None


def _is_copied(source: Target, target: Target, estate: Estate) -> Verdict:
    match bucket_of(source, estate), bucket_of(target, estate):
        case (
            (Known(Bucket() as one) | Unset(Bucket() as one)),
            (Known(Bucket() as other) | Unset(Bucket() as other)),
        ):
            missing = failed(source.at, f"{label(one)} does not replicate to {label(other)}")
            rule = some_rule(one, lambda each: is_on(each) & leads_to(each, other, estate), missing)
            if rule.status is Status.FAIL:
                return missing
            versions = every(
                versioning(each).is_in("Enabled", what=f"versioning of {label(each)}")
                for each in (one, other)
            )
            fine = passed(source.at, f"{label(one)} replicates to {label(other)}")
            return (fine if rule.status is Status.PASS else rule) & versions
        case (Unknown(why), _):
            return unknown(source.at, why)
        case (_, Unknown(why)):
            return unknown(target.at, why)
        case _:
            return Verdict(Status.PASS)
