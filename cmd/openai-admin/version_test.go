package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestVersionDescribesTheBuild(t *testing.T) {
	platform := fmt.Sprintf("Go:       %s\nplatform: %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	clone := &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "94735e3"}, {Key: "vcs.time", Value: "2026-11-27T12:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	installed := &debug.BuildInfo{Main: debug.Module{Version: "v1.4.0"}}
	for _, test := range []struct {
		version string
		info    *debug.BuildInfo
		want    string
	}{
		{"1.2.3", clone, "openai-admin 1.2.3\ncommit:   94735e3, with uncommitted changes\ndate:     2026-11-27T12:00:00Z\n"},
		{"dev", clone, "openai-admin dev\ncommit:   94735e3, with uncommitted changes\ndate:     2026-11-27T12:00:00Z\n"},
		{"dev", installed, "openai-admin v1.4.0\ncommit:   unknown\ndate:     unknown\n"},
		{"dev", nil, "openai-admin dev\ncommit:   unknown\ndate:     unknown\n"},
	} {
		if got := describeBuild(test.version, test.info); got != test.want+platform {
			t.Errorf("got\n%s\nnot\n%s", got, test.want+platform)
		}
	}
}
