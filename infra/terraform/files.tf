# The candidates' CVs, as uploaded.
resource "google_storage_bucket" "files" {
  name                        = "${var.project_id}-${local.name}-files"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection

  # A file that a candidate deletes is gone at once, as the receipt says; without this it would be kept for a week.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    condition {
      age = var.retention_days
    }
    action {
      type = "Delete"
    }
  }
  lifecycle_rule {
    condition {
      age = 1
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }
}

# No service reads files, so no role allows it: `start` writes files and deletes unusable ones, `end` deletes. No
# predefined role is that narrow.
locals {
  file_permissions = {
    start = ["storage.objects.create", "storage.objects.delete", "storage.objects.list"]
    end   = ["storage.objects.delete", "storage.objects.list"]
  }
}

resource "google_project_iam_custom_role" "files" {
  for_each = local.file_permissions

  role_id     = "interviewer${title(var.environment)}Files${title(each.key)}"
  title       = "Interviewer (${var.environment}): files for ${each.key}"
  permissions = each.value
}

resource "google_storage_bucket_iam_member" "files" {
  for_each = local.file_permissions

  bucket = google_storage_bucket.files.name
  role   = google_project_iam_custom_role.files[each.key].id
  member = google_service_account.service[each.key].member
}

# The functions' zips.
resource "google_storage_bucket" "source" {
  name                        = "${var.project_id}-${local.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  # Its content can be built again.
  force_destroy = true
}
