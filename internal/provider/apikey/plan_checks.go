package apikey

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// warnOfEndlessKey warns of a new key, or a changed one, that nothing ends:
// neither an expiry nor, where the resource has it, a rotation.
func warnOfEndlessKey[M any](call *lifecycle.Call[M], name types.String, advice string, ends ...attr.Value) {
	configured := func(end attr.Value) bool { return !end.IsNull() }
	if call.PlansNoChange() || !call.Warns(tfkit.KeyWithoutExpiry) || slices.ContainsFunc(ends, configured) {
		return
	}
	call.Warn(tfkit.KeyWithoutExpiry, path.Root("expires_in_seconds"),
		fmt.Sprintf("Key %q stays valid until it is revoked, even if it leaks. %s", name.ValueString(), advice))
}

// importedWithoutSecret is the summary of the warning of each imported key.
const importedWithoutSecret = "API key imported without its secret"

// expiryNotice is how long before its expiry a key is warned of.
const expiryNotice = 14 * 24 * time.Hour

// warnOfExpiry warns of a key that expires soon and that nothing rotates.
func warnOfExpiry[M any](call *lifecycle.Call[M], name types.String, expiresAt types.Int64) {
	if expiresAt.IsNull() || expiresAt.IsUnknown() || !call.Warns(tfkit.KeyExpiresSoon) {
		return
	}
	at := time.Unix(expiresAt.ValueInt64(), 0).UTC()
	if left := at.Sub(call.Client.Now()); left <= 0 || left > expiryNotice {
		return // an expired key is replaced
	}
	call.Warn(tfkit.KeyExpiresSoon, path.Root("expires_in_seconds"),
		fmt.Sprintf("Key %q expires at %s, and nothing rotates it. Calls with it are refused from then on.", name.ValueString(), at.Format(time.RFC3339)))
}
