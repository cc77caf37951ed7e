// One task of a run, from its inputs to its outcome: taken over from the resumed run, found in the store, or executed.

import type { Artifacts, Pool, Slot } from './artifacts.js'
import { isDecodable } from './codec.js'
import type { Transition } from './contract.js'
import type { Slots } from './engines/local.js'
import { isUseless, lookUp, type MissReason } from './entry.js'
import type { FlowListener } from './events.js'
import { type Executed, execute, record } from './execution.js'
import { type Arrival, type Frame, itemOf } from './fan.js'
import { hasFiles } from './file.js'
import { fly } from './flight.js'
import type { FlowGraph, StepInfo } from './graph.js'
import type { Journal, TaskRecord } from './journal.js'
import type { Key } from './key.js'
import type { StepPolicy } from './options.js'
import type { Store } from './store.js'
import { taskKey } from './taskkey.js'
import { tellUncached, tellUnstamped } from './trouble.js'
import { takeTurn } from './turn.js'

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
  /** For steps being executed. */
  readonly slots: Slots
  readonly journal: Journal
  /** Finished tasks of the run that this one resumes. */
  readonly origin: ReadonlyMap<string, TaskRecord>
  readonly store: Store
  /** False: nothing is written to any store. */
  readonly writable: boolean
  readonly lineage: string
  readonly emit: FlowListener
  /** A memoized step is executed since its result was not found, for this reason. */
  readonly missed: (reason: MissReason) => void
  readonly signal: AbortSignal
  /** Whether the tasks may be gone through again when something that they need is lost. */
  readonly goesAgain: boolean
}

/** A result, wherever it comes from. */
export interface Found {
  readonly outputs: Readonly<Record<string, Slot>>
  readonly transition: Transition | undefined
  readonly durationMs: number
}

/** Rejects with what the step threw; `undefined` when the run was interrupted before the step could begin. */
export async function perform(shop: TaskShop, task: Task): Promise<Outcome | undefined> {
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
    const own = kept && ownOf(shop, task, kept)
    if (own !== undefined) return finish(shop, task, key, own, 'resumed')
  }
  const refresh = policy?.mode === 'refresh'
  const mayHit = (policy?.mode === 'default' || policy?.mode === 'readonly') && policy.ttlMs !== 0
  if (key === undefined || policy === undefined || !mayHit) return (await execute(shop, task, policy, identity, item, refresh))?.outcome

  async function look(): Promise<Found | undefined> {
    const sought = await find(shop, policy as StepPolicy, key as Key)
    return sought.kind === 'found' ? ownOf(shop, task, sought.found) : undefined
  }

  async function compute(replace: boolean, why: MissReason | undefined): Promise<Executed | undefined> {
    const { store, waitMs, mode } = policy as StepPolicy
    const run = (slot?: () => void) => {
      if (why !== undefined) shop.missed(why)
      return execute(shop, task, policy, identity, item, replace, slot)
    }
    if (mode === 'readonly' || info.stamp === undefined) return run()
    // Not before there is a slot: what is claimed and not begun would keep others from it.
    let slot = await shop.slots.take()
    if (slot === undefined) return undefined
    const free = () => {
      slot?.()
      slot = undefined
    }
    const options = { waitMs, signal: shop.signal, onWait: free }
    try {
      const turn = await takeTurn(store, key as Key, info.stamp.fingerprint, look, options)
      if (turn.kind === 'found') return { outcome: finish(shop, task, key as Key, turn.found, 'hit'), shared: turn.found }
      const held = slot
      slot = undefined
      try {
        return await run(held)
      } finally {
        await turn.release()
      }
    } finally {
      free()
    }
  }

  async function lead(): Promise<Executed | { readonly error: unknown } | undefined> {
    try {
      const sought = await find(shop, policy as StepPolicy, key as Key)
      const own = sought.kind === 'found' ? ownOf(shop, task, sought.found) : undefined
      if (own !== undefined) return { outcome: finish(shop, task, key as Key, own, 'hit'), shared: own }
      return sought.kind === 'found' ? await compute(true, undefined) : await compute(sought.useless, sought.reason)
    } catch (error) {
      return { error }
    }
  }
  const { joined, result } = await fly(policy.store, key, true, lead)
  if (!joined) {
    if (result !== undefined && 'error' in result) throw result.error
    return result?.outcome
  }
  const own = result !== undefined && 'shared' in result && result.shared !== undefined ? ownOf(shop, task, result.shared) : undefined
  if (own !== undefined) return finish(shop, task, key, own, 'hit')
  // A failure is not shared: each task fails, or is tried again, on its own.
  return (await execute(shop, task, policy, identity, item, false))?.outcome
}

/** The task of the run that this one resumes, if code and inputs are the same and its outputs are still there. */
async function takeOver(shop: TaskShop, { id, info }: Task, key: Key): Promise<Found | undefined> {
  const { origin, pool, policies } = shop
  const record = origin.get(id)
  if (record === undefined || record.key !== key || record.kind === 'failed') return undefined
  const whole = Object.values(record.outputs).map(async (ref) => {
    const bytes = await pool.read(ref)
    return bytes !== undefined && isDecodable(bytes) && (ref.files === undefined || hasFiles(shop.store, bytes).catch(() => false))
  })
  if (!(await Promise.all(whole)).every(Boolean)) {
    const policy = policies.get(info.name)
    if (policy === undefined || policy.mode === 'off') return undefined
    // What a hit brought may be in its entry alone; it was good then, so its age is nobody's business.
    const sought = await find(shop, { ...policy, ttlMs: undefined }, key)
    return sought.kind === 'found' ? { ...sought.found, transition: record.transition } : undefined
  }
  return { outputs: record.outputs, transition: record.transition, durationMs: record.durationMs }
}

/** `useless`: there is something under the key that nobody can use. */
type Sought =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'miss'; readonly useless: boolean; readonly reason: MissReason }

async function find(shop: TaskShop, policy: StepPolicy, key: Key): Promise<Sought> {
  const { ttlMs, strict, store } = policy
  const looked = await lookUp(store, key, { ttlMs, now: Date.now(), strict })
  if (looked.kind === 'miss') return { ...looked, useless: isUseless(looked.reason) }
  const { entry } = looked
  const adopted = Object.entries(entry.outputs).map(async ([name, ref]) => ({ name, slot: await shop.pool.adopt(ref, store) }))
  const outputs: Record<string, Slot> = {}
  for (const { name, slot } of await Promise.all(adopted)) {
    if (slot === undefined) return { kind: 'miss', useless: true, reason: 'absent' }
    outputs[name] = slot
  }
  return { kind: 'found', found: { outputs, transition: entry.transition, durationMs: entry.durationMs } }
}

/**
 * The result as this step's own, or `undefined` when nobody knows where the step goes on to. Where it goes is no part of the fingerprint when
 * the stamp tells it: steps with the same code may share a result and part ways.
 */
function ownOf({ graph, policies }: TaskShop, { info }: Task, found: Found): Found | undefined {
  if (info.name === 'end') return { ...found, transition: undefined }
  const taken = info.stamp?.next ?? found.transition
  const chosen = policies.get(info.name)?.next
  const transition = chosen === undefined || chosen.targets.join() === taken?.targets.join() ? taken : chosen
  return transition?.targets.every((target) => graph.steps.has(target)) ? { ...found, transition } : undefined
}

function finish(shop: TaskShop, task: Task, key: Key, { outputs, transition, durationMs }: Found, how: 'hit' | 'resumed'): Outcome {
  const now = Date.now()
  record(shop, task, { kind: how, key, outputs, transition, durationMs, started: now })
  shop.emit({ kind: 'task:done', task: task.id, step: task.info.name, how, durationMs })
  return { artifacts: { ...task.artifacts, ...outputs }, transition }
}
