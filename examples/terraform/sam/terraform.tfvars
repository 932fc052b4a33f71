stage          = "prod"
retention_days = 365
