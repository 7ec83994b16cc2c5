// Package externalstorage manages the registrations of storage in other clouds.
package externalstorage

import (
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Objects lists the objects of this part.
func Objects() []lifecycle.Definition {
	return []lifecycle.Definition{externalStorage()}
}
