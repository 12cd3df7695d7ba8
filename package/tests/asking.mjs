// What the tests of the package ask, and how answers and refusals look.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { WhichcardError } from "../../target/package/node.js";

export const REQUEST = { model: "llama-3-8b", job: { kind: "qlora" }, rig: { card: "rtx-4090" } };

/** Everything in an answer is what JSON knows: plain objects, arrays, finite numbers. */
export function plain(value, path = "") {
  if (Array.isArray(value)) return value.forEach((one, place) => plain(one, `${path}[${place}]`));
  if (value !== null && typeof value === "object") {
    assert.equal(Object.getPrototypeOf(value), Object.prototype, path);
    return Object.entries(value).forEach(([key, one]) => plain(one, `${path}.${key}`));
  }
  assert.ok(value === null || ["string", "boolean", "number"].includes(typeof value), `${path}: ${typeof value}`);
  if (typeof value === "number") assert.ok(Number.isFinite(value), path);
}

/** The refusal of a question. */
export async function refusal(ask) {
  try {
    await ask();
  } catch (error) {
    assert.ok(error instanceof WhichcardError && error instanceof Error, String(error));
    assert.equal(error.name, "WhichcardError");
    assert.match(error.stack, /\.test\.mjs/);
    return error;
  }
  assert.fail("not refused");
}

/** What a program prints that has the package to itself: the code is loaded once in a process. */
export async function alone(program) {
  const begin = `const { load, WhichcardError } = await import(${JSON.stringify(new URL("../../target/package/node.js", import.meta.url).href)});
    const REQUEST = ${JSON.stringify(REQUEST)};
    const failed = (error) => error instanceof WhichcardError && error.code + " " + error.field;`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--input-type=module", "--eval", begin + program]);
  return stdout.trim().split("\n");
}
