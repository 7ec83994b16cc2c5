import {
  to = openai_certificate.clients
  id = "cert_123"
}
