package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/allthingsai/terraform-provider-openai/tools/emulator"
)

// look is one way to view the page.
type look struct {
	name, scheme string
	width        int64
	// path leads to the page, without the first slash.
	path string
	// background is the color of the page, red, green and blue.
	background string
}

var looks = []look{
	{"light", "light", 1280, "", "rgb(246, 247, 249)"},
	{"dark", "dark", 1280, "?measure=cost&by=project", "rgb(19, 22, 27)"},
	{"light, narrow", "light", 400, "?by=key", "rgb(246, 247, 249)"},
	{"dark, narrow", "dark", 400, "", "rgb(19, 22, 27)"},
	{"project, light", "light", 1280, "projects/proj_dev", "rgb(246, 247, 249)"},
	{"project, dark", "dark", 1280, "projects/proj_dev?measure=tokens&by=key", "rgb(19, 22, 27)"},
	{"project, light, narrow", "light", 400, "projects/proj_dev?show=errors", "rgb(246, 247, 249)"},
	{"project, dark, narrow", "dark", 400, "projects/proj_dev?from=2026-01-01&measure=cost", "rgb(19, 22, 27)"},
}

// seen is the report of a script in the page.
type seen struct {
	Background string
	// Overflow is by how many pixels the page is wider than the window.
	Overflow float64
	// Cut are texts that reach beyond the window's edge.
	Cut []string
	// Foreign are elements that no page of ours has, and scripts but its one.
	Foreign int
	Bars    int
	// Flat are bars without a size or a color.
	Flat int
	// Contrast is the lowest between a text and its background.
	Contrast     float64
	LeastOf      string
	Projects     bool
	ProjectNames string
	DevBar       string
	Outbox       string
	Live         string
}

// violation is a finding of axe-core.
type violation struct {
	ID, Help string
	Nodes    []string
}

// axeScript runs all of its rules for WCAG and for good practice.
const axeScript = `axe.run({ resultTypes: ['violations'] }).then(found => found.violations.map(v => ({ ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)) })))`

// accessible lets axe-core check the page of a tab. It does nothing without
// axe-core.
func accessible(ctx context.Context, axe string) error {
	if axe == "" {
		return nil
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axe)); err != nil {
		return fmt.Errorf("loading axe-core: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]violation](axeScript, chromedp.EvalAwaitPromise))
	if err != nil {
		return fmt.Errorf("running axe-core: %w", err)
	}
	var wrong []error
	for _, v := range found {
		wrong = append(wrong, fmt.Errorf("accessibility: %s (%s): %s", v.Help, v.ID, strings.Join(v.Nodes, " | ")))
	}
	return errors.Join(wrong...)
}

const lookScript = `(() => {
	const channels = c => (c.match(/[\d.]+/g) || []).map(Number);
	const luminance = c => {
		const [r, g, b] = channels(c).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = e => {
		for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (channels(c)[3] !== 0) return c;
		}
		return 'rgb(255, 255, 255)';
	};
	let contrast = 21, least = '';
	for (const e of document.querySelectorAll('h1, h2, p, td, th, li, label, summary, code, strong, .badge, .quiet, a, button')) {
		if (!e.textContent.trim() || !e.checkVisibility()) continue;
		const a = luminance(getComputedStyle(e).color), b = luminance(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < contrast) { contrast = ratio; least = e.tagName + ' ' + e.className + ' ' + e.textContent.trim().slice(0, 40); }
	}
	const bars = [...document.querySelectorAll('#usage .chart rect')].filter(r => r.checkVisibility());
	const cut = [...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('thead') && !e.closest('svg') && e.getBoundingClientRect().right > innerWidth + 0.5);
	const dev = [...document.querySelectorAll('#projects tr')].find(r => r.textContent.includes('proj_dev'));
	return {
		Background: getComputedStyle(document.body).backgroundColor,
		Overflow: document.documentElement.scrollWidth - innerWidth,
		Cut: cut.slice(0, 3).map(e => e.outerHTML.slice(0, 120)),
		Foreign: document.querySelectorAll('script, img, iframe, object, embed, b').length - 1,
		Bars: bars.length,
		Flat: bars.filter(r => r.getBoundingClientRect().width < 1 || getComputedStyle(r).fill === 'rgb(0, 0, 0)').length,
		Contrast: contrast, LeastOf: least,
		Projects: !!dev,
		ProjectNames: [...document.querySelectorAll('#projects strong')].map(e => e.textContent).join('|'),
		DevBar: getComputedStyle((dev || document).querySelector('.fill')).fill,
		Live: document.querySelector('#live').innerText,
		Outbox: document.querySelector('#outbox').innerText,
	};
})()`

// tab is a fresh tab that remembers everything that should not happen.
type tab struct {
	mu    sync.Mutex
	wrong []error
}

func (t *tab) add(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrong = append(t.wrong, fmt.Errorf(format, args...))
}

func (t *tab) failure() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return errors.Join(t.wrong...)
}

// open opens a tab. Only requests to the page itself are right.
func open(ctx context.Context, url string) (context.Context, context.CancelFunc, *tab) {
	t := &tab{}
	ctx, cancel := chromedp.NewContext(ctx, chromedp.WithListener(func(event any) {
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			t.add("an exception: %s", event.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			t.add("something was written to the console")
		case *log.EventEntryAdded:
			t.add("the browser complains: %s", event.Entry.Text)
		case *page.EventJavascriptDialogOpening:
			t.add("a dialog opened: %s", event.Message)
		case *network.EventRequestWillBeSent:
			address, _, _ := strings.Cut(event.Request.URL, "?")
			ours := strings.TrimSuffix(address, "/") == url || strings.HasPrefix(address, url+"/projects/") || address == url+"/_emulator/events"
			if !ours && !strings.HasPrefix(address, "data:") {
				t.add("the page asks for %s", event.Request.URL)
			}
		}
	}))
	return ctx, cancel, t
}

// listen asks the browser for all events.
var listen = chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
		if err == nil {
			_, err = chromedp.Call(ctx, enable, cdp.Empty{})
		}
	}
	return err
})

// prefer chooses between light and dark.
func prefer(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

func (l look) check(ctx context.Context, url, pictures, axe string) error {
	ctx, cancel, t := open(ctx, url)
	defer cancel()
	if err := chromedp.Do(ctx, listen, prefer(l.scheme), chromedp.EmulateViewport(l.width, 900), chromedp.Navigate(url+"/"+l.path), chromedp.WaitVisible(chromedp.CSS("#live.good"))); err != nil {
		return err
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[seen](lookScript))
	if err != nil {
		return err
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		return err
	}
	name := strings.ReplaceAll(l.name, ", ", "-") + ".png"
	if err := os.WriteFile(filepath.Join(pictures, name), picture, 0o600); err != nil {
		return err
	}
	return errors.Join(t.failure(), got.check(l), accessible(ctx, axe))
}

// readable is the contrast that WCAG asks of text.
const readable = 4.5

func (s seen) check(l look) error {
	var wrong []error
	for name, ok := range map[string]bool{
		fmt.Sprintf("the background is %s", s.Background):                     s.Background == l.background,
		fmt.Sprintf("the page is %g pixels too wide", s.Overflow):             s.Overflow <= 0,
		fmt.Sprintf("%d elements came out of names", s.Foreign):               s.Foreign == 0,
		fmt.Sprintf("texts are cut: %q", s.Cut):                               len(s.Cut) == 0,
		fmt.Sprintf("the chart has %d bars", s.Bars):                          s.Bars > 1,
		fmt.Sprintf("the page says it is %q", s.Live):                         s.Live == "live",
		fmt.Sprintf("%d bars cannot be seen", s.Flat):                         s.Flat == 0,
		fmt.Sprintf("the contrast of %q is only %.2f", s.LeastOf, s.Contrast): s.Contrast >= readable,
		fmt.Sprintf("the projects are %s", s.ProjectNames):                    !s.Projects || strings.Contains(s.ProjectNames, "|<img src=x onerror=alert(1)><script>alert(2)</script>|"),
		fmt.Sprintf("the bar of dev, near its limit, is %s", s.DevBar):        s.DevBar == map[string]string{"light": "rgb(217, 147, 42)", "dark": "rgb(219, 161, 63)"}[l.scheme],
		fmt.Sprintf("the outbox says %q", s.Outbox):                           strings.Contains(s.Outbox, "<b>[dev]</b> Spend alert"),
	} {
		if !ok {
			wrong = append(wrong, errors.New(name))
		}
	}
	return errors.Join(wrong...)
}

// use acts like a reader: it opens a message, sees the page change, and asks for
// another chart.
func use(ctx context.Context, organization *emulator.Emulator) error {
	url := organization.URL
	ctx, cancel, t := open(ctx, url)
	defer cancel()
	message := chromedp.CSS("#outbox pre")
	err := chromedp.Do(ctx, listen, chromedp.Navigate(url+"/"), chromedp.Click(chromedp.CSS("#outbox summary")), chromedp.WaitVisible(message))
	if err != nil {
		return err
	}
	body, err := chromedp.Run(ctx, chromedp.Text(message))
	if err != nil {
		return err
	}
	if err := organization.Post(ctx, "/v1/organization/projects", `{"name":"created-while-open"}`, nil); err != nil {
		return err
	}
	// The new project appears by itself, and the message stays open.
	appeared := `document.querySelector('#projects').innerText.includes('created-while-open') && !!document.querySelector('#outbox details[open]')`
	if err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void](appeared)); err != nil {
		return fmt.Errorf("waiting for the page to change: %w", err)
	}
	err = chromedp.Do(ctx, chromedp.SetValue(chromedp.CSS("select[name=by]"), "project"), chromedp.SetValue(chromedp.CSS("select[name=measure]"), "tokens"))
	if err != nil {
		return err
	}
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("form button"))); err != nil {
		return err
	}
	address, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		return err
	}
	legend, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(".legend")))
	if err != nil {
		return err
	}
	if !strings.Contains(body, "has reached the threshold of $5.00") {
		t.add("the message says %q", body)
	}
	if !strings.Contains(address, "by=project") || !strings.Contains(address, "measure=tokens") || !strings.HasSuffix(address, "#usage") {
		t.add("the form leads to %s", address)
	}
	if !strings.Contains(legend, "shop-prod") || !strings.Contains(legend, "tokens") {
		t.add("the legend says %q", legend)
	}
	return t.failure()
}
