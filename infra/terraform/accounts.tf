# One service account for each component, with only the roles that it needs. A role is granted on the project only if
# Google can't grant it on less; a condition limits Firestore's role to this environment's database.
locals {
  services = toset(["start", "end", "relay"])
}

resource "google_service_account" "service" {
  for_each = local.services

  account_id   = "${local.name}-${each.key}"
  display_name = "Interviewer (${var.environment}): ${each.key}"
}

# Calls the sweep, and has summaries written. It has no roles: the function checks the account in the token.
resource "google_service_account" "sweep" {
  account_id   = "${local.name}-sweep"
  display_name = "Interviewer (${var.environment}): calls the sweep"
}

resource "google_project_iam_member" "database" {
  for_each = local.services

  project = var.project_id
  role    = "roles/datastore.user"
  member  = google_service_account.service[each.key].member

  condition {
    title      = "${local.name}-database"
    expression = "resource.name == \"projects/${var.project_id}/databases/${local.name}\""
  }
}

resource "google_project_iam_member" "vertex" {
  for_each = var.gemini.vertex ? local.services : []

  project = var.project_id
  role    = "roles/aiplatform.user"
  member  = google_service_account.service[each.key].member
}

# Google refuses a service whose account can't read its secret yet, and a role takes one or two minutes to take effect
# (https://cloud.google.com/iam/docs/access-change-propagation). It waits again when accounts or roles are added.
resource "time_sleep" "roles" {
  create_duration = "90s"
  triggers = {
    accounts = join(" ", [for account in google_service_account.service : account.email])
    secrets  = join(" ", sort(keys(google_secret_manager_secret_iam_member.reader)))
    vertex   = join(" ", sort(keys(google_project_iam_member.vertex)))
  }

  depends_on = [
    google_project_iam_member.database,
    google_storage_bucket_iam_member.files,
  ]
}
