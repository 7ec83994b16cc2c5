// Command terraform prints the path of the Terraform or OpenTofu to use, and
// fetches one where there is none.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/allthingsai/terraform-provider-openai/tools/terraform"
)

func main() {
	ctx := context.Background()
	root, err := terraform.Root(ctx)
	var path string
	if err == nil {
		path, err = terraform.Find(ctx, root)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(path)
}
