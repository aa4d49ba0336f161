# What Google would answer, as far as other resources depend on it.

mock_data "google_secret_manager_secret_version" {
  defaults = { name = "projects/123456789012/secrets/any/versions/7", destroy_time = "" }
}

mock_data "google_project" {
  defaults = { number = "123456789012" }
}

mock_resource "google_cloud_run_v2_service" {
  defaults = { uri = "https://relay.example.run.app" }
}

mock_resource "google_cloudfunctions2_function" {
  defaults = { service_config = { uri = "https://function.example.run.app" } }
}

mock_resource "google_monitoring_dashboard" {
  defaults = { id = "projects/123456789012/dashboards/0a1b2c" }
}

override_resource {
  target = google_service_account.service["start"]
  values = { email = "start@demo-project.iam", member = "serviceAccount:start@demo-project.iam" }
}
override_resource {
  target = google_service_account.service["end"]
  values = { email = "end@demo-project.iam", member = "serviceAccount:end@demo-project.iam" }
}
override_resource {
  target = google_service_account.service["relay"]
  values = { email = "relay@demo-project.iam", member = "serviceAccount:relay@demo-project.iam" }
}
override_resource {
  target = google_service_account.sweep
  values = { email = "sweep@demo-project.iam", member = "serviceAccount:sweep@demo-project.iam" }
}
override_resource {
  target = google_service_account.canary["canary"]
  values = { email = "canary@demo-project.iam", member = "serviceAccount:canary@demo-project.iam" }
}
override_resource {
  target = google_service_account.canary_starter["canary"]
  values = { email = "starter@demo-project.iam", member = "serviceAccount:starter@demo-project.iam" }
}
override_resource {
  target = google_project_iam_custom_role.files["start"]
  values = { id = "projects/demo-project/roles/filesOfStart" }
}
override_resource {
  target = google_project_iam_custom_role.files["end"]
  values = { id = "projects/demo-project/roles/filesOfEnd" }
}
override_resource {
  target = google_cloud_run_v2_service.relay["us-central1"]
  values = { uri = "https://relay-us.example.run.app" }
}
