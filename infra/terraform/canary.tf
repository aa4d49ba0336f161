# The scheduled canary (docs/decisions/0057-canary.md): a Cloud Run job that tries what the code believes about Gemini,
# and a schedule that starts it. Nothing of this exists while canary_schedule is empty.
locals {
  canary            = var.canary_schedule == "" ? [] : ["canary"]
  job               = "resource.type=\"cloud_run_job\" AND resource.labels.job_name=\"${local.name}-canary\""
  of_job            = "monitored_resource=\"cloud_run_job\",job_name=\"${local.name}-canary\""
  runs              = "run_googleapis_com:job_completed_execution_count"
  wrong             = "logging_googleapis_com:user_${replace(local.name, "-", "_")}_canary_wrong"
  secrets_of_canary = { for name, secret in local.secrets : name => secret if name == "GEMINI_API_KEY" }

  # The relay's variables that its connection to Gemini depends on. Of a deployment's codes a candidate needs only the
  # start code: with an invite the canary would take a place that is kept for somebody.
  canary_environment = merge(
    { for name in ["GEMINI_LIVE_MODEL", "VOICE"] : name => local.relay_environment[name] },
    { for name, value in local.common : name => value if startswith(name, "GOOGLE_") },
    var.admission.start_code == null ? {} : { START_CODE = var.admission.start_code },
  )

  canary_alerts = {
    canary = {
      title = "canary"
      about = "The scheduled canary found that Gemini differs from what the code believes, or it could not report."
      conditions = {
        "a belief is wrong"    = "sum by (finding) (increase(${local.wrong}{monitored_resource=\"cloud_run_job\"}[10m])) > 0"
        "a run did not report" = "sum(increase(${local.runs}{${local.of_job},result=\"failed\"}[10m])) > 0"
      }
    }
  }
}

# What the canary runs as. It reaches the page as anybody does, so all that it may do is read Gemini's key.
resource "google_service_account" "canary" {
  for_each = toset(local.canary)

  account_id   = "${local.name}-canary"
  display_name = "Interviewer (${var.environment}): canary"
}

# Starts the canary. Another account, so that the canary can't start itself.
resource "google_service_account" "canary_starter" {
  for_each = toset(local.canary)

  account_id   = "${local.name}-starter"
  display_name = "Interviewer (${var.environment}): starts the canary"
}

resource "google_secret_manager_secret_iam_member" "canary" {
  for_each = length(local.canary) == 0 ? {} : local.secrets_of_canary

  secret_id = "projects/${var.project_id}/secrets/${each.value}"
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.canary["canary"].member
}

resource "google_project_iam_member" "canary_vertex" {
  for_each = toset(var.gemini.vertex ? local.canary : [])

  project = var.project_id
  role    = "roles/aiplatform.user"
  member  = google_service_account.canary["canary"].member
}

# As `time_sleep.roles`, for the canary alone: to switch it on makes no service wait.
resource "time_sleep" "canary_roles" {
  for_each = toset(local.canary)

  create_duration = "90s"
  triggers = {
    account = google_service_account.canary["canary"].email
    secrets = join(" ", sort(keys(google_secret_manager_secret_iam_member.canary)))
    vertex  = join(" ", sort(keys(google_project_iam_member.canary_vertex)))
  }
}

resource "google_cloud_run_v2_job" "canary" {
  for_each = toset(local.canary)

  name     = "${local.name}-canary"
  location = var.region
  # It keeps nothing, and an empty canary_schedule must be able to remove it.
  deletion_protection = false

  template {
    task_count  = 1
    parallelism = 1

    template {
      service_account       = google_service_account.canary["canary"].email
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
      # An interview costs money, and a second one after a failed one tells nothing new.
      max_retries = 0
      # It takes two minutes; this is the sum of its own limits (ops/canary.py, canary_line.py), and a start.
      timeout = "960s"

      containers {
        image = var.canary_image
        # The image's entry point expects the address.
        args = [local.origins[0]]

        resources {
          limits = { cpu = "1", memory = "512Mi" }
        }

        dynamic "env" {
          for_each = local.canary_environment
          content {
            name  = env.key
            value = env.value
          }
        }

        dynamic "env" {
          for_each = local.secrets_of_canary
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = env.value
                version = local.secret_versions[env.key]
              }
            }
          }
        }
      }
    }
  }

  lifecycle {
    # The last tool that wrote.
    ignore_changes = [client, client_version]
  }

  depends_on = [time_sleep.canary_roles]
}

# This job alone, and as it is: the role does not allow other arguments or variables.
resource "google_cloud_run_v2_job_iam_member" "starter" {
  for_each = toset(local.canary)

  name     = google_cloud_run_v2_job.canary["canary"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.canary_starter["canary"].member
}

resource "google_cloud_scheduler_job" "canary" {
  for_each = toset(local.canary)

  name        = "${local.name}-canary"
  description = "Tries what the code believes about Gemini"
  region      = var.region
  schedule    = var.canary_schedule
  time_zone   = "Etc/UTC"
  # The answer comes when the run has been accepted, not when it has ended.
  attempt_deadline = "30s"

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project_id}/locations/${var.region}/jobs/${google_cloud_run_v2_job.canary["canary"].name}:run"

    # An API of Google's takes an OAuth token, no OIDC token.
    oauth_token {
      service_account_email = google_service_account.canary_starter["canary"].email
    }
  }

  # A repeated call could begin a second run.
  retry_config {
    retry_count = 0
  }

  # A run has an interview, so it begins when everything serves.
  depends_on = [
    google_cloud_run_v2_job_iam_member.starter,
    google_cloud_run_v2_service.relay,
    google_cloudfunctions2_function.function,
  ]
}

resource "google_logging_metric" "canary" {
  for_each = toset(local.canary)

  name        = "${replace(local.name, "-", "_")}_canary_wrong"
  description = "Beliefs about Gemini that a scheduled canary found wrong"
  filter      = "${local.job} AND (jsonPayload.message=\"canary_wrong\")"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    labels {
      key = "finding"
    }
  }
  label_extractors = { finding = "EXTRACT(jsonPayload.finding)" }
}
