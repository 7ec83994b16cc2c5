package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watchMemory watches the processes of a program, and returns a function that
// ends that and returns the largest resident size that any has had, in MiB. It
// reads /proc, and returns 0 where there is none. The kernel keeps the peak of
// each, so that looking seldom misses little, and costs little.
func watchMemory(program string) func() float64 {
	done, result := make(chan struct{}), make(chan float64)
	go func() {
		peak := 0.0
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for {
			peak = max(peak, largest(program))
			select {
			case <-ticker.C:
			case <-done:
				result <- peak
				return
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-result
	}
}

func largest(program string) (peak float64) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is valid
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != program {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil {
			continue // it has ended
		}
		for line := range strings.Lines(string(status)) {
			if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				kib, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
				peak = max(peak, kib/1024)
			}
		}
	}
	return peak
}
