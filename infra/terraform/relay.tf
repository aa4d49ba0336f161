# One relay in each region. The browser dials it at its own address: Hosting passes no WebSockets.
resource "google_cloud_run_v2_service" "relay" {
  for_each = toset(local.relay_regions)

  name     = "${local.name}-relay"
  location = each.key
  # Open to everyone, on purpose: a browser has no Google identity. The relay checks where the page is from and, in the
  # first message, the interview's own token.
  ingress              = "INGRESS_TRAFFIC_ALL"
  invoker_iam_disabled = true
  deletion_protection  = var.deletion_protection

  template {
    service_account       = google_service_account.service["relay"].email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
    # A WebSocket is one request, and an interview lasts 55 minutes at most.
    timeout = "3600s"
    # A browser that comes back finds the instance that still knows it, usually: the store makes any other do as well.
    session_affinity = true
    # relay/server.py CAPACITY: Cloud Run starts another instance rather than have one turn a candidate away.
    max_instance_request_concurrency = 200

    scaling {
      min_instance_count = var.relay_min_instances
      max_instance_count = var.limits.relay_instances
    }

    containers {
      image = var.relay_image

      ports {
        # HTTP/1: over HTTP/2 end to end (h2c) a WebSocket does not open.
        name           = "http1"
        container_port = 8080
      }

      resources {
        limits = { cpu = "1", memory = "512Mi" }
        # Billed while a candidate is connected, and not at all when nobody is. The relay writes everything down before
        # it closes the last connection, after which it may get no more processor time.
        cpu_idle          = true
        startup_cpu_boost = true
      }

      # Up in under two seconds as a rule; given half a minute.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 30
        http_get {
          path = "/healthz"
        }
      }

      # Replaced when its event loop stands still for half a minute. While a relay that was told to go sends its
      # candidates elsewhere it answers 503, but it is gone after ten seconds.
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
    # Which tool wrote last: gcloud says so when traffic is moved by hand.
    ignore_changes = [client, client_version]
  }

  depends_on = [
    google_firestore_database.interviews,
    google_project_iam_member.database,
    google_secret_manager_secret_iam_member.reader,
  ]
}

locals {
  # In the order of the regions, as https:// and as wss://.
  relay_addresses = [for region in local.relay_regions : google_cloud_run_v2_service.relay[region].uri]
  relay_urls      = [for address in local.relay_addresses : replace(address, "https://", "wss://")]
}
