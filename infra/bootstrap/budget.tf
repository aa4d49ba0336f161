# The budget of the whole project, because Google bills by project. It alerts, and stops nothing. It is made here, with the
# operator's login: a budget needs a role on the billing account (Billing Account Costs Manager), which the build's account
# does not have and should not have.
data "google_project" "billed" {
  count = var.budget == null ? 0 : 1
}

resource "google_monitoring_notification_channel" "budget" {
  count = var.budget == null || var.alert_email == null ? 0 : 1

  display_name = "Interviewer: budget"
  type         = "email"
  labels       = { email_address = var.alert_email }

  depends_on = [time_sleep.apis]
}

resource "google_billing_budget" "month" {
  count = var.budget == null ? 0 : 1

  billing_account = var.budget.billing_account
  display_name    = "Interviewer"

  budget_filter {
    projects        = ["projects/${data.google_project.billed[0].number}"] # by its id it would differ with every plan
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      currency_code = var.budget.currency
      units         = tostring(var.budget.monthly)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]
    content {
      threshold_percent = threshold_rules.value
      spend_basis       = "CURRENT_SPEND"
    }
  }
  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  # In addition to the administrators of the billing account.
  dynamic "all_updates_rule" {
    for_each = google_monitoring_notification_channel.budget
    content {
      monitoring_notification_channels = [all_updates_rule.value.id]
    }
  }

  depends_on = [time_sleep.apis]
}
