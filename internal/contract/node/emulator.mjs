// An emulator in a process of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const program = process.env.OPENAI_ADMIN ?? fileURLToPath(new URL("../../../bin/openai-admin", import.meta.url));

export const adminKey = "sk-admin-for-this-test";

// startEmulator starts an emulator with further arguments, and returns its
// address, which ends in /v1, and a function that stops it.
export async function startEmulator(...args) {
  const emulator = spawn(program, ["emulate", "--listen", "127.0.0.1:0", "--admin-key", adminKey, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const failed = new Promise((_, reject) => emulator.once("error", reject));
  const ready = (async () => {
    for await (const line of createInterface({ input: emulator.stdout })) {
      const found = line.match(/export OPENAI_BASE_URL=(\S+)/);
      if (found) return found[1];
    }
    throw new Error("the emulator has ended");
  })();
  return { baseURL: await Promise.race([ready, failed]), stop: () => emulator.kill() };
}

// post sends a request with the admin key, and returns the answer.
export async function post(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${adminKey}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}
