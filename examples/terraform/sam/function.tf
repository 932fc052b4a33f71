data "archive_file" "scan" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/build/scan.zip"
}

resource "aws_lambda_function" "scan" {
  function_name    = "${local.prefix}-scan"
  runtime          = "python3.13"
  handler          = "scan.handler"
  timeout          = 60
  memory_size      = 512
  role             = aws_iam_role.scan.arn
  filename         = data.archive_file.scan.output_path
  source_code_hash = data.archive_file.scan.output_base64sha256

  tracing_config {
    mode = "Active"
  }

  environment {
    variables = {
      TABLE = aws_dynamodb_table.deliveries.name
    }
  }
}

resource "aws_lambda_permission" "scan" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.scan.function_name
  principal      = "s3.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
  source_arn     = aws_s3_bucket.delivery_notes.arn
}

data "aws_iam_policy_document" "lambda_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "scan" {
  name               = "${local.prefix}-scan"
  assume_role_policy = data.aws_iam_policy_document.lambda_trust.json
}

resource "aws_iam_role_policy_attachment" "scan" {
  for_each = toset([
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
  ])

  role       = aws_iam_role.scan.name
  policy_arn = each.value
}

data "aws_iam_policy_document" "scan" {
  statement {
    actions = [
      "s3:GetObject",
      "s3:GetObjectVersion",
      "s3:GetLifecycleConfiguration",
      "s3:ListBucket",
      "s3:GetBucketLocation",
    ]
    resources = [aws_s3_bucket.delivery_notes.arn, "${aws_s3_bucket.delivery_notes.arn}/*"]
  }

  statement {
    actions   = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"]
    resources = [aws_dynamodb_table.deliveries.arn]
  }
}

resource "aws_iam_role_policy" "scan" {
  name   = "delivery-notes"
  role   = aws_iam_role.scan.id
  policy = data.aws_iam_policy_document.scan.json
}
