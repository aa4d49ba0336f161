# infra/bootstrap creates the secrets; `gcloud secrets versions add` adds their values. This reads the number of the
# newest version, never its value. A service uses that number: a new version takes effect with the next apply, as a new
# revision, and a restored revision has the key that it was tested with.
locals {
  secrets = merge(
    var.gemini.vertex ? {} : { GEMINI_API_KEY = "gemini-api-key" },
    var.avatar.enabled ? { TAVUS_API_KEY = "tavus-api-key" } : {},
  )

  # All three services call Gemini (the relay Live, the functions the text model), and create or end avatar conversations.
  secret_readers = {
    for pair in setproduct(keys(local.secrets), local.services) :
    "${pair[0]}/${pair[1]}" => { secret = local.secrets[pair[0]], service = pair[1] }
  }
}

data "google_secret_manager_secret_version" "key" {
  for_each = local.secrets

  secret            = each.value
  fetch_secret_data = false

  lifecycle {
    # A disabled version can't be seen here (`enabled` is always true): Google then refuses the services.
    postcondition {
      condition     = try(length(self.destroy_time), 0) == 0
      error_message = "The newest version of the secret ${each.value} has been destroyed. Add another."
    }
  }
}

locals {
  # The last part of projects/…/secrets/…/versions/3.
  secret_versions = { for name, found in data.google_secret_manager_secret_version.key : name => regex("[0-9]+$", found.name) }
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.secret_readers

  secret_id = "projects/${var.project_id}/secrets/${each.value.secret}"
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.service[each.value.service].member
}
