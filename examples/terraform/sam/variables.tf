variable "stage" {
  type = string

  validation {
    condition     = contains(["dev", "prod"], var.stage)
    error_message = "There is only dev and prod."
  }
}

variable "retention_days" {
  type    = number
  default = 90
}
