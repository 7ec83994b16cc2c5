import {
  to = openai_external_key.production
  id = "extkey_123"
}
