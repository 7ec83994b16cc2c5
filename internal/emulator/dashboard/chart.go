package dashboard

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// usageChart is the usage of a time range, drawn for wide and for narrow
// windows: one drawing for both would have letters too small to read.
type usageChart struct {
	Drawings []chart
	Series   []series
	Total    string
	// Each is what a bar stands for: day, week or month.
	Each string
}

// frame is the area of a drawing.
type frame struct {
	Class                    string
	Width, Height            float64
	Left, Right, Top, Bottom float64
	// marks is how many dates there is room for.
	marks int
}

var frames = []frame{
	{Class: "wide", Width: 960, Height: 260, Left: 60, Right: 952, Top: 10, Bottom: 232, marks: 10},
	{Class: "narrow", Width: 340, Height: 220, Left: 56, Right: 336, Top: 10, Bottom: 194, marks: 5},
}

// chart is drawn as stacked bars, one for each day, week or month.
type chart struct {
	frame

	Label string
	Bars  []bar
	Lines []gridLine
	Days  []dayMark
}

// bar is a piece of a day's bar.
type bar struct {
	X, Y, Width, Height float64
	// Series chooses the color.
	Series int
	Title  string
}

type gridLine struct {
	Y    float64
	Text string
}

type dayMark struct {
	X    float64
	Text string
}

// series is one color of the chart.
type series struct {
	Index       int
	Name, Total string

	sum int64
}

// mostSeries have a series of their own; the rest is one series.
const mostSeries = 8

const restName = "everything else"

// newUsageChart draws sums by day. Names belong to the groups.
func newUsageChart(c choice, sums []store.DaySum, names map[string]string) usageChart {
	places, all := rank(sums, names, c.Measure.Value)
	buckets := c.buckets()
	var total int64
	values := make([][]int64, len(buckets))
	for i := range values {
		values[i] = make([]int64, len(all))
	}
	at := 0
	for _, s := range sums {
		for s.Day >= buckets[at].end.Unix() {
			at++
		}
		values[at][places[s.Group]] += s.Sum
		total += s.Sum
	}
	drawn := usageChart{Series: all, Total: amount(c.Measure.Value, total), Each: c.grain()}
	label := fmt.Sprintf("%s by %s from %s to %s: %s", c.Measure.Title, c.By.Value, c.From.Format(time.DateOnly), c.To.Format(time.DateOnly), drawn.Total)
	for _, f := range frames {
		one := chart{frame: f, Label: label}
		top := one.grid(c.Measure.Value, values)
		one.draw(c.Measure.Value, all, buckets, values, top)
		drawn.Drawings = append(drawn.Drawings, one)
	}
	return drawn
}

// bucket is the time that a bar stands for.
type bucket struct {
	start, end  time.Time
	title, mark string
}

// A range of more days than these has bars of weeks, or of months.
const (
	mostBarsOfDays  = 62
	mostDaysOfWeeks = 26 * 7
)

func (c choice) grain() string {
	switch days := c.days(); {
	case days <= mostBarsOfDays:
		return "day"
	case days <= mostDaysOfWeeks:
		return "week"
	default:
		return "month"
	}
}

// buckets divides the range. Weeks begin on Mondays; the first and the last
// bucket may be parts of one.
func (c choice) buckets() (all []bucket) {
	end := c.To.AddDate(0, 0, 1)
	for at := c.From; at.Before(end); {
		b := bucket{start: at, end: at.AddDate(0, 0, 1), title: at.Format("2 January 2006"), mark: at.Format("2 Jan")}
		switch c.grain() {
		case "week":
			b.end = at.AddDate(0, 0, 7-(int(at.Weekday())+6)%7)
		case "month":
			b.end = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
			b.mark = at.Format("Jan")
		}
		if b.end.After(end) {
			b.end = end
		}
		if last := b.end.AddDate(0, 0, -1); last.After(at) {
			b.title += " to " + last.Format("2 January 2006")
		}
		all = append(all, b)
		at = b.end
	}
	return all
}

// rank gives each group its place among the series, the largest first.
func rank(sums []store.DaySum, names map[string]string, measure string) (places map[string]int, all []series) {
	totals := map[string]int64{}
	for _, s := range sums {
		totals[s.Group] += s.Sum
	}
	var groups []string
	for group, sum := range totals {
		if sum != 0 {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b string) int {
		return cmp.Or(cmp.Compare(totals[b], totals[a]), cmp.Compare(a, b))
	})
	places = map[string]int{}
	for i, group := range groups {
		index := min(i, mostSeries)
		places[group] = index
		if index == len(all) {
			name := cmp.Or(names[group], group, "not attributed")
			if index == mostSeries {
				name = restName
			}
			all = append(all, series{Index: index, Name: name})
		}
		all[index].sum += totals[group]
	}
	for i := range all {
		all[i].Total = amount(measure, all[i].sum)
	}
	return places, all
}

// grid draws the lines across and returns the value at the top.
func (d *chart) grid(measure string, values [][]int64) float64 {
	var highest int64
	for _, pieces := range values {
		var sum int64
		for _, piece := range pieces {
			sum += piece
		}
		highest = max(highest, sum)
	}
	var top float64
	d.Lines, top = d.across(measure, highest)
	return top
}

// across are lines from zero to at least the highest value, with the value of
// the topmost.
func (f frame) across(measure string, highest int64) (lines []gridLine, top float64) {
	step := stepFor(measure, float64(max(highest, 1))/mostLines)
	count := math.Ceil(float64(max(highest, 1)) / step)
	for i := range int(count) + 1 {
		lines = append(lines, gridLine{
			Y: tenth(f.Bottom - (f.Bottom-f.Top)*float64(i)/count), Text: short(measure, step*float64(i)),
		})
	}
	return lines, step * count
}

func (d *chart) draw(measure string, all []series, buckets []bucket, values [][]int64, top float64) {
	slot := (d.Right - d.Left) / float64(len(buckets))
	gap := math.Min(slot*0.2, 8)
	every := int(math.Ceil(float64(len(buckets)) / float64(d.marks)))
	if len(buckets) <= 13 && d.Class == "wide" {
		every = 1
	}
	for i, b := range buckets {
		x := d.Left + slot*float64(i)
		if i%every == 0 {
			d.Days = append(d.Days, dayMark{tenth(x + slot/2), b.mark})
		}
		y := d.Bottom
		for index, piece := range values[i] {
			if piece <= 0 {
				continue
			}
			height := (d.Bottom - d.Top) * float64(piece) / top
			y -= height
			d.Bars = append(d.Bars, bar{
				X: tenth(x + gap/2), Y: tenth(y), Width: tenth(slot - gap), Height: tenth(height), Series: index,
				Title: fmt.Sprintf("%s, %s: %s", b.title, all[index].Name, amount(measure, piece)),
			})
		}
	}
}

// mostLines are drawn across, in addition to the one at the bottom.
const mostLines = 5

// stepFor gives the next round number to count in: 1, 2, 2.5 or 5 with zeros,
// and whole numbers for measures that have no fractions.
func stepFor(measure string, least float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		step := factor * unit
		if step >= least && (measure == "cost" || step == math.Trunc(step)) {
			return step
		}
	}
	return 1
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

// amount writes a sum in full.
func amount(measure string, n int64) string {
	if measure == "cost" {
		return dollars(n)
	}
	return thousands(n) + " " + measure
}

// dollars writes billionths of a dollar to the cent, or with as many digits
// as an amount below a cent needs.
func dollars(nano int64) string {
	d := decimal.New(nano, -9)
	if d.Abs().LessThan(decimal.NewFromInt(1)) && !d.Equal(d.Truncate(2)) {
		return "$" + d.StringFixed(4)
	}
	_, cents, _ := strings.Cut(d.StringFixed(2), ".")
	return "$" + thousands(d.Round(2).IntPart()) + "." + cents
}

func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// short writes a number next to the chart.
func short(measure string, x float64) string {
	if measure == "cost" {
		whole, cents, _ := strings.Cut(strconv.FormatFloat(x/1e9, 'f', -1, 64), ".")
		if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
			whole = thousands(n)
		}
		return strings.TrimSuffix("$"+whole+"."+cents, ".")
	}
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x >= unit.size {
			return strconv.FormatFloat(math.Round(x/unit.size*100)/100, 'f', -1, 64) + unit.name
		}
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
