mock_provider "google" {
  override_during = plan

  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_resource "google_service_account" {
    defaults = { email = "any@demo-project.iam", member = "serviceAccount:any@demo-project.iam" }
  }
  override_resource {
    target = google_service_account.functions
    values = { email = "functions@demo-project.iam", member = "serviceAccount:functions@demo-project.iam" }
  }
  override_resource {
    target = google_service_account.build
    values = { email = "build@demo-project.iam", member = "serviceAccount:build@demo-project.iam", name = "projects/demo-project/serviceAccounts/build" }
  }
  override_resource {
    target = google_service_account.github[0]
    values = { email = "github@demo-project.iam", member = "serviceAccount:github@demo-project.iam", name = "projects/demo-project/serviceAccounts/github" }
  }
  override_resource {
    target = google_iam_workload_identity_pool.github[0]
    values = { name = "projects/123456789012/locations/global/workloadIdentityPools/interviewer-github" }
  }
  override_resource {
    target = google_project_iam_custom_role.secret_keeper
    values = { id = "projects/demo-project/roles/interviewerSecretKeeper" }
  }
  override_resource {
    target = google_secret_manager_secret.key["gemini"]
    values = { id = "projects/demo-project/secrets/gemini-api-key" }
  }
  override_resource {
    target = google_secret_manager_secret.key["tavus"]
    values = { id = "projects/demo-project/secrets/tavus-api-key" }
  }
}
mock_provider "google-beta" {}
mock_provider "time" {}

variables {
  project_id = "demo-project"
}

run "defaults" {
  command = plan

  assert {
    condition     = output.repository == "europe-west1-docker.pkg.dev/demo-project/interviewer"
    error_message = "Images go to the registry in the region."
  }
  assert {
    condition     = output.build_bucket == "demo-project-build" && [for rule in google_storage_bucket.build.lifecycle_rule : one(rule.condition).age] == [30]
    error_message = "A build's sources are deleted after a month."
  }
  assert {
    condition     = output.region == "europe-west1" && length(google_billing_budget.month) == 0
    error_message = "The region is kept in the state, and a budget needs a billing account."
  }
  assert {
    condition     = output.secrets == { gemini = "gemini-api-key", tavus = "tavus-api-key" }
    error_message = "There are two secrets, without values."
  }
  assert {
    condition     = google_service_account.build.account_id == "interviewer-build" && google_service_account.functions.account_id == "interviewer-functions"
    error_message = "infra/terraform uses both accounts by name (names.tf)."
  }
  assert {
    condition     = alltrue([for api in google_project_service.api : api.disable_on_destroy == false])
    error_message = "A destroy must not disable APIs that others in the project use."
  }
  assert {
    condition     = !google_artifact_registry_repository.images.cleanup_policy_dry_run
    error_message = "Old images are deleted; the policy is no dry run."
  }
  assert {
    condition     = toset([for policy in google_artifact_registry_repository.images.cleanup_policies : policy.action]) == toset(["KEEP", "DELETE"])
    error_message = "Old images are deleted, recent ones stay."
  }
}

run "logs" {
  command = plan

  assert {
    condition     = google_logging_project_bucket_config.default.retention_days == 30 && google_logging_project_bucket_config.default.bucket_id == "_Default"
    error_message = "Logs, with candidates' addresses, are kept for 30 days (docs/operations.md)."
  }
}

run "budget" {
  command = plan
  variables {
    alert_email = "operator@example.com"
    budget      = { billing_account = "01AB23-CD45EF-678901", monthly = 100 }
  }

  assert {
    condition     = one(google_billing_budget.month[0].budget_filter[0].projects) == "projects/123456789012"
    error_message = "The budget is for the project."
  }
  assert {
    condition     = google_billing_budget.month[0].amount[0].specified_amount[0].units == "100" && length(google_billing_budget.month[0].all_updates_rule) == 1
    error_message = "The budget sends mail too."
  }
  assert {
    condition     = [for rule in google_billing_budget.month[0].threshold_rules : "${rule.threshold_percent} ${rule.spend_basis}"] == ["0.5 CURRENT_SPEND", "0.9 CURRENT_SPEND", "1 CURRENT_SPEND", "1 FORECASTED_SPEND"]
    error_message = "The budget alerts at 50 %, 90 % and 100 %, and by forecast."
  }
}

run "github" {
  command = plan
  variables {
    github = { repository = "acme/interviewer" }
  }

  assert {
    condition     = google_iam_workload_identity_pool_provider.github[0].attribute_condition == "assertion.repository == \"acme/interviewer\" && assertion.ref == \"refs/heads/main\""
    error_message = "Only the main branch of this repository is let in."
  }
  assert {
    condition     = one(google_iam_workload_identity_pool_provider.github[0].oidc).issuer_uri == "https://token.actions.githubusercontent.com" && output.github.DEPLOY_ACCOUNT == "github@demo-project.iam"
    error_message = "GitHub says who the workflow is, and the output has what it needs."
  }
}

run "github_of_anybody" {
  command = plan
  variables {
    github = { repository = "acme/*" }
  }
  expect_failures = [var.github]
}

run "impossible_budget" {
  command = plan
  variables {
    alert_email = "operator"
    budget      = { billing_account = "mine", monthly = 0 }
  }
  expect_failures = [var.alert_email, var.budget]
}

run "project_named_by_number" {
  command = plan
  variables {
    project_id = "123456789"
  }
  expect_failures = [var.project_id]
}

run "zone_as_region" {
  command = plan
  variables {
    region = "europe-west1-b"
  }
  expect_failures = [var.region]
}
