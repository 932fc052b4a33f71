from s3audit.check import ACCOUNT, ALARMS, ALL, LIVE, LOW, TRAILS, Fix, check
from s3audit.model.account import Account
from s3audit.model.estate import Estate
from s3audit.model.trail import Trail
from s3audit.setting import Known, Unset
from s3audit.text import same
from s3audit.verdict import Status, Verdict, every, failed, not_applicable, unknown, unless

from ._alarms import CHANGES, is_told, nobody, records_changes


@check(
    severity=LOW,
    severity_rule="low: it prevents nothing, and tells of a change after it was made",
    needs=(ACCOUNT, TRAILS, ALARMS),
    sources=ALL,
    peers={
        "prowler": ("cloudwatch_log_metric_filter_for_s3_bucket_policy_changes",),
        "kics": (
            "CloudWatch S3 policy Change Alarm Missing (terraform 27c6a499-895a-4dc7-9617-5c485218db13)",
        ),
        "scoutsuite": ("logs-no-alarm-s3-policy-changes",),
    },
    fix=Fix(
        cloudformation="""
            PolicyChanges:
              Type: AWS::Events::Rule
              Properties:
                EventPattern:
                  source: [aws.s3]
                  detail-type: [AWS API Call via CloudTrail]
                  detail:
                    eventSource: [s3.amazonaws.com]
                    eventName:
                      - PutBucketPolicy
                      - DeleteBucketPolicy
                      - PutBucketAcl
                      - PutBucketCors
                      - DeleteBucketCors
                      - PutBucketLifecycle
                      - DeleteBucketLifecycle
                      - PutBucketReplication
                      - DeleteBucketReplication
                Targets:
                  - {Id: security, Arn: !Ref Security}
            Security:
              Type: AWS::SNS::Topic
              Properties:
                TopicName: security
            """,
        terraform="""
            resource "aws_cloudwatch_event_rule" "policy_changes" {
              name = "bucket-policy-changes"
              event_pattern = jsonencode({
                source      = ["aws.s3"]
                detail-type = ["AWS API Call via CloudTrail"]
                detail = {
                  eventSource = ["s3.amazonaws.com"]
                  eventName = [
                    "PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketCors", "DeleteBucketCors",
                    "PutBucketLifecycle", "DeleteBucketLifecycle", "PutBucketReplication", "DeleteBucketReplication",
                  ]
                }
              })
            }
            resource "aws_cloudwatch_event_target" "security" {
              rule = aws_cloudwatch_event_rule.policy_changes.name
              arn  = "arn:aws:sns:eu-west-1:111122223333:security"
            }
            """,
        cli="""
            aws events put-rule --name bucket-policy-changes --event-pattern '{
              "source": ["aws.s3"],
              "detail-type": ["AWS API Call via CloudTrail"],
              "detail": {
                "eventSource": ["s3.amazonaws.com"],
                "eventName": ["PutBucketPolicy", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketCors",
                  "DeleteBucketCors", "PutBucketLifecycle", "DeleteBucketLifecycle", "PutBucketReplication",
                  "DeleteBucketReplication"]
              }
            }'
            aws events put-targets --rule bucket-policy-changes --targets Id=security,Arn=TOPIC_ARN
            """,
        note=(
            "A rule sees its own Region only, so every Region with buckets needs one; the policy of the topic has to"
            " let events.amazonaws.com publish."
        ),
    ),
    passes=(
        """
        # A metric filter on the log group of the trail, and an alarm that tells somebody.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              CloudWatchLogsLogGroupArn: !GetAtt Events.Arn
              CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail
          Events:
            Type: AWS::Logs::LogGroup
            Properties:
              LogGroupName: trail
          PolicyChanges:
            Type: AWS::Logs::MetricFilter
            Properties:
              FilterName: policy-changes
              LogGroupName: !Ref Events
              FilterPattern: >-
                { ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) ||
                ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) ||
                ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) ||
                ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) ||
                ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }
              MetricTransformations:
                - {MetricName: PolicyChanges, MetricNamespace: Shop, MetricValue: "1"}
          PolicyChanged:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: policy-changed
              MetricName: PolicyChanges
              Namespace: Shop
              Statistic: Sum
              Period: 300
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanOrEqualToThreshold
              AlarmActions: [arn:aws:sns:eu-west-1:111122223333:security]
        """,
        """
        # An event rule does the same.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
          PolicyChanges:
            Type: AWS::Events::Rule
            Properties:
              Name: policy-changes
              EventPattern:
                source: [aws.s3]
                detail-type: [AWS API Call via CloudTrail]
                detail:
                  eventName: [{prefix: PutBucket}, {prefix: DeleteBucket}]
              Targets:
                - {Id: security, Arn: "arn:aws:sns:eu-west-1:111122223333:security"}
        """,
        """
        # What is done with buckets is another trail's business.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              EventSelectors:
                - IncludeManagementEvents: false
                  DataResources:
                    - Type: AWS::S3::Object
                      Values: ["arn:aws:s3"]
          All:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              AdvancedEventSelectors:
                - FieldSelectors:
                    - {Field: eventCategory, Equals: [Management]}
                    - {Field: readOnly, Equals: ["false"]}
          Changes:
            Type: AWS::Events::Rule
            Properties:
              Name: changes
              EventPattern:
                source: [aws.s3]
              Targets:
                - {Id: security, Arn: "arn:aws:sns:eu-west-1:111122223333:security"}
        """,
    ),
    fails=(
        """
        # Nobody is told.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail: # <-
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
        """,
        """
        # It leaves out that a policy is deleted.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail: # <-
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
          PolicyChanges:
            Type: AWS::Events::Rule
            Properties:
              Name: policy-changes
              EventPattern:
                source: [aws.s3]
                detail:
                  eventName: [{prefix: PutBucket}]
              Targets:
                - {Id: security, Arn: "arn:aws:sns:eu-west-1:111122223333:security"}
        """,
        """
        # The alarm tells nobody.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail: # <-
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              CloudWatchLogsLogGroupArn: arn:aws:logs:eu-west-1:111122223333:log-group:trail:*
              CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail
          Changes:
            Type: AWS::Logs::MetricFilter
            Properties:
              FilterName: changes
              LogGroupName: trail
              FilterPattern: '{ $.eventSource = "s3.amazonaws.com" }'
              MetricTransformations:
                - {MetricName: Changes, MetricNamespace: Shop, MetricValue: "1"}
          Changed:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: changed
              MetricName: Changes
              Namespace: Shop
              Statistic: Sum
              Period: 300
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanOrEqualToThreshold
        """,
        """
        # The trail is off.
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: false # <-
              S3BucketName: shop-trail
          Changes:
            Type: AWS::Events::Rule
            Properties:
              Name: changes
              EventPattern:
                source: [aws.s3]
              Targets:
                - {Id: security, Arn: "arn:aws:sns:eu-west-1:111122223333:security"}
        """,
    ),
    unsure=(
        """
        # What the filter looks for is for whoever deploys it to say.
        Parameters:
          Pattern: {Type: String}
        Resources:
          Orders:
            Type: AWS::S3::Bucket
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              IsLogging: true
              S3BucketName: shop-trail
              CloudWatchLogsLogGroupArn: arn:aws:logs:eu-west-1:111122223333:log-group:trail:*
              CloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/trail
          Changes: # <-
            Type: AWS::Logs::MetricFilter
            Properties:
              FilterName: changes
              LogGroupName: trail
              FilterPattern: !Ref Pattern
              MetricTransformations:
                - {MetricName: Changes, MetricNamespace: Shop, MetricValue: "1"}
          Changed:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: changed
              MetricName: Changes
              Namespace: Shop
              Statistic: Sum
              Period: 300
              EvaluationPeriods: 1
              Threshold: 1
              ComparisonOperator: GreaterThanOrEqualToThreshold
              AlarmActions: [arn:aws:sns:eu-west-1:111122223333:security]
        """,
    ),
)
def policy_change_alarm(subject: Account | Trail, estate: Estate) -> Verdict:
    """Bucket policy changes raise an alarm.

    A policy that opens a bucket works at once, and whoever finds it first has the data. An alarm makes it minutes until
    somebody looks, and not the months until the next audit.
    """
    if isinstance(subject, Account):
        return _of_account(subject, estate)
    if subject.origin == LIVE and not any(_is_of(subject, one) for one in estate.all(Account)):
        return not_applicable(subject.at, "its alarms are in the account that made it")

    def asked() -> Verdict:
        missing: list[str] = []
        found: list[Verdict] = []
        for change in CHANGES:
            told = is_told(subject, estate, change)
            if told.status is Status.FAIL:
                missing.append(change)
            found.append(told)
        judged = nobody(subject, missing) if missing else every(found)
        return subject.logging.is_in(True, what="the trail") & judged

    return unless(~records_changes(subject), "it does not record what is done with buckets", asked)


def _of_account(account: Account, estate: Estate) -> Verdict:
    """An account is judged for what it does not have."""
    if account.origin != LIVE:
        return not_applicable(account.at, "what else is in the account is not told")
    trails = [one for one in estate.all(Trail) if _is_of(one, account) or _is_of_all(one)]
    if trails:
        return not_applicable(account.at, "its trails are judged")
    number = account.account.value.literal if isinstance(account.account, Known) else None
    gap = estate.unlisted(Trail, number or "")
    if gap is not None:
        return unknown(account.at, f"whether a trail records changes is not known: {gap.why}")
    return failed(
        account.at, "no trail records what is done with buckets, so that nothing can raise an alarm"
    )


def _is_of(trail: Trail, account: Account) -> bool:
    match trail.account, account.account:
        case ((Known(one) | Unset(one)), (Known(other) | Unset(other))):
            return same(one, other) is Status.PASS
        case _:
            return False


def _is_of_all(trail: Trail) -> bool:
    return trail.organization.is_in(True, what="it").status is not Status.FAIL
