variable "environment" {
  type    = string
  default = "staging"

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "There is only staging and production."
  }
}

variable "certificate_arn" {
  type        = string
  default     = null
  description = "Certificate for the shop's own domain, in us-east-1. Null for the CloudFront one."
}

variable "landing_zone" {
  type        = string
  description = "Name of the landing zone that this account was made in"
}
