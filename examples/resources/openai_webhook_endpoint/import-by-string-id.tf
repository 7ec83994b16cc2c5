# The signing secret cannot be imported: signing_secret and sealed_signing_secret
# stay null until the next rotation.
import {
  to = openai_webhook_endpoint.orders
  id = "whe_123"
}
