package usage

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Shape makes the days of an event differ, as those of a company do. A zero
// value leaves them equal. The same day always has the same amount.
type Shape struct {
	// WeekendPercent is what a Saturday or a Sunday has of another day.
	WeekendPercent *int64 `json:"weekend_percent" yaml:"weekend_percent"`
	// GrowthPercent is by how much the last day has more than the first.
	GrowthPercent int64 `json:"growth_percent" yaml:"growth_percent"`
	// VariationPercent is by how much a day has more or less at most.
	VariationPercent int64 `json:"variation_percent" yaml:"variation_percent"`
}

// mostPercent bounds a shape, so that amounts stay in range.
const mostPercent = 1000

func (s Shape) check(days int) error {
	if s != (Shape{}) && days == 0 {
		return fmt.Errorf("weekend_percent, growth_percent and variation_percent need days")
	}
	if s.WeekendPercent != nil && (*s.WeekendPercent < 0 || *s.WeekendPercent > mostPercent) {
		return fmt.Errorf("weekend_percent must be between 0 and %d, got %d", mostPercent, *s.WeekendPercent)
	}
	if s.GrowthPercent < -100 || s.GrowthPercent > mostPercent {
		return fmt.Errorf("growth_percent must be between -100 and %d, got %d", mostPercent, s.GrowthPercent)
	}
	if s.VariationPercent < 0 || s.VariationPercent > 100 {
		return fmt.Errorf("variation_percent must be between 0 and 100, got %d", s.VariationPercent)
	}
	return nil
}

// thousandths is what a day has of the amount of an event. The newest of count
// days is day 0.
func (s Shape) thousandths(at time.Time, day, count int) int64 {
	n := int64(1000)
	if count > 1 {
		n += 10 * s.GrowthPercent * int64(count-1-day) / int64(count-1)
	}
	if weekday := at.Weekday(); s.WeekendPercent != nil && (weekday == time.Saturday || weekday == time.Sunday) {
		n = n * *s.WeekendPercent / 100
	}
	if s.VariationPercent > 0 {
		// A product modulo a prime spreads neighboring days.
		spread := at.Unix() / 86400 % 65521 * 40503 % 65521 % (2*s.VariationPercent + 1)
		n += n * (spread - s.VariationPercent) / 100
	}
	return n
}

// scaled does not overflow, as an amount times thousandths may.
func scaled(amount, thousandths int64) int64 {
	return decimal.NewFromInt(amount).Mul(decimal.New(thousandths, -3)).IntPart()
}
