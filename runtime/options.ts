// The options of steps and flows, and which of several levels wins.

import { DEFAULT_WAIT_MS } from './claim.js'
import type { Transition } from './contract.js'
import { type Duration, parseDuration } from './duration.js'
import { type Mode, resolveMode } from './mode.js'
import type { Store } from './store.js'

export interface StepMemoizeOptions<In extends string = string, Out extends string = string, Next extends string = string> {
  /** Artifacts that count as inputs. Default: what the step reads. `input` counts whenever the step reads it. */
  readonly inputs?: readonly In[]
  /** Artifacts that are kept and handed on; what else the step writes ends with its task. Default: all that the step writes. */
  readonly outputs?: readonly Out[]
  /** How long a result is good for from its creation: milliseconds, or a text such as `'7d'`. Default: for ever. 0 never hits. */
  readonly ttl?: Duration
  /** Change it to make every result of the step stale by hand. */
  readonly version?: string | number
  /** Separates results that must not meet. */
  readonly salt?: string
  /** Environment variables that the result depends on. Their values enter the key as a keyed digest, never in clear. */
  readonly env?: readonly string[]
  /** Files that the result depends on, as globs from the folder of the source file: they count by content, at build time. */
  readonly include?: readonly string[]
  /** Where a hit goes on to. Default: where the step itself goes. */
  readonly next?: Next | readonly Next[]
  /** Where results are kept. Default: the store of the flow. */
  readonly store?: Store
  readonly mode?: Mode
  /** How long to wait for another process that is computing the same result: milliseconds, or `'10m'`, which is the default. 0: each computes its own. */
  readonly wait?: Duration
  /** Trouble that would make the step run uncached is an error. Default false. */
  readonly strict?: boolean
}

export interface RetryOptions {
  /** How often a failed step is tried again, from 0. */
  readonly times: number
  /** Wait before another try, in milliseconds; a function is given the number of failures so far, from 1. Default 0. */
  readonly delay?: number | ((failures: number) => number)
}

/** What a flow class may say of itself in static fields. */
export interface FlowStatics {
  /** Memoizes every step of the flow; options count for all of them, a step's own go first. */
  readonly memoize?: boolean | Omit<StepMemoizeOptions, 'inputs' | 'outputs' | 'next'>
  readonly mode?: Mode
  readonly store?: Store
  readonly strict?: boolean
}

/** How one step is memoized in one run, every level considered. */
export interface StepPolicy {
  readonly inputs: readonly string[] | undefined
  readonly outputs: readonly string[] | undefined
  readonly ttlMs: number | undefined
  readonly waitMs: number
  readonly version: string | number | undefined
  readonly salt: string | undefined
  readonly env: readonly string[] | undefined
  readonly next: Transition | undefined
  readonly store: Store
  readonly mode: Mode
  readonly strict: boolean
}

/** What the person who starts a run decides; it goes before what the author of the flow wrote. */
export interface Operator {
  readonly mode: Mode | undefined
  readonly strict: boolean
  readonly force: boolean | readonly string[]
  readonly store: Store
}

/**
 * `undefined` when the step is not memoized at all. The operator's mode goes before the step's, the step's before the flow's; only `off`
 * of a step stays `off`.
 */
export function resolvePolicy(
  name: string,
  own: StepMemoizeOptions | undefined,
  flow: FlowStatics,
  operator: Operator,
): StepPolicy | undefined {
  if (own === undefined && !flow.memoize) return undefined
  const shared = typeof flow.memoize === 'object' ? flow.memoize : {}
  const options: StepMemoizeOptions = { ...shared, ...own }
  const forced = operator.force === true || (Array.isArray(operator.force) && operator.force.includes(name))
  // Of a flow's own `off` nothing stays: it is a default for its steps, and the one who starts a run may want it otherwise.
  let mode = options.mode === undefined ? (operator.mode ?? resolveMode(undefined, flow.mode)) : resolveMode(operator.mode, options.mode)
  if (forced && mode !== 'off') mode = mode === 'readonly' ? 'off' : 'refresh'
  return {
    inputs: options.inputs,
    outputs: options.outputs,
    ttlMs: options.ttl === undefined ? undefined : parseDuration(options.ttl),
    waitMs: parseDuration(options.wait ?? DEFAULT_WAIT_MS),
    version: options.version,
    salt: options.salt,
    env: options.env,
    next: options.next === undefined ? undefined : { targets: typeof options.next === 'string' ? [options.next] : options.next },
    store: options.store ?? operator.store,
    mode,
    strict: options.strict ?? (operator.strict || (flow.strict ?? false)),
  }
}
