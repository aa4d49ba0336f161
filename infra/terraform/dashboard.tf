# An operator's first questions, two in a row.
locals {
  # A minute of an avatar conversation (AVATAR in interview/prices.py).
  avatar_dollars = 0.37

  concurrency = "run_googleapis_com:container_max_request_concurrencies"

  questions = [
    {
      title = "Live interviews (connections at the relays)"
      unit  = "1"
      # The mean per instance times the number of instances.
      series = {
        "$${location}" = join(" * ", [
          "(sum by (location) (increase(${local.concurrency}_sum{${local.of_relay}}[5m])) / sum by (location) (increase(${local.concurrency}_count{${local.of_relay}}[5m])))",
          "sum by (location) (run_googleapis_com:container_instance_count{${local.of_relay},state=\"active\"})",
        ])
      }
    },
    {
      title = "Interviews begun and abandoned, in an hour"
      unit  = "1"
      series = {
        begun     = "sum(increase(${local.counted.started}{${local.of_metric}}[1h]))"
        abandoned = "sum(increase(${local.counted.abandoned}{${local.of_metric}}[1h]))"
      }
    },
    {
      title = "Failures by cause, in an hour"
      unit  = "1"
      series = {
        "$${message} $${code}"  = "sum by (message, code) (increase(${local.counted.failures}{${local.of_metric}}[1h]))"
        "lost: $${message}"     = "sum by (message) (increase(${local.counted.lost}{${local.of_metric}}[1h]))"
        "Gemini lost: $${code}" = "sum by (code) (increase(${local.counted.gemini_lost}{${local.of_metric}}[1h]))"
      }
    },
    {
      title = "How connections ended, in an hour"
      unit  = "1"
      series = {
        "$${outcome}" = "sum by (outcome) (increase(${local.counted.connections}{${local.of_metric}}[1h]))"
      }
    },
    {
      title = "Response delay: from the candidate's last word to the interviewer's first sound"
      unit  = "ms"
      series = {
        "half within"           = "histogram_quantile(0.5, sum by (le) (increase(${local.counted.reply_delay}_bucket{${local.of_metric}}[30m])))"
        "nineteen of 20 within" = "histogram_quantile(0.95, sum by (le) (increase(${local.counted.reply_delay}_bucket{${local.of_metric}}[30m])))"
      }
    },
    {
      title = "Time that requests take (95 of 100 within)"
      unit  = "ms"
      series = {
        start = "histogram_quantile(0.95, sum by (le) (increase(${local.latencies}{${local.of_start}}[30m])))"
        end   = "histogram_quantile(0.95, sum by (le) (increase(${local.latencies}{${local.of_end}}[30m])))"
      }
    },
    {
      title = "Dollars at list prices, in an hour"
      unit  = "USD"
      series = {
        Gemini  = "sum(increase(${local.counted.gemini_dollars}_sum{${local.of_metric}}[1h]))"
        avatars = "sum(increase(${local.counted.avatar_seconds}_sum{${local.of_metric}}[1h])) / 60 * ${local.avatar_dollars}"
      }
    },
    {
      title = "Minutes of avatars that ended, in an hour"
      unit  = "min"
      series = {
        minutes = "sum(increase(${local.counted.avatar_seconds}_sum{${local.of_metric}}[1h])) / 60"
      }
    },
    {
      title = "Interviews without an avatar, by cause, in an hour"
      unit  = "1"
      series = {
        "$${code}" = "sum by (code) (increase(${local.counted.voiced}{${local.of_metric}}[1h]))"
      }
    },
    {
      title = "Instances"
      unit  = "1"
      series = {
        "$${service_name} $${location} $${state}" = "sum by (service_name, location, state) (run_googleapis_com:container_instance_count{${local.of_any}})"
      }
    },
    {
      title = "Answers by class, in five minutes"
      unit  = "1"
      series = {
        "$${service_name} $${response_code_class}" = "sum by (service_name, response_code_class) (increase(${local.requests}{${local.of_any}}[5m]))"
      }
    },
  ]
}

resource "google_monitoring_dashboard" "overview" {
  dashboard_json = jsonencode({
    displayName = "Interviewer (${var.environment})"
    labels      = {}
    mosaicLayout = {
      columns = 48
      tiles = [
        for index, question in local.questions : {
          xPos   = 24 * (index % 2)
          yPos   = 16 * floor(index / 2)
          width  = 24
          height = 16
          widget = {
            title = question.title
            xyChart = {
              dataSets = [
                for legend, query in question.series : {
                  plotType       = "LINE"
                  targetAxis     = "Y1"
                  legendTemplate = legend
                  timeSeriesQuery = {
                    prometheusQuery = query
                    unitOverride    = question.unit
                  }
                }
              ]
              yAxis = { scale = "LINEAR" }
            }
          }
        }
      ]
    }
  })
}
