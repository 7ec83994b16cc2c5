// Package format writes amounts, counts and names for people.
package format

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
)

// Printable removes control characters: names come from the creator of the
// object.
func Printable(s string) string {
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, s)
}

// Money writes an amount with cents. CSV and JSON have every digit instead.
func Money(d decimal.Decimal) string {
	whole, cents, _ := strings.Cut(d.Abs().StringFixed(2), ".")
	sign := ""
	if d.Round(2).IsNegative() {
		sign = "-"
	}
	return sign + groupThousands(whole) + "." + cents
}

// Cents writes an amount of cents as dollars.
func Cents(cents int64) string { return Money(decimal.New(cents, -2)) }

// Count writes a number with thousands separated.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	if n < 0 {
		return "-" + groupThousands(digits[1:])
	}
	return groupThousands(digits)
}

func groupThousands(digits string) string {
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
