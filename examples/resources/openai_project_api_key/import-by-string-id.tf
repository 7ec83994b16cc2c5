# The secret cannot be imported: value and sealed_value stay null until the
# next rotation.
import {
  to = openai_project_api_key.checkout
  id = "proj_123/key_123"
}
