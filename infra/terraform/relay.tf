# One relay in each region. The browser connects to its own address: Hosting does not proxy WebSockets.
resource "google_cloud_run_v2_service" "relay" {
  for_each = toset(local.relay_regions)

  name     = "${local.name}-relay"
  location = each.key
  # Public on purpose: a browser has no Google identity. The relay checks the page's origin and, in the first message,
  # the interview's token.
  ingress              = "INGRESS_TRAFFIC_ALL"
  invoker_iam_disabled = true
  deletion_protection  = var.deletion_protection

  template {
    service_account       = google_service_account.service["relay"].email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
    # A WebSocket is one request, and an interview lasts 55 minutes at most.
    timeout = "3600s"
    # A browser that reconnects usually gets the same instance. Any other works too, because everything is in the store.
    session_affinity = true
    # As CAPACITY in relay/server.py: Cloud Run starts another instance before one refuses a candidate.
    max_instance_request_concurrency = 200

    scaling {
      min_instance_count = var.relay_min_instances
      max_instance_count = var.limits.relay_instances
    }

    containers {
      image = var.relay_image

      ports {
        # HTTP/1: WebSockets do not work over end-to-end HTTP/2 (h2c).
        name           = "http1"
        container_port = 8080
      }

      resources {
        # The code's own bounds for 200 interviews and what it imports (ops/scale.py): 1.8 GiB.
        limits = { cpu = "1", memory = "2Gi" }
        # Billed only while a candidate is connected. The relay saves everything before it closes the last connection,
        # because it may get no CPU after that.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      # It usually starts in under two seconds; the limit is 30.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 30
        http_get {
          path = "/healthz"
        }
      }

      # Restarted when its event loop does not answer for half a minute. A draining relay answers 503, but exits within
      # ten seconds.
      liveness_probe {
        period_seconds    = 10
        timeout_seconds   = 5
        failure_threshold = 3
        http_get {
          path = "/healthz"
        }
      }

      dynamic "env" {
        for_each = local.relay_environment
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.secrets
        content {
          name = env.key
          value_source {
            secret_key_ref {
              secret  = env.value
              version = local.secret_versions[env.key]
            }
          }
        }
      }
    }
  }

  traffic {
    type    = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
    percent = 100
  }

  lifecycle {
    # The last tool that wrote: gcloud sets it when traffic is moved by hand.
    ignore_changes = [client, client_version]
  }

  depends_on = [google_firestore_database.interviews, time_sleep.roles]
}

locals {
  # In the order of the regions, as https:// and wss://.
  relay_addresses = [for region in local.relay_regions : google_cloud_run_v2_service.relay[region].uri]
  relay_urls      = [for address in local.relay_addresses : replace(address, "https://", "wss://")]
}
