# Names that the other files share.
locals {
  name          = "interviewer-${var.environment}"
  relay_regions = length(var.relay_regions) > 0 ? var.relay_regions : [var.region]

  # A site id has at most 30 characters and does not end with a hyphen.
  site_id = coalesce(
    var.site_id,
    "${trimsuffix(substr(var.project_id, 0, 29 - length(var.environment)), "-")}-${var.environment}",
  )

  # The page's addresses. The first one always works: the smoke test and Tavus's callbacks use it. A domain of one's own does
  # not before its DNS records are set.
  origins = [
    for host in compact(["${local.site_id}.web.app", "${local.site_id}.firebaseapp.com", var.domain]) : "https://${host}"
  ]

  # The two accounts and the registry of infra/bootstrap.
  build_account     = "interviewer-build@${var.project_id}.iam.gserviceaccount.com"
  functions_account = "interviewer-functions@${var.project_id}.iam.gserviceaccount.com"
  registry          = "projects/${var.project_id}/locations/${var.region}/repositories/interviewer"
}
