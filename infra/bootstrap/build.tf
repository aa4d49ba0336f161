# The sources that `gcloud builds submit` uploads for a build.
resource "google_storage_bucket" "build" {
  name                        = "${var.project_id}-build"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    condition {
      age = 30
    }
    action {
      type = "Delete"
    }
  }

  # Without it no deployment can be built, and none taken back. A change of its region would replace it.
  lifecycle {
    prevent_destroy = true
  }

  depends_on = [time_sleep.apis]
}
