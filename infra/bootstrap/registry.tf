resource "google_artifact_registry_repository" "images" {
  repository_id = "interviewer"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the relay, and of the functions as Cloud Functions builds them."

  # Deployments name images by digest, which never changes; a tag may move.
  cleanup_policy_dry_run = false

  # Enough to roll back by hand for a while. KEEP overrides DELETE.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions { keep_count = 10 }
  }
  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      tag_state  = "ANY"
      older_than = "${30 * 24 * 60 * 60}s"
    }
  }

  # Without it no deployment can be built, and none taken back. A change of its region would replace it.
  lifecycle {
    prevent_destroy = true
  }

  depends_on = [time_sleep.apis]
}
