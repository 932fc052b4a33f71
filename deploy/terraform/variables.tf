variable "package" {
  description = "What pip installs, with its version; or a wheel in the bucket of results, below package/."
  type        = string
  default     = "package/s3audit-0.1.0-py3-none-any.whl"

  validation {
    condition     = can(regex("^(package/.+\\.whl|https://.+|.+(==|@).+)$", var.package))
    error_message = "Name a version (NAME==VERSION), a URL, or a wheel below package/."
  }
}

variable "schedule" {
  description = "When to scan, at least once a day, in UTC."
  type        = string
  default     = "cron(17 3 * * ? *)"
}

variable "options" {
  description = "More options of `s3audit live`, such as --strict, --redact or --region eu-west-1."
  type        = string
  default     = ""
}

variable "fail_on" {
  description = "Whether findings make the job fail and so are told, or only what could not be read."
  type        = string
  default     = "incomplete"

  validation {
    condition     = contains(["incomplete", "findings"], var.fail_on)
    error_message = "Either incomplete or findings."
  }
}

variable "organization" {
  description = "Whether to scan all accounts of the organization; then this is its management account or a delegated one."
  type        = bool
  default     = false
}

variable "member_role_name" {
  description = "The role in each account of the organization."
  type        = string
  default     = "s3audit"
}

variable "external_id" {
  description = "What that role asks for; empty for nothing."
  type        = string
  default     = ""
}

variable "notification_email" {
  description = "Who is told when a scan fails or does not run; empty if you subscribe to the topic yourself."
  type        = string
  default     = ""
}

variable "retention_days" {
  description = "How long reports and snapshots are kept."
  type        = number
  default     = 400
}

variable "timeout_minutes" {
  description = "How long a scan may take."
  type        = number
  default     = 240
}
