# Who is told when a scan fails or does not run.

resource "aws_sns_topic" "scans" {
  name_prefix       = "s3audit-"
  display_name      = "s3audit"
  kms_master_key_id = aws_kms_key.s3audit.id
}

resource "aws_sns_topic_policy" "scans" {
  arn    = aws_sns_topic.scans.arn
  policy = data.aws_iam_policy_document.topic.json
}

data "aws_iam_policy_document" "topic" {
  statement {
    sid       = "TellOfScans"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.scans.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_subscription" "email" {
  count = var.notification_email == "" ? 0 : 1

  topic_arn = aws_sns_topic.scans.arn
  protocol  = "email"
  endpoint  = var.notification_email
}

resource "aws_cloudwatch_metric_alarm" "scan_failed" {
  alarm_name          = "${aws_codebuild_project.scan.name}-failed"
  alarm_description   = "A scan of s3audit has failed; the log of the CodeBuild job says why."
  namespace           = "AWS/CodeBuild"
  metric_name         = "FailedBuilds"
  dimensions          = { ProjectName = aws_codebuild_project.scan.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.scans.arn]
}

resource "aws_cloudwatch_metric_alarm" "no_scan" {
  alarm_name          = "${aws_codebuild_project.scan.name}-missing"
  alarm_description   = "No scan of s3audit has succeeded for 30 hours."
  namespace           = "AWS/CodeBuild"
  metric_name         = "SucceededBuilds"
  dimensions          = { ProjectName = aws_codebuild_project.scan.name }
  statistic           = "Sum"
  period              = 21600
  evaluation_periods  = 5
  datapoints_to_alarm = 5
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.scans.arn]
}
