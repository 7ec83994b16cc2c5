# The secret cannot be imported: value and sealed_value stay null until the
# next rotation.
import {
  to = openai_project_api_key.checkout
  identity = {
    project_id = "proj_123"
    api_key_id = "key_123"
  }
}
