// The provider's plugin process.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run the provider for a debugger such as delve to attach to")
	flag.Parse()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/allthingsai/openai",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
