package trust

import (
	"context"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// The API paths of the objects, which say which resources are about the same.

func (r *externalKeyResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/external_keys/{external_key_id}"))
}

func (r *externalStorageResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/external_storage/{external_storage_id}"))
}

func (r *certificateResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	return lifecycle.Named(object.Path("/organization/certificates/{certificate_id}"))
}

// ObjectPath names each certificate of the set besides.
func (r *projectCertificatesResource) ObjectPath(_ context.Context, object lifecycle.Values) lifecycle.Paths {
	certificates := object.Path("/organization/projects/{project_id}/certificates")
	if certificates == "" {
		return lifecycle.Paths{}
	}
	ids, unknown := object.Texts("certificate_ids")
	paths := lifecycle.Named(certificates)
	paths.MembersUnknown = unknown
	for _, id := range ids {
		paths.Members = append(paths.Members, certificates+"/"+id)
	}
	return paths
}
