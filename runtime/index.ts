// The public names of mintmark. What they lead to compiles without Node's types, which a project has from TypeScript 6 on only where it asks for them.

export type { PastRun, PastRunsOptions, PastTask } from './client.js'
export { asKey, EncodeError, registerCodec, type ValueCodec } from './codec.js'
export { type MemoizeDecorator, memoize, retry, type StepDecorator, step } from './decorators.js'
export type { Duration } from './duration.js'
export { MintmarkError } from './errors.js'
export type { FlowEvent, FlowListener, RunCounts, TaskKind } from './events.js'
export { FileRef, fileRef } from './file.js'
export {
  type ArtifactName,
  FlowSpec,
  type ForeachOptions,
  type Inputs,
  type MergeOptions,
  type ResumableOptions,
  type StepMethod,
} from './flow.js'
export type { FlowClass } from './graph.js'
export type { RunStatus } from './journal.js'
export type { Key } from './key.js'
export { main, pastRuns, runFlow } from './main.js'
export type { CallOptions, FunctionOptions, Memoized, Peek } from './memoize.js'
export type { Mode } from './mode.js'
export type { FlowStatics, RetryOptions, StepMemoizeOptions } from './options.js'
export { type ParameterDecorator, type ParameterOptions, type ParameterType, parameter } from './parameters.js'
export type { ArtifactsOf, RunOptions, RunResult } from './run.js'
export type { Listing, PutOptions, Room, Store } from './store.js'
export { type AgedOptions, agedStore } from './stores/aged.js'
export type { Flushed } from './stores/behind.js'
export { type FsOptions, fsStore } from './stores/fs.js'
export { storeAt } from './stores/location.js'
export { memoryStore } from './stores/memory.js'
export { type S3Options, s3Store } from './stores/s3.js'
export { type Refusal, type SignedOptions, type SignedStore, signedStore } from './stores/signed.js'
export { type TieredOptions, type TieredStore, tieredStore } from './stores/tiered.js'
export { zonedStore } from './stores/zoned.js'
