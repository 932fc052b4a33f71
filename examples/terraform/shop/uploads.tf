# Photos that customers add to their reviews.

resource "aws_s3_bucket" "customer_uploads" {
  bucket = "${local.prefix}-uploads"
}

resource "aws_s3_bucket_ownership_controls" "customer_uploads" {
  bucket = aws_s3_bucket.customer_uploads.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_versioning" "customer_uploads" {
  bucket = aws_s3_bucket.customer_uploads.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_cors_configuration" "customer_uploads" {
  bucket = aws_s3_bucket.customer_uploads.id

  cors_rule {
    id              = "preview"
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["*"]
    max_age_seconds = 3600
  }

  cors_rule {
    id              = "upload"
    allowed_methods = ["PUT"]
    allowed_origins = [local.settings.shop_origin]
    allowed_headers = ["content-type", "content-md5"]
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "customer_uploads" {
  bucket = aws_s3_bucket.customer_uploads.id

  rule {
    id     = "not-moderated"
    status = "Enabled"

    filter {
      prefix = "incoming/"
    }

    expiration {
      days = 14
    }
  }
}

resource "aws_s3_bucket_notification" "customer_uploads" {
  bucket = aws_s3_bucket.customer_uploads.id

  lambda_function {
    lambda_function_arn = aws_lambda_function.resize.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "incoming/"
  }

  depends_on = [aws_lambda_permission.resize]
}

resource "aws_lambda_function" "resize" {
  function_name = "${local.prefix}-resize"
  description   = "Makes thumbnails of review photos"
  runtime       = "python3.13"
  handler       = "resize.handler"
  memory_size   = 1024
  timeout       = 30
  role          = aws_iam_role.resize.arn
  s3_bucket     = aws_s3_bucket.deployments.id
  s3_key        = "resize/resize.zip"

  environment {
    variables = {
      IMAGES_BUCKET = aws_s3_bucket.product_images.id
    }
  }
}

resource "aws_lambda_permission" "resize" {
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.resize.function_name
  principal      = "s3.amazonaws.com"
  source_account = local.account
  source_arn     = aws_s3_bucket.customer_uploads.arn
}

resource "aws_iam_role" "resize" {
  name = "${local.prefix}-resize"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "resize_logs" {
  role       = aws_iam_role.resize.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy" "photos" {
  name = "photos"
  role = aws_iam_role.resize.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.customer_uploads.arn}/incoming/*"
      },
      {
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.product_images.arn}/reviews/*"
      },
    ]
  })
}
