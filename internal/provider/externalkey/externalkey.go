// Package externalkey manages the registrations of encryption keys in other
// clouds.
package externalkey

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{externalKey()}
}

// Actions lists the actions of this part.
func Actions() []func() action.Action { return []func() action.Action{validateKeyAction().Action} }
