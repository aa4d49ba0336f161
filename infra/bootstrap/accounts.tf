# The two accounts that build. They are created here and not with the services: a new account's roles take a few minutes
# to take effect (`time_sleep.roles`), and a build that starts earlier fails.

# Builds the functions' images from their zips.
resource "google_service_account" "functions" {
  account_id   = "interviewer-functions"
  display_name = "Builds the functions' images"

  depends_on = [time_sleep.apis]
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

# Runs cloudbuild.yaml. It creates accounts and deploys services that run as these, so anybody who can push to the branch
# that its trigger builds can act as any account of this project: protect that branch, and give the project to this
# application alone (docs/decisions/0046-sentry-and-supply-chain.md).
resource "google_service_account" "build" {
  account_id   = "interviewer-build"
  display_name = "Builds, tests and deploys"

  depends_on = [time_sleep.apis]
}

locals {
  # Each role, and what infra/terraform or cloudbuild.yaml needs it for.
  build_roles = {
    "roles/cloudbuild.builds.editor"          = "google_cloudbuild_trigger: a deployment for each push"
    "roles/cloudfunctions.admin"              = "google_cloudfunctions2_function: the functions"
    "roles/cloudscheduler.admin"              = "google_cloud_scheduler_job: the sweep"
    "roles/cloudtasks.queueAdmin"             = "google_cloud_tasks_queue: the queue of summaries, and who may add to it"
    "roles/datastore.owner"                   = "google_firestore_database: database, indexes, TTL, backups; no smaller role may create a database"
    "roles/firebasehosting.admin"             = "google_firebase_hosting_site: site, domain and releases"
    "roles/iam.roleAdmin"                     = "google_project_iam_custom_role: the roles for the files"
    "roles/iam.serviceAccountAdmin"           = "google_service_account: one account a component"
    "roles/iam.serviceAccountUser"            = "google_cloud_run_v2_service: to deploy services that run as these accounts"
    "roles/logging.configWriter"              = "google_logging_metric: metrics of the log"
    "roles/logging.logWriter"                 = "cloudbuild.yaml: the build's own log"
    "roles/monitoring.editor"                 = "google_monitoring_dashboard: alerts, dashboard and the address of the mail"
    "roles/resourcemanager.projectIamAdmin"   = "google_project_iam_member: Firestore and Vertex AI for these accounts, and no other roles (below)"
    "roles/run.admin"                         = "google_cloud_run_v2_service: the relay, and who may call the functions"
    "roles/serviceusage.serviceUsageConsumer" = "cloudbuild.yaml: calls of Firebase's API are counted for this project"
    "roles/storage.admin"                     = "google_storage_bucket: buckets, zips, and the state"
  }

  # The roles that the build may grant on the project, or take away. Without this it could make itself the owner.
  granted_roles = ["roles/datastore.user", "roles/aiplatform.user"]
}

resource "google_project_iam_member" "build" {
  for_each = local.build_roles

  project = var.project_id
  role    = each.key
  member  = google_service_account.build.member

  dynamic "condition" {
    for_each = each.key == "roles/resourcemanager.projectIamAdmin" ? [local.granted_roles] : []
    content {
      title       = "services-roles-only"
      description = "May grant and take away only what the services need"
      expression  = "api.getAttribute(\"iam.googleapis.com/modifiedGrantsByRole\", []).hasOnly(${jsonencode(condition.value)})"
    }
  }
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

  depends_on = [time_sleep.apis]
}

resource "google_secret_manager_secret_iam_member" "build" {
  for_each = google_secret_manager_secret.key

  secret_id = each.value.id
  role      = google_project_iam_custom_role.secret_keeper.id
  member    = google_service_account.build.member
}

# A role of a new account takes two minutes to take effect, and seven at most
# (https://cloud.google.com/iam/docs/access-change-propagation). `make deploy` submits the build right after this apply.
resource "time_sleep" "roles" {
  create_duration = "120s"
  triggers = {
    accounts = join(" ", [google_service_account.build.email, google_service_account.functions.email])
    roles    = join(" ", sort(keys(local.build_roles)))
  }

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_artifact_registry_repository_iam_member.functions_image,
    google_project_iam_member.build,
    google_project_iam_member.functions_log,
    google_project_iam_member.functions_source,
    google_project_iam_member.github,
    google_secret_manager_secret_iam_member.build,
    google_service_account_iam_member.github,
    google_service_account_iam_member.github_build,
    google_storage_bucket_iam_member.github,
  ]
}
