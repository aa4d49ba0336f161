# The containers only. Values are added by `gcloud secrets versions add` and never pass through Terraform, so neither a
# plan nor the state holds one. They are made here, before any service that mounts them, so that the first deployment
# finds a version as every later one does.
locals {
  secrets = {
    gemini = "gemini-api-key"
    tavus  = "tavus-api-key"
  }
}

resource "google_secret_manager_secret" "key" {
  for_each = local.secrets

  secret_id = each.value

  replication {
    auto {}
  }

  depends_on = [google_project_service.api]
}
