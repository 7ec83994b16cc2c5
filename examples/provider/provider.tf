terraform {
  required_providers {
    openai = {
      source = "allthingsai/openai"
    }
  }
}

# The admin key is read from the environment variable OPENAI_ADMIN_KEY.
provider "openai" {}
