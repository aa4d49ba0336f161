# The effect of each setting.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id  = "demo-project"
  relay_image = "europe-west1-docker.pkg.dev/demo-project/interviewer/relay@sha256:0000000000000000000000000000000000000000000000000000000000000000"
}

run "vertex" {
  command = plan

  variables {
    gemini = { vertex = true, location = "europe-west4" }
  }

  assert {
    condition     = length(google_secret_manager_secret_iam_member.reader) == 0 && length(data.google_secret_manager_secret_version.key) == 0
    error_message = "Vertex AI needs no key, so none is read."
  }
  assert {
    condition     = toset(keys(google_project_iam_member.vertex)) == toset(["start", "end", "relay"])
    error_message = "All three services may use Vertex AI."
  }
}

run "avatar" {
  command = plan

  variables {
    avatar = { enabled = true, replica_id = "r123", persona_id = "p123", concurrent = 2, daily = 9 }
  }

  assert {
    condition     = output.page_config.avatar
    error_message = "The page offers the avatar."
  }
}

run "sentry" {
  command = plan

  variables {
    sentry_dsn = "https://0a1b2c@o1.ingest.de.sentry.example/7"
  }

  assert {
    condition     = output.page_config.sentry_dsn == var.sentry_dsn
    error_message = "The page gets the DSN."
  }
}

run "app_check" {
  command = plan

  variables {
    app_check = { app_id = "1:123:web:0a1b", api_key = "a-key", site_key = "a-site" }
  }

  assert {
    condition     = output.page_config.app_check == var.app_check
    error_message = "The page gets what a token takes."
  }
}

run "avatar_with_a_limit_of_zero" {
  command = plan

  variables {
    avatar = { enabled = true, concurrent = 0 }
  }

  assert {
    condition     = !output.page_config.avatar
    error_message = "With a limit of 0 the page offers no avatar."
  }
}

run "admission" {
  command = plan

  variables {
    admission = { concurrent = 5, start_code = "class-7", invite_code = "friend" }
  }

  assert {
    condition     = output.page_config.start_code
    error_message = "The page asks for the start code."
  }
}

run "regions" {
  command = plan

  variables {
    environment         = "staging"
    relay_regions       = ["us-central1", "europe-west1"]
    relay_min_instances = 1
  }

  assert {
    condition     = output.relay_urls == ["wss://relay-us.example.run.app", "wss://relay.example.run.app"]
    error_message = "Relays are in the order of relay_regions."
  }
  assert {
    condition     = google_cloudfunctions2_function.function["start"].service_config[0].environment_variables["RELAY_URL"] == "wss://relay-us.example.run.app,wss://relay.example.run.app"
    error_message = "start returns every relay."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.name == "interviewer-staging-relay" && relay.template[0].scaling[0].min_instance_count == 1])
    error_message = "The environment is in the name, and one relay is kept running in each region."
  }
}

run "page" {
  command = plan

  variables {
    page      = { name = "Acme interviews", colour = "#b6f23a", contact = "privacy@acme.example" }
    gemini    = { voice = "Puck" }
    languages = ["de-DE", "en-GB"]
  }

  assert {
    condition     = output.page_config.page_name == "Acme interviews" && output.page_config.page_colour == "#b6f23a" && output.page_config.page_contact == "privacy@acme.example" && output.page_config.voice == "Puck" && join(",", output.page_config.languages) == "de-DE,en-GB"
    error_message = "The page gets its name and colour, and shows the settings of the deployment."
  }
}

run "elsewhere" {
  command = plan

  variables {
    region            = "asia-east1"
    gemini            = { vertex = true, location = "us-central1" }
    source_repository = "projects/demo-project/locations/asia-east1/connections/github/repositories/interviewer"
    canary_schedule   = "30 5 * * *"
    canary_image      = "asia-east1-docker.pkg.dev/demo-project/interviewer/canary@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  }

  assert {
    condition     = output.region == "asia-east1" && keys(output.relays) == ["asia-east1"]
    error_message = "Everything is in the region (tests/terraform/test_numbers.py looks at each resource)."
  }
}

run "domain" {
  command = plan

  variables {
    domain = "interviews.example.com"
  }

  assert {
    condition     = output.url == "https://demo-project-production.web.app" && output.domain == "https://interviews.example.com"
    error_message = "The first address works before the DNS records of the domain are set."
  }
  assert {
    condition     = output.origins == ["https://demo-project-production.web.app", "https://demo-project-production.firebaseapp.com", "https://interviews.example.com"]
    error_message = "The page works at the other addresses too."
  }
  assert {
    condition     = google_firebase_hosting_custom_domain.page[0].custom_domain == "interviews.example.com" && google_firebase_hosting_custom_domain.page[0].wait_dns_verification == false
    error_message = "The domain is requested, and Terraform does not wait for its DNS records."
  }
}

run "long_project_id" {
  command = plan

  variables {
    project_id = "a-project-with-the-longest-nam"
  }

  assert {
    condition     = output.hosting_site == "a-project-with-the-production" && length(output.hosting_site) <= 30
    error_message = "A site id has at most 30 characters."
  }
}

run "unprotected" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_firestore_database.interviews.delete_protection_state == "DELETE_PROTECTION_DISABLED" && google_firestore_database.interviews.deletion_policy == "DELETE"
    error_message = "The database can be destroyed."
  }
  assert {
    condition     = google_storage_bucket.files.force_destroy && google_storage_bucket.source.force_destroy
    error_message = "The buckets can be destroyed with their content."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : !relay.deletion_protection])
    error_message = "The relay can be destroyed."
  }
}

run "alerts_by_mail" {
  command = plan

  variables {
    alert_email = "operator@example.com"
  }

  assert {
    condition     = alltrue([for policy in google_monitoring_alert_policy.alert : length(policy.notification_channels) == 1])
    error_message = "Each alert sends mail."
  }
}

run "trigger" {
  command = plan

  variables {
    source_repository = "projects/demo-project/locations/europe-west1/connections/github/repositories/interviewer"
  }

  assert {
    condition     = google_cloudbuild_trigger.main[0].filename == "cloudbuild.yaml" && google_cloudbuild_trigger.main[0].repository_event_config[0].push[0].branch == "^main$"
    error_message = "Each push to main is built by cloudbuild.yaml."
  }
  assert {
    condition     = google_cloudbuild_trigger.main[0].service_account == "projects/demo-project/serviceAccounts/interviewer-build@demo-project.iam.gserviceaccount.com"
    error_message = "The build runs as the account of infra/bootstrap."
  }
  assert {
    condition     = google_cloudbuild_trigger.main[0].substitutions == tomap({ _ENVIRONMENT = "production", _REGION = "europe-west1", _STATE_BUCKET = "demo-project-terraform" })
    error_message = "The build knows its target."
  }
}
