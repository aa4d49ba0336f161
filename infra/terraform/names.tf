# What the other files agree on.
locals {
  name          = "interviewer-${var.environment}"
  relay_regions = length(var.relay_regions) > 0 ? var.relay_regions : [var.region]

  # Site ids end at 30 characters, and not with a hyphen.
  site_id = coalesce(
    var.site_id,
    "${trimsuffix(substr(var.project_id, 0, 29 - length(var.environment)), "-")}-${var.environment}",
  )

  # Where the page can be opened. The first is the one that is told to others.
  origins = [
    for host in compact([var.domain, "${local.site_id}.web.app", "${local.site_id}.firebaseapp.com"]) : "https://${host}"
  ]

  # The two accounts that infra/bootstrap made, and its registry.
  build_account     = "interviewer-build@${var.project_id}.iam.gserviceaccount.com"
  functions_account = "interviewer-functions@${var.project_id}.iam.gserviceaccount.com"
  registry          = "projects/${var.project_id}/locations/${var.region}/repositories/interviewer"
}
