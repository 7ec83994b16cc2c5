# GitHub Actions. The workflow needs "permissions: id-token: write", and asks
# for a token with this audience.
resource "openai_workload_identity_provider" "github" {
  name     = "github-actions"
  issuer   = "https://token.actions.githubusercontent.com"
  audience = "https://api.openai.com/v1"
}

# AWS: the issuer that "aws iam enable-outbound-web-identity-federation" gives
# the account, or the OpenID Connect issuer of an EKS cluster.
resource "openai_workload_identity_provider" "aws" {
  name     = "aws-production"
  issuer   = "https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  audience = "https://api.openai.com/v1"
}

# A Kubernetes cluster whose issuer OpenAI cannot reach, so its keys are
# uploaded: "kubectl get --raw /openid/v1/jwks".
resource "openai_workload_identity_provider" "kubernetes" {
  name     = "cluster-berlin"
  issuer   = "https://kubernetes.default.svc.cluster.local"
  audience = "https://api.openai.com/v1"
  jwks = jsonencode({
    keys = [{ kty = "RSA", kid = "2026-11", alg = "RS256", use = "sig", n = "AQAB", e = "AQAB" }]
  })
}
