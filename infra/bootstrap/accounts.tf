# The two accounts that build. They are created here and not with the services: a new account's roles take a few minutes
# to take effect, and a build that starts earlier fails.

# Builds the functions' images from their zips.
resource "google_service_account" "functions" {
  account_id   = "interviewer-functions"
  display_name = "Builds the functions' images"

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "functions_log" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.functions.member
}

# Cloud Functions copies each zip into a bucket of its own, and a build may read only that. A role for the whole project
# would give it the candidates' files too.
resource "google_project_iam_member" "functions_source" {
  project = var.project_id
  role    = "roles/storage.objectViewer"
  member  = google_service_account.functions.member

  condition {
    title      = "sources-of-functions"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-\")"
  }
}

resource "google_artifact_registry_repository_iam_member" "functions_image" {
  repository = google_artifact_registry_repository.images.repository_id
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.functions.member
}

# Runs cloudbuild.yaml. It creates accounts and grants roles, so it has as much power as an owner of the project: anyone
# who can push to the branch that its trigger builds can do anything here.
resource "google_service_account" "build" {
  account_id   = "interviewer-build"
  display_name = "Builds, tests and deploys"

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "build" {
  for_each = toset([
    "roles/cloudbuild.builds.editor",        # the trigger
    "roles/cloudfunctions.admin",            # the functions
    "roles/cloudscheduler.admin",            # the sweep
    "roles/datastore.owner",                 # database, indexes, TTL, backups
    "roles/firebasehosting.admin",           # site and releases
    "roles/iam.roleAdmin",                   # the roles for the files
    "roles/iam.serviceAccountAdmin",         # one account a component
    "roles/iam.serviceAccountUser",          # to deploy services that run as these
    "roles/logging.configWriter",            # metrics of the log
    "roles/logging.logWriter",               # the build's own log
    "roles/monitoring.editor",               # alerts and dashboard
    "roles/resourcemanager.projectIamAdmin", # Firestore and Vertex AI for these accounts
    "roles/run.admin",                       # the relay, and who may call the functions
    "roles/serviceusage.serviceUsageConsumer",
    "roles/storage.admin", # buckets, zips, and the state
  ])

  project = var.project_id
  role    = each.key
  member  = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  repository = google_artifact_registry_repository.images.repository_id
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# The services' configuration says who may read a secret. For that the build changes the secret's policy and reads the
# numbers of its versions; no predefined role allows this without access to the values.
resource "google_project_iam_custom_role" "secret_keeper" {
  role_id = "interviewerSecretKeeper"
  title   = "Interviewer: keeps secrets without reading them"
  permissions = [
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.setIamPolicy",
    "secretmanager.versions.get",
    "secretmanager.versions.list",
  ]

  depends_on = [google_project_service.api]
}

resource "google_secret_manager_secret_iam_member" "build" {
  for_each = google_secret_manager_secret.key

  secret_id = each.value.id
  role      = google_project_iam_custom_role.secret_keeper.id
  member    = google_service_account.build.member
}
