package planreview_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

// writePlan writes a plan of this many projects, as Terraform does: each object is
// among the planned values, the changes, and in the state.
func writePlan(w io.Writer, projects int) error {
	list := func(write func(encoded *json.Encoder, r map[string]any) error) error {
		encoder := json.NewEncoder(w)
		for i := range projects {
			for _, r := range project(i) {
				if err := write(encoder, r); err != nil {
					return err
				}
				if _, err := io.WriteString(w, ","); err != nil {
					return err
				}
			}
		}
		return encoder.Encode(resource("openai_project.last", nil, object{"name": "last"}))
	}
	values := func(encoder *json.Encoder, r map[string]any) error {
		return encoder.Encode(map[string]any{
			"address": r["address"], "mode": "managed", "type": r["type"], "name": r["name"], "index": r["index"],
			"provider_name": r["provider_name"], "schema_version": 1, "values": r["change"].(map[string]any)["after"], "sensitive_values": object{"value": true},
		})
	}
	changes := func(encoder *json.Encoder, r map[string]any) error { return encoder.Encode(r) }
	for _, part := range []struct {
		text string
		list func(*json.Encoder, map[string]any) error
	}{
		{`{"format_version":"1.2","terraform_version":"1.14.0","planned_values":{"root_module":{"resources":[`, values},
		{`]}},"resource_changes":[`, changes},
		{`],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[`, values},
		{`]}}},"timestamp":"2026-01-01T00:00:00Z"}`, nil},
	} {
		if _, err := io.WriteString(w, part.text); err != nil {
			return err
		}
		if part.list == nil {
			continue
		}
		if err := list(part.list); err != nil {
			return err
		}
	}
	return nil
}

// project is a project with a limit, a key and a member; the limit of every tenth
// is raised.
func project(i int) []map[string]any {
	key, id := fmt.Sprintf(`["team-%06d"]`, i), fmt.Sprintf("proj_%024d", i)
	limit := object{"project_id": id, "threshold_amount": 5000, "threshold_usd": 50, "currency": "USD", "interval": "month", "enforcement_status": "inactive", "object": "project.spend_limit", "suppress_warnings": nil, "timeouts": nil}
	raised := limit
	if i%10 == 0 {
		raised = with(limit, object{"threshold_amount": 50000, "threshold_usd": 500})
	}
	created := object{"id": id, "name": fmt.Sprintf("team-%06d", i), "created_at": 1794312000, "status": "active", "residency": nil, "timeouts": nil}
	apiKey := object{
		"project_id": id, "name": "service", "id": "key_" + id, "api_key_id": "key_" + id, "service_account_id": "svc_acct_" + id, "value": fmt.Sprintf("sk-svcacct-%048d", i),
		"expires_in_seconds": 2592000, "created_at": 1794312000, "created_at_time": "2026-11-10T12:00:00Z", "scopes": []string{"model.request"}, "rotation": nil, "status": "active", "timeouts": nil,
	}
	member := object{"project_id": id, "user_id": fmt.Sprintf("user-%024d", i), "email": fmt.Sprintf("dev%06d@example.com", i), "role": "member", "timeouts": nil}
	return []map[string]any{
		resource("openai_project.team"+key, created, created),
		resource("openai_project_spend_limit.team"+key, limit, raised),
		resource("openai_project_api_key.team"+key, apiKey, apiKey),
		resource("openai_project_user.team"+key, member, member),
	}
}

// watched measures the heap while it is read from.
type watched struct {
	io.Reader
	peak uint64
}

func (w *watched) Read(p []byte) (int, error) {
	w.measure()
	return w.Reader.Read(p)
}

func (w *watched) measure() {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	w.peak = max(w.peak, sample[0].Value.Uint64())
}

// A plan of 192 MB fits into 300 MB, and a smaller one into the same share.
func TestMemoryIsBoundedByThePlan(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(planreview.GCPercent))
	var content bytes.Buffer
	if err := writePlan(&content, 1500); err != nil {
		t.Fatal(err)
	}
	size := uint64(content.Len())
	w := &watched{Reader: &content}
	w.measure()
	before := w.peak
	plan, err := planreview.Read(w)
	if err != nil {
		t.Fatal(err)
	}
	text := planreview.Review(plan, planreview.DefaultConfig()).Markdown(planreview.Comment{Name: "large"})
	w.measure()
	if !strings.Contains(text, "Checked 6001 objects") || !strings.Contains(text, "150 high") {
		t.Fatal(text)
	}
	needed := w.peak - before
	t.Logf("%d KB for a plan of %d KB", needed>>10, size>>10)
	if needed > size*300/192 {
		t.Errorf("it needs %d KB for a plan of %d KB", needed>>10, size>>10)
	}
}

// PowerShell writes UTF-16, with a byte order mark.
func TestReadDecodesUTF16(t *testing.T) {
	limit := object{"project_id": "proj_1", "threshold_amount": 1000}
	content := plan(t, resource(`openai_project_spend_limit.a["🦕"]`, limit, with(limit, object{"threshold_amount": 9000})))
	expected := review(t, content).Markdown(planreview.Comment{})
	for name, order := range map[string]binary.AppendByteOrder{"little endian": binary.LittleEndian, "big endian": binary.BigEndian} {
		encoded := order.AppendUint16(nil, 0xfeff)
		for _, unit := range utf16.Encode([]rune(string(content))) {
			encoded = order.AppendUint16(encoded, unit)
		}
		for mark, text := range map[string][]byte{"with a mark": encoded, "without a mark": encoded[2:]} {
			if got := review(t, text).Markdown(planreview.Comment{}); got != expected {
				t.Errorf("%s %s:\n%s", name, mark, got)
			}
		}
	}
	if got := review(t, append([]byte("\ufeff"), content...)).Markdown(planreview.Comment{}); got != expected {
		t.Errorf("UTF-8 with a mark:\n%s", got)
	}
}
