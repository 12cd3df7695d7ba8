import type { FileTerms, Goal, HfConfig, Observation, Request, RigRequest, ScratchRequest, UpgradeRequest } from "./questions.js";
import type { Abilities, Advice, Catalog, Changes, ErrorCode, Estimate, Files, Guess, Machine, Model, Outcome, Path, Upgrades } from "./answers.js";

export type * from "./questions.js";
export type {
  Abilities,
  Ability,
  Advice,
  Card,
  Catalog,
  Change,
  Changes,
  ErrorCode,
  Estimate,
  Files,
  Guess,
  LeftOut,
  Machine,
  Memory,
  Model,
  ModelAbility,
  Outcome,
  Path,
  Plan,
  PlanFile,
  Reason,
  Rejected,
  Stage,
  StagePlan,
  Time,
  Upgrade,
  Upgrades,
  Verdict,
  Warning,
} from "./answers.js";

/** A refused question, or a part of the package that cannot be had. `message` is a sentence in English; the other fields are for programs. */
export class WhichcardError extends Error {
  readonly name: "WhichcardError";
  /** The kind of mistake. */
  readonly code: ErrorCode | "invalid-catalog" | "unavailable";
  /** The field it is in, as a dotted path: `rig.card`; empty where it is the question as a whole; `module`, `rest`, `files` or `catalog` where a part cannot be had. */
  readonly field: string;
  /** What was given, shortened. */
  readonly given: string;
  /** What is allowed, as a phrase or a range. */
  readonly allowed: string;
  /** The nearest valid choices, likeliest first. */
  readonly nearest: string[];
}

/** What the platform has under a name, where its types are known: not every project compiles with those of a browser. */
type Known<Name extends string> = typeof globalThis extends { [name in Name]: { prototype: infer Kind } } ? Kind : never;
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Kind } } } ? Kind : never;

/** A WebAssembly module: an address, a response to compile while it arrives, its bytes, or the compiled module. */
export type Code =
  | string
  | Known<"URL">
  | Known<"Request">
  | Known<"Response">
  | Promise<Known<"Response">>
  | ArrayBuffer
  | ArrayBufferView
  | CompiledModule;

/** Where the parts come from if they do not lie beside the script. */
export interface Parts {
  /** The first part of the code: `core_bg.wasm`. */
  module?: Code | undefined;
  /**
   * The rest of the code, of the same build: `rest_bg.wasm`; `true` for the one beside the script. What is named here is loaded at once, with
   * the first part; otherwise the first question that needs it brings it.
   */
  rest?: Code | boolean | undefined;
  /** What only `files` needs, of the same build and after the rest: `files_bg.wasm`, or `true`. */
  files?: Code | boolean | undefined;
  /**
   * Another catalogue: the text of a `catalog.json`, or the object it says. What cannot be used is refused; whether its figures can be right is
   * told by `cargo xtask catalog` alone.
   */
  catalog?: string | object | undefined;
}

/**
 * Loads the first part of the code and a catalogue. The code runs once in a page, a worker or a process and serves all: a later call that names
 * another `module`, `rest` or `files` than the one that runs is refused.
 */
export function load(parts?: Parts): Promise<Whichcard>;

/**
 * A catalogue and the questions that can be asked of it. All answer with a promise, which a bad question rejects with a {@link WhichcardError}.
 * The first part of the code answers `catalog`, and `estimate` for any model but a pasted configuration (`hfConfig`); the first other question brings
 * the rest, and `files` what only it needs.
 */
export class Whichcard {
  private constructor();
  /** Memory, time, energy and money of one exact setup, each number with its working. */
  estimate(request: Request): Promise<Estimate>;
  /** The model a Hugging Face `config.json` (text or object) describes. */
  parseHfConfig(config: string | HfConfig): Promise<Model>;
  /** Cards and models, by the ids that questions use. */
  catalog(): Promise<Catalog>;
  /** The best recipe for one rig: the first card and the smallest count that the goal names. */
  plan(goal: Goal): Promise<Outcome>;
  /** All rigs within the limits of a goal, ranked by its objective, with reasons for each and for those left out. */
  advise(goal: Goal): Promise<Advice>;
  /** What a rig can do: every model of the catalogue against every kind of job. */
  abilities(rig: RigRequest): Promise<Abilities>;
  /** The fewest changes that make a setup fit, the cheapest first; several come as one with `steps`, each has the changed `request`. Empty if it fits, or if nothing helps. */
  changes(request: Request): Promise<Changes>;
  /** What more hardware would unlock: as many cards again, or a card with more memory, with what it costs. */
  upgrades(question: UpgradeRequest): Promise<Upgrades>;
  /** A model from nothing to serving: preparing data, pre-training, tuning, serving; on the rig at hand and on a better one. */
  fromScratch(scratch: ScratchRequest): Promise<Path>;
  /** What a setup asks of the machine and the room: power supply, circuit, slots, main memory, disk, heat, renting against buying. */
  machine(request: Request): Promise<Machine>;
  /** Which card a browser's WebGL and WebGPU strings speak of. It never names a card it cannot know. */
  detect(observation: Observation): Promise<Guess>;
  /**
   * A setup as configuration files and commands for the programs that run it, as a report for people, and as a table and a document for others;
   * with the programs that have no file for it, and why. A plan says which `request` asks for it.
   */
  files(request: Request, terms?: FileTerms): Promise<Files>;
}
