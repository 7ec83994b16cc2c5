package tfkit

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/wait"
)

// ReleaseHint says how to stop managing an object that cannot be changed or removed.
const ReleaseHint = "To stop managing it without a change, use a removed block with lifecycle { destroy = false }, or terraform state rm."

// KeptSummary is the summary of the warning that an object was not deleted,
// because another change of the configuration has written it.
const KeptSummary = "Object was not deleted"

// AddAPIError reports a failed call. object names the object of the call as the
// user knows it, for example `project "dev" (proj_123)`. A delete that was
// refused because another resource owns the path is a warning.
func AddAPIError(diags *diag.Diagnostics, object string, err error) {
	if path, owned := adminapi.OwnedPath(err); owned {
		diags.AddWarning(KeptSummary, fmt.Sprintf(
			"%s stays as it is: another resource of this configuration created or changed %s in this apply.", object, path))
		return
	}
	if advised, ok := errors.AsType[*advisedError](err); ok {
		AddAPIErrorAt(diags, advised.at, object, advised.next, advised.error)
		return
	}
	summary, detail := describe(object, err, "")
	diags.AddError(summary, detail)
}

// advisedError is the error of a failed call, with the next step for the user.
type advisedError struct {
	error
	at   path.Path
	next string
}

func (e *advisedError) Unwrap() error { return e.error }

// Advise returns the error of a call that was refused because of an attribute;
// next says what to do.
func Advise(err error, at path.Path, next string) error {
	return &advisedError{error: err, at: at, next: next}
}

// AddAPIErrorAt is AddAPIError for a call that was refused because of an
// attribute; next says what to set it to.
func AddAPIErrorAt(diags *diag.Diagnostics, at path.Path, object, next string, err error) {
	summary, detail := describe(object, err, next)
	diags.AddAttributeError(at, summary, detail)
}

func describe(object string, err error, next string) (summary, text string) {
	if unknown, is := errors.AsType[*transport.NotConfiguredError](err); is {
		return "Provider settings are not known yet", fmt.Sprintf("Object: %s\n\nNo request was sent, because %s.", object, unknown.Reason)
	}
	var apiErr *adminapi.Error
	if !errors.As(err, &apiErr) {
		if timeout, timedOut := errors.AsType[*wait.TimeoutError](err); timedOut {
			return "Operation timed out", fmt.Sprintf("Object: %s\nMessage: %s\n\n%s", object, timeout, timeoutStep(timeout))
		}
		return "OpenAI API call failed", fmt.Sprintf("%s: %s.", object, err)
	}
	detail := []string{"Object: " + object}
	if apiErr.Status != 0 {
		detail = append(detail, fmt.Sprintf("Response: %d %s", apiErr.Status, http.StatusText(apiErr.Status)))
	}
	if apiErr.Message != "" {
		detail = append(detail, "Message: "+apiErr.Message)
	}
	if apiErr.Code != "" {
		detail = append(detail, "Code: "+apiErr.Code)
	}
	if apiErr.Param != "" {
		detail = append(detail, "Parameter: "+apiErr.Param)
	}
	if apiErr.RequestID != "" {
		detail = append(detail, "Request id: "+apiErr.RequestID)
	}
	if apiErr.MayHaveActed {
		detail = append(detail, "", "An earlier attempt of this request had no usable response and may have been carried out. Plan again to see the present state.")
	}
	if next == "" {
		next = nextStep(apiErr)
	}
	if next != "" {
		detail = append(detail, "", next)
	}
	return "Could not " + apiErr.Operation, strings.Join(detail, "\n")
}

// codeSteps are the next steps for errors that any endpoint may return, by
// their code.
var codeSteps = map[string]string{
	"ip_not_authorized": "The IP allowlist of the organization or the project does not have the address of this machine. " +
		"Add the address in the organization's settings, which have no API, or run Terraform in a network of the allowlist.",
	"certificate_required": "The organization accepts only clients with a certificate. Call the API through a proxy that presents one, and set base_url to it, " +
		"or deactivate the certificate of the organization in its settings.",
	"organization_spend_limit_exceeded":   "The month's spend of the organization has reached its hard limit. Raise or remove openai_organization_spend_limit, or wait for the next month.",
	"tunnel_active_organization_required": "The API does not know the organization of the tunnel. Set organization in the provider block to its id (org-…).",
	"tunnel_use_forbidden": "The owner of the admin key has no access to this tunnel. Give the owner a role with api.organization.tunnel.read and api.organization.tunnel.write, " +
		"and check that the tunnel belongs to the organization of the key.",
	"project_spend_limit_exceeded": "The month's spend of the project has reached its hard limit. Raise or remove openai_project_spend_limit, or wait for the next month.",
}

// nextStep says what the user can do about an error.
func nextStep(err *adminapi.Error) string {
	switch {
	case transport.IsReadOnly(err):
		return "Remove read_only from the provider block, or use a provider block without it."
	case err.LostAnswer != nil:
		return lostAnswerStep(err.LostAnswer)
	case err.OutcomeUnknown:
		return "The API returned no usable response, so the outcome of the change is unknown. Plan again to see the present state."
	case err.Timeout != nil:
		return timeoutStep(err.Timeout)
	case err.Code == adminapi.CodeProjectArchived:
		return "The project is archived and cannot be changed. Remove it from the configuration, or create a new project."
	case codeSteps[err.Code] != "":
		return codeSteps[err.Code]
	case err.NotAPI:
		return "This response says nothing about the object, which is left as it is in state."
	case adminapi.IsMissingPermission(err) && err.ProjectKey:
		return "Check that api_key (OPENAI_API_KEY) is a valid API key of the project, not an admin key, and that it has the scopes of the call: api.webhooks.read, and for changes api.webhooks.write. Changes need a key whose owner is an owner of the project."
	case adminapi.IsMissingPermission(err):
		return "Check that admin_api_key (OPENAI_ADMIN_KEY) is an admin key (sk-admin-…) of this organization that has not expired, that its owner is an organization owner, and that the key is not restricted to other scopes."
	case err.RetryAfter > 0:
		return fmt.Sprintf("The API asks to wait %s before the next request, longer than the rest of max_wait (%s). Plan or apply again after that time, or raise max_wait.", err.RetryAfter.Round(time.Second), err.MaxWait)
	case err.Status == http.StatusTooManyRequests && err.WaitExhausted:
		return "The API throttled the request until max_wait was over. Plan or apply again later, raise max_wait, or lower requests_per_minute and -parallelism."
	case err.Status == http.StatusTooManyRequests:
		return "The API throttles this endpoint. Plan or apply again later, raise max_wait, or lower requests_per_minute and -parallelism."
	case err.Status == http.StatusNotFound && err.Creates:
		return "The parent of the object does not exist, or the API does not have this endpoint. Check the ids in the configuration, and base_url, which ends with /v1."
	case err.Status == http.StatusNotFound && strings.HasPrefix(err.Operation, "list "):
		return "The API does not have this list. Check the ids in the configuration, and base_url, which ends with /v1."
	case err.Status == http.StatusNotFound:
		return "It may have been deleted outside Terraform. Plan again."
	case err.Status == http.StatusConflict:
		return "Another client changed the object at the same time. Plan again."
	case err.Status >= 500, err.Status == 0:
		return "The API could not be reached, or failed. Check base_url and the network, and plan or apply again later."
	default:
		return ""
	}
}

func timeoutStep(timeout *wait.TimeoutError) string {
	return fmt.Sprintf("The provider sent no further requests. Plan or apply again, or raise %s in the timeouts block of the resource.", timeout.Operation)
}

// AddNotOne reports that a data source that looks for one object found none or
// several. byID is the attribute that would name one of them for certain.
func AddNotOne(diags *diag.Diagnostics, at path.Path, description, byID string, found []string) {
	if len(found) == 0 {
		diags.AddAttributeError(at, "Object not found", fmt.Sprintf("There is no %s.", description))
		return
	}
	diags.AddAttributeError(at, "Multiple objects found", fmt.Sprintf(
		"There is more than one %s: %s. Choose one with %s.", description, strings.Join(found, ", "), byID))
}
