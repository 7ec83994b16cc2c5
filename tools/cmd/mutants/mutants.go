package main

// The tests that can notice, in the order of their cost.
var (
	client    = "./internal/adminapi"
	operation = "./internal/provider -run Operation|Server|Guard|Write"
	faults    = "./internal/faults"
)

// mutants are numbered by their place, from 1. The rules are those of the
// section "Safety rules of the life cycle" of the design.
var mutants = []mutant{
	{
		rule: 1, forbidden: "Without an operation, the transport refuses anything but GET",
		file:  "internal/adminapi/writes.go",
		old:   "permitted, _ := ctx.Value(writesKey{}).(bool)\n\treturn permitted",
		new:   "permitted, set := ctx.Value(writesKey{}).(bool)\n\treturn permitted || !set",
		tests: []string{client, operation, faults},
	},
	{
		rule: 1, forbidden: "Below one of these, the transport refuses anything but GET",
		file:  "internal/adminapi/writes.go",
		old:   "return context.WithValue(ctx, writesKey{}, false)",
		new:   "return ctx",
		tests: []string{client, operation, faults},
	},
	{
		rule: 1, forbidden: "Anything but GET is refused, DELETE included",
		file:  "internal/adminapi/writes.go",
		old:   "if req.Method == http.MethodGet || MayWrite",
		new:   "if req.Method != http.MethodPost || MayWrite",
		tests: []string{client, operation, faults},
	},
	{
		rule: 1, forbidden: "Plan never writes",
		file:  "internal/provider/server.go",
		old:   "operation := s.begin(adminapi.WithoutWrites(ctx))\n\tresp, err := s.framework.PlanResourceChange(",
		new:   "operation := s.begin(adminapi.WithWrites(ctx))\n\tresp, err := s.framework.PlanResourceChange(",
		tests: []string{operation, faults},
	},
	{
		rule: 1, forbidden: "Refresh never writes",
		file:  "internal/provider/server.go",
		old:   "operation := s.begin(adminapi.WithoutWrites(ctx))\n\tresp, err := s.framework.ReadResource(",
		new:   "operation := s.begin(adminapi.WithWrites(ctx))\n\tresp, err := s.framework.ReadResource(",
		tests: []string{operation, faults},
	},
	{
		rule: 1, forbidden: "Import never writes",
		file:  "internal/provider/server.go",
		old:   "lettingGo(adminapi.WithoutWrites(ctx), req, s.framework.ImportResourceState)",
		new:   "lettingGo(adminapi.WithWrites(ctx), req, s.framework.ImportResourceState)",
		tests: []string{operation, faults},
	},
	{
		rule: 1, forbidden: "List never writes",
		file:  "internal/provider/server.go",
		old:   "s.framework.ListResource(adminapi.WithoutWrites(ctx), req)",
		new:   "s.framework.ListResource(adminapi.WithWrites(ctx), req)",
		tests: []string{operation, faults},
	},
	{
		rule: 1, forbidden: "Opening an ephemeral resource may write",
		file:  "internal/provider/server.go",
		old:   "lettingGo(adminapi.WithWrites(ctx), req, s.framework.OpenEphemeralResource)",
		new:   "lettingGo(adminapi.WithoutWrites(ctx), req, s.framework.OpenEphemeralResource)",
		tests: []string{operation, "./internal/provider/key"},
	},
}
