# The queue of summaries (docs/decisions/0052-summary-tasks.md). The relay and `end` add tasks to it, and each task calls
# `end`. The queue decides where its tasks go and as whom, so those who add tasks need its name alone.
resource "google_cloud_tasks_queue" "summaries" {
  name     = "${local.name}-summaries"
  location = var.region

  http_target {
    http_method = "POST"

    # The path is the task's.
    uri_override {
      scheme                    = "HTTPS"
      host                      = trimprefix(google_cloudfunctions2_function.function["end"].service_config[0].uri, "https://")
      uri_override_enforce_mode = "ALWAYS"
    }

    oidc_token {
      service_account_email = google_service_account.sweep.email
      audience              = local.sweep_audience
    }
  }

  rate_limits {
    max_concurrent_dispatches = 20
    max_dispatches_per_second = 5
  }

  # Only for attempts that could not be counted: `end` has no instance, or the store is not available. A counted one that
  # failed is followed by a task of its own (interview/tasks/schedule.py).
  retry_config {
    max_attempts  = 5
    min_backoff   = "10s"
    max_backoff   = "300s"
    max_doublings = 4
  }
}

resource "google_cloud_tasks_queue_iam_member" "adder" {
  for_each = toset(["end", "relay"])

  name     = google_cloud_tasks_queue.summaries.name
  location = var.region
  role     = "roles/cloudtasks.enqueuer"
  member   = google_service_account.service[each.key].member
}
