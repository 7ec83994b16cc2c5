package provider_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// typeValidator is a framework's server that finds no fault.
type typeValidator struct{ provider.Framework }

func (typeValidator) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

// The process that plans knows the types that the process before it has
// validated, regardless of other lines in the file. Files of runs that have ended are
// removed, and a folder that cannot be written to harms nothing.
func TestProcessesShareTheTypesOfTheConfiguration(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	old, others := filepath.Join(folder, "terraform-provider-openai-0-1.types"), filepath.Join(folder, "others.types")
	for _, file := range []string{old, others} {
		if err := os.WriteFile(file, []byte("openai_project\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		long := time.Now().Add(-2 * time.Hour)
		if err := os.Chtimes(file, long, long); err != nil {
			t.Fatal(err)
		}
	}
	validate := func(file string, types ...string) {
		server := provider.NewServer("test", transport.SystemClock{})
		server.Framework = typeValidator{server.Framework}
		server.ShareTypes(file)
		for _, typeName := range types {
			if _, err := server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName}); err != nil {
				t.Error(err)
			}
		}
	}
	known := func(file string) string {
		server := provider.NewServer("test", transport.SystemClock{})
		server.ShareTypes(file)
		return strings.Join(server.ConfiguredTypes(), " ")
	}
	file := filepath.Join(folder, "terraform-provider-openai-0-2.types")
	if got := known(file); got != "" {
		t.Errorf("types before anything was validated: %s", got)
	}
	validate(file, "openai_project_api_key", "openai_project", "openai_project_api_key")
	validate(file, "openai_project", "no_such_type\n../../etc/passwd", "openai_project_rate_limit")
	if got := known(file); got != "openai_project openai_project_api_key openai_project_rate_limit" {
		t.Errorf("types: %s", got)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the file of an earlier run: %v", err)
	}
	if _, err := os.Stat(others); err != nil {
		t.Errorf("a file of others: %v", err)
	}

	// A link leads nowhere else, and without the folder there is only memory.
	target := filepath.Join(t.TempDir(), "target")
	if err := os.WriteFile(target, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "terraform-provider-openai-0-3.types")
	if err := os.Symlink(target, link); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	validate(link, "openai_project")
	if content, err := os.ReadFile(target); err != nil || len(content) > 0 {
		t.Errorf("a link was followed: %q, %v", content, err)
	}
	validate(filepath.Join(folder, "no such folder", "x"), "openai_project")
}
