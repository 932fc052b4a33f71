# A daily s3audit scan: EventBridge Scheduler starts a CodeBuild job, which keeps its reports in a bucket.

data "aws_region" "current" {}

resource "aws_codebuild_project" "scan" {
  name                   = "s3audit"
  description            = "s3audit live"
  service_role           = aws_iam_role.scan.arn
  build_timeout          = var.timeout_minutes
  queued_timeout         = 60
  concurrent_build_limit = 1

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    type         = "LINUX_CONTAINER"
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/amazonlinux-x86_64-standard:5.0"

    environment_variable {
      name  = "PACKAGE"
      value = var.package
    }

    environment_variable {
      name  = "RESULTS"
      value = aws_s3_bucket.results.id
    }

    environment_variable {
      name  = "ACCOUNTS"
      value = var.organization ? "--organization --role-name ${var.member_role_name}" : ""
    }

    environment_variable {
      name  = "EXTERNAL_ID"
      value = var.external_id == "" ? "" : "--external-id ${var.external_id}"
    }

    environment_variable {
      name  = "FINDINGS"
      value = var.fail_on == "findings" ? "" : "--exit-zero"
    }

    environment_variable {
      name  = "OPTIONS"
      value = var.options
    }
  }

  logs_config {
    cloudwatch_logs {
      status     = "ENABLED"
      group_name = aws_cloudwatch_log_group.scan.name
    }
  }

  source {
    type      = "NO_SOURCE"
    buildspec = file("${path.module}/buildspec.yml")
  }

  depends_on = [aws_iam_role_policy.read, aws_iam_role_policy.job]
}

resource "aws_cloudwatch_log_group" "scan" {
  name_prefix       = "s3audit-"
  kms_key_id        = aws_kms_key.s3audit.arn
  retention_in_days = 90
}

resource "aws_iam_role" "scan" {
  name_prefix        = "s3audit-scan-"
  description        = "The job that runs s3audit reads by this role how S3 is set up, and writes its results."
  assume_role_policy = data.aws_iam_policy_document.codebuild.json
}

data "aws_iam_policy_document" "codebuild" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["codebuild.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role_policy" "read" {
  name   = "read"
  role   = aws_iam_role.scan.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy" "members" {
  count = var.organization ? 1 : 0

  name   = "members"
  role   = aws_iam_role.scan.id
  policy = data.aws_iam_policy_document.members.json
}

resource "aws_iam_role_policy" "job" {
  name   = "job"
  role   = aws_iam_role.scan.id
  policy = data.aws_iam_policy_document.job.json
}

data "aws_iam_policy_document" "job" {
  statement {
    sid       = "WriteResults"
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.results.arn}/scans/*"]
  }

  statement {
    sid       = "FetchPackage"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.results.arn}/package/*"]
  }

  statement {
    sid       = "UseKeyForResults"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [aws_kms_key.s3audit.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
    }
  }

  statement {
    sid       = "WriteLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.scan.arn}:*"]
  }
}

resource "aws_scheduler_schedule" "daily" {
  name_prefix                  = "s3audit-"
  description                  = "Starts s3audit"
  schedule_expression          = var.schedule
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_codebuild_project.scan.arn
    role_arn = aws_iam_role.schedule.arn

    retry_policy {
      maximum_event_age_in_seconds = 3600
      maximum_retry_attempts       = 10
    }
  }

  depends_on = [aws_iam_role_policy.start]
}

resource "aws_iam_role" "schedule" {
  name_prefix        = "s3audit-schedule-"
  description        = "EventBridge Scheduler starts the job that runs s3audit."
  assume_role_policy = data.aws_iam_policy_document.scheduler.json
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role_policy" "start" {
  name   = "start"
  role   = aws_iam_role.schedule.id
  policy = data.aws_iam_policy_document.start.json
}

data "aws_iam_policy_document" "start" {
  statement {
    actions   = ["codebuild:StartBuild"]
    resources = [aws_codebuild_project.scan.arn]
  }
}
