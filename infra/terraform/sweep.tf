# Every minute, so that an interview whose relay died is marked, and an avatar that nobody watches stops costing.
resource "google_cloud_scheduler_job" "sweep" {
  name        = "${local.name}-sweep"
  description = "Marks interviews that nobody carries on any more"
  region      = var.region
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"
  # Not longer than until the next one.
  attempt_deadline = "55s"

  http_target {
    http_method = "POST"
    uri         = "${google_cloudfunctions2_function.function["end"].service_config[0].uri}/api/interview/sweep"

    oidc_token {
      service_account_email = google_service_account.sweep.email
      audience              = local.sweep_audience
    }
  }

  # The next minute is the repetition.
  retry_config {
    retry_count = 0
  }
}
