package usagereport

import (
	"bytes"
	"encoding/csv"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

// TestFocus compares the columns with testdata/focus-1.2.txt: the columns that
// FOCUS 1.2 requires or recommends of this data, with type and nullability.
func TestFocus(t *testing.T) {
	day := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	f := &Focus{Organization: "org-1", withKeys: true, rows: []focusRow{
		{start: day, end: day.AddDate(0, 0, 1), project: "proj_1", projectName: "=shop", key: "key_1", lineItem: "gpt-5, input", quantity: "1200000", units: "tokens", cost: decimal.RequireFromString("0.200000000000000000000000001")},
		{start: day, end: day.AddDate(0, 0, 1), lineItem: "correction", cost: decimal.RequireFromString("-3")},
	}}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(records) != 3 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	forms := map[string]*regexp.Regexp{
		"Decimal":  regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`),
		"DateTime": regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$`),
		"String":   regexp.MustCompile(`^[^\n]*$`),
		"Currency": regexp.MustCompile(`^[A-Z]{3}$`),
	}
	content, err := os.ReadFile("testdata/focus-1.2.txt")
	if err != nil {
		t.Fatal(err)
	}
	specified := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		name, kind, nulls, allowed := fields[0], fields[1], fields[2], fields[3:]
		specified[name] = true
		at := slices.Index(records[0], name)
		if at < 0 {
			t.Errorf("there is no column %s", name)
			continue
		}
		for _, record := range records[1:] {
			value := record[at]
			if value == "" {
				if nulls == "never" || nulls == "usage" && record[slices.Index(records[0], "ChargeCategory")] == "Usage" {
					t.Errorf("%s is null in %v", name, record)
				}
				continue
			}
			if !forms[kind].MatchString(value) || len(allowed) > 0 && !slices.Contains(allowed, strings.ReplaceAll(value, " ", "_")) {
				t.Errorf("%s is %q", name, value)
			}
		}
	}
	for _, name := range records[0] {
		if !specified[name] && !strings.HasPrefix(name, "x_") {
			t.Errorf("FOCUS has no column %s", name)
		}
	}
	of := func(row int, name string) string { return records[row][slices.Index(records[0], name)] }
	for name, want := range map[string]string{
		"BilledCost": "0.200000000000000000000000001", "BillingPeriodStart": "2026-12-01T00:00:00Z", "BillingPeriodEnd": "2027-01-01T00:00:00Z",
		"ChargePeriodStart": "2026-12-31T00:00:00Z", "ChargePeriodEnd": "2027-01-01T00:00:00Z", "SubAccountId": "proj_1", "SubAccountName": "'=shop",
		"ConsumedQuantity": "1200000", "PricingUnit": "tokens", "x_ApiKeyId": "key_1",
	} {
		if got := of(1, name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if of(2, "ChargeCategory") != "Adjustment" || of(2, "SubAccountType") != "" {
		t.Errorf("the correction is %v", records[2])
	}
}
