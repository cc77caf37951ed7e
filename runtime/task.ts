// One task of a run, from its inputs to its outcome: taken over from the resumed run, found in the store, or executed.

import type { Artifacts, Pool, Slot } from './artifacts.js'
import type { Transition } from './contract.js'
import { lookUp } from './entry.js'
import type { FlowListener } from './events.js'
import { execute, record } from './execution.js'
import { type Arrival, type Frame, itemOf } from './fan.js'
import type { FlowGraph, StepInfo } from './graph.js'
import type { Journal, TaskRecord } from './journal.js'
import type { Key } from './key.js'
import type { StepPolicy } from './options.js'
import type { Store } from './store.js'
import { type TaskKey, taskKey } from './taskkey.js'
import type { RunTrouble } from './trouble.js'

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
  readonly trouble: RunTrouble
  readonly signal: AbortSignal
}

/** A result, wherever it comes from. */
export interface Found {
  readonly outputs: Readonly<Record<string, Slot>>
  readonly transition: Transition | undefined
  readonly durationMs: number
}

/** Results that are being made, by store and key: a second task with the same key waits for the first. */
const flights = new WeakMap<object, Map<Key, Promise<Found | undefined>>>()

/** Rejects with what the step threw. */
export async function perform(shop: TaskShop, task: Task): Promise<Outcome> {
  const { info } = task
  const policy = shop.policies.get(info.name)
  const item = await itemOf(task.frame)
  const identity = taskKey({ info, policy, artifacts: task.artifacts, item, branches: task.branches })
  const key = identity.kind === 'key' ? identity.key : undefined
  if (policy !== undefined && policy.mode !== 'off') tellUncached(shop, task, policy, identity)
  else if (identity.kind === 'unstamped' && shop.origin.size > 0) shop.trouble.unstampedResume(shop.graph)

  if (key !== undefined && policy?.mode !== 'refresh' && !shop.forced.has(info.name)) {
    const kept = await takeOver(shop, task, key)
    if (kept !== undefined) return finish(shop, task, key, kept, 'resumed')
  }
  const mayHit = (policy?.mode === 'default' || policy?.mode === 'readonly') && policy.ttlMs !== 0
  if (key === undefined || policy === undefined || !mayHit) return (await execute(shop, task, policy, identity, item)).outcome

  const flying = flightsOf(policy.store)
  for (let other = flying.get(key); other !== undefined; other = flying.get(key)) {
    const found = await other
    if (found !== undefined) return finish(shop, task, key, found, 'hit')
  }
  let land: (found: Found | undefined) => void = () => {}
  flying.set(
    key,
    new Promise((resolve) => {
      land = resolve
    }),
  )
  let found: Found | undefined
  try {
    found = await find(shop, task, policy, key)
    if (found !== undefined) return finish(shop, task, key, found, 'hit')
    const made = await execute(shop, task, policy, identity, item)
    found = made.shared
    return made.outcome
  } finally {
    flying.delete(key)
    land(found)
  }
}

function flightsOf(store: object): Map<Key, Promise<Found | undefined>> {
  let flying = flights.get(store)
  if (flying === undefined) {
    flying = new Map()
    flights.set(store, flying)
  }
  return flying
}

function tellUncached(shop: TaskShop, { info }: Task, policy: StepPolicy, identity: TaskKey): void {
  if (identity.kind === 'unstamped') shop.trouble.unstamped(shop.graph, info.name, policy.strict)
  else if (identity.kind === 'live')
    shop.trouble.uncached('MM4002', info.name, `its input \`${identity.name}\` has no stable bytes`, identity.cause, policy.strict)
}

/** The task of the run that this one resumes, if code and inputs are the same and its outputs are still there. */
async function takeOver({ origin, pool, graph }: TaskShop, { id, info }: Task, key: Key): Promise<Found | undefined> {
  const record = origin.get(id)
  if (record === undefined || record.key !== key || record.kind === 'failed') return undefined
  if (info.name !== 'end' && !record.transition?.targets.every((target) => graph.steps.has(target))) return undefined
  for (const ref of Object.values(record.outputs)) if ((await pool.read(ref)) === undefined) return undefined
  return { outputs: record.outputs, transition: record.transition, durationMs: record.durationMs }
}

async function find(shop: TaskShop, { info }: Task, policy: StepPolicy, key: Key): Promise<Found | undefined> {
  try {
    const entry = await lookUp(policy.store, key, { ttlMs: policy.ttlMs, now: Date.now() })
    if (entry === undefined) return undefined
    const outputs: Record<string, Slot> = {}
    for (const [name, ref] of Object.entries(entry.outputs)) {
      const slot = await shop.pool.adopt(ref, policy.store)
      if (slot === undefined) return undefined
      outputs[name] = slot
    }
    const taken = info.stamp?.next ?? entry.transition
    const transition = policy.next === undefined || policy.next.targets.join() === taken?.targets.join() ? taken : policy.next
    if (info.name !== 'end' && transition === undefined) return undefined
    return { outputs, transition: info.name === 'end' ? undefined : transition, durationMs: entry.durationMs }
  } catch (error) {
    shop.trouble.store(error, policy.strict)
    return undefined
  }
}

function finish(shop: TaskShop, task: Task, key: Key, { outputs, transition, durationMs }: Found, how: 'hit' | 'resumed'): Outcome {
  const now = Date.now()
  record(shop, task, { kind: how, key, outputs, transition, durationMs, started: now })
  shop.emit({ kind: 'task:done', task: task.id, step: task.info.name, how, durationMs })
  return { artifacts: { ...task.artifacts, ...outputs }, transition }
}
