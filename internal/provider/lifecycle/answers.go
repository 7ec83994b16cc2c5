package lifecycle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The API may store a value in another form than the one that was sent: an
// e-mail address in lower case, a name without double spaces. Terraform calls
// that an inconsistent result and taints the object, so that the next apply
// replaces it. State keeps the sent value instead, as long as the API goes on
// answering the same.

// answersKey is where the private state keeps, by attribute, the answers that
// differ from the sent values.
const answersKey = "answers"

// differentAnswer is the answer to a value that was sent.
type differentAnswer struct {
	Digest string
	// Configured says that the value was configured, not derived from another.
	Configured bool
}

// folds are the attributes with texts that mean the same in upper and lower
// case.
var folds = map[string]func(text string) string{
	"currency":                        strings.ToLower,
	"email":                           foldEmail,
	"members":                         foldEmail,
	"notification_channel_recipients": foldEmail,
}

// foldEmail folds e-mail addresses, and no ids.
func foldEmail(text string) string {
	if strings.Contains(text, "@") {
		return strings.ToLower(text)
	}
	return text
}

// keepPlanned puts planned values into the result of a create or an update
// where the API answered others, and warns of those that were configured.
func (k *kernel[M]) keepPlanned(ctx context.Context, config, prior, plan tftypes.Value, state *tfsdk.State, private tfkit.PrivateWriter, diags *diag.Diagnostics) {
	planned, result, configured, before := valuesOf(plan), valuesOf(state.Raw), valuesOf(config), valuesOf(prior)
	if diags.HasError() || planned == nil || result == nil {
		return
	}
	answers, kept, described := map[string]differentAnswer{}, maps.Clone(result), state.Schema.GetAttributes()
	for _, name := range slices.Sorted(maps.Keys(result)) {
		value, answer, attribute := planned[name], result[name], described[name]
		if !value.IsFullyKnown() || value.Equal(answer) || attribute == nil || attribute.IsWriteOnly() {
			continue
		}
		kept[name] = value
		isConfigured := !attribute.IsComputed() || !configured[name].IsNull()
		if !isConfigured && value.Equal(before[name]) {
			continue // not sent: the next read updates it
		}
		answers[name] = differentAnswer{digest(answer), isConfigured}
		if isConfigured {
			k.warnOfAnswer(result, name, attribute.IsSensitive(), value, answer, diags)
		}
	}
	state.Raw = tftypes.NewValue(state.Raw.Type(), map[string]tftypes.Value(kept))
	saveAnswers(ctx, private, answers, diags)
}

// keepSent puts the sent values into the result of a read where the API still
// gives the same answer to them, or one that means the same.
func (k *kernel[M]) keepSent(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	sent, result := valuesOf(req.State.Raw), valuesOf(resp.State.Raw)
	answers, recorded := tfkit.ReadPrivate[map[string]differentAnswer](ctx, req.Private, answersKey, &resp.Diagnostics)
	if sent == nil || result == nil || resp.Diagnostics.HasError() {
		return
	}
	kept, remaining, described := maps.Clone(result), map[string]differentAnswer{}, resp.State.Schema.GetAttributes()
	for _, name := range slices.Sorted(maps.Keys(result)) {
		value, answer, attribute := sent[name], result[name], described[name]
		if attribute == nil || answer.Equal(value) {
			continue // stored as sent by now: from here on, another answer is drift
		}
		different, known := answers[name]
		switch {
		case sameSpelling(name, value, answer):
			kept[name] = value
		case known && digest(answer) == different.Digest:
			kept[name], remaining[name] = value, different
			if different.Configured && !differsInSpelling(value, answer) {
				k.warnOfAnswer(result, name, attribute.IsSensitive(), value, answer, &resp.Diagnostics)
			}
		}
	}
	resp.State.Raw = tftypes.NewValue(resp.State.Raw.Type(), map[string]tftypes.Value(kept))
	if recorded {
		saveAnswers(ctx, resp.Private, remaining, &resp.Diagnostics)
	}
}

// sameSpelling reports whether two values of an attribute mean the same.
func sameSpelling(name string, a, b tftypes.Value) bool {
	first, isText := spelling(a, folds[name])
	second, areTexts := spelling(b, folds[name])
	return isText && areTexts && first == second
}

// keepSpelling plans the prior value where the configured one means the same.
func keepSpelling(req *resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planned, prior := valuesOf(resp.Plan.Raw), valuesOf(req.State.Raw)
	if planned == nil || prior == nil {
		return
	}
	kept := maps.Clone(planned)
	for name, value := range planned {
		before, exists := prior[name]
		if !exists || value.Equal(before) || !value.IsFullyKnown() {
			continue
		}
		if sameSpelling(name, value, before) {
			kept[name] = before
		}
	}
	resp.Plan.Raw = tftypes.NewValue(resp.Plan.Raw.Type(), map[string]tftypes.Value(kept))
	req.Plan.Raw = resp.Plan.Raw
}

func (k *kernel[M]) warnOfAnswer(object Values, name string, sensitive bool, sent, answer tftypes.Value, diags *diag.Diagnostics) {
	shown := func(value tftypes.Value) string {
		if sensitive {
			return "(sensitive)"
		}
		return show(value)
	}
	diags.AddWarning(fmt.Sprintf("API stores another %s of %s", name, k.describeIDs(object)), fmt.Sprintf(
		"Sent:     %s\nReturned: %s\n\nState keeps the sent value as long as the API returns this value, so plans show no difference. "+
			"If the returned value is not acceptable, change %s. To suppress this warning, configure the returned value.", shown(sent), shown(answer), name))
}

func saveAnswers(ctx context.Context, private tfkit.PrivateWriter, answers map[string]differentAnswer, diags *diag.Diagnostics) {
	if len(answers) == 0 {
		diags.Append(private.SetKey(ctx, answersKey, nil)...)
		return
	}
	tfkit.SavePrivate(ctx, private, answersKey, answers, diags)
}

// digest stands for a value without showing it.
func digest(value tftypes.Value) string {
	sum := sha256.Sum256([]byte(show(value)))
	return hex.EncodeToString(sum[:])
}

// differsInSpelling reports whether two values differ only in case, spaces,
// Unicode form or order.
func differsInSpelling(a, b tftypes.Value) bool {
	first, isText := spelling(a, strings.ToLower)
	second, areTexts := spelling(b, strings.ToLower)
	return isText && areTexts && strings.Join(strings.Fields(first), " ") == strings.Join(strings.Fields(second), " ")
}

// spelling returns a form of a text, or of a set of texts, that spellings with
// the same meaning share.
func spelling(value tftypes.Value, fold func(text string) string) (text string, ok bool) {
	if value.IsNull() || !value.IsFullyKnown() {
		return "", false
	}
	var items []tftypes.Value
	if value.As(&text) != nil {
		if value.As(&items) != nil || !value.Type().Is(tftypes.Set{}) {
			return "", false
		}
		var texts []string
		for _, item := range items {
			part, ok := spelling(item, fold)
			if !ok {
				return "", false
			}
			texts = append(texts, fmt.Sprintf("%q", part))
		}
		slices.Sort(texts)
		return strings.Join(texts, ","), true
	}
	text = norm.NFC.String(text)
	if fold != nil {
		text = fold(text)
	}
	return text, true
}
