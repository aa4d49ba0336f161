# Firestore: one database for each environment. interview/store/firestore.py has its documents and queries.
resource "google_firestore_database" "interviews" {
  name                              = local.name
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"
}

locals {
  # Deleted interviews stay in backups, so backups are kept for a week only. Point-in-time recovery goes back a week, too.
  backup_retention_days = 7
  # When no backup has a deleted interview any more; Google takes up to a day to delete an expired backup. The page and
  # the receipt of a deletion name the date.
  backup_days = local.backup_retention_days + 1
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.interviews.name
  retention = "${local.backup_retention_days * 24 * 60 * 60}s"

  daily_recurrence {}
}

# Every collection with personal data deletes its documents after this date (up to a day late). The field is not
# indexed: values that only grow would make every write wait for the same part of an index.
resource "google_firestore_field" "expiry" {
  for_each = toset(["clients", "interviews", "turns"])

  database   = google_firestore_database.interviews.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}
  index_config {}
}

# What no query uses by itself. An index on it would cost with every write.
resource "google_firestore_field" "unindexed" {
  for_each = {
    for path in [
      # Times that only grow: with an index of their own, all writes of the collection share 500 a second
      # (https://cloud.google.com/firestore/docs/best-practices). The sweep's query has its composite index.
      "interviews/live.seen_at",
      "turns/ended_at",
      "turns/started_at",
      # Texts.
      "interviews/cv",
      "interviews/job_description",
      "interviews/prompt",
      "interviews/rubric",
      "interviews/sketches",
      "interviews/skill_topic",
      "interviews/summary",
      "interviews/token_sha256",
      "turns/corrected_text",
      "turns/text",
    ] : path => split("/", path)
  }

  database   = google_firestore_database.interviews.name
  collection = each.value[0]
  field      = each.value[1]

  index_config {}
}

# The sweep's queries: interviews without a heartbeat, those with an active avatar conversation, and summaries that are due.
resource "google_firestore_index" "sweep" {
  for_each = {
    idle   = ["status", "live.seen_at"]
    avatar = ["avatar.status", "avatar.created_at"]
    due    = ["status", "writing.due_at"]
  }

  database    = google_firestore_database.interviews.name
  collection  = "interviews"
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value
    content {
      field_path = fields.value
      order      = "ASCENDING"
    }
  }
}
