// Package externalstorage manages the registrations of storage in other clouds.
package externalstorage

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{externalStorage()}
}

// Actions lists the actions of this part.
func Actions() []func() action.Action { return []func() action.Action{validateStorageAction().Action} }
