resource "openai_certificate" "clients" {
  name        = "clients-2026"
  certificate = <<-EOT
    -----BEGIN CERTIFICATE-----
    MIIBnjCCAUOgAwIBAgIUH/uhDCGfRoSbWkjDv/v2YMpt8oYwCgYIKoZIzj0EAwIw
    IzEhMB8GA1UEAwwYRXhhbXBsZSBjbGllbnQgYXV0aG9yaXR5MCAXDTI2MTEyNTEx
    Mjg0MFoYDzIxMjYxMTAxMTEyODQwWjAjMSEwHwYDVQQDDBhFeGFtcGxlIGNsaWVu
    dCBhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAReInaFl6LxVnMZ
    d23MenpicUX981m5+2/nqp0RGj/fj7aEbGPzwjIjTZo8KXLTW6IY9tHmdS+cbzjw
    JczqiYREo1MwUTAdBgNVHQ4EFgQUYW9J8031hcXvOaTBDgj5qkK//dUwHwYDVR0j
    BBgwFoAUYW9J8031hcXvOaTBDgj5qkK//dUwDwYDVR0TAQH/BAUwAwEB/zAKBggq
    hkjOPQQDAgNJADBGAiEAqWkmyHzhv8iUS+oCHZ1+Vw4wKY1LQ1/YGqOQ13PfL68C
    IQDz4dpkIP/SO40TD86vKFs4OjY1iWHmFNNhmLlqDbUEHw==
    -----END CERTIFICATE-----
  EOT
}

data "openai_certificate" "clients" {
  certificate_id = openai_certificate.clients.id
}

output "clients_expire" {
  value = data.openai_certificate.clients.expires_at
}
