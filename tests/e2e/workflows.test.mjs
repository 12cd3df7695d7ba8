// The workflows, read as GitHub reads them.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { register } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// The package imports its grammar as JSON without saying so, which bundlers accept and Node does not.
const asJson = (url, context, next) => next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);
register(`data:text/javascript,export const load = ${encodeURIComponent(asJson)}`);
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import("@actions/workflow-parser");

const root = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = `${root}.github/workflows/`;

async function read(name, content) {
  const parsed = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const template = parsed.value && (await convertWorkflowTemplate(parsed.context, parsed.value));
  return { template, errors: parsed.context.errors.getErrors().map((error) => error.message) };
}

const workflows = (await readdir(FOLDER)).filter((name) => name.endsWith(".yml"));

for (const name of workflows) {
  test(`${name} is a valid workflow`, async () => {
    const { template, errors } = await read(name, await readFile(FOLDER + name, "utf8"));
    assert.deepEqual(errors, []);
    assert.ok(template.jobs.length > 0);
  });
}

test("a mistake in a workflow is found", async () => {
  const content = await readFile(`${FOLDER}ci.yml`, "utf8");
  for (const broken of [content.replace("runs-on:", "run-on:"), content.replace("steps:", "step:"), content.replace("github.ref", "githob.ref")]) {
    assert.notEqual(broken, content);
    assert.notDeepEqual((await read("broken.yml", broken)).errors, []);
  }
});

test("what is tested on every change is what is tested here", async () => {
  const { template } = await read("ci.yml", await readFile(`${FOLDER}ci.yml`, "utf8"));
  const commands = template.jobs.flatMap((job) => job.steps.map((step) => step.run?.toString()).filter(Boolean));
  const own = (await readFile(`${root}.ci/run`, "utf8")).split("\n").filter((line) => line.startsWith("cargo") || line.startsWith("exec cargo"));
  assert.ok(own.length > 0);
  for (const line of own) assert.ok(commands.includes(line.replace(/^exec /, "")), `${line} is not in ${commands.join(", ")}`);
});

test("what is published by hand has passed the same tests first", async () => {
  const { template } = await read("pages.yml", await readFile(`${FOLDER}pages.yml`, "utf8"));
  const own = (await readFile(`${root}.ci/run`, "utf8")).split("\n").filter((line) => line.startsWith("cargo"));
  for (const { steps } of template.jobs) {
    const runs = steps.map((step) => step.run?.toString());
    for (const line of own) {
      const place = runs.indexOf(line);
      assert.ok(place >= 0 && place < runs.indexOf("cargo xtask dist"), `${line} is not before what is published`);
      assert.match(steps[place].if.expression, /github\.event_name == 'workflow_dispatch'/);
    }
  }
});

test("nobody else's code is published", async () => {
  const { template } = await read("pages.yml", await readFile(`${FOLDER}pages.yml`, "utf8"));
  for (const job of template.jobs) {
    const condition = job.if.expression;
    assert.match(condition, /workflow_run\.event == 'push'/);
    assert.match(condition, /workflow_run\.head_repository\.full_name == github\.repository/);
  }
});

test("the workflows install the Rust that Cargo.toml promises", async () => {
  const promised = /^rust-version = "(.+)"$/m.exec(await readFile(`${root}Cargo.toml`, "utf8"))[1];
  for (const name of workflows) {
    const { template } = await read(name, await readFile(FOLDER + name, "utf8"));
    const installed = template.jobs.flatMap((job) => job.steps.map((step) => step.run?.toString().match(/toolchain install (\S+)/)?.[1]).filter(Boolean));
    assert.deepEqual(installed, [`${promised}.0`], name);
  }
});
