# Another way to deploy: a workflow on GitHub (.github/workflows/deploy.yml) submits a build, as `make deploy` does in its
# last step. It proves who it is by GitHub's token, so there is no key to keep. Its account can start builds and nothing
# else; but a build may change this whole project, so protect the branch (docs/decisions/0046-sentry-and-supply-chain.md).
resource "google_iam_workload_identity_pool" "github" {
  count = var.github == null ? 0 : 1

  workload_identity_pool_id = "interviewer-github"
  display_name              = "Interviewer: GitHub"

  depends_on = [time_sleep.apis]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count = var.github == null ? 0 : 1

  workload_identity_pool_id          = google_iam_workload_identity_pool.github[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub"
  # GitHub gives such tokens to every repository there is: only this branch of this repository is let in.
  attribute_condition = "assertion.repository == \"${var.github.repository}\" && assertion.ref == \"refs/heads/${var.github.branch}\""
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "github" {
  count = var.github == null ? 0 : 1

  account_id   = "interviewer-github"
  display_name = "Submits builds from GitHub"

  depends_on = [time_sleep.apis]
}

resource "google_service_account_iam_member" "github" {
  count = var.github == null ? 0 : 1

  service_account_id = google_service_account.github[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github[0].name}/attribute.repository/${var.github.repository}"
}

# To submit a build, and to see how it ends.
resource "google_project_iam_member" "github" {
  for_each = var.github == null ? toset([]) : toset(["roles/cloudbuild.builds.editor", "roles/serviceusage.serviceUsageConsumer"])

  project = var.project_id
  role    = each.key
  member  = google_service_account.github[0].member
}

# To upload the sources; gcloud also looks whether the bucket exists.
resource "google_storage_bucket_iam_member" "github" {
  count = var.github == null ? 0 : 1

  bucket = google_storage_bucket.build.name
  role   = "roles/storage.admin"
  member = google_service_account.github[0].member
}

# The build runs as its own account.
resource "google_service_account_iam_member" "github_build" {
  count = var.github == null ? 0 : 1

  service_account_id = google_service_account.build.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.github[0].member
}
