# The alerts. docs/operations.md says what to do about each.
locals {
  requests  = "run_googleapis_com:request_count"
  latencies = "run_googleapis_com:request_latencies_bucket"

  of_any    = "monitored_resource=\"cloud_run_revision\",service_name=~\"${local.name}-(start|end|relay)\""
  of_start  = "monitored_resource=\"cloud_run_revision\",service_name=\"${local.name}-start\""
  of_end    = "monitored_resource=\"cloud_run_revision\",service_name=\"${local.name}-end\""
  of_relay  = "monitored_resource=\"cloud_run_revision\",service_name=\"${local.name}-relay\""
  of_metric = "monitored_resource=\"cloud_run_revision\""

  alerts = {
    errors = {
      title = "errors"
      about = "Requests fail, the services write errors, or a candidate was turned away because no instance was free."
      conditions = {
        "server errors"        = "sum by (service_name) (increase(${local.requests}{${local.of_any},response_code_class=\"5xx\"}[10m])) > 3"
        "errors in the log"    = "sum by (code, message) (increase(${local.counted.failures}{${local.of_metric}}[10m])) > 5"
        "no instance was free" = "sum by (service_name) (increase(${local.requests}{${local.of_any},response_code=\"429\"}[10m])) > 0"
      }
    }
    latency = {
      title = "latency"
      about = "Candidates wait: for the start of an interview, for its summary, or for the interviewer to answer."
      conditions = {
        "start takes over 15 s"          = "histogram_quantile(0.95, sum by (le) (increase(${local.latencies}{${local.of_start}}[30m]))) > 15000"
        "a summary takes over 2 min"     = "histogram_quantile(0.95, sum by (le) (increase(${local.latencies}{${local.of_end}}[30m]))) > 120000"
        "the interviewer takes over 6 s" = "histogram_quantile(0.95, sum by (le) (increase(${local.counted.reply_delay}_bucket{${local.of_metric}}[30m]))) > 6000"
      }
    }
    lost = {
      title = "interviews lost"
      about = "An interview broke off through our fault or Gemini's, a part of one was not kept, many are abandoned at once, or a summary is given up."
      conditions = {
        "broken off or not kept" = "sum by (message) (increase(${local.counted.lost}{${local.of_metric}}[10m])) > 0"
        "a summary given up"     = "sum(increase(${local.counted.failures}{${local.of_metric},message=\"summary_given_up\"}[10m])) > 0"
        "many abandoned"         = "sum(increase(${local.counted.abandoned}{${local.of_metric}}[1h])) > 5"
      }
    }
    sweep = {
      title = "sweep"
      about = "The sweep has not been answered for a quarter of an hour: what is abandoned stays live, and an avatar nobody watches goes on costing."
      conditions = {
        "not answered" = "(sum(increase(${local.requests}{${local.of_end},response_code_class=\"2xx\"}[5m])) or vector(0)) < 2"
      }
    }
    spend = {
      title = "spend"
      about = "More interviews are begun than expected (limits.starts_per_hour): a success, or somebody who plays."
      conditions = {
        "more starts than expected" = "sum(increase(${local.counted.started}{${local.of_metric}}[1h])) > ${var.limits.starts_per_hour}"
      }
    }
  }
}

locals {
  # For how long a condition must hold before it alerts. The sweep's holds in the first minutes of a deployment, too.
  alert_durations = { "sweep: not answered" = "900s" }
}

resource "google_monitoring_notification_channel" "email" {
  count = var.alert_email == null ? 0 : 1

  display_name = "Interviewer (${var.environment})"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

# One policy for each condition: the mail then names the condition, and Google allows only one such query in a policy.
resource "google_monitoring_alert_policy" "alert" {
  for_each = merge([
    for kind, alert in merge(local.alerts, length(local.canary) == 0 ? {} : local.canary_alerts) : {
      for title, query in alert.conditions :
      "${kind}: ${title}" => { kind = kind, title = "${alert.title}: ${title}", about = alert.about, query = query }
    }
  ]...)

  display_name          = "Interviewer (${var.environment}), ${each.value.title}"
  combiner              = "OR"
  severity              = contains(["errors", "lost"], each.value.kind) ? "ERROR" : "WARNING"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = each.value.title

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = lookup(local.alert_durations, each.key, "0s")
      evaluation_interval = "60s"
      # A metric does not exist before its first value.
      disable_metric_validation = true
    }
  }

  alert_strategy {
    auto_close = "${60 * 60}s"
  }

  documentation {
    subject   = "Interviewer (${var.environment}), ${each.value.title}"
    content   = "${each.value.about} See docs/operations.md."
    mime_type = "text/markdown"
  }

  depends_on = [google_cloud_scheduler_job.sweep, google_logging_metric.counter, google_logging_metric.distribution, google_logging_metric.canary]
}
