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
  }
}

provider "google" {
  project        = var.project_id
  region         = var.region
  default_labels = { application = "interviewer" }
}

# Firebase's API counts quota on the caller's project by default, and a user's login has none.
provider "google-beta" {
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
}
