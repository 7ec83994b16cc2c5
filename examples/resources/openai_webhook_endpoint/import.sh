# The signing secret cannot be imported: signing_secret and sealed_signing_secret
# stay null until the next rotation.
terraform import openai_webhook_endpoint.orders whe_123
