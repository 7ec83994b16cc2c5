import {
  to = openai_certificate.clients
  identity = {
    certificate_id = "cert_123"
  }
}
