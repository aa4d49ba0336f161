output "project_id" {
  value = var.project_id
}

output "region" {
  value = var.region
}

output "environment" {
  value = var.environment
}

output "relay_image" {
  description = "The image that the relay was deployed with: an apply that is about something else keeps to it."
  value       = var.relay_image
}

output "canary_image" {
  description = "The image of the scheduled canary, likewise."
  value       = var.canary_image
}

output "url" {
  description = "The page, at the address that always works."
  value       = local.origins[0]
}

output "domain" {
  description = "The page at a domain of one's own, which works when its DNS records are set; null without one."
  value       = var.domain == null ? null : "https://${var.domain}"
}

output "origins" {
  description = "Every address of the page."
  value       = local.origins
}

output "relays" {
  description = "The relay's service in each region."
  value       = { for region, relay in google_cloud_run_v2_service.relay : region => relay.name }
}

output "relay_urls" {
  description = "What browsers dial, the default first."
  value       = local.relay_urls
}

output "functions" {
  description = "The Cloud Run service behind each function."
  value = {
    for name, function in google_cloudfunctions2_function.function :
    name => { region = var.region, service = function.name }
  }
}

output "hosting_site" {
  value = google_firebase_hosting_site.page.site_id
}

output "hosting_config" {
  description = "What a release of the page is configured with, as Hosting's REST API takes it (ServingConfig)."
  value       = local.hosting_config
}

output "page_config" {
  description = "The content of /config.json."
  value       = local.page_config
}

output "start_code" {
  description = "The code that the smoke test needs to start an interview; null without one."
  value       = var.admission.start_code
  sensitive   = true
}

output "dns_records" {
  description = "What to set at the registrar of the domain; null without one."
  value       = one(google_firebase_hosting_custom_domain.page[*].required_dns_updates)
}

output "database" {
  value = google_firestore_database.interviews.name
}

output "files_bucket" {
  value = google_storage_bucket.files.name
}

output "dashboard" {
  description = "The console's address of the dashboard."
  value       = "https://console.cloud.google.com/monitoring/dashboards/builder/${reverse(split("/", google_monitoring_dashboard.overview.id))[0]}?project=${var.project_id}"
}
