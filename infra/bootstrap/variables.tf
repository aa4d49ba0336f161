variable "project_id" {
  description = "The Google Cloud project, with billing switched on."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the project's id (6 to 30 small letters, digits and hyphens), not its name or number."
  }
}

variable "region" {
  description = "Where images are kept and built. The same as the environments' region."
  type        = string
  default     = "europe-west1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a Google Cloud region such as europe-west1; zones and multi-regions are none."
  }
}
