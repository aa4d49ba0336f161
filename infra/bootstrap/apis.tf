# All APIs that the project uses. A resource that needs one depends on `time_sleep.apis`.
resource "google_project_service" "api" {
  for_each = toset([
    "aiplatform.googleapis.com",       # Gemini by Vertex AI
    "artifactregistry.googleapis.com", # images of the relay and of the functions
    "billingbudgets.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "firebase.googleapis.com",
    "firebasehosting.googleapis.com",
    "firestore.googleapis.com",
    "generativelanguage.googleapis.com", # Gemini by key, if the key is one of this project
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com", # a workflow on GitHub
  ])

  service = each.key
  # Others in the project may use them, so they stay enabled after a destroy.
  disable_on_destroy = false
}

# Google answers that an API is enabled before all of its servers know it: an earlier call fails with SERVICE_DISABLED
# (github.com/hashicorp/terraform-provider-google/issues/12334). It waits again when the list changes.
resource "time_sleep" "apis" {
  create_duration = "90s"
  triggers        = { apis = join(" ", sort(keys(google_project_service.api))) }
}

resource "google_firebase_project" "hosting" {
  provider = google-beta
  project  = var.project_id

  depends_on = [time_sleep.apis]
}
