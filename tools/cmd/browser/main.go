// Command browser checks the emulator's pages in a headless Chromium: that they
// are drawn, change by themselves, run no name as a script, and can be read, in
// light and in dark, wide and narrow, also by axe-core's rules for accessibility.
// Screenshots are left in build/browser. With -screenshots it takes those of the
// documentation instead.
//
// Without a browser or axe-core it fails; with -optional it says so and succeeds.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

//go:embed seed.yaml
var seed []byte

func main() {
	optional := flag.Bool("optional", false, "succeed where there is no browser")
	folder := flag.String("screenshots", "", "take the screenshots of the documentation into this folder, and check nothing")
	flag.Parse()
	browser, err := find()
	if err != nil && *optional {
		fmt.Println("browser check NOT RUN:", err)
		return
	}
	if err == nil {
		err = run(context.Background(), browser, *folder, *optional)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "The browser check failed:", err)
		os.Exit(1)
	}
}

// find returns the Chromium to use: $CHROME, or one on PATH.
func find() (string, error) {
	if path := os.Getenv("CHROME"); path != "" {
		return path, nil
	}
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("there is none of %v on PATH; install one, or name it in CHROME", names)
}

// axeFile is where npm installs axe-core.
const axeFile = "tools/cmd/browser/axe/node_modules/axe-core/axe.min.js"

func run(ctx context.Context, browser, screenshots string, optional bool) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	root, err := terraform.Root(ctx)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "openai-browser-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	binary := filepath.Join(folder, "openai-admin")
	if err := terraform.Build(ctx, root, "./cmd/openai-admin", binary); err != nil {
		return err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.UserDataDir(filepath.Join(folder, "profile")))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to run as root otherwise
	}
	ctx, stop := chromedp.NewExecAllocator(ctx, options...)
	defer stop()
	if screenshots != "" {
		return shoot(ctx, binary, filepath.Join(root, screenshots))
	}
	axe, err := os.ReadFile(filepath.Join(root, axeFile))
	switch {
	case err != nil && optional:
		fmt.Println("accessibility check NOT RUN: axe-core is not installed, make test-browser installs it")
	case err != nil:
		return fmt.Errorf("axe-core is not installed, make test-browser installs it: %w", err)
	}
	return check(ctx, browser, binary, root, string(axe))
}

func check(ctx context.Context, browser, binary, root, axe string) (err error) {
	organization, err := start(ctx, binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, organization.Stop()) }()
	pictures := filepath.Join(root, "build", "browser")
	if err := os.MkdirAll(pictures, 0o750); err != nil {
		return err
	}
	fmt.Println("Checking the page with", browser)
	for _, look := range looks {
		if err := look.check(ctx, organization.URL, pictures, axe); err != nil {
			return fmt.Errorf("%s: %w", look.name, err)
		}
		fmt.Printf("  %s: as it should be\n", look.name)
	}
	if err := use(ctx, organization); err != nil {
		return fmt.Errorf("using the page: %w", err)
	}
	fmt.Printf("  the form, the outbox and the updates work\nScreenshots are in %s.\n", pictures)
	return nil
}

// start runs an emulator and lets something happen in it.
func start(ctx context.Context, binary string) (*emulator.Emulator, error) {
	file := filepath.Join(filepath.Dir(binary), "seed.yaml")
	if err := os.WriteFile(file, seed, 0o600); err != nil {
		return nil, err
	}
	organization, err := emulator.Start(ctx, binary, "--seed", file)
	if err != nil {
		return nil, err
	}
	if err := happen(ctx, organization); err != nil {
		return nil, errors.Join(err, organization.Stop())
	}
	return organization, nil
}

// happen sets limits and alerts, and lets dev's application call until an alert
// was sent.
func happen(ctx context.Context, organization *emulator.Emulator) error {
	const month = `"currency":"USD","interval":"month"`
	for path, amount := range map[string]string{"/organization": "6000", "/organization/projects/proj_dev": "1300", "/organization/projects/proj_prod": "4000"} {
		if err := organization.Post(ctx, "/v1"+path+"/spend_limit", `{"threshold_amount":`+amount+`,`+month+`}`, nil); err != nil {
			return err
		}
	}
	alert := `{"threshold_amount":500,` + month + `,"notification_channel":{"type":"email","recipients":["finops@example.com"],"subject_prefix":"<b>[dev]</b>"}}`
	if err := organization.Post(ctx, "/v1/organization/projects/proj_dev/spend_alerts", alert, nil); err != nil {
		return err
	}
	event := fmt.Sprintf(`{"events":[{"kind":"costs","at":%q,"project_id":"proj_dev","cost_usd":"10.5","line_item":"gpt-4o-mini"}]}`, time.Now().UTC().Format(time.RFC3339))
	if err := organization.Post(ctx, "/_emulator/usage", event, nil); err != nil {
		return err
	}
	var key struct{ Value string }
	if err := organization.Post(ctx, "/v1/organization/projects/proj_dev/service_accounts/svc_acct_dev/api_keys", `{"name":"checkout","expires_in_seconds":2592000}`, &key); err != nil {
		return err
	}
	if err := organization.Post(ctx, "/v1/organization/invites", `{"email":"new@example.com","role":"reader"}`, nil); err != nil {
		return err
	}
	return organization.PostAs(ctx, key.Value, "/v1/chat/completions", `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}`, nil)
}
