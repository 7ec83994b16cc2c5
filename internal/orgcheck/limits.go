package orgcheck

import (
	"fmt"

	"github.com/openai/openai-go/v3"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/format"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot"
)

// dollars are the cents of a limit.
func dollars(limit *adminapi.SpendLimit) decimal.Decimal {
	return decimal.New(limit.ThresholdAmount, -2)
}

// checkScope checks the limit and the alerts of the organization or of a project.
func (c *checker) checkScope(o object, scope snapshot.Scope, id, noLimit, noAlert string) {
	if len(scope.Alerts) == 0 {
		c.find(noAlert, o, "")
	}
	if scope.Limit == nil {
		c.find(noLimit, o, fmt.Sprintf("%s USD this month", format.Money(c.ThisMonth(id))))
		return
	}
	limit, spent := dollars(scope.Limit), c.LastMonth(id)
	if !spent.IsPositive() {
		return
	}
	text := fmt.Sprintf("limit %s USD, last month %s USD", format.Money(limit), format.Money(spent))
	if limit.LessThan(spent) {
		c.find(ruleLimitBelow, o, text)
	}
	if limit.GreaterThan(spent.Mul(decimal.NewFromFloat(c.rules[ruleLimitAbove].Factor))) {
		c.find(ruleLimitAbove, o, text)
	}
}

// expected is what a project may spend this month, by its last month and its
// projection.
func expected(s *snapshot.Snapshot, p *snapshot.Project) decimal.Decimal {
	projection, _ := s.Projection(p.ID)
	return decimal.Max(s.LastMonth(p.ID), projection.Total)
}

// isTight says whether a project has a hard limit that its spend comes near.
func (c *checker) isTight(s *snapshot.Snapshot, p *snapshot.Project) bool {
	if p.Limit == nil {
		return false
	}
	spend := expected(s, p)
	return spend.IsPositive() && dollars(p.Limit).LessThan(spend.Mul(decimal.NewFromFloat(c.rules[ruleRateLimits].Factor)))
}

// needsRateLimits says whether the rate limits of a project are compared: it has a
// tight limit, or it is the default project and another one has.
func (c *checker) needsRateLimits(s *snapshot.Snapshot, p *snapshot.Project) bool {
	if s.Default() == nil {
		return false
	}
	if p != s.Default() {
		return c.isTight(s, p)
	}
	for _, other := range s.Active() {
		if other != p && c.isTight(s, other) {
			return true
		}
	}
	return false
}

// checkRateLimits compares rate limits with those of the default project. The API
// does not return the defaults, but a new project has the limits of the
// organization.
func (c *checker) checkRateLimits(active []*snapshot.Project) {
	if !c.isOn(ruleRateLimits) {
		return
	}
	standard := c.Default()
	if standard == nil {
		c.report.Checked.Notes = append(c.report.Checked.Notes, "Rate limits were not compared, because there is no project named Default project.")
		return
	}
	for _, p := range active {
		if p != standard && c.isTight(c.Snapshot, p) && !hasLowered(p.RateLimits, standard.RateLimits) {
			c.find(ruleRateLimits, project(p), fmt.Sprintf("limit %s USD, expected spend %s USD", format.Money(dollars(p.Limit)), format.Money(expected(c.Snapshot, p))))
		}
	}
}

// hasLowered says whether a project has a rate limit below the default one.
func hasLowered(limits, standard []openai.ProjectRateLimit) bool {
	defaults := map[string]openai.ProjectRateLimit{}
	for _, limit := range standard {
		defaults[limit.Model] = limit
	}
	for _, limit := range limits {
		most, known := defaults[limit.Model]
		if known && (limit.MaxRequestsPer1Minute < most.MaxRequestsPer1Minute || limit.MaxTokensPer1Minute < most.MaxTokensPer1Minute ||
			limit.MaxImagesPer1Minute < most.MaxImagesPer1Minute || limit.MaxAudioMegabytesPer1Minute < most.MaxAudioMegabytesPer1Minute ||
			limit.MaxRequestsPer1Day < most.MaxRequestsPer1Day || limit.Batch1DayMaxInputTokens < most.Batch1DayMaxInputTokens) {
			return true
		}
	}
	return false
}

// checkTraffic looks for traffic in the default project, and for projects without
// any.
func (c *checker) checkTraffic(p *snapshot.Project) {
	recent := c.Costs.Between(p.ID, c.PreviousMonth(), c.At)
	if p.IsDefault() {
		if recent.IsPositive() {
			c.find(ruleDefaultProject, project(p), fmt.Sprintf("%s USD since %s", format.Money(recent), c.PreviousMonth().Format("2006-01-02")))
		}
		return
	}
	since := c.At.Add(-c.age(ruleIdle))
	if p.CreatedAt > since.Unix() || c.Costs.Between(p.ID, since.Truncate(day), c.At).IsPositive() {
		return
	}
	for _, key := range p.Keys {
		if key.JSON.LastUsedAt.Valid() && key.LastUsedAt >= since.Unix() {
			return // usage without costs
		}
	}
	c.find(ruleIdle, project(p), findings.Plural(len(p.Keys), "API key"))
}
