package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
)

// A shot is a screenshot of the documentation: a page down to the end of an
// element.
type shot struct {
	name, scheme, path string
	width              int64
	until              string
}

var shots = []shot{
	{"emulator.png", "light", "", 1280, "#burn"},
	{"emulator-dark.png", "dark", "", 1280, "#burn"},
	{"emulator-project.png", "light", "projects/proj_shop_prod?measure=cost&by=model", 1280, "#usage"},
	{"emulator-narrow.png", "dark", "", 400, "#projects"},
}

// shotClock makes the screenshots show the same days whenever they are taken.
const shotClock = "2026-11-24T15:20:00Z"

// shoot takes the screenshots into a folder.
func shoot(ctx context.Context, binary, folder string) (err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	organization, err := emulator.Start(ctx, binary, "--seed", "company", "--clock", shotClock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, organization.Stop()) }()
	// The morning's calls pass the alerts.
	const today = `{"events":[
		{"kind":"costs","at":"2026-11-24T09:00:00Z","project_id":"proj_shop_prod","api_key_id":"key_checkout","cost_usd":"19.40","line_item":"gpt-5, input and output"},
		{"kind":"costs","at":"2026-11-24T09:00:00Z","project_id":"proj_shop_dev","api_key_id":"key_ci","cost_usd":"4.12","line_item":"gpt-4o, input and output"}]}`
	if err := organization.Post(ctx, "/_emulator/usage", today, nil); err != nil {
		return err
	}
	for _, s := range shots {
		if err := s.capture(ctx, organization.URL, folder); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Println("Took", filepath.Join(folder, s.name))
	}
	return nil
}

func (s shot) capture(ctx context.Context, url, folder string) error {
	ctx, cancel, t := open(ctx, url)
	defer cancel()
	live := chromedp.WaitVisible(chromedp.CSS("#live.good"))
	err := chromedp.Do(ctx, listen, prefer(s.scheme), chromedp.EmulateViewport(s.width, 900), chromedp.Navigate(url+"/"+s.path), live)
	if err != nil {
		return err
	}
	height, err := chromedp.Run(ctx, chromedp.Evaluate[int64](fmt.Sprintf(`Math.ceil(document.querySelector(%q).getBoundingClientRect().bottom) + 18`, s.until)))
	if err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, height)); err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return errors.Join(t.failure(), os.WriteFile(filepath.Join(folder, s.name), picture, 0o600))
}
