from s3audit.check import ALL, HIGH, MEDIUM, ROLES, Fix, check
from s3audit.model.estate import Estate, is_there
from s3audit.model.identity import Role
from s3audit.policy.broad import let_in_from_outside, policies_of
from s3audit.verdict import Status, Verdict, every, passed, unless


@check(
    severity=MEDIUM,
    severity_rule=(
        "medium: it takes whoever holds the role to every bucket there is and will be; high where the role can be"
        " taken from another account"
    ),
    needs=(ROLES,),
    sources=ALL,
    peers={"regula": ("FG_R00218", "FG_R00220")},
    fix=Fix(
        cloudformation="""
            Policies:
              - PolicyName: orders
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action: [s3:GetObject, s3:PutObject]
                      Resource: !Sub "${Orders.Arn}/*"
            """,
        terraform="""
            resource "aws_iam_role_policy" "example" {
              role = aws_iam_role.example.name
              policy = jsonencode({
                Version = "2012-10-17"
                Statement = [{
                  Effect   = "Allow"
                  Action   = ["s3:GetObject", "s3:PutObject"]
                  Resource = "${aws_s3_bucket.orders.arn}/*"
                }]
              })
            }
            """,
        cli="""
            # With the actions and the buckets that it needs.
            aws iam put-role-policy --role-name ROLE --policy-name NAME --policy-document file://policy.json
            """,
        note="Where it has to be many buckets, a condition on aws:ResourceAccount keeps it to those of the account.",
    ),
    passes=(
        """
        # Buckets and actions are named; there is no other way to list the buckets than on everything.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: orders
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:Get*, Resource: !Sub "${Orders.Arn}/*"}
                      - {Effect: Allow, Action: s3:ListAllMyBuckets, Resource: "*"}
                      - Effect: Allow
                        Action: s3:Put*
                        Resource: "*"
                        Condition:
                          StringEquals: {aws:ResourceAccount: !Ref AWS::AccountId}
        """,
    ),
    fails=(
        """
        # Medium: the function can do everything with every bucket.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: orders
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - {Effect: Allow, Action: s3:*, Resource: "*"} # <-
        """,
        """
        # High: another account can take the role that reads everything.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: reader
                  PolicyDocument:
                    Version: "2012-10-17"
                    Statement:
                      - Effect: Allow # <-
                        Action: [s3:Get*, s3:ListBucket]
                        Resource: ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]
        """,
        """
        # The policy stands by itself, and the role has it.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
              ManagedPolicyArns: [!Ref Cleaner]
          Cleaner:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              PolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Action: "s3:Delete*", Resource: !Sub "arn:${AWS::Partition}:s3:::*"} # <-
        """,
    ),
    unsure=(
        """
        # What it may do comes from elsewhere.
        Resources:
          Role:
            Type: AWS::IAM::Role
            Properties:
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement:
                  - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
              Policies:
                - PolicyName: orders
                  PolicyDocument: # <-
                    Fn::Transform:
                      Name: AWS::Include
                      Parameters: {Location: s3://policies/orders.json}
        """,
    ),
)
def iam_broad_s3(role: Role, estate: Estate) -> Verdict:
    """No policy of a role gives broad S3 rights on every bucket.

    One application that is broken into then opens all buckets, also those that somebody makes tomorrow. Rights on
    named buckets end where the application ends.
    """
    return unless(~is_there(role), "nobody can take it", lambda: _judge(role, estate))


def _judge(role: Role, estate: Estate) -> Verdict:
    none = passed(role.at, "it has no policy that somebody here has written")
    found = every(policies_of(role, estate), none)
    if found.status is Status.FAIL and let_in_from_outside(role):
        return found.at_severity(HIGH)
    return found
