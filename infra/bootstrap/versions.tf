# Provider versions are exact: they are the ones whose schema the tests validate against
# (tests/terraform/test_schema.py).
terraform {
  required_version = ">= 1.11"

  # Bucket and prefix come from `terraform init -backend-config=…`; `make deploy` makes the bucket first.
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

# Firebase's API counts its quota on the caller's project unless told otherwise, and a person's login has none.
provider "google-beta" {
  project               = var.project_id
  region                = var.region
  billing_project       = var.project_id
  user_project_override = true
}
