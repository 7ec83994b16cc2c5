package dashboard

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// choice is the reader's selection for the chart.
type choice struct {
	// From and To are the first and the last day.
	From, To    time.Time
	Measure, By option
	// Show and Text select requests.
	Show option
	Text string
	// Refresh is how many seconds the page is shown before it is read again; 0
	// forever.
	Refresh int
	// Path is that of the page.
	Path string
}

// option is one of several things to choose from.
type option struct{ Value, Title string }

var (
	measures  = []option{{"requests", "Requests"}, {"tokens", "Tokens"}, {"cost", "Cost"}}
	groupings = []option{{"model", "Model"}, {"project", "Project"}, {"key", "Key"}}
	shows     = []option{{"all", "All"}, {"errors", "Errors"}, {"writes", "Changes"}}
)

// dailies are the values that the measures add up.
var dailies = map[string]store.Daily{"requests": store.DailyRequests, "tokens": store.DailyTokens, "cost": store.DailyCost}

// column is the column to group by. Costs have no models, but line items, which
// name them.
func (c choice) column() string {
	switch {
	case c.By.Value == "project":
		return "project_id"
	case c.By.Value == "key":
		return "api_key_id"
	case c.Measure.Value == "cost":
		return "line_item"
	default:
		return "model"
	}
}

const (
	day         = 24 * time.Hour
	defaultDays = 30
	mostDays    = 366
)

// mostText bounds the text that requests are searched for.
const mostText = 200

func readChoice(address *url.URL, now time.Time) (c choice, err error) {
	query := address.Query()
	c.Path, c.Text = address.Path, query.Get("q")
	if len(c.Text) > mostText {
		return c, api.BadRequest("q", "'q' must have at most %d characters.", mostText)
	}
	if c.Show, err = readOption(query, "show", shows); err != nil {
		return c, err
	}
	today := now.UTC().Truncate(day)
	if c.To, err = readDay(query, "to", today); err != nil {
		return c, err
	}
	if c.From, err = readDay(query, "from", c.To.AddDate(0, 0, 1-defaultDays)); err != nil {
		return c, err
	}
	if days := c.days(); days < 1 || days > mostDays {
		return c, api.BadRequest("from", "There must be 1 to %d days from 'from' to 'to'.", mostDays)
	}
	if c.Measure, err = readOption(query, "measure", measures); err != nil {
		return c, err
	}
	if c.By, err = readOption(query, "by", groupings); err != nil {
		return c, err
	}
	c.Refresh, err = api.Integer(query, "refresh", 1, 3600, 0)
	return c, err
}

func (c choice) days() int { return int(c.To.Sub(c.From)/day) + 1 }

func readDay(query url.Values, name string, otherwise time.Time) (time.Time, error) {
	text := query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	chosen, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return chosen, api.BadRequest(name, "'%s' must be a day such as 2026-11-01, got %q.", name, text)
	}
	return chosen, nil
}

func readOption(query url.Values, name string, options []option) (option, error) {
	value := query.Get(name)
	if value == "" {
		return options[0], nil
	}
	at := slices.IndexFunc(options, func(o option) bool { return o.Value == value })
	if at < 0 {
		var values []string
		for _, o := range options {
			values = append(values, o.Value)
		}
		return option{}, api.BadRequest(name, "'%s' must be one of %s, got %q.", name, strings.Join(values, ", "), value)
	}
	return options[at], nil
}

// query leads to the page as it was chosen.
func (c choice) query() url.Values {
	query := url.Values{
		"from": {c.From.Format(time.DateOnly)}, "to": {c.To.Format(time.DateOnly)}, "by": {c.By.Value}, "measure": {c.Measure.Value},
	}
	if c.Show != shows[0] {
		query.Set("show", c.Show.Value)
	}
	if c.Text != "" {
		query.Set("q", c.Text)
	}
	if c.Refresh > 0 {
		query.Set("refresh", strconv.Itoa(c.Refresh))
	}
	return query
}

// lastDays leads to the same page with another range of days.
func (c choice) lastDays(days int, today time.Time) string {
	c.From, c.To = today.AddDate(0, 0, 1-days), today
	return c.Path + "?" + c.query().Encode() + "#usage"
}

// Refreshed leads to the same page, read again by itself.
func (c choice) Refreshed() string {
	c.Refresh = 5
	return c.Path + "?" + c.query().Encode()
}
