// Every administration call of the openai package, as it comes, against an
// emulator in a process of its own. The package's own types are a second reading
// of the API: each answer must fit them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { adminKey, post, startEmulator } from "./emulator.mjs";
import { Recorder } from "./recorder.mjs";
import { wrongAnswers } from "./typecheck.mjs";

// Methods that are not called, with the reason.
const notCalled = new Map([
  ["webhooks.unwrap", "decodes a webhook, without a request"],
  ["webhooks.verifySignature", "checks a signature, without a request"],
]);

const recorder = new Recorder();
// control is the address of the emulator's own requests.
let emulator, baseURL, control;
// organization are the calls below /organization, permissions those of the
// checkpoints of fine-tuned models, which take the admin key, too.
let organization, permissions;
// project and archived are projects of the seed, user is a person of the seed.
let project, archived, user;

before(async () => {
  emulator = await startEmulator("--seed", "company");
  baseURL = emulator.baseURL;
  control = baseURL.replace(/\/v1$/, "/_emulator");
  const client = new OpenAI({ adminAPIKey: adminKey, baseURL, maxRetries: 0, fetch: recorder.fetch });
  organization = client.admin.organization;
  permissions = client.fineTuning.checkpoints.permissions;
  recorder.watch(client.admin, "admin");
  recorder.watch(permissions, "fineTuning.checkpoints.permissions");

  const projects = await collect(organization.projects.list({ include_archived: true }));
  project = projects.find((p) => p.name === "shop-dev").id;
  archived = projects.find((p) => p.status === "archived").id;
  user = (await collect(organization.users.list({ emails: ["ada@example.com"] })))[0].id;
});

after(() => emulator?.stop());

async function collect(list) {
  const items = [];
  for await (const item of list) items.push(item);
  return items;
}

// readAll reads a list to its end, with its own limit and in pages, and returns
// its items.
async function readAll(list) {
  const all = await collect(list({}));
  assert.ok(all.length >= 2, `${all.length} items have no pages`);
  const answers = recorder.answers.length;
  const paged = await collect(list({ limit: Math.floor(all.length / 2) }));
  assert.ok(recorder.answers.length - answers >= 2, "the list has one page");
  const ids = (items) => items.map((item) => item.id ?? item.group_id);
  assert.deepEqual(ids(paged), ids(all));
  return all;
}

test("people and invitations", async () => {
  const { invites, users } = organization;
  const invite = await invites.create({ email: "ida@example.com", role: "reader", projects: [{ id: project, role: "member" }] });
  const other = await invites.create({ email: "joe@example.com", role: "owner" });
  assert.deepEqual(await invites.retrieve(invite.id), invite);
  await post(`${control}/invites/${other.id}/accept`, {});
  const listed = await readAll((query) => invites.list(query));
  assert.deepEqual(listed.map((i) => i.status).sort(), ["accepted", "pending"]);
  assert.equal((await invites.delete(invite.id)).deleted, true);

  const joe = (await readAll((query) => users.list(query))).find((u) => u.email === "joe@example.com");
  assert.equal((await users.retrieve(joe.id)).role, "owner");
  assert.equal((await users.update(joe.id, { role: "reader" })).role, "reader");
  assert.equal((await users.delete(joe.id)).deleted, true);
});

test("projects and their members", async () => {
  const { projects } = organization;
  const created = await projects.create({ name: "shop-eu", residency: "EU_STORAGE_PROCESSING" });
  assert.equal((await projects.update(created.id, { name: "shop-europe" })).name, "shop-europe");
  assert.equal((await projects.retrieve(created.id)).residency, "EU_STORAGE_PROCESSING");
  const listed = await readAll((query) => projects.list({ include_archived: true, ...query }));
  assert.ok(listed.some((p) => p.id === archived));
  assert.equal((await projects.archive(created.id)).status, "archived");

  const member = await projects.users.create(project, { role: "member", user_id: user });
  assert.deepEqual(await projects.users.retrieve(user, { project_id: project }), member);
  assert.equal((await projects.users.update(user, { project_id: project, role: "owner" })).role, "owner");
  await readAll((query) => projects.users.list(project, query));
  assert.equal((await projects.users.delete(user, { project_id: project })).deleted, true);
});

test("service accounts and keys", async () => {
  const { adminAPIKeys, projects: { serviceAccounts, apiKeys } } = organization;
  const account = await serviceAccounts.create(project, { name: "search", expires_in_seconds: 3600 });
  assert.ok(account.api_key.value);
  const alone = await serviceAccounts.create(project, { name: "build", create_service_account_only: true });
  assert.equal(alone.api_key, null);
  assert.equal((await serviceAccounts.update(account.id, { project_id: project, name: "find" })).name, "find");
  assert.equal((await serviceAccounts.retrieve(alone.id, { project_id: project })).role, "none");
  await readAll((query) => serviceAccounts.list(project, query));

  const forever = await serviceAccounts.apiKeys.create(account.id, { project_id: project });
  const key = await serviceAccounts.apiKeys.create(account.id, { project_id: project, name: "k", scopes: ["api.all.read"], expires_in_seconds: 3600 });
  await apiKeys.update(key.id, { project_id: project, scopes: [] });
  assert.equal((await apiKeys.retrieve(key.id, { project_id: project })).owner.service_account.id, account.id);
  const [member] = await collect(organization.projects.users.list(project));
  await post(`${control}/projects/${project}/user_keys`, { user_id: member.id, name: "mine" });
  const listed = await readAll((query) => apiKeys.list(project, { owner_project_access: "any", ...query }));
  assert.ok(listed.some((k) => k.owner.user?.id === member.id) && listed.some((k) => k.id === forever.id));
  assert.equal((await apiKeys.delete(key.id, { project_id: project })).deleted, true);
  assert.equal((await serviceAccounts.delete(account.id, { project_id: project })).deleted, true);

  const admin = await adminAPIKeys.create({ name: "ci", expires_in_seconds: 3600 });
  assert.equal((await adminAPIKeys.retrieve(admin.id)).name, "ci");
  await readAll((query) => adminAPIKeys.list(query));
  assert.equal((await adminAPIKeys.delete(admin.id)).deleted, true);
});

test("spend and rate limits", async () => {
  const { spendLimit, spendAlerts, projects } = organization;
  const limit = { threshold_amount: 2000, currency: "USD", interval: "month" };
  assert.equal((await spendLimit.update(limit)).threshold_amount, 2000);
  assert.equal((await spendLimit.retrieve()).threshold_amount, 2000);
  assert.equal((await spendLimit.delete()).deleted, true);
  assert.equal((await projects.spendLimit.update(project, limit)).threshold_amount, 2000);
  assert.equal((await projects.spendLimit.retrieve(project)).threshold_amount, 2000);
  assert.equal((await projects.spendLimit.delete(project)).deleted, true);

  const alert = { ...limit, notification_channel: { type: "email", recipients: ["ops@example.com"] } };
  const named = { ...alert, notification_channel: { ...alert.notification_channel, subject_prefix: "[shop]" } };
  const { id } = await spendAlerts.create(alert);
  assert.equal((await spendAlerts.update(id, named)).notification_channel.subject_prefix, "[shop]");
  assert.equal((await spendAlerts.retrieve(id)).threshold_amount, 2000);
  await readAll((query) => spendAlerts.list(query));
  assert.equal((await spendAlerts.delete(id)).deleted, true);
  const own = await projects.spendAlerts.create(project, named);
  const where = { project_id: project };
  assert.equal((await projects.spendAlerts.update(own.id, { ...where, ...alert, threshold_amount: 10 })).threshold_amount, 10);
  assert.equal((await projects.spendAlerts.retrieve(own.id, where)).threshold_amount, 10);
  await readAll((query) => projects.spendAlerts.list(project, query));
  assert.equal((await projects.spendAlerts.delete(own.id, where)).deleted, true);

  const [rate] = await readAll((query) => projects.rateLimits.listRateLimits(project, query));
  assert.equal((await projects.rateLimits.updateRateLimit(rate.id, { ...where, max_requests_per_1_minute: 1 })).max_requests_per_1_minute, 1);
});

test("settings", async () => {
  const { dataRetention, projects } = organization;
  const { modelPermissions, hostedToolPermissions, serviceTierSettings } = projects;
  assert.deepEqual((await modelPermissions.update(project, { mode: "allow_list", model_ids: ["gpt-4o"] })).model_ids, ["gpt-4o"]);
  assert.equal((await modelPermissions.retrieve(project)).mode, "allow_list");
  assert.equal((await modelPermissions.delete(project)).deleted, true);

  assert.equal((await hostedToolPermissions.update(project, { mcp: { enabled: false } })).mcp.enabled, false);
  assert.equal((await hostedToolPermissions.retrieve(project)).web_search.enabled, true);
  assert.equal((await serviceTierSettings.update(project, { enabled_tiers: "all" })).enabled_tiers, "all");
  assert.deepEqual((await serviceTierSettings.update(project, { enabled_tiers: ["flex"] })).enabled_tiers, ["flex"]);
  assert.deepEqual((await serviceTierSettings.retrieve(project)).enabled_tiers, ["flex"]);

  assert.equal((await dataRetention.update({ retention_type: "zero_data_retention" })).type, "zero_data_retention");
  assert.equal((await dataRetention.retrieve()).type, "zero_data_retention");
  assert.equal((await projects.dataRetention.update(project, { retention_type: "none" })).type, "none");
  assert.equal((await projects.dataRetention.retrieve(project)).type, "none");
});

test("groups and roles", async () => {
  const { groups, roles, users, projects } = organization;
  const group = (await groups.create({ name: "support" })).id;
  const second = (await groups.create({ name: "sales" })).id;
  assert.equal((await groups.update(group, { name: "help" })).name, "help");
  assert.equal((await groups.retrieve(group)).name, "help");
  await readAll((query) => groups.list(query));
  const [other] = await collect(users.list({ emails: ["max@example.com"] }));
  await groups.users.create(group, { user_id: user });
  await groups.users.create(group, { user_id: other.id });
  assert.equal((await groups.users.retrieve(user, { group_id: group })).email, "ada@example.com");
  await readAll((query) => groups.users.list(group, query));

  const role = (await roles.create({ role_name: "auditor", permissions: ["api.groups.read"], description: "audits" })).id;
  assert.deepEqual((await roles.update(role, { permissions: [] })).permissions, []);
  assert.equal((await roles.retrieve(role)).description, "audits");
  const predefined = (await readAll((query) => roles.list(query))).find((r) => r.predefined_role).id;
  const own = (await projects.roles.create(project, { role_name: "caller", permissions: [] })).id;
  const where = { project_id: project };
  assert.equal((await projects.roles.update(own, { ...where, description: "calls" })).description, "calls");
  assert.equal((await projects.roles.retrieve(own, where)).name, "caller");
  const member = (await readAll((query) => projects.roles.list(project, query))).find((r) => r.name === "member").id;

  assert.equal((await projects.groups.create(project, { group_id: group, role: member })).group_id, group);
  await projects.groups.create(project, { group_id: second, role: member });
  assert.equal((await projects.groups.retrieve(group, { ...where, group_type: "group" })).group_name, "help");
  await readAll((query) => projects.groups.list(project, query));
  await projects.users.create(project, { role: "member", user_id: user });

  // The organization and a project, with a group and a person: the same calls.
  for (const { calls, id, holder, where, give } of [
    { calls: groups.roles, id: group, holder: { group_id: group }, where: {}, give: [role, predefined] },
    { calls: users.roles, id: user, holder: { user_id: user }, where: {}, give: [role] },
    { calls: projects.groups.roles, id: group, holder: { group_id: group }, where: { project_id: project }, give: [own] },
    { calls: projects.users.roles, id: user, holder: { user_id: user }, where: { project_id: project }, give: [own] },
  ]) {
    for (const role_id of give) await calls.create(id, { role_id, ...where });
    assert.equal((await calls.retrieve(give[0], { ...holder, ...where })).id, give[0]);
    await readAll((query) => calls.list(id, { ...query, ...where }));
    assert.equal((await calls.delete(give[0], { ...holder, ...where })).deleted, true);
  }

  assert.equal((await projects.groups.delete(second, where)).deleted, true);
  assert.equal((await projects.roles.delete(own, where)).deleted, true);
  assert.equal((await roles.delete(role)).deleted, true);
  assert.equal((await groups.users.delete(user, { group_id: group })).deleted, true);
  assert.equal((await groups.delete(group)).deleted, true);
});

test("certificates", async () => {
  const { certificates, projects } = organization;
  const texts = readFileSync(new URL("certificates.pem", import.meta.url), "utf8").match(/-----BEGIN[^]*?END CERTIFICATE-----\n/g);
  const { id } = await certificates.create({ certificate: texts[0], name: "ca" });
  const second = await certificates.create({ certificate: texts[1] });
  assert.ok((await certificates.retrieve(id, { include: ["content"] })).certificate_details.content.includes("BEGIN CERTIFICATE"));
  assert.equal((await certificates.retrieve(id)).certificate_details.content, undefined);
  assert.equal((await certificates.update(id, { name: "root" })).name, "root");
  const ids = { certificate_ids: [id, second.id] };
  assert.deepEqual((await collect(certificates.activate(ids))).map((c) => c.active), [true, true]);
  assert.deepEqual((await collect(projects.certificates.activate(project, ids))).map((c) => c.active), [true, true]);
  await readAll((query) => certificates.list(query));
  await readAll((query) => projects.certificates.list(project, query));
  assert.deepEqual((await collect(projects.certificates.deactivate(project, ids))).map((c) => c.active), [false, false]);
  assert.deepEqual((await collect(certificates.deactivate(ids))).map((c) => c.active), [false, false]);
  assert.equal((await certificates.delete(id)).object, "certificate.deleted");
});

test("workload identity", async () => {
  const { workloadIdentityProviders: providers, projects } = organization;
  const rules = providers.federationRules;
  const issuer = "https://token.actions.githubusercontent.com";
  const provider = await providers.create({
    type: "oidc", name: "ci", issuer, audience: "https://api.openai.com/v1", description: "builds",
    attribute_transformations: [{ attribute: "repository", expression: "assertion.repository" }],
    verification: { type: "discovery", discovery_url: null },
  });
  const keys = { kty: "RSA", kid: "1", use: "sig", alg: "RS256", e: "AQAB", n: "AQAB" };
  await providers.create({ type: "oidc", name: "own", issuer: "https://issuer.example.com", audience: "openai", verification: { type: "uploaded_jwks", jwks: { keys: [keys] } } });
  assert.equal((await providers.update(provider.id, { description: null })).description, null);
  assert.equal((await providers.retrieve(provider.id)).issuer, issuer);
  await readAll((query) => providers.list(query));

  const account = await projects.serviceAccounts.create(project, { name: "deploy", create_service_account_only: true });
  const who = { project_id: project, service_account_id: account.id };
  const rule = await rules.create(provider.id, { ...who, name: "main", attribute_matchers: { repository: "acme/shop", runs: 7, fork: false } });
  await rules.create(provider.id, { ...who, enabled: false, attribute_matchers: { repository: "acme/*" }, permissions: { type: "restricted", scopes: ["api.model.request"] } });
  const where = { workload_identity_provider_id: provider.id };
  assert.equal((await rules.update(rule.id, { ...where, enabled: false })).enabled, false);
  assert.deepEqual((await rules.retrieve(rule.id, where)).attribute_matchers, { repository: "acme/shop", runs: 7, fork: false });
  for (const { id } of await readAll((query) => rules.list(provider.id, query))) {
    assert.equal((await rules.delete(id, where)).deleted, true);
  }
  assert.equal((await providers.delete(provider.id)).deleted, true);
});

test("external keys and storage", async () => {
  const { externalKeys, externalStorage } = organization;
  const pool = { workload_identity_pool_id: "pool", workload_identity_project_number: "123456789012", workload_identity_provider_id: "openai" };
  const role_arn = "arn:aws:iam::123456789012:role/openai";
  const tenant_id = "0aaaaaaa-0000-0000-0000-000000000000";
  for (const key of [
    { type: "aws", external_id: project, kms_arn: "arn:aws:kms:eu-central-1:123456789012:key/abc", role_arn },
    { type: "gcp", audience: project, kms_key_location: "europe", kms_key_name: "key", kms_key_ring_name: "ring", kms_project_id: "acme", kms_key_version: "1", purpose: "psp_decryption", ...pool },
    { type: "azure", key_name: "org-company--key", key_version: "1", purpose: "psp_decryption", tenant_id, vault_uri: "https://acme.vault.azure.net" },
    { type: "oci", region: "eu-frankfurt-1", purpose: "psp_decryption", vault_ocid: "ocid1.vault.oc1.eu.a", key_ocid: "ocid1.key.oc1.eu.a", key_version_ocid: "ocid1.keyversion.oc1.eu.a" },
  ]) {
    const { id } = await externalKeys.create({ name: key.type, ...key });
    assert.equal((await externalKeys.retrieve(id)).type, key.type);
  }
  const [key] = await readAll((query) => externalKeys.list(query));
  assert.equal((await externalKeys.validate(key.id)).status, "success");
  assert.equal((await externalKeys.delete(key.id)).id, key.id);

  for (const provider of [
    { type: "aws", bucket: "acme", role_arn },
    { type: "azure", account_name: "acme", container: "acme", resource_group: "openai", subscription_id: "s", tenant_id },
    { type: "gcp", bucket: "acme", ...pool },
    { type: "oci", bucket: "acme", region: "eu-frankfurt-1", tenancy_ocid: "ocid1.tenancy.oc1..a" },
  ]) {
    const { id } = await externalStorage.create({ project_id: project, provider });
    assert.equal((await externalStorage.retrieve(id)).provider.type, provider.type);
  }
  const [storage] = await readAll((query) => externalStorage.list(query));
  assert.equal((await externalStorage.validate(storage.id)).status, "validated");
  assert.equal((await externalStorage.delete(storage.id)).deleted, true);
});

// buckets reads usage to its end.
async function buckets(read, query) {
  const all = [];
  for (let page; ; ) {
    const answer = await read({ ...query, page });
    all.push(...answer.data);
    if (!answer.has_more) return all;
    page = answer.next_page;
  }
}

test("usage and costs", async () => {
  const { usage } = organization;
  const people = ["project_id", "user_id", "api_key_id"];
  const tokens = [...people, "model", "batch", "service_tier", "api_source"];
  const kinds = [
    { name: "completions", result: "usage.completions", dimensions: tokens },
    { name: "decisions", result: "usage.decisions", dimensions: tokens, event: "decisions" },
    { name: "embeddings", result: "usage.embeddings", dimensions: [...people, "model"] },
    { name: "moderations", result: "usage.moderations", dimensions: [...people, "model"], event: "moderations" },
    { name: "images", result: "usage.images", dimensions: [...people, "model", "size", "source"], event: "images" },
    { name: "audioSpeeches", result: "usage.audio_speeches", dimensions: [...people, "model"], event: "audio_speeches" },
    { name: "audioTranscriptions", result: "usage.audio_transcriptions", dimensions: [...people, "model"], event: "audio_transcriptions" },
    { name: "vectorStores", result: "usage.vector_stores", dimensions: ["project_id"], event: "vector_stores" },
    { name: "codeInterpreterSessions", result: "usage.code_interpreter_sessions", dimensions: ["project_id"], event: "code_interpreter_sessions" },
    { name: "fileSearchCalls", result: "usage.file_searches", dimensions: [...people, "vector_store_id"], event: "file_search_calls" },
    { name: "webSearchCalls", result: "usage.web_searches", dimensions: [...people, "model", "context_level", "api_source"], event: "web_search_calls" },
    { name: "costs", result: "costs", dimensions: ["project_id", "api_key_id", "line_item", "api_source"] },
  ];
  // Whole days in the past, which do not change any more.
  const day = 86_400;
  const end_time = Math.floor(Date.now() / 1000 / day) * day;
  const days = { start_time: end_time - 5 * day, end_time };
  // The seed has no usage of most kinds.
  const at = new Date((end_time - 2 * day) * 1000).toISOString();
  await post(`${control}/usage`, { events: kinds.filter((kind) => kind.event).map(({ event }) => ({ kind: event, at, project_id: project })) });
  for (const { name, result, dimensions } of kinds) {
    for (const group_by of [undefined, ...dimensions.map((one) => [one]), dimensions]) {
      const read = (query) => usage[name](query);
      const all = await buckets(read, { ...days, group_by });
      const results = all.flatMap((bucket) => bucket.results);
      assert.ok(results.length > 0, `${name} by ${group_by} has no results`);
      for (const { object } of results) assert.equal(object, `organization.${result}.result`);
      assert.deepEqual(await buckets(read, { ...days, group_by, limit: 2 }), all);
    }
  }
});

test("permissions for checkpoints", async () => {
  const checkpoint = "ft:gpt-4o:acme::abc:ckpt-step-88";
  const others = (await collect(organization.projects.list())).map((p) => p.id).slice(0, 2);
  const created = await collect(permissions.create(checkpoint, { project_ids: others }));
  assert.equal(created.length, 2);
  assert.equal((await permissions.retrieve(checkpoint, { order: "ascending" })).data.length, 2);
  await readAll((query) => permissions.list(checkpoint, query));
  assert.equal((await permissions.delete(created[0].id, { fine_tuned_model_checkpoint: checkpoint })).deleted, true);
});

test("webhook endpoints", async () => {
  const account = await organization.projects.serviceAccounts.create(project, { name: "app" });
  const { webhooks } = new OpenAI({ apiKey: account.api_key.value, baseURL, maxRetries: 0, fetch: recorder.fetch });
  recorder.watch(webhooks, "webhooks");
  const event_types = (await webhooks.eventTypes.list()).data;
  const created = await webhooks.create({ name: "orders", url: "https://example.com/openai", event_types });
  await webhooks.create({ name: "alerts", url: "https://example.com/alerts", event_types: ["batch.completed"] });
  assert.equal((await webhooks.update(created.id, { name: "invoices" })).name, "invoices");
  assert.deepEqual((await webhooks.retrieve(created.id)).event_types, event_types);
  await readAll((query) => webhooks.list(query));
  assert.notEqual((await webhooks.rotateSecret(created.id, { keep_old_secret_active_for_24_hours: true })).signing_secret, created.signing_secret);
  assert.equal((await webhooks.test(created.id, { event_type: "batch.completed" })).success, true);
  assert.equal((await webhooks.delete(created.id)).deleted, true);
});

test("the audit log, of all that happened", async () => {
  const entries = await readAll((query) => organization.auditLogs.list(query));
  assert.ok(entries.some((e) => e["project.created"]) && entries.some((e) => e["api_key.created"]));
  const found = await collect(organization.auditLogs.list({ event_types: ["project.archived"], effective_at: { gt: 1 }, project_ids: [entries.find((e) => e.type === "project.archived").project.id] }));
  assert.equal(found.length, 1);
});

test("every method is called", (t) => {
  const methods = [...recorder.calls.keys()];
  const called = methods.filter((method) => recorder.calls.get(method) > 0);
  const inAdmin = (list) => list.filter((method) => method.startsWith("admin.")).length;
  for (const [method, reason] of notCalled) t.diagnostic(`not called: ${method}, which ${reason}`);
  t.diagnostic(`the package has ${inAdmin(methods)} administration methods and ${methods.length - inAdmin(methods)} of checkpoints and webhooks; ${inAdmin(called)} and ${called.length - inAdmin(called)} are called`);
  // Fewer would mean that they are not found.
  assert.ok(inAdmin(methods) >= 143, `${inAdmin(methods)} methods`);
  assert.deepEqual(methods.filter((method) => !called.includes(method)).sort(), [...notCalled.keys()].sort());
});

test("every answer fits the package's types", (t) => {
  t.diagnostic(`${recorder.answers.length} answers are checked`);
  assert.deepEqual(wrongAnswers(recorder.answers), []);
});
