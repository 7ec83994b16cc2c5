package format

import (
	"testing"

	"github.com/shopspring/decimal"
)

func TestMoney(t *testing.T) {
	for amount, want := range map[string]string{"0": "0.00", "0.004": "0.00", "-0.004": "0.00", "0.005": "0.01", "1234.5": "1,234.50", "-1234567.891": "-1,234,567.89", "999.999": "1,000.00"} {
		if got := Money(decimal.RequireFromString(amount)); got != want {
			t.Errorf("%s is written as %s, expected %s", amount, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 100000: "100,000"} {
		if got := Count(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}
