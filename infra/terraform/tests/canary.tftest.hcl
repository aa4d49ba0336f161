# The scheduled canary, which defaults.tftest.hcl does not have.

mock_provider "google" {
  source          = "./tests/mocks"
  override_during = plan
}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id      = "demo-project"
  relay_image     = "europe-west1-docker.pkg.dev/demo-project/interviewer/relay@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  canary_image    = "europe-west1-docker.pkg.dev/demo-project/interviewer/canary@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  canary_schedule = "30 5 * * *"
}

run "canary" {
  command = plan

  variables {
    avatar    = { enabled = true }
    admission = { start_code = "class-7", invite_code = "friend" }
    gemini    = { voice = "Puck" }
  }

  assert {
    condition     = google_cloud_run_v2_job.canary["canary"].template[0].template[0].max_retries == 0 && google_cloud_run_v2_job.canary["canary"].template[0].task_count == 1
    error_message = "A run has one interview, and is not repeated."
  }
  assert {
    condition     = google_cloud_run_v2_job.canary["canary"].deletion_protection == false
    error_message = "An empty canary_schedule removes the job."
  }
  assert {
    condition     = google_cloud_scheduler_job.canary["canary"].schedule == "30 5 * * *" && google_cloud_scheduler_job.canary["canary"].time_zone == "Etc/UTC"
    error_message = "The schedule is the variable's, in UTC."
  }
  assert {
    condition     = google_cloud_scheduler_job.canary["canary"].http_target[0].uri == "https://run.googleapis.com/v2/projects/demo-project/locations/europe-west1/jobs/interviewer-production-canary:run"
    error_message = "The schedule starts the job."
  }
  assert {
    condition     = output.canary_image == var.canary_image
    error_message = "An apply that is about something else keeps the canary's image."
  }
}

run "canary_with_vertex" {
  command = plan

  variables {
    gemini = { vertex = true, location = "europe-west4" }
  }

  assert {
    condition     = length(google_secret_manager_secret_iam_member.canary) == 0 && length(google_project_iam_member.canary_vertex) == 1
    error_message = "Vertex AI takes a role and no key."
  }
}
