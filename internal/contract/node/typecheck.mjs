// The answers against the types of the openai package, which exist for the
// TypeScript compiler alone: each answer becomes a constant of its type.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

// The line of the first answer in the file.
const firstLine = 2;

// wrongAnswers compares recorded answers with the types of their methods, and
// returns a line for each difference. The compiler takes an object literal at
// its word: a field that its type does not have is an error, and so is a name
// that occurs twice.
export function wrongAnswers(answers) {
  const lines = answers.map(({ method, body }, i) => `export const answer${i}: Answer<typeof client.${method}> = ${body.replaceAll("\n", " ")};`);
  writeFileSync(file("recorded.ts"), ['import { type Answer, client } from "./answer.js";', ...lines, ""].join("\n"));
  const { bin } = JSON.parse(readFileSync(file("node_modules/typescript/package.json")));
  const compiler = spawnSync(process.execPath, [file(`node_modules/typescript/${bin.tsc}`), "--project", file("tsconfig.json"), "--pretty", "false"], { encoding: "utf8" });
  if (compiler.status === 0) return [];
  const report = compiler.stdout || compiler.stderr || `the compiler did not run: ${compiler.error}`;
  return report.trim().split("\n").map((line) => {
    const answer = answers[line.match(/^recorded\.ts\((\d+),/)?.[1] - firstLine];
    return answer ? `${answer.method}, ${answer.request}: ${line}` : line;
  });
}
