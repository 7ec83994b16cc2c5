// The openai package, as it comes, against an emulator in a process of its own:
// what an application in Node sees.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI, { AuthenticationError, NotFoundError, RateLimitError, toFile } from "openai";
import { post, startEmulator } from "./emulator.mjs";

const model = "gpt-4o-mini";
let emulator, baseURL;

before(async () => {
  emulator = await startEmulator();
  baseURL = emulator.baseURL;
});

after(() => emulator?.stop());

const admin = (path, body) => post(`${baseURL}/organization${path}`, body);

// application is a client with the key of a new project.
async function application() {
  const project = await admin("/projects", { name: "node" });
  const account = await admin(`/projects/${project.id}/service_accounts`, { name: "app" });
  return { project: project.id, client: new OpenAI({ apiKey: account.api_key.value, baseURL, maxRetries: 0 }) };
}

const messages = [{ role: "user", content: "What is the capital of France? 🗼" }];

test("chat completions, plain and streamed", async () => {
  const { client } = await application();
  const plain = await client.chat.completions.create({ model, messages });
  const text = plain.choices[0].message.content;
  assert.match(text, /capital of France\? 🗼$/);
  assert.equal(plain.choices[0].finish_reason, "stop");
  assert.ok(plain.usage.prompt_tokens > 0);

  const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
  const streamed = await stream.finalChatCompletion();
  assert.equal(streamed.choices[0].message.content, text);
  assert.deepEqual(streamed.usage, plain.usage);
});

test("responses, plain and streamed", async () => {
  const { client } = await application();
  const plain = await client.responses.create({ model, input: "Hello" });
  assert.match(plain.output_text, /Hello$/);
  const streamed = await client.responses.stream({ model, input: "Hello" }).finalResponse();
  assert.equal(streamed.output_text, plain.output_text);
  assert.equal(streamed.status, "completed");
  assert.deepEqual(streamed.usage, plain.usage);
});

test("models, embeddings, images and moderations", async () => {
  const { client } = await application();
  const names = (await client.models.list()).data.map((m) => m.id);
  assert.ok(names.includes(model));
  assert.equal((await client.models.retrieve(model)).id, model);

  // The package asks for base64 and decodes it, unless an option forbids it.
  const input = ["one", "two"];
  const packed = await client.embeddings.create({ model: "text-embedding-3-small", input });
  const plain = await client.embeddings.create({ model: "text-embedding-3-small", input, encoding_format: "float" });
  assert.equal(packed.data[1].embedding.length, 1536);
  plain.data[1].embedding.forEach((x, i) => assert.ok(Math.abs(x - packed.data[1].embedding[i]) < 1e-6));

  const picture = await client.images.generate({ model: "gpt-image-1", prompt: "A fox" });
  assert.equal(Buffer.from(picture.data[0].b64_json, "base64").subarray(1, 4).toString(), "PNG");

  const verdict = await client.moderations.create({ input: ["flowers", "violence"] });
  assert.deepEqual(verdict.results.map((r) => r.flagged), [false, true]);
});

test("files and vector stores, which another project cannot see", async () => {
  const { client } = await application();
  const { client: other } = await application();
  const file = await client.files.create({ file: await toFile(Buffer.from("hello"), "greeting.txt"), purpose: "user_data" });
  assert.equal(await (await client.files.content(file.id)).text(), "hello");
  const store = await client.vectorStores.create({ name: "docs", file_ids: [file.id] });
  assert.equal((await client.vectorStores.retrieve(store.id)).file_counts.total, 1);
  const found = [];
  for await (const f of client.files.list()) found.push(f.id);
  assert.deepEqual(found, [file.id]);

  await assert.rejects(other.files.retrieve(file.id), NotFoundError);
  await assert.rejects(other.vectorStores.retrieve(store.id), NotFoundError);
  assert.equal((await client.vectorStores.delete(store.id)).deleted, true);
  assert.equal((await client.files.delete(file.id)).deleted, true);
});

test("refusals", async () => {
  const { client, project } = await application();
  const wrong = new OpenAI({ apiKey: "sk-wrong", baseURL, maxRetries: 0 });
  await assert.rejects(wrong.models.list(), (e) => e instanceof AuthenticationError && e.code === "invalid_api_key");
  await assert.rejects(client.chat.completions.create({ model: "gpt-9", messages }), (e) => e instanceof NotFoundError && e.code === "model_not_found");

  await admin(`/projects/${project}/rate_limits/rl-${model}`, { max_requests_per_1_minute: 1 });
  const { response } = await client.chat.completions.create({ model, messages }).withResponse();
  assert.equal(response.headers.get("x-ratelimit-remaining-requests"), "0");
  await assert.rejects(client.chat.completions.create({ model, messages }), (e) => e instanceof RateLimitError && e.code === "rate_limit_exceeded");

  await admin(`/projects/${project}/spend_limit`, { threshold_amount: 1, currency: "USD", interval: "month" });
  const dear = { model: "gpt-image-1", prompt: "A fox", quality: "high" };
  await client.images.generate(dear);
  await assert.rejects(client.images.generate(dear), (e) => e instanceof RateLimitError && e.code === "project_spend_limit_exceeded");
});
