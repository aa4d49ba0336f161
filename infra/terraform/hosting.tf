# The site, and the configuration of its releases. `make deploy` uploads the files and releases them: a version of
# Hosting is files and configuration, and Terraform can't upload files.
resource "google_firebase_hosting_site" "page" {
  provider = google-beta

  project = var.project_id
  site_id = local.site_id
}

resource "google_firebase_hosting_custom_domain" "page" {
  provider = google-beta
  count    = var.domain == null ? 0 : 1

  project       = var.project_id
  site_id       = google_firebase_hosting_site.page.site_id
  custom_domain = var.domain
  # The DNS records have to be set by hand, from the output dns_records.
  wait_dns_verification = false
}

locals {
  # The page loads nothing from other hosts. It connects to its own origin and the relays, with an avatar to Daily, with a
  # DSN to Sentry, and with App Check to Firebase and reCAPTCHA.
  daily = var.avatar.enabled ? {
    script  = ["https://*.daily.co"]
    connect = ["https://*.daily.co", "wss://*.daily.co"]
    worker  = ["blob:"]
  } : { script = [], connect = [], worker = [] }

  # The host of the DSN, to which the page sends its errors.
  sentry = var.sentry_dsn == null ? [] : ["https://${regex("@([^/]+)/", var.sentry_dsn)[0]}"]

  # What the page needs for App Check's tokens (local/web.py says what it is). All of it is public.
  app_check = var.app_check == null ? { script = [], connect = [], frame = [] } : {
    script  = ["https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"]
    connect = ["https://www.google.com/recaptcha/", "https://content-firebaseappcheck.googleapis.com"]
    frame   = ["https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"]
  }

  content_security_policy = {
    "default-src"     = ["'self'"]
    "script-src"      = concat(["'self'"], local.daily.script, local.app_check.script)
    "worker-src"      = concat(["'self'"], local.daily.worker)
    "connect-src"     = concat(["'self'"], local.relay_urls, local.relay_addresses, local.daily.connect, local.sentry, local.app_check.connect)
    "frame-src"       = concat(["'self'"], local.app_check.frame)
    "img-src"         = ["'self'", "data:", "blob:"]
    "media-src"       = ["'self'", "blob:"]
    "style-src"       = ["'self'"]
    "base-uri"        = ["'none'"]
    "form-action"     = ["'self'"]
    "frame-ancestors" = ["'none'"]
    "object-src"      = ["'none'"]
  }

  # In the form of Hosting's REST API (ServingConfig). The first matching rewrite counts, and all matching headers, so no
  # two rules set the same header. The functions' answers have their own Cache-Control.
  hosting_config = {
    headers = [
      {
        glob = "**"
        headers = {
          "Content-Security-Policy"   = join("; ", [for name, sources in local.content_security_policy : "${name} ${join(" ", sources)}"])
          "Permissions-Policy"        = "camera=(self), microphone=(self), geolocation=()"
          "Referrer-Policy"           = "no-referrer"
          "Strict-Transport-Security" = "max-age=31536000; includeSubDomains"
          "X-Content-Type-Options"    = "nosniff"
        }
      },
      # The page, at each of its addresses (web/src/navigation/route.ts).
      { regex = "^/((index|page)\\.html|check|help|privacy|interview/[^/.]*|results/[^/.]*)?$", headers = { "Cache-Control" = "no-cache" } },
      # Named by a hash of their content.
      { glob = "/assets/**", headers = { "Cache-Control" = "public, max-age=31536000, immutable" } },
      { glob = "/config.json", headers = { "Cache-Control" = "no-store" } },
    ]
    rewrites = concat(
      [
        for rewrite in [
          { glob = "/api/interview/start", function = "start" },
          { glob = "/api/interview/read-cv", function = "start" },
          { glob = "/api/interview/voice-sample", function = "start" },
          { glob = "/api/interview/*/upload-cv", function = "start" },
          { glob = "/api/interview/*/cv-text", function = "start" },
          { glob = "/api/interview/*/avatar", function = "start" },
          { glob = "/api/**", function = "end" },
          ] : {
          glob = rewrite.glob
          run = {
            serviceId = google_cloudfunctions2_function.function[rewrite.function].name
            region    = var.region
          }
        }
      ],
      # The page's own addresses (web/src/navigation/route.ts) but the first, which gets /index.html by its name. Every
      # other one gets /404.html with status 404.
      [{ regex = "^/(check/?|help/?|privacy/?|interview/[^/.]+/?|results/[^/.]+/?)$", path = "/page.html" }],
    )
  }

  # The content of /config.json, which the page reads first.
  page_config = merge({
    interviewer       = "gemini"
    retention_days    = var.retention_days
    interview_minutes = var.interview_minutes
    backup_days       = local.backup_days
    avatar            = var.avatar.enabled && var.avatar.concurrent > 0 && var.avatar.daily > 0
    start_code        = var.admission.start_code != null
    voice             = var.gemini.voice
    live_model        = var.gemini.live_model
    text_model        = var.gemini.text_model
    }, { for name, value in {
      sentry_dsn   = var.sentry_dsn
      page_name    = var.page.name
      page_colour  = var.page.colour
      page_contact = var.page.contact
      second_ear   = var.second_ear ? true : null
    } : name => value if value != null },
    length(var.languages) == 0 ? {} : { languages = var.languages },
  var.app_check == null ? {} : { app_check = var.app_check })
}
