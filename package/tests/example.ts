// Held against the types of the package; nothing runs it.
import { load, WhichcardError, type CardChoice, type Estimate, type FileTerms, type Goal, type PlanFile, type Machine, type Path, type Request, type Upgrades, type Whichcard } from "whichcard";

const request: Request = {
  model: "llama-3-8b",
  job: { kind: "qlora", sequenceLength: 2048 },
  recipe: { lora: { rank: 16, targets: "all-linear" }, optimizer: "paged-adamw-8bit" },
  rig: { card: "rtx-4090" },
};

const goal: Goal = { model: "llama-3-8b", job: { kind: "lora" }, rig: { budget: 12000, country: "CN" }, money: { currency: "CNY" }, objective: "fastest" };

const custom: CardChoice = { vramGib: 48, bandwidthGbs: 1000, tensorTflops: 200 };

export async function memory(): Promise<number> {
  const whichcard: Whichcard = await load();
  const { memory, warnings }: Estimate = await whichcard.estimate(request);
  warnings.forEach(({ code, message }) => console.log(code, message));
  return memory.total;
}

export async function cheapest(): Promise<string | undefined> {
  const { ranked, pareto } = await (await load()).advise(goal);
  const places: number[] = pareto;
  return places.length > 0 ? ranked[0]?.rig.card : undefined;
}

export async function larger(card: string): Promise<string[]> {
  const whichcard = await load();
  const found: Upgrades = await whichcard.upgrades({ rig: { card }, money: { currency: "EUR" } });
  const { stages, total }: Path = await whichcard.fromScratch({ model: "gpt2", rig: { card, count: 2 } });
  const { powerSupplyWatts }: Machine = await whichcard.machine(request);
  console.log(total, powerSupplyWatts, stages.map(({ better }) => better?.plan.rig.name));
  return found.flatMap(({ unlocks }) => unlocks.map(({ model }) => model));
}

export async function taken(terms: FileTerms = { lang: "zh-CN" }): Promise<Map<string, Blob>> {
  const whichcard = await load({ files: true });
  const outcome = await whichcard.plan(goal);
  if (!("request" in outcome)) throw new Error(outcome.rejectedBecause.message);
  const again: Estimate = await whichcard.estimate(outcome.request);
  const { files, leftOut } = await whichcard.files({ ...outcome.request, money: { currency: "CNY" } }, terms);
  console.log(again.memory.total, leftOut.map(({ format, lacks, message }) => [format, lacks, message]));
  return new Map(files.map(({ name, mediaType, text }: PlanFile) => [name, new Blob([text], { type: mediaType })]));
}

// @ts-expect-error There is no such language.
export const unspoken: FileTerms = { lang: "xx" };

export async function nearest(card: string): Promise<string[]> {
  try {
    await (await load()).estimate({ ...request, rig: { card } });
    return [];
  } catch (error) {
    if (error instanceof WhichcardError && error.field === "rig.card") return error.nearest;
    throw error;
  }
}

export async function small(): Promise<number> {
  const whichcard = await load({ rest: true });
  // @ts-expect-error A plan is promised: the part that makes it may be on its way.
  console.log(whichcard.plan(goal).method);
  // @ts-expect-error There is no such part.
  await load({ only: "estimate" });
  // @ts-expect-error So is an estimate.
  console.log(whichcard.estimate(request).memory);
  const { models } = await whichcard.catalog();
  const { parameters } = await whichcard.parseHfConfig({ model_type: "llama", hidden_size: 2048, rope_scaling: { factor: 8 } });
  return models.length + parameters;
}

export const shaped: Request = { ...request, model: { architecture: { hidden: 4096, layers: 32, heads: 32, kvHeads: 8, ffn: 14336, vocab: 128256 } } };

export const read: Request = { ...request, model: { hfConfig: { model_type: "qwen3", num_hidden_layers: 28, sliding_window: null, torch_dtype: "bfloat16" } } };

// What is undefined is left out, so whoever asks need not take it away.
export async function seen(gl: WebGLRenderingContext | null): Promise<number | undefined> {
  const webglRenderer: string | undefined = gl?.getParameter(gl.RENDERER);
  const { cards } = await (await load()).detect({ webglRenderer, adapters: undefined });
  return cards.length;
}

export const unsaid: Request = { ...request, recipe: { lora: { rank: undefined }, optimizer: undefined }, rig: { card: "rtx-4090", count: undefined }, money: undefined };

export const unread: Request = { ...request, model: { hfConfig: { model_type: "llama", sliding_window: undefined } } };

// @ts-expect-error A card is needed, and undefined is none.
export const bare: Request = { ...request, rig: { card: undefined } };

// @ts-expect-error Layers are a number.
export const misread: Request = { ...request, model: { hfConfig: { num_hidden_layers: "28" } } };

// @ts-expect-error Facts have the names of catalog.json.
export const misshaped: Request = { ...request, model: { architecture: { hidden_size: 4096 } } };

export const described: Request = { ...request, model: { parametersB: 13 }, rig: { card: custom, count: 2 } };

export const spilled: Request = { ...request, recipe: { offload: "layers:12" } };

// @ts-expect-error There is no such place to keep it.
export const lost: Request = { ...request, recipe: { offload: "the-attic" } };

// @ts-expect-error A configuration is an object.
export const loose: Request = { ...request, model: { hfConfig: 7 } };

// @ts-expect-error There is no such kind of work.
export const mistaken: Request = { ...request, job: { kind: "prompting" } };

// @ts-expect-error A request names its card.
export const lacking: Request = { model: "llama-3-8b", job: { kind: "lora" }, rig: {} };
