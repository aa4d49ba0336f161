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

variable "alert_email" {
  description = "Who gets mail about the budget. Null: the administrators of the billing account."
  type        = string
  default     = null

  validation {
    condition     = var.alert_email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "alert_email is an e-mail address."
  }
}

variable "budget" {
  description = "The budget of a month for all services of the project. Alerts at 50 %, 90 % and 100 %, and by forecast. Nothing is switched off."
  type = object({
    billing_account = string
    monthly         = number
    currency        = optional(string, "USD")
  })
  default = null

  validation {
    condition     = var.budget == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account))
    error_message = "budget.billing_account looks like 01AB23-CD45EF-678901."
  }
  validation {
    condition     = var.budget == null || try(var.budget.monthly >= 1 && floor(var.budget.monthly) == var.budget.monthly, false)
    error_message = "budget.monthly is a whole amount from 1, in the billing account's currency."
  }
}

variable "github" {
  description = "The repository on GitHub whose workflow may deploy (.github/workflows/deploy.yml), as owner/name, and its branch."
  type = object({
    repository = string
    branch     = optional(string, "main")
  })
  default = null

  validation {
    condition     = var.github == null || try(can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github.repository)) && can(regex("^[A-Za-z0-9._/-]+$", var.github.branch)), false)
    error_message = "github.repository is owner/name, and github.branch the name of a branch."
  }
}
