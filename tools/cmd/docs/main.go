// Command docs generates docs/ from the schemas, templates/ and examples/. With
// -check it compares instead, and fails when docs/ is stale or a link is broken.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	check := flag.Bool("check", false, "compare with docs/ instead of writing it")
	flag.Parse()
	if err := run(context.Background(), *check); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, check bool) (err error) {
	root, err := terraform.Root(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "openai-docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	schemas, err := providerSchemas(ctx, root, folder)
	if err != nil {
		return err
	}
	if !check {
		return generate(ctx, root, schemas, "docs")
	}
	// tfplugindocs writes below the provider's folder only.
	fresh, err := os.MkdirTemp(root, ".docs-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(fresh) }()
	if err := generate(ctx, root, schemas, filepath.Base(fresh)); err != nil {
		return err
	}
	// The screenshots come from make screenshots.
	diff := exec.CommandContext(ctx, "diff", "-ru", "-x", "images", "docs", filepath.Base(fresh))
	diff.Dir = root
	if out, err := diff.CombinedOutput(); err != nil {
		return fmt.Errorf("docs/ is stale, run make docs:\n%s", out)
	}
	if err := checkLinks(root); err != nil {
		return fmt.Errorf("links:\n%w", err)
	}
	return nil
}

// providerSchemas asks the provider for its schemas, in the form that
// tfplugindocs reads.
func providerSchemas(ctx context.Context, root, folder string) (string, error) {
	binary, err := terraform.Find(ctx, root)
	if err != nil {
		return "", err
	}
	environment, err := terraform.Environment(ctx, root, folder)
	if err != nil {
		return "", err
	}
	config := fmt.Sprintf("terraform {\n  required_providers {\n    openai = {\n      source = %q\n    }\n  }\n}\n", terraform.SchemaAddress)
	if err := os.WriteFile(filepath.Join(folder, "main.tf"), []byte(config), 0o600); err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, binary, "providers", "schema", "-json")
	command.Dir = folder
	for name, value := range environment {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s providers schema: %w", binary, err)
	}
	identities := exec.CommandContext(ctx, "go", "run", "./internal/coverage/generate", "-identities")
	identities.Dir, identities.Stderr = root, os.Stderr
	identitySchemas, err := identities.Output()
	if err != nil {
		return "", fmt.Errorf("identity schemas: %w", err)
	}
	if out, err = likeEveryTerraform(out, identitySchemas); err != nil {
		return "", err
	}
	path := filepath.Join(folder, "schemas.json")
	return path, os.WriteFile(path, out, 0o600)
}

// likeEveryTerraform removes the list resources and actions, which Terraform
// reports from 1.14 on, and adds the identities, which it reports from 1.12 on: docs/ must not
// depend on the Terraform that generates it.
func likeEveryTerraform(schemas, identities []byte) ([]byte, error) {
	var document map[string]json.RawMessage
	if err := json.Unmarshal(schemas, &document); err != nil {
		return nil, err
	}
	var providers map[string]map[string]json.RawMessage
	if err := json.Unmarshal(document["provider_schemas"], &providers); err != nil {
		return nil, err
	}
	for _, provider := range providers {
		delete(provider, "list_resource_schemas")
		delete(provider, "action_schemas")
		provider["resource_identity_schemas"] = identities
	}
	var err error
	if document["provider_schemas"], err = json.Marshal(providers); err != nil {
		return nil, err
	}
	return json.Marshal(document)
}

func generate(ctx context.Context, root, schemas, into string) error {
	command := exec.CommandContext(ctx, "go", "tool", "tfplugindocs", "generate", "--provider-dir", root, "--provider-name", "openai",
		"--rendered-provider-name", "OpenAI", "--providers-schema", schemas, "--rendered-website-dir", into)
	command.Dir = filepath.Join(root, "tools")
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("tfplugindocs: %w\n%s", err, out)
	}
	// The rest, which is written from within the main module.
	command = exec.CommandContext(ctx, "go", "run", "./internal/coverage/generate", into)
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("the other pages: %w\n%s", err, out)
	}
	return nil
}
