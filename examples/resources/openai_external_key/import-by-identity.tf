import {
  to = openai_external_key.production
  identity = {
    external_key_id = "extkey_123"
  }
}
