variable "product" {
  description = "Name of the product. Projects are called <product>-dev and <product>-prod."
  type        = string
  default     = "shop"
}

variable "services" {
  description = "Services that call the API. Each has a service account and a key of its own in every environment."
  type        = set(string)
  default     = ["checkout", "search"]
}

variable "dev_hard_limit_usd" {
  description = "What dev may spend in a month, in US dollars. Calls are rejected beyond it."
  type        = number
  default     = 50
}

variable "prod_hard_limit_usd" {
  description = "What prod may spend in a month, in US dollars. Calls are rejected beyond it."
  type        = number
  default     = 2000
}

variable "organization_hard_limit_usd" {
  description = "What the whole organization may spend in a month, in US dollars."
  type        = number
  default     = 2500
}

variable "alert_emails" {
  description = "E-mail addresses that are notified when 50% and 80% of a limit are spent."
  type        = set(string)
  default     = ["finops@example.com"]
}

variable "developers" {
  description = "People who are in the organization already and work in dev."
  type        = set(string)
  default     = ["owner@example.com"]
}

variable "newcomers" {
  description = "People to invite to the organization."
  type        = set(string)
  default     = ["grace@example.com"]
}
