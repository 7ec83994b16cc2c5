package spend_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/spend"
)

func parse(t *testing.T, text string) *big.Float {
	t.Helper()
	// As Terraform reads numbers.
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestCents(t *testing.T) {
	for text, want := range map[string]int64{
		"0.01": 1, "0.1": 10, "1": 100, "1.10": 110, "12.34": 1234, "4.35": 435, "1.005e2": 10050, "70368744177664.01": 7036874417766401,
		// An amount within 1e-9 of a whole cent is that cent.
		"0.009999999999999999999": 1, "99.8999999999999999999999": 9990, "99.90000000001": 9990,
	} {
		if got, problem := spend.USDToCents(parse(t, text)); problem != "" || got != want {
			t.Errorf("%s dollars are %d cents, %s", text, got, problem)
		}
	}
	for text, want := range map[string]string{
		"0": "at least 0.01", "-1": "at least 0.01", "0.001": "two decimals", "1.005": "two decimals", "0.0099999": "two decimals", "99.9000000001": "two decimals",
		"99999999999999.99": "too large", "1e30": "too large",
	} {
		if got, problem := spend.USDToCents(parse(t, text)); !strings.Contains(problem, want) {
			t.Errorf("%s dollars are %d cents, %q", text, got, problem)
		}
	}
}

// Cents to dollars and back is the same money, to the cent.
func FuzzMoney(f *testing.F) {
	for _, seed := range []int64{1, 99, 100, 101, 123456789, spend.MaxCents} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, amount int64) {
		if amount < 1 || amount > spend.MaxCents {
			return
		}
		inUSD := spend.CentsToUSD(amount)
		back, problem := spend.USDToCents(inUSD.ValueBigFloat())
		if problem != "" || back != amount {
			t.Errorf("%d cents are %s dollars are %d cents, %s", amount, inUSD, back, problem)
		}
		if !inUSD.ValueBigFloat().IsInf() && inUSD.ValueBigFloat().Cmp(parse(t, inUSD.ValueBigFloat().Text('f', -1))) != 0 {
			t.Errorf("%s dollars do not survive being written down", inUSD)
		}
	})
}
