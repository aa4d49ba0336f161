# The variables that each service reads (interview/settings.py), and no others. Keys come from secrets.tf.
locals {
  # Any text works if both sides have the same, and no other tokens carry it. This is one address of the function; its
  # other address is known only after it is created.
  sweep_audience = "https://${var.region}-${var.project_id}.cloudfunctions.net/${local.name}-end"

  # By its name: the queue itself depends on the function that its tasks call.
  tasks_queue = "projects/${var.project_id}/locations/${var.region}/queues/${local.name}-summaries"

  common = merge(
    { STORE = "firestore://${var.project_id}/${google_firestore_database.interviews.name}" },
    { ALLOWED_ORIGINS = join(",", local.origins) },
    var.sentry_dsn == null ? {} : { SENTRY_DSN = var.sentry_dsn },
    var.gemini.vertex ? {
      GOOGLE_GENAI_USE_VERTEXAI = "true"
      GOOGLE_CLOUD_PROJECT      = var.project_id
      GOOGLE_CLOUD_LOCATION     = var.gemini.location
    } : {},
    var.avatar.enabled ? { for name, value in {
      AVATAR_CONCURRENT = tostring(var.avatar.concurrent)
      AVATAR_DAILY      = tostring(var.avatar.daily)
      TAVUS_REPLICA_ID  = var.avatar.replica_id
      TAVUS_PERSONA_ID  = var.avatar.persona_id
    } : name => value if value != null } : {},
  )

  # `start` takes a place, and the relay keeps it.
  places = { for name, value in {
    DOLLARS_DAILY         = tostring(var.admission.dollars)
    INTERVIEWS_CONCURRENT = tostring(var.admission.concurrent)
    INTERVIEWS_DAILY      = tostring(var.admission.daily)
    INVITE_CODE           = var.admission.invite_code
  } : name => value if value != null }

  relay_environment = merge(local.common, local.places, {
    GEMINI_LIVE_MODEL = var.gemini.live_model
    GEMINI_TEXT_MODEL = var.gemini.text_model
    VOICE             = var.gemini.voice
    INTERVIEW_DOLLARS = tostring(var.interview_dollars)
    SECOND_EAR        = tostring(var.second_ear)
    TASKS_QUEUE       = local.tasks_queue
  })

  app_check_environment = var.app_check == null ? {} : {
    APP_CHECK_APP      = var.app_check.app_id
    APP_CHECK_API_KEY  = var.app_check.api_key
    APP_CHECK_SITE_KEY = var.app_check.site_key
  }

  function_environment = {
    start = merge(local.common, local.places, var.admission.start_code == null ? {} : { START_CODE = var.admission.start_code }, local.app_check_environment, length(var.languages) == 0 ? {} : { LANGUAGES = join(",", var.languages) }, {
      FILES             = "gs://${google_storage_bucket.files.name}"
      GEMINI_TEXT_MODEL = var.gemini.text_model
      INTERVIEW_MINUTES = tostring(var.interview_minutes)
      RELAY_URL         = join(",", local.relay_urls)
      RETENTION_DAYS    = tostring(var.retention_days)
      STARTS_PER_HOUR   = tostring(var.admission.starts_per_hour)
    })
    end = merge(local.common, {
      FILES             = "gs://${google_storage_bucket.files.name}"
      GEMINI_TEXT_MODEL = var.gemini.text_model
      BACKUP_DAYS       = tostring(local.backup_days)
      SWEEP_ACCOUNT     = google_service_account.sweep.email
      SWEEP_AUDIENCE    = local.sweep_audience
      TASKS_QUEUE       = local.tasks_queue
    })
  }
}
