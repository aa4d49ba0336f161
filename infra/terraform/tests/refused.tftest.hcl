# Values that are refused before any request to Google. Each value in a run is refused by itself.

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

run "wrong_kinds_of_names" {
  command = plan

  variables {
    project_id        = "123456789"                                                         # the project's number
    relay_image       = "europe-west1-docker.pkg.dev/demo-project/interviewer/relay:latest" # a tag
    environment       = "productions"                                                       # 11 letters
    region            = "europe-west1-b"                                                    # a zone
    relay_regions     = ["europe-west1-b"]
    domain            = "https://interviews.example.com"
    site_id           = "my.site.id"
    alert_email       = "operator"
    gemini            = { vertex = true }
    page              = { name = "", colour = "#123456" } # dark text would not be legible
    budget            = { billing_account = "mine", monthly = 100 }
    source_repository = "https://github.com/someone/interviewer"
    canary_schedule   = "* * * * *" # an interview every minute
  }
  expect_failures = [
    var.project_id,
    var.relay_image,
    var.environment,
    var.region,
    var.relay_regions,
    var.domain,
    var.site_id,
    var.alert_email,
    var.gemini,
    var.page,
    var.budget,
    var.source_repository,
    var.canary_schedule,
  ]
}

run "out_of_range" {
  command = plan

  variables {
    environment         = "pro-duct" # accounts' names have no room for another hyphen
    relay_regions       = ["europe-west1", "europe-west1"]
    relay_min_instances = 0.5
    avatar              = { concurrent = 1001 }
    interview_minutes   = 56
    interview_dollars   = -1
    retention_days      = 0
    app_check           = { app_id = "123", api_key = "a-key", site_key = "a-site" }
    sentry_dsn          = "http://0a1b2c@sentry.example/7" # a page on https may not call it
    limits              = { relay_instances = 0 }
    admission           = { starts_per_hour = 0 }
    budget              = { billing_account = "01AB23-CD45EF-678901", monthly = 0 }
    canary_schedule     = "30 5 * * *" # without an image
  }
  expect_failures = [
    var.environment,
    var.relay_regions,
    var.relay_min_instances,
    var.avatar,
    var.interview_minutes,
    var.interview_dollars,
    var.retention_days,
    var.app_check,
    var.sentry_dsn,
    var.limits,
    var.admission,
    var.budget,
    var.canary_image,
  ]
}

run "fractional_numbers" {
  command = plan

  variables {
    avatar       = { daily = 0.5 }
    admission    = { daily = 0.5 }
    canary_image = "europe-west1-docker.pkg.dev/demo-project/interviewer/canary:latest" # a tag
  }
  expect_failures = [var.avatar, var.admission, var.canary_image]
}

run "destroyed_key" {
  command = plan

  override_data {
    target          = data.google_secret_manager_secret_version.key["GEMINI_API_KEY"]
    override_during = plan
    values          = { name = "projects/123456789012/secrets/gemini-api-key/versions/7", destroy_time = "2026-11-24T06:00:00Z" }
  }
  expect_failures = [data.google_secret_manager_secret_version.key["GEMINI_API_KEY"]]
}
