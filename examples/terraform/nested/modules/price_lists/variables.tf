variable "environment" {
  type = string
}

variable "log_bucket" {
  type        = string
  description = "Name of the bucket for access logs"
}
