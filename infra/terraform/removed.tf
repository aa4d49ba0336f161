# What earlier versions had here and no longer have. Terraform forgets it and does not delete it.

# infra/bootstrap has the budget now. The build's account has no role with which it could delete this one: delete it in the
# console (Billing, Budgets).
removed {
  from = google_billing_budget.month

  lifecycle {
    destroy = false
  }
}
