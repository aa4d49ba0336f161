output "repository" {
  description = "Where images are pushed."
  value       = "${var.region}-docker.pkg.dev/${var.project_id}/${google_artifact_registry_repository.images.repository_id}"
}

output "build_account" {
  description = "The account that Cloud Build runs cloudbuild.yaml as."
  value       = google_service_account.build.email
}

output "functions_account" {
  description = "The account that builds the functions' images."
  value       = google_service_account.functions.email
}

output "secrets" {
  description = "The secrets that wait for a value."
  value       = { for name, secret in google_secret_manager_secret.key : name => secret.secret_id }
}

output "build_bucket" {
  description = "Where sources wait for their build."
  value       = google_storage_bucket.build.name
}

output "region" {
  description = "Where images and builds are. They can't move."
  value       = var.region
}

output "budget" {
  description = "The budget, who gets its mail, and who deploys from GitHub: an environment whose variables file names none keeps them."
  value       = { budget = var.budget, alert_email = var.alert_email, github = var.github }
}

output "github" {
  description = "The variables of the workflow on GitHub; null without one."
  value = var.github == null ? null : {
    WORKLOAD_IDENTITY_PROVIDER = google_iam_workload_identity_pool_provider.github[0].name
    DEPLOY_ACCOUNT             = google_service_account.github[0].email
  }
}
