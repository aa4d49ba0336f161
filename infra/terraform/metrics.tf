# Metrics of the services' log lines (interview/log.py). If a message or label changes in the code, change it here too;
# tests/terraform/test_monitoring.py compares them.
locals {
  lines = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=~\"^${local.name}-(start|end|relay)$\""

  # Outcomes that lose no interview: it is over, deleted or suspended; the candidate left or reconnected; the instance is
  # draining; or the client was not our page.
  harmless_outcomes = ["Over", "AlreadyEnded", "NotFound", "Left", "Superseded", "Moved", "Suspended", "BadMessage"]

  counters = {
    started = {
      description = "Interviews created"
      filter      = "jsonPayload.message=\"interview_created\""
      labels      = {}
    }
    abandoned = {
      description = "Interviews without a heartbeat for five minutes"
      filter      = "jsonPayload.message=\"interview_abandoned\""
      labels      = {}
    }
    connections = {
      description = "Connections of candidates that are over, by outcome"
      filter      = "jsonPayload.message=\"connection_over\""
      labels      = { outcome = "EXTRACT(jsonPayload.outcome)" }
    }
    lost = {
      description = "Interviews that broke off, or whose data could not be saved"
      filter = join(" OR ", [
        "jsonPayload.message=(\"connection_failed\" OR \"turns_not_kept\" OR \"end_not_recorded\")",
        "(jsonPayload.message=\"connection_over\" AND NOT jsonPayload.outcome=(${join(" OR ", [for outcome in local.harmless_outcomes : "\"${outcome}\""])}))",
      ])
      labels = { message = "EXTRACT(jsonPayload.message)" }
    }
    voiced = {
      description = "Interviews by voice because no avatar could be created, by cause"
      filter      = "jsonPayload.message=\"avatar_not_created\""
      labels      = { code = "EXTRACT(jsonPayload.code)" }
    }
    gemini_lost = {
      description = "Connections to Gemini that failed or were lost, by cause; the interview continues on the next one"
      filter      = "jsonPayload.message=\"gemini_connection_failed\""
      labels      = { code = "EXTRACT(jsonPayload.code)" }
    }
    failures = {
      description = "Errors, by message and code"
      filter      = "severity>=ERROR"
      labels      = { message = "EXTRACT(jsonPayload.message)", code = "EXTRACT(jsonPayload.code)" }
    }
  }

  # Distributions: the smallest value that differs from zero, and the number of buckets up to the largest, each a quarter
  # wider than the one before.
  distributions = {
    reply_delay = {
      description = "From the candidate's last word to the interviewer's first sound"
      filter      = "jsonPayload.message=\"answer_begun\""
      value       = "EXTRACT(jsonPayload.delay_ms)"
      unit        = "ms"
      scale       = 125 # to a minute
      steps       = 28
    }
    gemini_dollars = {
      description = "What Gemini's tokens cost at list prices, in dollars: of each connection of an interview, and of each CV and summary"
      filter      = "jsonPayload.message=\"interview_usage\""
      value       = "EXTRACT(jsonPayload.dollars)"
      unit        = "USD"
      scale       = 0.0001 # to 20 dollars
      steps       = 56
    }
    avatar_seconds = {
      description = "How long each avatar conversation lasted, which is what is billed"
      filter      = "jsonPayload.message=\"avatar_ended\""
      value       = "EXTRACT(jsonPayload.seconds)"
      unit        = "s"
      scale       = 10 # to an hour and a half
      steps       = 28
    }
  }

  # Their names in PromQL.
  counted = {
    for name in concat(keys(local.counters), keys(local.distributions)) :
    name => "logging_googleapis_com:user_${replace(local.name, "-", "_")}_${name}"
  }
}

resource "google_logging_metric" "counter" {
  for_each = local.counters

  name        = "${replace(local.name, "-", "_")}_${each.key}"
  description = each.value.description
  filter      = "${local.lines} AND (${each.value.filter})"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key = labels.key
      }
    }
  }
  label_extractors = each.value.labels
}

resource "google_logging_metric" "distribution" {
  for_each = local.distributions

  name            = "${replace(local.name, "-", "_")}_${each.key}"
  description     = each.value.description
  filter          = "${local.lines} AND (${each.value.filter})"
  value_extractor = each.value.value

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit
  }
  bucket_options {
    exponential_buckets {
      num_finite_buckets = each.value.steps
      growth_factor      = 1.25
      scale              = each.value.scale
    }
  }
}
