// The provider's plugin process.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run the provider for a debugger such as delve to attach to")
	flag.Parse()
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	server := provider.NewServer(version, adminapi.SystemClock{})
	err := tf6server.Serve("registry.terraform.io/allthingsai/openai", func() tfprotov6.ProviderServer { return server }, options...)
	if err != nil {
		log.Fatal(err)
	}
	if waited := server.Waited(); waited != "" {
		// Terraform takes the level from the prefix.
		log.SetFlags(0)
		log.Print("[WARN] ", waited)
	}
}
