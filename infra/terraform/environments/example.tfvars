# Copy to {environment}.tfvars (production.tfvars, …) and commit it: nothing in it is secret. variables.tf has all
# variables.

project_id  = "my-project"
environment = "production"
region      = "europe-west1"

# relay_regions = ["europe-west1", "us-central1"]
# domain        = "interviews.example.com"
# alert_email   = "operator@example.com"
# avatar        = { enabled = true }
# gemini        = { vertex = true, location = "europe-west4" }
# app_check     = { app_id = "1:1234567890:web:0a1b2c", api_key = "…", site_key = "…" }
# page          = { name = "Acme interviews", colour = "#b6f23a", contact = "privacy@example.com" }
# sentry_dsn    = "https://KEY@HOST/PROJECT"
# github        = { repository = "acme/interviewer" }
# budget        = { billing_account = "01AB23-CD45EF-678901", monthly = 100 }
# canary_schedule = "30 5 * * *"
