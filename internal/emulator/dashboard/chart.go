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

// chart is drawn as stacked bars, one for each day.
type chart struct {
	Width, Height            float64
	Left, Right, Top, Bottom float64
	Label                    string
	Bars                     []bar
	Lines                    []gridLine
	Days                     []dayMark
	Series                   []series
	Total                    string
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

// newChart draws sums by day. Names belong to the groups.
func newChart(c choice, sums []store.DaySum, names map[string]string) chart {
	drawn := chart{Width: 960, Height: 260, Left: 60, Right: 952, Top: 10, Bottom: 232}
	places, all := rank(sums, names, c.Measure.Value)
	drawn.Series = all
	var total int64
	byDay := map[int64][]int64{}
	for _, s := range sums {
		if byDay[s.Day] == nil {
			byDay[s.Day] = make([]int64, len(all))
		}
		byDay[s.Day][places[s.Group]] += s.Sum
		total += s.Sum
	}
	drawn.Total = amount(c.Measure.Value, total)
	drawn.Label = fmt.Sprintf("%s by %s from %s to %s: %s", c.Measure.Title, c.By.Value, c.From.Format(time.DateOnly), c.To.Format(time.DateOnly), drawn.Total)
	top := drawn.grid(c.Measure.Value, byDay)
	drawn.draw(c, byDay, top)
	return drawn
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
func (d *chart) grid(measure string, byDay map[int64][]int64) float64 {
	var highest int64
	for _, pieces := range byDay {
		var sum int64
		for _, piece := range pieces {
			sum += piece
		}
		highest = max(highest, sum)
	}
	step := stepFor(measure, float64(max(highest, 1))/mostLines)
	lines := math.Ceil(float64(max(highest, 1)) / step)
	for i := range int(lines) + 1 {
		d.Lines = append(d.Lines, gridLine{
			Y: tenth(d.Bottom - (d.Bottom-d.Top)*float64(i)/lines), Text: short(measure, step*float64(i)),
		})
	}
	return step * lines
}

func (d *chart) draw(c choice, byDay map[int64][]int64, top float64) {
	slot := (d.Right - d.Left) / float64(c.days())
	gap := math.Min(slot*0.2, 4)
	every := int(math.Ceil(float64(c.days()) / 10))
	for i := range c.days() {
		at := c.From.AddDate(0, 0, i)
		x := d.Left + slot*float64(i)
		if i%every == 0 {
			d.Days = append(d.Days, dayMark{tenth(x + slot/2), at.Format("2 Jan")})
		}
		y := d.Bottom
		for index, piece := range byDay[at.Unix()] {
			if piece <= 0 {
				continue
			}
			height := (d.Bottom - d.Top) * float64(piece) / top
			y -= height
			d.Bars = append(d.Bars, bar{
				X: tenth(x + gap/2), Y: tenth(y), Width: tenth(slot - gap), Height: tenth(height), Series: index,
				Title: fmt.Sprintf("%s, %s: %s", at.Format("2 January 2006"), d.Series[index].Name, amount(c.Measure.Value, piece)),
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
		return "$" + strconv.FormatFloat(x/1e9, 'f', -1, 64)
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
