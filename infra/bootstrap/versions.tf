# Provider versions are exact: the tests validate against the schemas of these versions (tests/terraform/test_schema.py).
terraform {
  required_version = ">= 1.11"

  # Bucket and prefix come from `terraform init -backend-config=…`; `make deploy` creates the bucket first.
  backend "gcs" {}

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "8.7.0"
    }
    google-beta = {
      source  = "hashicorp/google-beta"
      version = "8.7.0"
    }
    time = {
      source  = "hashicorp/time"
      version = "0.14.2"
    }
  }
}

# The APIs of budgets and of Firebase count quota on the caller's project by default, and a user's login has none.
provider "google" {
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
  default_labels        = { application = "interviewer" }
}

provider "google-beta" {
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
}
