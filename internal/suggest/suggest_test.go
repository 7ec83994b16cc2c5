package suggest

import "testing"

func TestSentence(t *testing.T) {
	t.Parallel()
	names := []string{"project", "key", "user", "model", "service-tier", "line-item", "shop-dev", "shop-prod", "data", "faults"}
	for wrong, want := range map[string]string{
		"projct":      `; did you mean "project"?`,
		"Projects":    `; did you mean "project"?`,
		"porject":     `; did you mean "project"?`,
		"keys":        `; did you mean "key"?`,
		"usr":         `; did you mean "user"?`,
		"servicetier": `; did you mean "service-tier"?`,
		"line":        `; did you mean "line-item"?`,
		"shop-pord":   `; did you mean "shop-prod"?`,
		"fats":        `; did you mean "faults"?`,
		"color":       "",
		"x":           "",
		"":            "",
	} {
		if got := Sentence(wrong, names); got != want {
			t.Errorf("%q: got %q, expected %q", wrong, got, want)
		}
	}
}
