// Command start measures how long it takes from the start of the provider's
// process until Terraform has its schema, beside a provider that has none, and
// how large the program is as it is released.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

const runs = 15

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "start:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "openai-start-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	ours, empty := filepath.Join(folder, "ours"), filepath.Join(folder, "empty")
	for output, pkg := range map[string]string{ours: ".", empty: "./bench/emptyprovider"} {
		build := exec.CommandContext(ctx, "go", "build", "-ldflags", "-s -w", "-o", output, pkg)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", pkg, err, out)
		}
	}
	var times, emptyTimes []time.Duration
	for i := range runs + 1 {
		// In turn, so that both meet the same machine.
		a, err := serveSchema(ctx, ours)
		if err != nil {
			return err
		}
		b, err := serveSchema(ctx, empty)
		if err != nil {
			return err
		}
		if i > 0 { // the first run warms the file cache
			times, emptyTimes = append(times, a), append(emptyTimes, b)
		}
	}
	info, err := os.Stat(ours)
	if err != nil {
		return err
	}
	a, b := median(times), median(emptyTimes)
	fmt.Println("| until the schema is served | an empty provider | ratio | stripped binary |")
	fmt.Println("|---:|---:|---:|---:|")
	fmt.Printf("| %d ms | %d ms | %.2f | %.1f MB |\n", a.Milliseconds(), b.Milliseconds(), float64(a)/float64(b), float64(info.Size())/1e6)
	return nil
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// serveSchema starts a provider as Terraform does, asks for its schema, and
// tells how long both took.
func serveSchema(ctx context.Context, program string) (took time.Duration, err error) {
	command := exec.CommandContext(ctx, program)
	command.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	out, err := command.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	reader := bufio.NewReader(out)
	line, err := reader.ReadString('\n')
	if err != nil {
		return 0, err
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	parts := strings.Split(strings.TrimSpace(line), "|")
	if len(parts) < 5 {
		return 0, fmt.Errorf("the provider introduces itself with %q", line)
	}
	connection, err := grpc.NewClient(parts[2]+":"+parts[3], grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return 0, err
	}
	defer func() { _ = connection.Close() }()
	// The answer's fields need not be understood, only received.
	err = connection.Invoke(ctx, "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}, grpc.MaxCallRecvMsgSize(256<<20))
	return time.Since(began), err
}
