package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// listen opens the listener. An address in use is reported with the process
// that has it, where the system shows that, and with another address.
func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if !errors.Is(err, syscall.EADDRINUSE) {
		return listener, err
	}
	host, port, splitErr := net.SplitHostPort(address)
	if splitErr != nil {
		return nil, err
	}
	by := "another process"
	if owner := ownerOfPort(ctx, port); owner != "" {
		by = owner
	}
	return nil, fmt.Errorf("--listen %s: the address is in use by %s. Stop it, or choose another one: --listen %s takes a free port", address, by, net.JoinHostPort(host, "0"))
}

// ownerOfPort returns the process that listens on a TCP port of this machine,
// empty when the system does not show it.
func ownerOfPort(ctx context.Context, port string) string {
	number, err := strconv.Atoi(port)
	if err != nil {
		return ""
	}
	if sockets := listeningSockets("/proc", number); len(sockets) > 0 {
		return ownerOfSocket("/proc", sockets)
	}
	return ownerByLsof(ctx, port)
}

// tcpListen is the state of a listening socket in /proc/net/tcp.
const tcpListen = "0A"

// listeningSockets returns the inodes of the sockets that listen on a port, on
// Linux.
func listeningSockets(proc string, port int) []string {
	var inodes []string
	for _, table := range []string{"tcp", "tcp6"} {
		content, err := os.ReadFile(filepath.Join(proc, "net", table))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(content)) {
			fields := strings.Fields(line)
			if len(fields) > 9 && fields[3] == tcpListen && strings.HasSuffix(fields[1], fmt.Sprintf(":%04X", port)) {
				inodes = append(inodes, fields[9])
			}
		}
	}
	return inodes
}

// ownerOfSocket returns the process that has one of the sockets open. Processes
// of other users do not show their files.
func ownerOfSocket(proc string, inodes []string) string {
	files, err := filepath.Glob(filepath.Join(proc, "[0-9]*", "fd", "*"))
	if err != nil {
		return ""
	}
	for _, file := range files {
		target, err := os.Readlink(file)
		if err != nil || !slices.ContainsFunc(inodes, func(inode string) bool { return target == "socket:["+inode+"]" }) {
			continue
		}
		process := filepath.Dir(filepath.Dir(file))
		name, err := os.ReadFile(filepath.Join(process, "comm"))
		if err != nil {
			continue
		}
		return describeProcess(strings.TrimSpace(string(name)), filepath.Base(process))
	}
	return ""
}

// ownerByLsof asks lsof, which macOS and the BSDs have.
func ownerByLsof(ctx context.Context, port string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "lsof", "-nP", "-iTCP:"+port, "-sTCP:LISTEN", "-Fpc").Output()
	if err != nil {
		return ""
	}
	return readLsof(string(out))
}

// readLsof reads the fields that -Fpc prints, one a line.
func readLsof(out string) string {
	id, name := "", ""
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "p") && id == "":
			id = line[1:]
		case strings.HasPrefix(line, "c") && name == "":
			name = line[1:]
		}
	}
	if id == "" || name == "" {
		return ""
	}
	return describeProcess(name, id)
}

func describeProcess(name, id string) string { return fmt.Sprintf("%s (process %s)", name, id) }
