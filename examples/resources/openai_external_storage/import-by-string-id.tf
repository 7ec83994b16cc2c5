import {
  to = openai_external_storage.billing
  id = "extstorage_123"
}
