resource "openai_project" "dev" {
  name = "shop-dev"
}

resource "openai_project_service_account" "smoke_test" {
  project_id = openai_project.dev.id
  name       = "smoke-test"
}

# Valid until the plan or apply ends. After a crash, the key expires within ten minutes.
ephemeral "openai_project_api_key" "smoke_test" {
  project_id         = openai_project.dev.id
  service_account_id = openai_project_service_account.smoke_test.id
  name               = "smoke-test"
  scopes             = ["model.request"]
  expires_in_seconds = 600
}

resource "terraform_data" "smoke_test" {
  provisioner "local-exec" {
    command = "test -n \"$OPENAI_API_KEY\" # stands for a program that calls a model"
    environment = {
      OPENAI_API_KEY = ephemeral.openai_project_api_key.smoke_test.value
    }
  }
}
