package dashboard

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// pace is the spend of a scope, day by day, in billionths of a dollar.
type pace struct {
	month, today time.Time
	// days is how many days the month has.
	days  int
	byDay map[int64]int64
}

// paceDays are the days before today whose mean the projection continues: a
// whole week, as weekends differ.
const paceDays = 7

// paces reads the spend of every project and, as store.Organization, of all
// together.
func paces(r *api.Request) (func(scope string) pace, error) {
	today := r.Time.UTC().Truncate(day)
	month := time.Unix(store.Month(r.Now()), 0).UTC()
	from := month
	if week := today.AddDate(0, 0, -paceDays); week.Before(from) {
		from = week
	}
	sums, err := r.Tx.SumByDay(store.DailyCost, "project_id", "", from.Unix(), today.AddDate(0, 0, 1).Unix())
	scopes := map[string]map[int64]int64{}
	add := func(scope string, s store.DaySum) {
		if scopes[scope] == nil {
			scopes[scope] = map[int64]int64{}
		}
		scopes[scope][s.Day] += s.Sum
	}
	for _, s := range sums {
		add(store.Organization, s)
		if s.Group != store.Organization {
			add(s.Group, s)
		}
	}
	days := month.AddDate(0, 1, -1).Day()
	return func(scope string) pace { return pace{month, today, days, scopes[scope]} }, err
}

// daily is the mean of the last days before today, or of those since the first
// spend.
func (p pace) daily() int64 {
	var sum, days int64
	for back := paceDays; back >= 1; back-- {
		spent := p.byDay[p.today.AddDate(0, 0, -back).Unix()]
		if sum += spent; sum > 0 {
			days++
		}
	}
	if days == 0 {
		return 0
	}
	return sum / days
}

// projected is the spend at the end of the month if each day until then has the
// mean of the last ones.
func (p pace) projected(spent int64) int64 {
	daily := p.daily()
	rest := max(0, daily-p.byDay[p.today.Unix()])
	return spent + rest + daily*int64(p.days-p.today.Day())
}

// reaches returns the day on which the projected spend reaches an amount, false
// when it does not within the month.
func (p pace) reaches(spent, amount int64) (time.Time, bool) {
	daily := p.daily()
	if daily <= 0 || spent >= amount || p.projected(spent) < amount {
		return time.Time{}, false
	}
	sum := spent + max(0, daily-p.byDay[p.today.Unix()])
	at := p.today
	for sum < amount {
		sum += daily
		at = at.AddDate(0, 0, 1)
	}
	return at, true
}

// burn draws how the spend of a month grows.
type burn struct {
	Drawings []burnDrawing
	Label    string
}

type burnDrawing struct {
	frame

	Lines []gridLine
	Days  []dayMark
	// Spent and Projected are the points of lines, Area those of the area below.
	Spent, Projected, Area string
	// Today is where the line of the spend ends.
	Today point
	Marks []burnMark
}

type point struct{ X, Y float64 }

// burnMark is the line of the limit or of an alert.
type burnMark struct {
	Y           float64
	Class, Text string
	// Below is how far its text is from the line.
	Below float64
}

var spark = frame{Class: "spark", Width: 132, Height: 36, Left: 1, Right: 131, Top: 3, Bottom: 34}

// mark is an amount that a burn is compared with.
type mark struct {
	class, name string
	nano        int64
}

func (p pace) draw(f frame, spent int64, marks []mark) burnDrawing {
	projected := p.projected(spent)
	highest := max(spent, projected)
	for _, m := range marks {
		highest = max(highest, m.nano)
	}
	d := burnDrawing{frame: f}
	var top float64
	if d.Lines, top = f.across("cost", highest); f.marks == 0 {
		d.Lines, top = nil, float64(max(highest, 1))
	}
	x := func(days float64) float64 { return tenth(f.Left + (f.Right-f.Left)*days/float64(p.days)) }
	y := func(nano int64) float64 { return tenth(f.Bottom - (f.Bottom-f.Top)*float64(nano)/top) }
	d.Today = point{x(0), y(0)}
	points := []string{fmt.Sprintf("%g,%g", d.Today.X, d.Today.Y)}
	var sum int64
	for i := range p.today.Day() {
		sum += p.byDay[p.month.AddDate(0, 0, i).Unix()]
		d.Today = point{x(float64(i + 1)), y(sum)}
		points = append(points, fmt.Sprintf("%g,%g", d.Today.X, d.Today.Y))
	}
	d.Spent = strings.Join(points, " ")
	d.Area = fmt.Sprintf("%s %g,%g %g,%g", d.Spent, d.Today.X, y(0), x(0), y(0))
	if left := p.days - p.today.Day(); left > 0 && projected > sum {
		d.Projected = fmt.Sprintf("%g,%g %g,%g", d.Today.X, d.Today.Y, x(float64(p.days)), y(projected))
	}
	d.Marks = burnMarks(marks, y)
	if f.marks == 0 {
		return d
	}
	every := int(math.Ceil(float64(p.days) / float64(f.marks)))
	for i := 0; i < p.days; i += every {
		d.Days = append(d.Days, dayMark{x(float64(i) + 0.5), p.month.AddDate(0, 0, i).Format("2 Jan")})
	}
	return d
}

// burnMarks writes the name of a mark above its line, or below it where the
// mark above is near.
func burnMarks(marks []mark, y func(int64) float64) (all []burnMark) {
	marks = slices.Clone(marks)
	slices.SortFunc(marks, func(a, b mark) int { return int(y(a.nano)) - int(y(b.nano)) })
	for i, m := range marks {
		one := burnMark{Y: y(m.nano), Class: m.class, Text: m.name + " " + dollars(m.nano), Below: -5}
		if one.Y < 18 || i > 0 && one.Y-all[i-1].Y < 18 && all[i-1].Below < 0 {
			one.Below = 13
		}
		all = append(all, one)
	}
	return all
}

func (p pace) newBurn(s spend) burn {
	b := burn{Label: fmt.Sprintf("Spend of %s day by day: %s so far", p.month.Format("January 2006"), s.Spent)}
	if s.Projected != "" {
		b.Label += ", about " + s.Projected + " at the end of the month"
	}
	if s.Limit != "" {
		b.Label += ", the limit is " + s.Limit
	}
	for _, f := range frames {
		b.Drawings = append(b.Drawings, p.draw(f, s.nano, s.marks))
	}
	return b
}
