variable "name" {
  description = "Name of the project."
  type        = string
}

variable "services" {
  description = "Services that call the API."
  type        = set(string)
}

variable "hard_limit_usd" {
  description = "What the environment may spend in a month, in US dollars."
  type        = number
}

variable "alert_emails" {
  description = "E-mail addresses that are notified when a part of the limit is spent."
  type        = set(string)
}

variable "alert_percents" {
  description = "Percentages of the limit at which an alert is sent."
  type        = set(number)
  default     = [50, 80]
}

variable "key_rotation_days" {
  description = "Days after which a key is rotated."
  type        = number
}

variable "rate_limits" {
  description = "Requests and tokens a minute, by model."
  type = map(object({
    requests_per_minute = number
    tokens_per_minute   = number
  }))
  default = {}
}

variable "members" {
  description = "E-mail addresses of people in the organization who work in this environment."
  type        = set(string)
  default     = []
}
