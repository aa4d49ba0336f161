# How long the services' logs are kept. The bucket exists in every project; without this its retention is whatever somebody
# set. A log line has ids and causes, and never what was said; Google's request log has candidates' addresses.
resource "google_logging_project_bucket_config" "default" {
  project        = var.project_id
  location       = "global"
  bucket_id      = "_Default"
  retention_days = 30

  depends_on = [time_sleep.apis]
}
