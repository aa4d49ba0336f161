# Deploys each push to main, if a repository is connected to Cloud Build (which has to be done in the console).
resource "google_cloudbuild_trigger" "main" {
  count = var.source_repository == null ? 0 : 1

  name            = "${local.name}-main"
  description     = "Tests, builds and deploys each push to main"
  location        = var.region
  filename        = "cloudbuild.yaml"
  service_account = "projects/${var.project_id}/serviceAccounts/${local.build_account}"

  repository_event_config {
    repository = var.source_repository
    push {
      branch = "^main$"
    }
  }

  substitutions = {
    _ENVIRONMENT  = var.environment
    _REGION       = var.region
    _STATE_BUCKET = "${var.project_id}-terraform"
  }
}
