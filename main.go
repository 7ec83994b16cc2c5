// The provider's plugin process.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run the provider for a debugger such as delve to attach to")
	printVersion := flag.Bool("version", false, "print the version")
	flag.Parse()
	if *printVersion {
		fmt.Println(version)
		return
	}
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		go exitWithParent(os.Getppid())
		for name, level := range provider.LogVariables(os.Getenv) {
			if err := os.Setenv(name, level); err != nil {
				log.Fatal(err)
			}
		}
	}
	server := provider.NewServer(version, transport.SystemClock{})
	if !*debug {
		server.ShareTypes(provider.TypesFile(os.Getppid()))
	}
	err := tf6server.Serve("registry.terraform.io/allthingsai/openai", func() tfprotov6.ProviderServer { return server }, options...)
	if err != nil {
		log.Fatal(err)
	}
	// Terraform takes the level from the prefix.
	log.SetFlags(0)
	if waited := server.Waited(); waited != "" {
		log.Print("[WARN] ", waited)
	}
	if ahead := server.ReadAhead(); ahead != "" {
		log.Print("[INFO] ", ahead)
	}
}

// exitWithParent ends the process when its parent has ended: a Terraform that is
// killed before it connects would leave it running, with the admin key in its
// environment. A parent that ended earlier still has closed the pipe that the
// handshake is written to, which ends the process, too.
func exitWithParent(parent int) {
	for range time.Tick(500 * time.Millisecond) {
		if os.Getppid() != parent {
			os.Exit(1)
		}
	}
}
