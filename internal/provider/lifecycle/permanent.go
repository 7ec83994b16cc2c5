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
	Remember func(ctx context.Context, m, values M, diags *diag.Diagnostics)
	// Recall sets the values of a model to its restore_values, and reports whether
	// they are known: after an import they are not.
	Recall func(ctx context.Context, m M, diags *diag.Diagnostics) (known bool)
	// Same reports whether two models have the same values, so that there is
	// nothing to write.
	Same func(a, b M) bool
	// Unwritable returns why the API cannot restore a model, if so. It is
	// optional.
	Unwritable func(previous M) string
	// Refused returns why the API refused to restore a model, when a policy that
	// it does not show can have done so. The setting stays then. It is optional.
	Refused func(previous M, err error) string
}

// permanentSetting runs the life cycle of a setting that always exists.
type permanentSetting[M any] struct {
	Setting[M]
	kernel *kernel[M]
}

func (s permanentSetting[M]) create(ctx context.Context, call *Call[M]) error {
	present := s.kernel.copied(ctx, call.Plan, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	reading := *call
	var none M
	reading.Plan, reading.State = none, present
	if err := s.Read(ctx, &reading); err != nil {
		return err
	}
	s.Permanent.Remember(ctx, present, present, call.Diags)
	s.Permanent.Remember(ctx, call.Plan, present, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	// In state before the write, so that the previous values are restored also
	// when the answer is lost.
	call.Checkpoint(ctx, present)
	if s.Permanent.Same(call.Plan, present) {
		call.Plan = present
		return nil
	}
	return s.Write(ctx, call)
}

func (s permanentSetting[M]) update(ctx context.Context, call *Call[M]) error {
	if s.Permanent.Same(call.Plan, call.State) {
		return nil
	}
	return s.Write(ctx, call)
}

func (s permanentSetting[M]) restore(ctx context.Context, call *Call[M]) error {
	previous, present := s.kernel.copied(ctx, call.State, call.Diags), s.kernel.copied(ctx, call.State, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	known := s.Permanent.Recall(ctx, previous, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	if !known {
		tfkit.AddLeft(call.Diags, s.Label(call.State), "it was imported, so its previous values are not known.")
		return nil
	}
	// The present values in the API decide: a write whose answer was lost may have
	// been carried out.
	reading := *call
	reading.State = present
	err := s.Read(ctx, &reading)
	if adminapi.IsDeleted(err) || err == nil && s.Permanent.Same(previous, present) {
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
