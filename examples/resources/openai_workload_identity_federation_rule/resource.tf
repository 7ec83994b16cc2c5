resource "openai_project" "shop" {
  name = "shop"
}

resource "openai_project_service_account" "deploy" {
  project_id = openai_project.shop.id
  name       = "deploy"
}

resource "openai_workload_identity_provider" "github" {
  name     = "github-actions"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "https://api.openai.com/v1"
}

# Workflows of one repository, on its main branch only.
resource "openai_workload_identity_federation_rule" "github" {
  workload_identity_provider_id = openai_workload_identity_provider.github.id
  project_id                    = openai_project.shop.id
  service_account_id            = openai_project_service_account.deploy.id
  name                          = "deploy"
  scopes                        = ["api.responses.write"]
  attribute_matchers = {
    repository = "acme/shop"
    ref        = "refs/heads/main"
  }
}

resource "openai_workload_identity_provider" "eks" {
  name     = "eks-production"
  issuer   = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  audience = "https://api.openai.com/v1"
}

# Pods that run as one Kubernetes service account, on AWS or anywhere else.
resource "openai_workload_identity_federation_rule" "pods" {
  workload_identity_provider_id = openai_workload_identity_provider.eks.id
  project_id                    = openai_project.shop.id
  service_account_id            = openai_project_service_account.deploy.id
  name                          = "pods"
  attribute_matchers = {
    sub = "system:serviceaccount:shop:checkout"
  }
}

resource "openai_workload_identity_provider" "aws" {
  name     = "aws-production"
  issuer   = "https://00000000-0000-4000-8000-000000000000.tokens.sts.global.api.aws"
  audience = "https://api.openai.com/v1"
}

# Workloads with one AWS role, whose tokens come from sts:GetWebIdentityToken.
resource "openai_workload_identity_federation_rule" "role" {
  workload_identity_provider_id = openai_workload_identity_provider.aws.id
  project_id                    = openai_project.shop.id
  service_account_id            = openai_project_service_account.deploy.id
  name                          = "role"
  attribute_matchers = {
    sub = "arn:aws:iam::123456789012:role/checkout"
  }
}
