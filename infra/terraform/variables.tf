# Required: project_id and relay_image. Everything else has a default for a first deployment.

variable "project_id" {
  description = "The Google Cloud project that infra/bootstrap was applied to."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id is the project's id (6 to 30 small letters, digits and hyphens), not its name or number."
  }
}

variable "relay_image" {
  description = "The relay's image by digest: the same digest is the same relay, and makes no new revision."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9.-]+/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.relay_image))
    error_message = "relay_image must name an image by digest (REGION-docker.pkg.dev/PROJECT/interviewer/relay@sha256:…); a tag may change under its name."
  }
}

variable "environment" {
  description = "Part of every name, so that several environments may share a project."
  type        = string
  default     = "production"

  validation {
    # A service account's name has at most 30 characters.
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.environment))
    error_message = "environment must have 2 to 10 small letters and digits, and begin with a letter."
  }
}

variable "region" {
  description = "Where data, functions and (unless relay_regions is set) the relay are. Data can't move later."
  type        = string
  default     = "europe-west1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be a Google Cloud region such as europe-west1, not a zone or multi-region."
  }
}

variable "relay_regions" {
  description = "Where relays are. A browser uses the first if it can't tell which is nearest. Empty: only the region."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for region in var.relay_regions : can(regex("^[a-z]+-[a-z]+[0-9]+$", region))])
    error_message = "relay_regions are Google Cloud regions such as europe-west1."
  }
  validation {
    condition     = length(distinct(var.relay_regions)) == length(var.relay_regions)
    error_message = "relay_regions names a region twice."
  }
}

variable "relay_min_instances" {
  description = "Relays that are kept running in each region. 0 costs nothing while there are no interviews, and the first candidate waits a few seconds."
  type        = number
  default     = 0

  validation {
    condition     = var.relay_min_instances >= 0 && floor(var.relay_min_instances) == var.relay_min_instances
    error_message = "relay_min_instances must be a whole number from 0."
  }
}

variable "domain" {
  description = "A domain of your own for the page, such as interviews.example.com. Set the DNS records of the output dns_records there."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "domain must be a bare name such as interviews.example.com, without https:// and path."
  }
}

variable "site_id" {
  description = "The Hosting site's id, globally unique: the page is at https://SITE_ID.web.app. Null: made from project and environment."
  type        = string
  default     = null

  validation {
    condition     = var.site_id == null || can(regex("^[a-z0-9][a-z0-9-]{4,28}[a-z0-9]$", var.site_id))
    error_message = "site_id has 6 to 30 small letters, digits and hyphens, and neither begins nor ends with a hyphen."
  }
}

variable "gemini" {
  description = "How to call Gemini: with the key in the secret gemini-api-key, or through Vertex AI in this project, in a location that serves the live model. Models as in interview/settings.py."
  type = object({
    vertex     = optional(bool, false)
    location   = optional(string)
    live_model = optional(string, "gemini-3.8-live")
    text_model = optional(string, "gemini-3.8-flash")
    voice      = optional(string, "Kore")
  })
  default = {}

  validation {
    condition     = !var.gemini.vertex || var.gemini.location != null
    error_message = "gemini.location must be set with Vertex AI: not every location serves the live model."
  }
}

variable "avatar" {
  description = "The interviewer's avatar by Tavus, with the key in the secret tavus-api-key. `concurrent` and `daily` cap what it can cost."
  type = object({
    enabled    = optional(bool, false)
    replica_id = optional(string)
    persona_id = optional(string)
    concurrent = optional(number, 3)
    daily      = optional(number, 20)
  })
  default = {}

  validation {
    condition     = var.avatar.concurrent >= 0 && var.avatar.concurrent <= 1000 && floor(var.avatar.concurrent) == var.avatar.concurrent
    error_message = "avatar.concurrent is a whole number from 0 to 1000."
  }
  validation {
    condition     = var.avatar.daily >= 0 && var.avatar.daily <= 100000 && floor(var.avatar.daily) == var.avatar.daily
    error_message = "avatar.daily is a whole number from 0 to 100000."
  }
}

variable "admission" {
  description = "Who may start an interview: `concurrent` at a time, `daily` in a day while they cost less than `dollars` (0: no limit), `starts_per_hour` from one address; with a `start_code` only those who know it; with an `invite_code` a fifth of the places is kept for those who know it. Give codes as TF_VAR_admission if the variables file is public."
  type = object({
    concurrent      = optional(number, 50)
    daily           = optional(number, 200)
    dollars         = optional(number, 50)
    starts_per_hour = optional(number, 60)
    start_code      = optional(string)
    invite_code     = optional(string)
  })
  default = {}

  validation {
    condition     = var.admission.concurrent >= 0 && var.admission.concurrent <= 1000 && floor(var.admission.concurrent) == var.admission.concurrent
    error_message = "admission.concurrent is a whole number from 0 to 1000."
  }
  validation {
    condition     = var.admission.daily >= 0 && var.admission.daily <= 5000 && floor(var.admission.daily) == var.admission.daily
    error_message = "admission.daily is a whole number from 0 to 5000."
  }
  validation {
    condition     = var.admission.dollars >= 0 && var.admission.dollars <= 1000000
    error_message = "admission.dollars is an amount from 0 to 1000000."
  }
  validation {
    condition     = var.admission.starts_per_hour >= 1 && var.admission.starts_per_hour <= 1000 && floor(var.admission.starts_per_hour) == var.admission.starts_per_hour
    error_message = "admission.starts_per_hour is a whole number from 1 to 1000."
  }
}

variable "interview_minutes" {
  description = "The most that one interview lasts. A connection to Cloud Run ends after 60 minutes."
  type        = number
  default     = 25

  validation {
    condition     = var.interview_minutes >= 0.1 && var.interview_minutes <= 55
    error_message = "interview_minutes is from 0.1 to 55."
  }
}

variable "interview_dollars" {
  description = "US dollars that Gemini may cost one interview, at list prices; then it ends with a goodbye. 0: no limit. Avatars have limits of their own."
  type        = number
  default     = 4

  validation {
    condition     = var.interview_dollars >= 0 && var.interview_dollars <= 10000
    error_message = "interview_dollars is from 0 to 10000."
  }
}

variable "app_check" {
  description = "Firebase App Check, so that only the page can start interviews: the web app's id and key in Firebase, and the site key of reCAPTCHA Enterprise (docs/operations.md). All three are public. The page then loads reCAPTCHA from Google."
  type = object({
    app_id   = string
    api_key  = string
    site_key = string
  })
  default = null

  validation {
    condition     = var.app_check == null || can(regex("^1:[0-9]+:web:[0-9a-f]+$", var.app_check.app_id))
    error_message = "app_check.app_id is like 1:1234567890:web:0a1b2c."
  }
}

variable "page" {
  description = "The page's name, its main colour (#rrggbb; dark text must be legible on it), and who answers questions about what is kept: an e-mail address or an https address. Null: Interviewer, yellow, and nobody is named."
  type = object({
    name    = optional(string)
    colour  = optional(string)
    contact = optional(string)
  })
  default = {}

  validation {
    condition     = var.page.name == null || try(length(trimspace(var.page.name)) >= 1 && length(var.page.name) <= 40, false)
    error_message = "page.name has 1 to 40 characters."
  }
  validation {
    # A relative luminance of 0.19 has a contrast of 4.5:1 to the page's ink.
    condition = var.page.colour == null || try(
      length(regexall("^#[0-9a-f]{6}$", var.page.colour)) == 1 && (
        0.2126 * pow(parseint(substr(var.page.colour, 1, 2), 16) / 255, 2.2)
        + 0.7152 * pow(parseint(substr(var.page.colour, 3, 2), 16) / 255, 2.2)
        + 0.0722 * pow(parseint(substr(var.page.colour, 5, 2), 16) / 255, 2.2)
      ) >= 0.19,
      false,
    )
    error_message = "page.colour is like #ffd60a, and light enough for dark text."
  }
  validation {
    condition     = var.page.contact == null || can(regex("^([^@\\s]+@[^@\\s]+|https://\\S+)$", var.page.contact))
    error_message = "page.contact is an e-mail address or an https address."
  }
}

variable "sentry_dsn" {
  description = "Where errors of page, functions and relay go: the DSN of a Sentry project. It is public, since every page has it. Null: nowhere."
  type        = string
  default     = null

  validation {
    condition     = var.sentry_dsn == null || can(regex("^https://[0-9A-Za-z]+@[0-9a-z.-]+/[0-9]+$", var.sentry_dsn))
    error_message = "sentry_dsn is like https://KEY@HOST/PROJECT."
  }
}

variable "retention_days" {
  description = "How long an interview and its files are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 3650 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days is a whole number from 1 to 3650."
  }
}

variable "limits" {
  description = "The most instances of the relay in each region (200 interviews each) and of each function, and the interviews per hour above which there is an alert."
  type = object({
    relay_instances    = optional(number, 5)
    function_instances = optional(number, 10)
    starts_per_hour    = optional(number, 60)
  })
  default = {}

  validation {
    condition     = alltrue([for limit in values(var.limits) : limit >= 1 && floor(limit) == limit])
    error_message = "Each of the limits is a whole number from 1."
  }
}

variable "alert_email" {
  description = "Who gets mail about an alert. Null: alerts are in the console only."
  type        = string
  default     = null

  validation {
    condition     = var.alert_email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "alert_email is an e-mail address."
  }
}

variable "budget" {
  description = "The budget of a month for all services of the project. Alerts at 50 %, 90 % and 100 %, and by forecast. Nothing is switched off. `make deploy` gives it to infra/bootstrap, which makes it with your login."
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

variable "source_repository" {
  description = "A repository connected to Cloud Build (projects/P/locations/R/connections/C/repositories/N): each push to main is deployed. Null: deploy by hand."
  type        = string
  default     = null

  validation {
    condition     = var.source_repository == null || can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.source_repository))
    error_message = "source_repository is projects/PROJECT/locations/REGION/connections/CONNECTION/repositories/NAME."
  }
}

variable "deletion_protection" {
  description = "Protects database, relay and buckets against deletion. With false, everything can be destroyed, data included."
  type        = bool
  default     = true
}

variable "github" {
  description = "The repository on GitHub whose workflow may deploy (.github/workflows/deploy.yml), as owner/name, and its branch. `make deploy` gives it to infra/bootstrap."
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

variable "languages" {
  description = "The languages that interviews may have, as tags such as en-US; the first is the default. Empty: any language, and all that the page knows."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for tag in var.languages : can(regex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", tag))])
    error_message = "languages are tags such as en-US or de-DE."
  }
}

variable "second_ear" {
  description = "Whether the text model transcribes each spoken answer again, to mark what is doubtful."
  type        = bool
  default     = false
  nullable    = false
}

variable "canary_schedule" {
  description = "When to try what the code believes about Gemini, as a cron expression in UTC, at most once an hour: \"30 5 * * *\" is every day at 5:30. Each run costs an interview (docs/operations.md). Empty: never."
  type        = string
  default     = ""
  nullable    = false

  validation {
    # One number for the minute: a run costs 12 cents, and every minute would be 170 dollars a day.
    condition     = var.canary_schedule == "" || can(regex("^[0-5]?[0-9]( [0-9A-Za-z*/,-]+){4}$", var.canary_schedule))
    error_message = "canary_schedule is a cron expression of five fields whose minute is one number, such as \"30 5 * * *\", or empty."
  }
}

variable "canary_image" {
  description = "The canary's image by digest, from the same build as the relay's. Needed with canary_schedule only."
  type        = string
  default     = null

  validation {
    condition     = var.canary_image == null ? var.canary_schedule == "" : can(regex("^[a-z0-9.-]+/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.canary_image))
    error_message = "canary_image must name an image by digest, as relay_image does, and a canary_schedule needs it."
  }
}
