# The provider reads OPENAI_BASE_URL and OPENAI_ADMIN_KEY, which point to the
# emulator. What a run makes is destroyed at the end.

variables {
  name           = "shop-dev"
  hard_limit_usd = 50
}

run "makes_the_environment" {
  assert {
    condition     = startswith(output.project_id, "proj_")
    error_message = "The project has no id."
  }

  assert {
    condition     = openai_project_spend_limit.this.threshold_amount == 5000
    error_message = "The limit is not 50 dollars, in cents."
  }

  assert {
    condition     = openai_project_spend_alert.share["80"].threshold_usd == 40
    error_message = "There is no alert at 80% of the limit."
  }

  assert {
    condition     = startswith(openai_project_api_key.app.value, "sk-")
    error_message = "The key has no secret."
  }
}

# What the organization itself says, past the state.
run "the_organization_agrees" {
  variables {
    project_id = run.makes_the_environment.project_id
  }

  module {
    source = "./tests/observe"
  }

  assert {
    condition     = data.openai_project.this.name == "shop-dev"
    error_message = "The project has another name."
  }

  assert {
    condition     = length(data.openai_project_api_keys.this.api_keys) == 1
    error_message = "The project has not exactly one key."
  }

  assert {
    condition     = data.openai_project_spend_limit.this.enforcement_status == "inactive"
    error_message = "The limit is reached already."
  }
}

run "raises_the_limit" {
  variables {
    hard_limit_usd = 75
  }

  assert {
    condition     = openai_project_spend_limit.this.threshold_amount == 7500
    error_message = "The limit was not raised."
  }
}

# The project of the first run is still the one that has the limit.
run "raises_it_in_place" {
  variables {
    project_id = run.makes_the_environment.project_id
  }

  module {
    source = "./tests/observe"
  }

  assert {
    condition     = data.openai_project.this.status == "active"
    error_message = "The project was created again."
  }

  assert {
    condition     = data.openai_project_spend_limit.this.threshold_amount == 7500
    error_message = "The organization has another limit for the project."
  }
}

run "refuses_too_much" {
  command = plan

  variables {
    hard_limit_usd = 5001
  }

  expect_failures = [var.hard_limit_usd]
}
