package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Permanent describes a setting that always exists. Its previous values are in
// state, as restore_values, before the first write.
type Permanent[M any] struct {
	// Remember sets the restore_values of a model to the values of another.
	Remember func(ctx context.Context, m, values *M, diags *diag.Diagnostics)
	// Previous returns a model with the values of restore_values, nil when they
	// are not known, as after an import.
	Previous func(ctx context.Context, m *M, diags *diag.Diagnostics) *M
	// Same reports whether two models have the same values, so that there is
	// nothing to write.
	Same func(a, b *M) bool
	// Unwritable returns why the API cannot restore a model, if so. It is
	// optional.
	Unwritable func(previous *M) string
	// Refused returns why the API refused to restore a model, when a policy that
	// it does not show can have done so. The setting stays then. It is optional.
	Refused func(previous *M, err error) string
}

func (s Setting[M]) createPermanent(ctx context.Context, call *Call[M]) error {
	present := *call.Plan
	reading := *call
	reading.Plan, reading.State = nil, &present
	if err := s.Read(ctx, &reading); err != nil {
		return err
	}
	s.Permanent.Remember(ctx, &present, &present, call.Diags)
	s.Permanent.Remember(ctx, call.Plan, &present, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	// In state before the write, so that the previous values are restored also
	// when the answer is lost.
	call.Checkpoint(ctx, &present)
	if s.Permanent.Same(call.Plan, &present) {
		*call.Plan = present
		return nil
	}
	return s.Write(ctx, call)
}

func (s Setting[M]) updatePermanent(ctx context.Context, call *Call[M]) error {
	if s.Permanent.Same(call.Plan, call.State) {
		return nil
	}
	return s.Write(ctx, call)
}

func (s Setting[M]) restorePrevious(ctx context.Context, call *Call[M]) error {
	previous := s.Permanent.Previous(ctx, call.State, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	if previous == nil {
		tfkit.AddLeft(call.Diags, s.Label(call.State), "it was imported, so its previous values are not known.")
		return nil
	}
	// The present values in the API decide: a write whose answer was lost may have
	// been carried out.
	present := *call.State
	reading := *call
	reading.State = &present
	err := s.Read(ctx, &reading)
	if adminapi.IsDeleted(err) || err == nil && s.Permanent.Same(previous, &present) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.Permanent.Unwritable != nil {
		if reason := s.Permanent.Unwritable(previous); reason != "" {
			tfkit.AddLeft(call.Diags, s.Label(call.State), reason)
			return nil
		}
	}
	writing := *call
	writing.Plan = previous
	err = s.Write(ctx, &writing)
	if err == nil || adminapi.IsDeleted(err) {
		return nil
	}
	if s.Permanent.Refused != nil {
		if reason := s.Permanent.Refused(previous, err); reason != "" {
			tfkit.AddLeft(call.Diags, s.Label(call.State), reason)
			return nil
		}
	}
	return err
}
