// One task of a run, from its inputs to its outcome: taken over from the resumed run, found in the store, or executed.

import type { Artifacts, Pool, Slot } from './artifacts.js'
import type { Transition } from './contract.js'
import { lookUp } from './entry.js'
import type { FlowListener } from './events.js'
import { type Executed, execute, record } from './execution.js'
import { type Arrival, type Frame, itemOf } from './fan.js'
import { fly } from './flight.js'
import type { FlowGraph, StepInfo } from './graph.js'
import type { Journal, TaskRecord } from './journal.js'
import type { Key } from './key.js'
import type { StepPolicy } from './options.js'
import type { Store } from './store.js'
import { taskKey } from './taskkey.js'
import { tellUncached, tellUnstamped } from './trouble.js'

export interface Task {
  readonly id: string
  readonly info: StepInfo
  readonly frame: Frame | undefined
  readonly artifacts: Artifacts
  readonly branches: readonly Arrival[] | undefined
}

export interface Outcome {
  readonly artifacts: Artifacts
  readonly transition: Transition | undefined
}

/** What the tasks of a run share. */
export interface TaskShop {
  readonly graph: FlowGraph
  readonly policies: ReadonlyMap<string, StepPolicy>
  /** Steps that are executed whatever is known of them. */
  readonly forced: ReadonlySet<string>
  readonly pool: Pool
  readonly journal: Journal
  /** Finished tasks of the run that this one resumes. */
  readonly origin: ReadonlyMap<string, TaskRecord>
  readonly store: Store
  /** False: nothing is written to any store. */
  readonly writable: boolean
  readonly lineage: string
  readonly emit: FlowListener
  readonly signal: AbortSignal
}

/** A result, wherever it comes from. */
export interface Found {
  readonly outputs: Readonly<Record<string, Slot>>
  readonly transition: Transition | undefined
  readonly durationMs: number
}

/** Rejects with what the step threw. */
export async function perform(shop: TaskShop, task: Task): Promise<Outcome> {
  const { info } = task
  const policy = shop.policies.get(info.name)
  const item = await itemOf(task.frame)
  const identity = taskKey({ info, policy, artifacts: task.artifacts, item, branches: task.branches })
  const key = identity.kind === 'key' ? identity.key : undefined
  const active = policy !== undefined && policy.mode !== 'off'
  if (identity.kind === 'unstamped') {
    if (active) tellUnstamped(shop.graph, `its memoized steps (\`${info.name}\` first) are executed each time`, policy.strict)
    else if (shop.origin.size > 0) tellUnstamped(shop.graph, 'a resumed run executes its steps again', false)
  } else if (identity.kind === 'live' && active)
    tellUncached(
      'MM4002',
      `${shop.graph.name}.${info.name}`,
      `its input \`${identity.name}\` has no stable bytes`,
      identity.cause,
      policy.strict,
    )

  if (key !== undefined && policy?.mode !== 'refresh' && !shop.forced.has(info.name)) {
    const kept = await takeOver(shop, task, key)
    if (kept !== undefined) return finish(shop, task, key, kept, 'resumed')
  }
  const refresh = policy?.mode === 'refresh'
  const mayHit = (policy?.mode === 'default' || policy?.mode === 'readonly') && policy.ttlMs !== 0
  if (key === undefined || policy === undefined || !mayHit) return (await execute(shop, task, policy, identity, item, refresh)).outcome

  async function lead(): Promise<Executed | { readonly error: unknown }> {
    try {
      const sought = await find(shop, task, policy as StepPolicy, key as Key)
      if (sought.kind === 'miss') return await execute(shop, task, policy, identity, item, sought.useless)
      return { outcome: finish(shop, task, key as Key, sought.found, 'hit'), shared: sought.found }
    } catch (error) {
      return { error }
    }
  }
  for (;;) {
    const { joined, result } = await fly(policy.store, key, 'any', lead)
    if (joined) {
      // A failure is not shared: each task fails, or is tried again, on its own.
      if ('shared' in result && result.shared !== undefined) return finish(shop, task, key, result.shared, 'hit')
    } else {
      if ('error' in result) throw result.error
      return result.outcome
    }
  }
}

/** The task of the run that this one resumes, if code and inputs are the same and its outputs are still there. */
async function takeOver({ origin, pool, graph }: TaskShop, { id, info }: Task, key: Key): Promise<Found | undefined> {
  const record = origin.get(id)
  if (record === undefined || record.key !== key || record.kind === 'failed') return undefined
  if (info.name !== 'end' && !record.transition?.targets.every((target) => graph.steps.has(target))) return undefined
  for (const ref of Object.values(record.outputs)) if ((await pool.read(ref)) === undefined) return undefined
  return { outputs: record.outputs, transition: record.transition, durationMs: record.durationMs }
}

/** `useless`: there is something under the key that nobody can use. */
type Sought = { readonly kind: 'found'; readonly found: Found } | { readonly kind: 'miss'; readonly useless: boolean }

async function find(shop: TaskShop, { info }: Task, policy: StepPolicy, key: Key): Promise<Sought> {
  const { ttlMs, strict, store } = policy
  const looked = await lookUp(store, key, { ttlMs, now: Date.now(), strict })
  if (looked.kind === 'miss') return { kind: 'miss', useless: looked.reason !== 'absent' && looked.reason !== 'unavailable' }
  const { entry } = looked
  const outputs: Record<string, Slot> = {}
  for (const [name, ref] of Object.entries(entry.outputs)) {
    const slot = await shop.pool.adopt(ref, store)
    if (slot === undefined) return { kind: 'miss', useless: true }
    outputs[name] = slot
  }
  if (info.name === 'end') return { kind: 'found', found: { outputs, transition: undefined, durationMs: entry.durationMs } }
  const taken = info.stamp?.next ?? entry.transition
  const transition = policy.next === undefined || policy.next.targets.join() === taken?.targets.join() ? taken : policy.next
  if (transition === undefined) return { kind: 'miss', useless: true }
  return { kind: 'found', found: { outputs, transition, durationMs: entry.durationMs } }
}

function finish(shop: TaskShop, task: Task, key: Key, { outputs, transition, durationMs }: Found, how: 'hit' | 'resumed'): Outcome {
  const now = Date.now()
  record(shop, task, { kind: how, key, outputs, transition, durationMs, started: now })
  shop.emit({ kind: 'task:done', task: task.id, step: task.info.name, how, durationMs })
  return { artifacts: { ...task.artifacts, ...outputs }, transition }
}
