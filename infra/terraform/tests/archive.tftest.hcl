# The functions' zips, with every file in them: tests/terraform/test_archive.py starts them.

mock_provider "google" {
  source = "./tests/mocks"
}
mock_provider "google-beta" {}
mock_provider "archive" {}
mock_provider "time" {}

variables {
  project_id  = "demo-project"
  relay_image = "europe-west1-docker.pkg.dev/demo-project/interviewer/relay@sha256:0000000000000000000000000000000000000000000000000000000000000000"
}

run "archive" {
  command = apply
}
