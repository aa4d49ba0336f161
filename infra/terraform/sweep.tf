# Every minute: marks interviews whose relay has died, and ends avatar conversations that no interview has.
resource "google_cloud_scheduler_job" "sweep" {
  name        = "${local.name}-sweep"
  description = "Ends abandoned interviews and avatar conversations"
  region      = var.region
  schedule    = "* * * * *"
  time_zone   = "Etc/UTC"
  # At most until the next sweep.
  attempt_deadline = "55s"

  http_target {
    http_method = "POST"
    uri         = "${google_cloudfunctions2_function.function["end"].service_config[0].uri}/api/interview/sweep"

    oidc_token {
      service_account_email = google_service_account.sweep.email
      audience              = local.sweep_audience
    }
  }

  # No retries: the next sweep comes a minute later.
  retry_config {
    retry_count = 0
  }
}
