# Everything comes from the environment: OPENAI_ADMIN_KEY, and OPENAI_BASE_URL
# for the emulator.
provider "openai" {
  # Wait for the API's rate limits no longer than this in one operation.
  max_wait = "15m"
}
