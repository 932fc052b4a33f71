from s3audit.check import ALL, BUCKETS, LOW, MEDIUM, Fix, check
from s3audit.intent import holds
from s3audit.model.bucket import Bucket
from s3audit.model.effective import of_type
from s3audit.model.estate import Estate
from s3audit.policy.elements import has_effect
from s3audit.policy.language import Policy, policy_of
from s3audit.setting import Unknown, some_of, when_set
from s3audit.verdict import Status, Verdict, failed, not_applicable, unknown, unless

from ._trust import is_public, trusted


@check(
    severity=LOW,
    severity_rule="low: a second line of defence; medium where the bucket is said to hold confidential data",
    needs=(BUCKETS,),
    sources=ALL,
    fix=Fix(
        cloudformation="""
            BucketPolicy:
              Type: AWS::S3::BucketPolicy
              Properties:
                Bucket: !Ref Bucket
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Deny
                      Principal: "*"
                      Action: s3:*
                      Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*"]
                      Condition:
                        StringNotEqualsIfExists: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
                        BoolIfExists: {"aws:PrincipalIsAWSService": "false"}
            """,
        terraform="""
            resource "aws_s3_bucket_policy" "example" {
              bucket = aws_s3_bucket.example.id
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect    = "Deny"
                  Principal = "*"
                  Action    = "s3:*"
                  Resource  = [aws_s3_bucket.example.arn, "${aws_s3_bucket.example.arn}/*"]
                  Condition = {
                    StringNotEqualsIfExists = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" }
                    BoolIfExists            = { "aws:PrincipalIsAWSService" = "false" }
                  }
                }]
              })
            }
            """,
        cli="""
            # policy.json has a Deny with StringNotEqualsIfExists on aws:PrincipalOrgID.
            aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
            """,
        note="Partners need an exception; a resource control policy of the organization may do it for all buckets.",
    ),
    passes=(
        """
        # Everybody outside is denied, but for services; and the photos are for everybody.
        #: [[expect]]
        #: organization = "o-a1b2c3d4e5"
        #: [[expect]]
        #: name = "shop-photos"
        #: public = true
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
                      BoolIfExists: {"aws:PrincipalIsAWSService": "false"}
          Photos:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-photos
        """,
    ),
    fails=(
        """
        # No policy.
        #: [[expect]]
        #: organization = "o-a1b2c3d4e5"
        Resources:
          Orders: # <-
            Type: AWS::S3::Bucket
        """,
        """
        # Confidential data, and only writing is denied.
        #: [[expect]]
        #: organization = "o-a1b2c3d4e5"
        #: data = "confidential"
        Resources:
          Orders:
            Type: AWS::S3::Bucket
            Properties:
              BucketName: shop-orders
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument: # <-
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny
                    Principal: "*"
                    Action: s3:PutObject
                    Resource: !Sub ${Orders.Arn}/*
                    Condition:
                      StringNotEqualsIfExists: {"aws:PrincipalOrgID": o-a1b2c3d4e5}
        """,
    ),
    unsure=(
        """
        # Which organization is let in is for whoever deploys it to say.
        #: [[expect]]
        #: organization = "o-a1b2c3d4e5"
        Parameters:
          Organization: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          OrdersPolicy:
            Type: AWS::S3::BucketPolicy
            Properties:
              Bucket: !Ref Orders
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - Effect: Deny # <-
                    Principal: "*"
                    Action: s3:*
                    Resource: [!GetAtt Orders.Arn, !Sub "${Orders.Arn}/*"]
                    Condition:
                      StringNotEqualsIfExists: {"aws:PrincipalOrgID": !Ref Organization}
        """,
    ),
)
def data_perimeter_org(bucket: Bucket, estate: Estate) -> Verdict:
    """A Deny keeps principals outside the organization out of the bucket.

    Then a statement that lets in too much, or the wrong account, opens nothing to strangers. It is asked once the
    configuration names the organization; a resource control policy of the organization does the same for all buckets.
    """
    trust = trusted(bucket, estate)
    if isinstance(trust, Unknown):
        return unknown(trust.at, trust.why)
    if trust.organizations is None:
        return not_applicable(bucket.at, "nobody said which organization it belongs to")
    organizations, accounts = trust.organizations, trust.accounts or frozenset[str]()

    def judged() -> Verdict:
        found = when_set(
            policy_of(bucket.policy),
            lambda policy: _denied(policy, bucket, organizations, accounts),
            failed(
                bucket.policy.at,
                f"there is no bucket policy that denies whoever is outside {_shown(organizations)}",
            ),
            what="the bucket policy",
        )
        is_grave = holds(bucket, estate, "confidential").status is Status.PASS
        return found.at_severity(MEDIUM) if is_grave else found

    def asked() -> Verdict:
        return unless(is_public(bucket, estate), "it is meant for others too", judged)

    return unless(~of_type(bucket, "general"), "nobody outside its account gets in without its policy", asked)


def _shown(organizations: frozenset[str]) -> str:
    return " and ".join(sorted(organizations))


def _denied(
    policy: Policy, bucket: Bucket, organizations: frozenset[str], accounts: frozenset[str]
) -> Verdict:
    denying = some_of(policy.statements, lambda one: has_effect(one, "Deny"))
    if denying.status is Status.FAIL:
        return failed(policy.at, f"no statement denies whoever is outside {_shown(organizations)}")
    from ._claims import denies_outsiders

    return denies_outsiders(policy, bucket, organizations, accounts)
