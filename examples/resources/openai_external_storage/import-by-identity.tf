import {
  to = openai_external_storage.billing
  identity = {
    external_storage_id = "extstorage_123"
  }
}
