// One run of a flow, from the class to its result.

import { availableParallelism } from 'node:os'
import { type Artifacts, type Bytes, isLive, loadAll, openPool, type Pool, readSlot, type Slot } from './artifacts.js'
import { FORMAT } from './contract.js'
import { openSlots } from './engines/local.js'
import type { MissReason, Ref } from './entry.js'
import { MintmarkError } from './errors.js'
import type { FlowEvent, FlowListener, RunCounts } from './events.js'
import type { ArtifactName, FlowSpec } from './flow.js'
import { describe, type FlowClass, type FlowGraph } from './graph.js'
import { newRunId, openJournal, type RunRecord, type RunStatus, readTasks, thisWriter } from './journal.js'
import { type Mode, modeOf } from './mode.js'
import { type Operator, resolvePolicy, type StepPolicy } from './options.js'
import { findOrigin } from './origin.js'
import { checkParameters } from './parameters.js'
import { untilWhole } from './rounds.js'
import { defaultStore, strictByEnvironment } from './settings.js'
import type { Store } from './store.js'
import { queuesBehind } from './stores/behind.js'
import { openDebts } from './stores/owed.js'
import type { TaskShop } from './task.js'
import { errorText, tellStore } from './trouble.js'
import { RESERVED } from './workspace.js'

/** The artifacts of a flow as a finished run left them. */
export type ArtifactsOf<Flow> = { readonly [Name in Exclude<ArtifactName<Flow>, 'input' | 'index'>]: Flow[Name & keyof Flow] }

export interface RunOptions<Flow extends FlowSpec = FlowSpec> {
  /** Values for the flow's parameters. */
  readonly parameters?: { readonly [Name in keyof Flow]?: Flow[Name] }
  /** Steps executed at a time. Default: the number of processors. Results are looked up and stored beside, more of them at a time. */
  readonly maxWorkers?: number
  /** Executes these memoized steps, or all of them, and replaces their results. */
  readonly force?: boolean | readonly string[]
  /** Default: the store of the flow, else the folder `.mintmark`. */
  readonly store?: Store
  /** Goes before what flow and steps say. Default: the environment variable MINTMARK_MODE. */
  readonly mode?: Mode
  /** Trouble that would let steps run uncached is an error. Default: true when MINTMARK_STRICT is `1`. */
  readonly strict?: boolean
  /** Takes over what succeeded and is still valid in this run, or with `true` in the last one that failed or was interrupted. */
  readonly resume?: string | boolean
  readonly onEvent?: FlowListener
  /** Aborting it lets the tasks under way finish and starts no others. */
  readonly signal?: AbortSignal
}

export interface RunResult<Flow extends FlowSpec = FlowSpec> {
  readonly run: string
  /** What `end` left, decoded when read. */
  readonly artifacts: ArtifactsOf<Flow>
  readonly counts: RunCounts
  readonly durationMs: number
}

/** What `runFlow` does. */
export async function runOnce<Flow extends FlowSpec>(Flow: FlowClass<Flow>, options: RunOptions<Flow> = {}): Promise<RunResult<Flow>> {
  const began = performance.now()
  const graph = describe(Flow)
  const store = options.store ?? Flow.store ?? defaultStore()
  const operator = operatorOf(graph, options, store)
  const maxWorkers = workersOf(options.maxWorkers)
  const writable = operator.mode !== 'readonly'
  const onTrouble = (error: unknown) => tellStore(error, 'write to', store, operator.strict)
  const { resume = false } = options
  const origin = resume === false ? undefined : await findOrigin(store, graph.name, resume)
  const parameters = checkParameters(graph.parameters, { ...origin?.parameters, ...options.parameters })
  const now = Date.now()
  const id = newRunId(now)
  const pool = openPool({ store, writable, onTrouble })
  const journal = openJournal(writable ? store : undefined, graph.name, id, onTrouble)
  const { counts, emit } = count(options.onEvent)
  const signal = options.signal ?? new AbortController().signal
  const misses: Partial<Record<MissReason, number>> = {}
  const shop: TaskShop = {
    graph,
    policies: policiesOf(graph, operator),
    forced: new Set(Array.isArray(options.force) ? options.force : []),
    pool,
    journal,
    origin: origin === undefined ? new Map() : await readTasks(store, graph.name, origin.id),
    store,
    writable,
    lineage: origin?.lineage ?? id,
    emit,
    missed(reason) {
      misses[reason] = (misses[reason] ?? 0) + 1
    },
    signal,
    slots: openSlots(maxWorkers, signal),
    goesAgain: !operator.strict,
  }
  const opened: RunRecord = {
    format: FORMAT,
    flow: graph.name,
    id,
    status: 'running',
    started: now,
    parameters,
    fingerprints: Object.fromEntries([...graph.steps.values()].flatMap(({ name, stamp }) => (stamp ? [[name, stamp.fingerprint]] : []))),
    ...(origin === undefined ? {} : { resumes: origin.id }),
    lineage: shop.lineage,
    writer: thisWriter(),
  }
  const initial = await initialArtifacts(graph, parameters, pool)
  await journal.put(opened)
  emit({ kind: 'run:start', flow: graph.name, run: id, resumes: origin?.id })
  const { artifacts, failure, bytes } = await untilWhole(shop, id, initial, () => initialArtifacts(graph, parameters, pool))

  let thrown = failure
  const status: RunStatus = failure !== undefined ? 'failed' : artifacts === undefined ? 'interrupted' : 'done'
  try {
    if (artifacts !== undefined) await pool.settle(Object.values(artifacts))
    await journal.flush()
    await journal.put({
      ...opened,
      status,
      ended: Date.now(),
      counts: counts(),
      misses,
      ...(artifacts === undefined ? {} : { artifacts: refsOf(artifacts) }),
      ...(failure === undefined ? {} : { error: errorText(failure.error) }),
    })
  } catch (error) {
    thrown ??= { error }
  }
  await writeBehind(emit, writable)
  const durationMs = performance.now() - began
  emit({ kind: 'run:end', flow: graph.name, run: id, status, counts: counts(), durationMs, error: thrown?.error })
  if (thrown !== undefined) throw thrown.error
  if (artifacts === undefined)
    throw new MintmarkError('MM4020', `run ${id} of ${graph.name} was interrupted. \`resume ${id}\` goes on where it stopped.`)
  return { run: id, artifacts: present(artifacts, bytes ?? (await loadAll(pool, Object.values(artifacts)))), counts: counts(), durationMs }
}

/** Waits for the stores that are written behind, and brings what they did not get while they were away: who sees the end of the run may rely on what it left. */
async function writeBehind(emit: FlowListener, writable: boolean): Promise<void> {
  const flushing = queuesBehind().map(async (queue) => {
    emit({ kind: 'store:flush', store: queue.store.name, pending: queue.pending() })
    emit({ kind: 'store:flushed', store: queue.store.name, ...(await queue.flush()) })
  })
  await Promise.all(flushing)
  for (const owed of writable ? openDebts() : []) {
    const pending = await owed.waiting().catch(() => 0)
    if (pending === 0) continue
    emit({ kind: 'store:flush', store: owed.store.name, pending })
    emit({ kind: 'store:flushed', store: owed.store.name, ...(await owed.bring()) })
  }
}

function operatorOf(graph: FlowGraph, { mode, strict, force = false }: RunOptions, store: Store): Operator {
  for (const name of Array.isArray(force) ? (force as readonly string[]) : [])
    if (!graph.steps.has(name))
      throw new MintmarkError(
        'MM5013',
        `cannot force \`${name}\`: ${graph.name} has no such step. It has ${[...graph.steps.keys()].join(', ')}.`,
      )
  return { mode: modeOf(mode), strict: strict ?? strictByEnvironment(), force, store }
}

function policiesOf(graph: FlowGraph, operator: Operator): Map<string, StepPolicy> {
  const policies = new Map<string, StepPolicy>()
  for (const { name, notes } of graph.steps.values()) {
    const policy = resolvePolicy(name, notes.memoize, graph.Flow, operator)
    if (policy !== undefined) policies.set(name, policy)
  }
  return policies
}

function workersOf(maxWorkers: number | undefined): number {
  if (maxWorkers === undefined) return Math.max(1, availableParallelism())
  if (Number.isInteger(maxWorkers) && maxWorkers >= 1) return maxWorkers
  throw new MintmarkError('MM5014', `maxWorkers needs a whole number from 1 and got ${maxWorkers}.`)
}

/** The initial values of the flow's fields and its parameters. A field without stable bytes is no artifact: each task's instance makes its own. */
async function initialArtifacts(graph: FlowGraph, parameters: Readonly<Record<string, unknown>>, pool: Pool): Promise<Artifacts> {
  const initial: Record<string, Slot> = {}
  for (const [name, value] of Object.entries({ ...graph.sample, ...parameters })) {
    if (RESERVED.has(name)) continue
    const slot = await pool.write(value)
    if (!isLive(slot)) initial[name] = slot
    else if (Object.hasOwn(parameters, name))
      throw new MintmarkError('MM5011', `parameter \`${name}\` cannot be passed on: it has no stable bytes. Give plain data.`, {
        cause: slot.cause,
      })
  }
  return initial
}

function refsOf(artifacts: Artifacts): Record<string, Ref> {
  const refs: Record<string, Ref> = {}
  for (const [name, slot] of Object.entries(artifacts)) if (!isLive(slot)) refs[name] = slot
  return refs
}

function present<Flow>(artifacts: Artifacts, bytes: Bytes): ArtifactsOf<Flow> {
  const shown = {}
  for (const [name, slot] of Object.entries(artifacts)) {
    let value: { readonly it: unknown } | undefined
    const get = () => {
      value ??= { it: readSlot(slot, bytes) }
      return value.it
    }
    Object.defineProperty(shown, name, { get, enumerable: true })
  }
  return shown as ArtifactsOf<Flow>
}

function count(listener: FlowListener = () => {}): { emit: FlowListener; counts: () => RunCounts } {
  const counts = { run: 0, hit: 0, resumed: 0, failed: 0, savedMs: 0 }
  const emit = (event: FlowEvent) => {
    if (event.kind === 'task:failed') counts.failed++
    if (event.kind === 'task:done') {
      counts[event.how]++
      if (event.how !== 'run') counts.savedMs += event.durationMs
    }
    listener(event)
  }
  return { emit, counts: () => ({ ...counts }) }
}
