package usagereport

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// Focus has costs as the FinOps Open Cost and Usage Specification (FOCUS) 1.2
// names them, a row for each day, project and line item. Usage is not in it:
// the API does not say which tokens a cost is of. A quantity is that of the
// line item.
type Focus struct {
	// Organization is the billing account.
	Organization string
	rows         []focusRow
	withKeys     bool
}

type focusRow struct {
	start, end                time.Time
	project, projectName      string
	key, keyName              string
	lineItem, quantity, units string
	cost                      decimal.Decimal
}

// The fixed values of the columns.
const (
	focusProvider    = "OpenAI"
	focusService     = "OpenAI API"
	focusCategory    = "AI and Machine Learning"
	focusSubcategory = "Generative AI"
	chargeUsage      = "Usage"
	chargeAdjustment = "Adjustment"
)

type focusColumn struct {
	name  string
	value func(f *Focus, r focusRow) string
}

func always(value string) func(*Focus, focusRow) string {
	return func(*Focus, focusRow) string { return value }
}

func focusCost(_ *Focus, r focusRow) string { return r.cost.String() }

func focusQuantity(_ *Focus, r focusRow) string { return r.quantity }

func focusUnit(_ *Focus, r focusRow) string { return r.units }

func focusTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func monthOf(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

// focusColumns are in the order of the alphabet, but for those that FOCUS does
// not have, which begin with x_. An empty value is null. The API returns one
// amount, the billed one, which stands for the list price and the contracted
// and effective costs, too.
var focusColumns = []focusColumn{
	{"BilledCost", focusCost},
	{"BillingAccountId", func(f *Focus, _ focusRow) string { return f.Organization }},
	{"BillingAccountName", always("")},
	{"BillingAccountType", always("Organization")},
	{"BillingCurrency", always("USD")},
	{"BillingPeriodEnd", func(_ *Focus, r focusRow) string { return focusTime(monthOf(r.start).AddDate(0, 1, 0)) }},
	{"BillingPeriodStart", func(_ *Focus, r focusRow) string { return focusTime(monthOf(r.start)) }},
	{"ChargeCategory", func(_ *Focus, r focusRow) string {
		if r.cost.IsNegative() {
			return chargeAdjustment
		}
		return chargeUsage
	}},
	{"ChargeClass", always("")},
	{"ChargeDescription", func(_ *Focus, r focusRow) string { return harmless(r.lineItem) }},
	{"ChargeFrequency", always("Usage-Based")},
	{"ChargePeriodEnd", func(_ *Focus, r focusRow) string { return focusTime(r.end) }},
	{"ChargePeriodStart", func(_ *Focus, r focusRow) string { return focusTime(r.start) }},
	{"ConsumedQuantity", focusQuantity},
	{"ConsumedUnit", focusUnit},
	{"ContractedCost", focusCost},
	{"EffectiveCost", focusCost},
	{"InvoiceId", always("")},
	{"InvoiceIssuerName", always(focusProvider)},
	{"ListCost", focusCost},
	{"PricingQuantity", focusQuantity},
	{"PricingUnit", focusUnit},
	{"ProviderName", always(focusProvider)},
	{"PublisherName", always(focusProvider)},
	{"ServiceCategory", always(focusCategory)},
	{"ServiceName", always(focusService)},
	{"ServiceSubcategory", always(focusSubcategory)},
	{"SubAccountId", func(_ *Focus, r focusRow) string { return r.project }},
	{"SubAccountName", func(_ *Focus, r focusRow) string { return harmless(r.projectName) }},
	{"SubAccountType", func(_ *Focus, r focusRow) string {
		if r.project == "" {
			return ""
		}
		return "Project"
	}},
}

// keyFocusColumns follow where costs are by key.
var keyFocusColumns = []focusColumn{
	{"x_ApiKeyId", func(_ *Focus, r focusRow) string { return r.key }},
	{"x_ApiKeyName", func(_ *Focus, r focusRow) string { return harmless(r.keyName) }},
}

// focusDimensions are those of the rows; key is the only one to choose.
var focusDimensions = []string{"day", "project", "line-item", "key"}

// MakeFocus reads the costs of a request. Its By adds keys, or says nothing.
func MakeFocus(ctx context.Context, client *adminapi.Client, request Request, organization string, onPage func()) (*Focus, error) {
	for _, name := range request.By {
		if !slices.Contains(focusDimensions, name) {
			return nil, errors.New("--format focus has a row for each day, project and line item; --by can only add key")
		}
	}
	f := &Focus{withKeys: slices.Contains(request.By, "key")}
	request.By = []string{"project", "line-item"} // which only costs have
	if f.withKeys {
		request.By = append(request.By, "key")
	}
	p, err := request.plan()
	if err != nil {
		return nil, err
	}
	_, costs, err := request.read(ctx, client, p, onPage)
	if err != nil {
		return nil, err
	}
	if f.Organization = cmp.Or(client.Organization.Answering(), organization); f.Organization == "" {
		return nil, errors.New("the API does not name the organization, which is the billing account: set OPENAI_ORG_ID")
	}
	report := &Report{Names: map[string]string{}, by: p.by, projectOf: map[string]string{}}
	for _, bucket := range costs {
		for _, result := range bucket.Results {
			amount, err := dollars(result)
			if err != nil {
				return nil, err
			}
			row := focusRow{
				start: time.Unix(bucket.StartTime, 0).UTC(), end: time.Unix(bucket.EndTime, 0).UTC(),
				project: orEmpty(result.ProjectID), key: orEmpty(result.APIKeyID), lineItem: orEmpty(result.LineItem), cost: amount,
			}
			if result.Quantity != nil && result.QuantityUnit != nil {
				row.quantity, row.units = result.Quantity.String(), *result.QuantityUnit
			}
			if row.key != "" {
				report.projectOf[row.key] = row.project
			}
			report.Rows = append(report.Rows, Row{Group: []string{row.project, row.lineItem, row.key}})
			f.rows = append(f.rows, row)
		}
	}
	if err := report.checkSelection(ctx, client, request); err != nil {
		return nil, err
	}
	if err := report.readNames(ctx, client); err != nil {
		return nil, err
	}
	for i := range f.rows {
		f.rows[i].projectName, f.rows[i].keyName = report.Names[f.rows[i].project], report.Names[f.rows[i].key]
	}
	slices.SortStableFunc(f.rows, func(a, b focusRow) int {
		return cmp.Or(a.start.Compare(b.start), strings.Compare(a.project, b.project), strings.Compare(a.lineItem, b.lineItem), strings.Compare(a.key, b.key))
	})
	return f, nil
}

// Write writes the rows as CSV.
func (f *Focus) Write(w io.Writer) error {
	columns := focusColumns
	if f.withKeys {
		columns = slices.Concat(columns, keyFocusColumns)
	}
	out := csv.NewWriter(w)
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = c.name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range f.rows {
		for i, c := range columns {
			record[i] = c.value(f, row)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
