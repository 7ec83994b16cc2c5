package lifecycle

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestSpellings(t *testing.T) {
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	set := func(values ...string) tftypes.Value {
		var items []tftypes.Value
		for _, value := range values {
			items = append(items, text(value))
		}
		return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, items)
	}
	for name, test := range map[string]struct {
		attribute string
		a, b      tftypes.Value
		// same says that a plan shows no difference, close that a refresh warns of none.
		same, close bool
	}{
		"equal":                      {"name", text("shop"), text("shop"), true, true},
		"composed":                   {"name", text("Caf\u00e9"), text("Cafe\u0301"), true, true},
		"a name in another case":     {"name", text("shop"), text("Shop"), false, true},
		"collapsed spaces":           {"name", text("my  shop"), text("my shop"), false, true},
		"another name":               {"name", text("shop"), text("store"), false, false},
		"an e-mail address":          {"email", text("Ada@Example.com"), text("ada@example.com"), true, true},
		"another e-mail address":     {"email", text("ada@example.com"), text("bob@example.com"), false, false},
		"a currency":                 {"currency", text("USD"), text("usd"), true, true},
		"recipients in another case": {"notification_channel_recipients", set("A@x.com", "b@x.com"), set("b@x.com", "a@x.com"), true, true},
		"fewer recipients":           {"notification_channel_recipients", set("a@x.com", "b@x.com"), set("a@x.com"), false, false},
		"a member by id":             {"members", set("user-A"), set("user-a"), false, true},
		"null":                       {"name", tftypes.NewValue(tftypes.String, nil), text(""), false, false},
		"a number":                   {"threshold_amount", tftypes.NewValue(tftypes.Number, 100), tftypes.NewValue(tftypes.Number, 101), false, false},
	} {
		a, okA := spelling(test.a, folds[test.attribute])
		b, okB := spelling(test.b, folds[test.attribute])
		if same := okA && okB && a == b; same != test.same {
			t.Errorf("%s: the same is %v", name, same)
		}
		if got := differsInSpelling(test.a, test.b); got != test.close {
			t.Errorf("%s: close is %v", name, got)
		}
	}
}
