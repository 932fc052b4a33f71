resource "aws_kms_key" "orders" {
  description         = "Orders and invoices"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }
    ]
  })
}

resource "aws_s3_bucket" "order_data" {
  bucket = "${local.prefix}-orders"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "order_data" {
  bucket = aws_s3_bucket.order_data.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.orders.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "order_data" {
  bucket = aws_s3_bucket.order_data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_replication_configuration" "order_data" {
  bucket = aws_s3_bucket.order_data.id
  role   = aws_iam_role.replication.arn

  rule {
    id       = "disaster-recovery"
    status   = "Enabled"
    priority = 1

    filter {
      prefix = ""
    }

    delete_marker_replication {
      status = "Disabled"
    }

    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket = local.orders_dr.bucket

      encryption_configuration {
        replica_kms_key_id = local.orders_dr.key
      }
    }
  }

  depends_on = [aws_s3_bucket_versioning.order_data]
}

data "aws_iam_policy_document" "order_data" {
  source_policy_documents = [data.aws_iam_policy_document.tls_only["order_data"].json]

  statement {
    sid       = "WarehouseReads"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.order_data.arn}/export/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/warehouse-import"]
    }
  }
}

resource "aws_s3_bucket_policy" "order_data" {
  bucket = aws_s3_bucket.order_data.id
  policy = data.aws_iam_policy_document.order_data.json
}
