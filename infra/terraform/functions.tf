locals {
  repository = abspath("${path.root}/../..")

  functions = {
    # Reads CVs, each in a process of its own with up to 640 MB (interview/cv/process.py). An instance has memory and CPU
    # for two at a time, and for their uploads (10 MB each).
    # All requests come through Firebase Hosting, which ends them after 60 seconds.
    start = { memory = "2Gi", concurrency = 2, timeout = 60 }
    # Waits for the text model and the store. The queue of summaries calls it directly: an attempt takes up to 150 seconds,
    # and ends before its lease does (interview/api/writing.py).
    end = { memory = "512Mi", concurrency = 20, timeout = 200 }
  }

  # The packages of the functions: `interview`, and `contract` without its generators. No compiled files.
  shared_files = concat(
    [for file in fileset("${local.repository}/interview", "**/*.py") : "interview/${file}"],
    [for file in fileset("${local.repository}/contract", "*.py") : "contract/${file}"],
  )

  # main.py and requirements.txt at the top, the packages beside them.
  function_files = {
    for name in keys(local.functions) : name => merge(
      { for file in ["main.py", "requirements.txt"] : file => "${local.repository}/functions/${name}/${file}" },
      { for file in local.shared_files : file => "${local.repository}/${file}" },
    )
  }
}

# Written during the plan, so plan and apply must run in one build step.
data "archive_file" "function" {
  for_each = local.functions

  type             = "zip"
  output_path      = "${path.root}/.build/${each.key}.zip"
  output_file_mode = "0644" # the same zip, and so no new revision, wherever it is made

  dynamic "source" {
    for_each = local.function_files[each.key]
    content {
      filename = source.key
      content  = file(source.value)
    }
  }
}

resource "google_storage_bucket_object" "function" {
  for_each = local.functions

  bucket = google_storage_bucket.source.name
  name   = "${each.key}-${data.archive_file.function[each.key].output_sha256}.zip"
  source = data.archive_file.function[each.key].output_path

  lifecycle {
    # Created before the old one is deleted, because the function uses it.
    create_before_destroy = true
  }
}

resource "google_cloudfunctions2_function" "function" {
  for_each = local.functions

  name     = "${local.name}-${each.key}"
  location = var.region

  build_config {
    runtime           = "python313"
    entry_point       = each.key
    service_account   = "projects/${var.project_id}/serviceAccounts/${local.functions_account}"
    docker_repository = local.registry

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.function[each.key].name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.service[each.key].email
    available_cpu                    = "1"
    available_memory                 = each.value.memory
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = 0
    max_instance_count               = var.limits.function_instances
    timeout_seconds                  = each.value.timeout
    # Hosting calls from the internet, like a browser: no ingress setting allows it alone.
    ingress_settings               = "ALLOW_ALL"
    all_traffic_on_latest_revision = true
    environment_variables          = local.function_environment[each.key]

    dynamic "secret_environment_variables" {
      for_each = local.secrets
      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value
        version    = local.secret_versions[secret_environment_variables.key]
      }
    }
  }

  # Public on purpose: browsers call them through Hosting, which sends no identity. Each request must carry the
  # interview's token, or an ID token of the sweep's account, and the functions check it. `ops.release public` switches
  # off Cloud Run's own check, because this resource can't (docs/decisions/0055-first-run.md).
  depends_on = [google_firestore_database.interviews, time_sleep.roles]
}
