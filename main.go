// The provider's plugin process.
package main

import (
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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
	err := tf6server.Serve("registry.terraform.io/allthingsai/openai", func() tfprotov6.ProviderServer {
		return provider.NewServer(provider.New(version)())
	}, options...)
	if err != nil {
		log.Fatal(err)
	}
}
