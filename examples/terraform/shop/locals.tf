locals {
  prefix          = "harbour-tea-${var.environment}"
  is_production   = var.environment == "production"
  has_certificate = var.certificate_arn != null

  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition

  per_environment = {
    staging = {
      shop_origin = "https://staging.shop.example.com"
      domain      = "images.staging.shop.example.com"
      log_days    = 30
    }
    production = {
      shop_origin = "https://shop.example.com"
      domain      = "images.shop.example.com"
      log_days    = 400
    }
  }
  settings = local.per_environment[var.environment]

  # stack harbour-tea-dr in eu-central-1
  orders_dr = {
    bucket = "arn:${local.partition}:s3:::${local.prefix}-orders-dr"
    key    = "arn:${local.partition}:kms:eu-central-1:${local.account}:alias/orders-dr"
  }
}
