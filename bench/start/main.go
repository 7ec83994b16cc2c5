// Command start measures how long it takes from the start of the provider's
// process until Terraform has its schema, and how large the program is as it is
// released, compared with an empty provider and one that has only the SDK.
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
	"strconv"
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
	programs := []*program{
		{name: "an empty provider", pkg: "./bench/emptyprovider"},
		{name: "the same with OpenAI's SDK linked in", pkg: "./bench/emptyprovider", tags: "sdk"},
		{name: "this provider", pkg: "."},
	}
	for i, p := range programs {
		p.path = filepath.Join(folder, strconv.Itoa(i))
		build := exec.CommandContext(ctx, "go", "build", "-tags", p.tags, "-ldflags", "-s -w", "-o", p.path, p.pkg)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", p.pkg, err, out)
		}
	}
	for i := range runs + 1 {
		// In turn, so that all meet the same machine.
		for _, p := range programs {
			took, err := serveSchema(ctx, p.path)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			if i > 0 { // the first run warms the file cache
				p.times = append(p.times, took)
			}
		}
	}
	fmt.Println("| program | until the schema is served | ratio | stripped binary |")
	fmt.Println("|---|---:|---:|---:|")
	least := median(programs[0].times)
	for _, p := range programs {
		info, err := os.Stat(p.path)
		if err != nil {
			return err
		}
		took := median(p.times)
		fmt.Printf("| %s | %d ms | %.2f | %.1f MB |\n", p.name, took.Milliseconds(), float64(took)/float64(least), float64(info.Size())/1e6)
	}
	return nil
}

// program is one of those that are compared.
type program struct {
	name, pkg, tags, path string
	times                 []time.Duration
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

// serveSchema starts a provider as Terraform does, asks for its schema, and
// returns how long both took.
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
