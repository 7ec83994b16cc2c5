package main

// More tests that notice.
var (
	readOnly   = "./internal/faults -run ^TestReadOnly"
	unreadable = "./internal/faults -run ^TestExisting_cannotBeRead$"
	replacing  = "./internal/faults -run ^TestExisting_isSaidOfReplacements"
	renaming   = "./internal/faults -run ^TestRenamedKey_otherAddress$"
	unknown    = "./internal/faults -run ^TestTwoOwners_unknownMembers$"
	parents    = "./internal/faults -run ^TestDeleteNow_parentDeletedSinceTheRefresh$"
	rotating   = "./internal/faults -run ^TestRotation"
	young      = "./internal/faults -run ^TestYoung"
	unreached  = "./internal/faults -run ^TestOrganization_cannotBeFound$"
)

// fromDesign are mutants of a reader of the design who had not seen the tests.
var fromDesign = []mutant{
	{
		rule: 1, forbidden: "read_only refuses a destroy, also one that would send nothing",
		file:  "internal/provider/lifecycle/writing.go",
		old:   "resp *resource.DeleteResponse) {\n\tif !k.mayChange(&resp.Diagnostics) {\n\t\treturn\n\t}\n",
		new:   "resp *resource.DeleteResponse) {\n",
		tests: []string{readOnly},
	},
	{
		rule: 1, forbidden: "read_only extends the guard to what may write otherwise",
		file:  "internal/adminapi/transport/transport.go",
		old:   "if t.ReadOnly && req.Method != http.MethodGet {",
		new:   "if t.ReadOnly && req.Method != http.MethodGet && !MayWrite(req.Context()) {",
		tests: []string{client},
	},
	{
		rule: 2, forbidden: "A plan says so when it cannot read what it may overwrite",
		file:  "internal/provider/lifecycle/existing.go",
		old:   "case adminapi.IsDeleted(err) || transport.IsNotConfigured(err):",
		new:   "case adminapi.IsDeleted(err) || transport.IsNotConfigured(err) || err != nil:",
		tests: []string{unreadable},
	},
	{
		rule: 2, forbidden: "A replacement says what the new object overwrites",
		file:  "internal/provider/lifecycle/replacement.go",
		old:   "\treplacement.Diags.Append(found.Diagnostics...)\n",
		new:   "",
		tests: []string{replacing},
	},
	{
		rule: 3, forbidden: "A create owns the paths that only its answer names",
		file:  "internal/provider/lifecycle/writing.go",
		old:   "\tif !resp.State.Raw.IsNull() {\n\t\tk.saveMembers(ctx, resp.Private, &resp.Diagnostics)\n\t}\n\twarnOfLostAnswers(&resp.Diagnostics)\n\t_ = change.Claim(ctx, k.Paths(ctx, resp.State.Raw).Known()...)",
		new:   "\tif !resp.State.Raw.IsNull() {\n\t\tk.saveMembers(ctx, resp.Private, &resp.Diagnostics)\n\t}\n\twarnOfLostAnswers(&resp.Diagnostics)\n\t_ = change",
		tests: []string{renaming},
	},
	{
		rule: 3, forbidden: "A set and one of its members have two owners, in either order",
		file:  "internal/adminapi/planned_paths.go",
		old:   "path = smallest(below(a, b), below(b, a))",
		new:   "path = smallest(below(a, b))",
		tests: []string{client},
	},
	{
		rule: 3, forbidden: "A set with unknown members destroys none",
		file:  "internal/provider/lifecycle/ownership.go",
		old:   "\t\tif !next.MembersUnknown {\n",
		new:   "\t\tif len(previous.Members) > 0 {\n",
		tests: []string{unknown},
	},
	{
		rule: 4, forbidden: "A setting is restored by what the API has now, not by state",
		file:  "internal/provider/lifecycle/permanent.go",
		old:   "err == nil && s.Permanent.Same(previous, present)",
		new:   "err == nil && s.Permanent.Same(previous, call.State)",
		tests: []string{restoring},
	},
	{
		rule: 4, forbidden: "What is in an archived project is deleted",
		file:  "internal/adminapi/errors.go",
		old:   "func ignoreNotFound(err error) error {\n\tif IsDeleted(err) {",
		new:   "func ignoreNotFound(err error) error {\n\tif IsNotFound(err) {",
		tests: []string{parents},
	},
	{
		rule: 5, forbidden: "Read keeps what was sent in every refresh, not only the first",
		file:  "internal/provider/lifecycle/answers.go",
		old:   "\t\t\tkept[name], remaining[name] = value, different\n",
		new:   "\t\t\tkept[name] = value\n",
		tests: []string{answers},
	},
	{
		rule: 5, forbidden: "The API keeps a removed value: that warns, too",
		file:  "internal/provider/lifecycle/answers.go",
		old:   "isConfigured := !attribute.IsComputed() || !configured[name].IsNull()",
		new:   "isConfigured := !configured[name].IsNull()",
		tests: []string{answers},
	},
	{
		rule: 5, forbidden: "An answer that was once as sent is drift when it comes back",
		file:  "internal/provider/lifecycle/answers.go",
		old:   "\t\t\tcontinue // stored as sent by now",
		new:   "\t\t\tif different, known := answers[name]; known {\n\t\t\t\tremaining[name] = different\n\t\t\t}\n\t\t\tcontinue // stored as sent by now",
		tests: []string{answers},
	},
	{
		rule: 6, forbidden: "restore_values is in state before the write of a create",
		file:  "internal/provider/lifecycle/permanent.go",
		old:   "\ts.Permanent.Remember(ctx, present, present, call.Diags)\n",
		new:   "",
		tests: []string{restoring},
	},
	{
		rule: 6, forbidden: "A new key is in state before the old one gets its expiry",
		file:  "internal/provider/apikey/rotation.go",
		old:   "\tcall.Checkpoint(ctx, plan)\n\tif revokeExpiring(",
		new:   "\tif revokeExpiring(",
		tests: []string{rotating},
	},
	{
		rule: 7, forbidden: "A list that could not be read does not confirm a candidate",
		file:  "internal/adminapi/outcome.go",
		old:   " && s.adopt != nil && s.problem == nil {",
		new:   " && s.adopt != nil {",
		tests: []string{client},
	},
	{
		rule: 7, forbidden: "A 404 does not remove a young object that has no created_at",
		file:  "internal/provider/lifecycle/young.go",
		old:   "return k.client.IsYoung(state.Whole(\"created_at\")) || k.client.IsYoung(readCreated(ctx, private, diags))",
		new:   "return k.client.IsYoung(state.Whole(\"created_at\"))",
		tests: []string{young},
	},
	{
		rule: 7, forbidden: "After a lost answer a setting is read past the memory",
		file:  "internal/provider/lifecycle/writing.go",
		old:   "k.core.Read(cache.PastSnapshot(ctx), &Call[M]{",
		new:   "k.core.Read(cache.OnlyToWarn(ctx), &Call[M]{",
		tests: []string{writing},
	},
	{
		rule: 7, forbidden: "Both keys are named whose answers were lost",
		file:  "internal/adminapi/outcome.go",
		old:   "\t\tcause = err\n\t\ts.requests++\n",
		new:   "\t\tcause = err\n",
		tests: []string{client},
	},
	{
		rule: 7, forbidden: "An addition is sent once more, not again and again",
		file:  "internal/adminapi/outcome.go",
		old:   "if exists || attempt == 2 {",
		new:   "if exists || attempt == 3 {",
		tests: []string{client},
	},
	{
		rule: 8, forbidden: "Optional reads share a number of seconds",
		file:  "internal/adminapi/transport/optional_reads.go",
		old:   "\t\to.spent += o.clock.Now().Sub(o.since)\n",
		new:   "\t\to.since = o.clock.Now()\n",
		tests: []string{client},
	},
	{
		rule: 8, forbidden: "Nothing is read ahead while no caller waits",
		file:  "internal/adminapi/cache/read_ahead.go",
		old:   "err != nil || r.waiting == 0",
		new:   "false",
		tests: []string{"./internal/adminapi/cache"},
	},
	{
		rule: 8, forbidden: "What turns out to be missing is not read ahead any more",
		file:  "internal/adminapi/cache/read_ahead.go",
		old:   "k.missing >= mostMissing",
		new:   "false",
		tests: []string{"./internal/adminapi/cache"},
	},
	{
		rule: 8, forbidden: "A read ahead waits while a caller waits for the same endpoint",
		file:  "internal/adminapi/transport/pacer.go",
		old:   "\t\tif p.waiting > 0 {\n\t\t\tdelay = max(delay, idlePause)\n\t\t}\n",
		new:   "",
		tests: []string{client},
	},
	{
		rule: 2, forbidden: "A limit that others changed while an alert was written stays",
		file:  "internal/adminapi/spend_limits.go",
		old:   "!writes.isNow && !slices.Contains(amounts, after.ThresholdAmount)",
		new:   "false",
		tests: []string{client},
	},
	{
		rule: 8, forbidden: "A write already sent ends 30 s after cancel",
		file:  "internal/adminapi/transport/transport.go",
		old:   "\t\t\tt.Clock.AfterFunc(WriteGrace, cancel)\n",
		new:   "\t\t\tt.Clock.AfterFunc(attemptTimeout, cancel)\n",
		tests: []string{client},
	},
	{
		rule: 9, forbidden: "The request id is cleaned",
		file:  "internal/adminapi/errors.go",
		old:   "text.Clean(secrets.Redact(response.Header.Get(\"X-Request-Id\")))",
		new:   "secrets.Redact(response.Header.Get(\"X-Request-Id\"))",
		tests: []string{client},
	},
	{
		rule: 9, forbidden: "Texts are redacted before they are cut",
		file:  "internal/adminapi/errors.go",
		old:   "*field = text.Clean(secrets.Redact(said))",
		new:   "*field = secrets.Redact(text.Clean(said))",
		tests: []string{client},
	},
	{
		rule: 10, forbidden: "Nothing is changed while it is not known which organization answers",
		file:  "internal/provider/lifecycle/organization.go",
		old:   "if err := tenant.Find(ctx); err != nil {\n\t\t\tdiags.AddError(",
		new:   "if err := tenant.Find(ctx); err != nil && ctx.Err() != nil {\n\t\t\tdiags.AddError(",
		tests: []string{unreached},
	},
	{
		rule: 10, forbidden: "A person is known by an id in several organizations",
		file:  "internal/provider/lifecycle/organization.go",
		old:   "(!found || areIDs && !k.provesOrganization(ctx, req.State.Raw))",
		new:   "(!found || areIDs && recorded == answering)",
		tests: []string{others},
	},
}
