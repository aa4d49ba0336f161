# A deployment with only the required variables.

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

run "defaults" {
  command = plan

  # The relay carries WebSockets.
  assert {
    condition     = [for relay in google_cloud_run_v2_service.relay : relay.location] == ["europe-west1"]
    error_message = "Without relay_regions there is one relay, in the region."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.template[0].timeout == "3600s"])
    error_message = "A WebSocket is one request: with less than an hour Cloud Run would cut interviews off."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.template[0].session_affinity])
    error_message = "A browser that reconnects should reach its instance."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.template[0].containers[0].ports[0].name == "http1"])
    error_message = "WebSockets do not work over h2c."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.template[0].scaling[0].min_instance_count == 0 && relay.template[0].scaling[0].max_instance_count == 5])
    error_message = "The relay scales from nothing to a stated limit."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.template[0].containers[0].resources[0].cpu_idle && relay.template[0].containers[0].resources[0].startup_cpu_boost])
    error_message = "An idle relay must cost nothing and start fast."
  }
  assert {
    condition = alltrue([
      for relay in google_cloud_run_v2_service.relay : alltrue([
        for probe in [relay.template[0].containers[0].startup_probe[0], relay.template[0].containers[0].liveness_probe[0]] :
        probe.timeout_seconds <= probe.period_seconds
      ])
    ])
    error_message = "Google refuses a probe whose timeout is longer than its period."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.ingress == "INGRESS_TRAFFIC_ALL" && relay.invoker_iam_disabled])
    error_message = "Browsers connect to the relay's own address and have no Google identity."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.default_uri_disabled != true])
    error_message = "Browsers connect to the relay's own address."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.traffic[0].type == "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" && relay.traffic[0].percent == 100])
    error_message = "An apply moves all traffic to what it has deployed."
  }
  assert {
    condition     = alltrue([for relay in google_cloud_run_v2_service.relay : relay.deletion_protection])
    error_message = "The relay is protected by default."
  }

  # Hosting calls the functions for everybody.
  assert {
    condition     = toset(keys(google_cloudfunctions2_function.function)) == toset(["start", "end"])
    error_message = "There are two functions."
  }
  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.service_config[0].ingress_settings == "ALLOW_ALL"])
    error_message = "Hosting calls from the internet."
  }
  assert {
    condition     = { for name, function in google_cloudfunctions2_function.function : name => function.service_config[0].timeout_seconds } == { start = 60, end = 200 }
    error_message = "Hosting waits for 60 seconds, and the queue of summaries for an attempt."
  }
  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.service_config[0].min_instance_count == 0 && function.service_config[0].max_instance_count == 10])
    error_message = "Functions scale from nothing to a stated limit."
  }
  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.service_config[0].max_instance_request_concurrency == 1 || tonumber(function.service_config[0].available_cpu) >= 1])
    error_message = "Google refuses concurrency above one with less than one CPU."
  }
  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.function : function.service_config[0].all_traffic_on_latest_revision])
    error_message = "An apply moves all traffic to what it has deployed."
  }

  # Data.
  assert {
    condition     = google_firestore_database.interviews.type == "FIRESTORE_NATIVE"
    error_message = "The store uses Firestore in native mode."
  }
  assert {
    condition     = google_firestore_database.interviews.delete_protection_state == "DELETE_PROTECTION_ENABLED" && google_firestore_database.interviews.deletion_policy == "ABANDON"
    error_message = "The database is protected by default."
  }
  assert {
    condition     = google_firestore_database.interviews.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "The database can be restored to any minute of the last week."
  }
  assert {
    condition     = google_firestore_backup_schedule.daily.retention == "604800s" && length(google_firestore_backup_schedule.daily.daily_recurrence) == 1
    error_message = "There is a backup a day, kept for a week."
  }
  assert {
    condition     = alltrue([for expiry in google_firestore_field.expiry : expiry.field == "expires_at" && length(expiry.ttl_config) == 1 && length(expiry.index_config) == 1])
    error_message = "expires_at is a time to live, and not indexed."
  }
  assert {
    condition     = alltrue([for field in google_firestore_field.unindexed : length(field.ttl_config) == 0 && length(field.index_config) == 1 && length(field.index_config[0].indexes) == 0])
    error_message = "A field that is not indexed has an empty index_config."
  }
  assert {
    condition = alltrue([
      for bucket in [google_storage_bucket.files, google_storage_bucket.source] :
      bucket.uniform_bucket_level_access && bucket.public_access_prevention == "enforced"
    ])
    error_message = "No bucket can be opened to the public."
  }
  assert {
    condition     = [for rule in google_storage_bucket.files.lifecycle_rule : one(rule.condition).age if one(rule.action).type == "Delete"] == [30]
    error_message = "A CV is deleted with its interview."
  }
  assert {
    condition     = google_storage_bucket.files.soft_delete_policy[0].retention_duration_seconds == 0
    error_message = "What a candidate deletes is gone at once."
  }
  assert {
    condition     = google_storage_bucket.files.force_destroy == false
    error_message = "Files are protected by default."
  }
  assert {
    condition     = alltrue([for key in data.google_secret_manager_secret_version.key : key.fetch_secret_data == false])
    error_message = "No value of a secret may be in the state."
  }

  # The sweep.
  assert {
    condition     = google_cloud_scheduler_job.sweep.schedule == "* * * * *" && google_cloud_scheduler_job.sweep.http_target[0].http_method == "POST"
    error_message = "The sweep is a POST, every minute."
  }
  assert {
    condition     = google_cloud_scheduler_job.sweep.http_target[0].uri == "https://function.example.run.app/api/interview/sweep"
    error_message = "The function `end` does the sweep."
  }
  assert {
    condition     = google_cloud_scheduler_job.sweep.http_target[0].oidc_token[0].service_account_email == google_service_account.sweep.email
    error_message = "The sweep is called by its own account."
  }

  # Addresses.
  assert {
    condition     = output.url == "https://demo-project-production.web.app" && output.hosting_site == "demo-project-production"
    error_message = "The page is at the site's own address."
  }
  assert {
    condition     = output.relay_urls == ["wss://relay.example.run.app"] && output.relays == { europe-west1 = "interviewer-production-relay" }
    error_message = "Browsers connect to wss:// at the relay's own address."
  }
  assert {
    condition     = output.page_config == { interviewer = "gemini", retention_days = 30, interview_minutes = 25, avatar = false, backup_days = 8, start_code = false, voice = "Kore", live_model = "gemini-3.8-live", text_model = "gemini-3.8-flash" }
    error_message = "The page knows the length of an interview, the retention, how long backups last, and that there is no avatar."
  }
  assert {
    condition     = output.dashboard == "https://console.cloud.google.com/monitoring/dashboards/builder/0a1b2c?project=demo-project"
    error_message = "The dashboard's address is in the console."
  }

  # Nothing optional.
  assert {
    condition     = output.domain == null && length(google_monitoring_notification_channel.email) == 0
    error_message = "A domain is named, and mail needs an address."
  }
  assert {
    condition     = length(google_cloudbuild_trigger.main) == 0 && length(google_firebase_hosting_custom_domain.page) == 0
    error_message = "A trigger needs a repository, and a domain a domain."
  }
  assert {
    condition     = length(google_cloud_run_v2_job.canary) == 0 && length(google_cloud_scheduler_job.canary) == 0 && length(google_service_account.canary) == 0 && length(google_service_account.canary_starter) == 0 && length(google_logging_metric.canary) == 0 && length(time_sleep.canary_roles) == 0
    error_message = "Nothing of a canary exists without a schedule."
  }
}
