# The secrets without values. `gcloud secrets versions add` adds values, which never pass through Terraform, so neither a
# plan nor the state has one. They are created here, before the services that use them, so that the first deployment
# finds a version too.
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

  # A secret that is deleted takes its values with it.
  lifecycle {
    prevent_destroy = true
  }

  depends_on = [time_sleep.apis]
}
