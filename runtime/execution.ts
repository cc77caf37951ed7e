// The execution of a task: with its retries, and with what it made going to the store.

import { isLive, type Slot } from './artifacts.js'
import { attempt, type Made } from './attempt.js'
import { isInput } from './codec.js'
import { digest } from './contract.js'
import { type Ref, save } from './entry.js'
import { flowPrefix, type TaskRecord } from './journal.js'
import type { Key } from './key.js'
import { isLost } from './lost.js'
import type { StepPolicy } from './options.js'
import { type ItemKeeper, openKeeper } from './resumable.js'
import { thisProcess } from './settings.js'
import type { Found, Outcome, Task, TaskShop } from './task.js'
import { ofBranch, type TaskKey, taskKey } from './taskkey.js'
import { tellDropped, tellLive, tellStore, tellUncached, tellUnkept } from './trouble.js'
import type { Item } from './workspace.js'

export interface Executed {
  readonly outcome: Outcome
  /** What a task with the same key may take; `undefined` when this one's result must not be reused. */
  readonly shared: Found | undefined
}

/**
 * Rejects with what the step threw in the end; `undefined` when the run was interrupted before the step could begin. `replace`: its result
 * takes the place of what is stored. Only while the step itself runs does it hold one of the run's slots: the store may be far away.
 * `slot`: one that is held already, and given back here.
 */
export async function execute(
  shop: TaskShop,
  task: Task,
  policy: StepPolicy | undefined,
  identity: TaskKey,
  item: Item | undefined,
  replace: boolean,
  slot?: () => void,
): Promise<Executed | undefined> {
  const { info, id, artifacts, branches } = task
  const { graph, pool } = shop
  const release = slot ?? (await shop.slots.take())
  if (release === undefined) return undefined
  const started = Date.now()
  const keeper = keeperOf(shop, task, policy, identity)
  let made: Made
  try {
    shop.emit({ kind: 'task:start', task: id, step: info.name })
    made = await tryUntil(shop, task, (failures) =>
      attempt({ graph, info, pool, artifacts, item, branches, failures, keeper, next: policy?.next }),
    )
  } finally {
    release()
  }
  const outputs = chooseOutputs(shop, task, policy, await made.written)
  const key = soundKey(shop, task, policy, identity, made, outputs, item)
  const found: Found = { outputs, transition: made.transition, durationMs: made.durationMs }
  const storing = key !== undefined && policy !== undefined && (policy.mode === 'default' || policy.mode === 'refresh')
  // The journal speaks of outputs by their digests, so they are in the entry or under those.
  if (!storing || !(await keep(shop, task, policy, key, found, started, replace))) await pool.settle(Object.values(outputs))
  record(shop, task, { kind: 'run', key, started, ...found })
  if (keeper.used()) {
    // Kept items are needed until the result itself is in the store.
    await shop.journal.flush()
    await keeper.clear()
  }
  shop.emit({ kind: 'task:done', task: id, step: info.name, how: 'run', durationMs: made.durationMs })
  return {
    outcome: { artifacts: { ...artifacts, ...outputs }, transition: made.transition },
    shared: key === undefined ? undefined : found,
  }
}

/** Adds a finished task to the journal. */
export function record(
  { graph, journal }: TaskShop,
  { id, info }: Task,
  { key, outputs, transition, ...rest }: Found & Pick<TaskRecord, 'kind' | 'started'> & { readonly key: Key | undefined },
): void {
  const refs: Record<string, Ref> = {}
  let whole = true
  for (const [name, slot] of Object.entries(outputs)) {
    if (isLive(slot)) {
      whole = false
      tellLive(`${graph.name}.${info.name}`, name, slot.cause)
    } else refs[name] = slot
  }
  journal.add({
    id,
    step: info.name,
    outputs: refs,
    ...(key === undefined || !whole ? {} : { key }),
    ...(transition === undefined ? {} : { transition }),
    ...rest,
  })
}

async function tryUntil(shop: TaskShop, { id, info }: Task, once: (failures: number) => Promise<Made>): Promise<Made> {
  const { times = 0, delay = 0 } = info.notes.retry ?? {}
  for (let failures = 0; ; failures++) {
    try {
      return await once(failures)
    } catch (error) {
      if (failures >= times || shop.signal.aborted || isLost(error)) throw error
      shop.emit({ kind: 'task:retry', task: id, step: info.name, failures: failures + 1, error })
      await pause(typeof delay === 'function' ? delay(failures + 1) : delay, shop.signal)
      if (shop.signal.aborted) throw error
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (!(ms > 0)) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}

/** What the task hands on. A hit could not set more than `outputs` names, so a run does not either. */
function chooseOutputs(
  shop: TaskShop,
  { info }: Task,
  policy: StepPolicy | undefined,
  written: Readonly<Record<string, Slot>>,
): Readonly<Record<string, Slot>> {
  if (policy?.outputs === undefined) return written
  const chosen: Record<string, Slot> = {}
  for (const [name, slot] of Object.entries(written)) {
    if (policy.outputs.includes(name)) chosen[name] = slot
    else tellDropped(`${shop.graph.name}.${info.name}`, name)
  }
  return chosen
}

/** What counts even when the author says which artifacts are inputs. */
const OUTER: ReadonlySet<string> = new Set(['input', 'index', ofBranch('input')])

/** The key, if the execution bore it out: all that it read is in the key, and all that it made has bytes. */
function soundKey(
  shop: TaskShop,
  task: Task,
  policy: StepPolicy | undefined,
  identity: TaskKey,
  made: Made,
  outputs: Readonly<Record<string, Slot>>,
  item: Item | undefined,
): Key | undefined {
  if (identity.kind !== 'key') return undefined
  const { info, artifacts, branches } = task
  const step = `${shop.graph.name}.${info.name}`
  const told = policy !== undefined && policy.mode !== 'off'
  const chosen = policy?.inputs
  const own = chosen === undefined ? [...made.reads] : [...made.reads].filter((name) => OUTER.has(name))
  const merged = [...made.merged].find((name) => (chosen ? !chosen.includes(name) : !identity.names.has(ofBranch(name))))
  const missing = own.find((name) => !identity.names.has(name)) ?? merged
  if (missing !== undefined) {
    if (told) tellUncached('MM4004', step, `it read \`${missing}\`, which is not among its inputs`, undefined, policy.strict)
    return undefined
  }
  const unsure = [...made.codecs].find((codec) => codec.version === undefined && !isInput(codec.class, info.stamp?.classes))
  if (unsure !== undefined) {
    const why = `it read an instance of \`${unsure.class.name}\`, whose codec ${JSON.stringify(unsure.name)} has no version`
    if (told) tellUncached('MM4034', step, why, undefined, policy.strict)
    return undefined
  }
  if (identity.isAlive) {
    const now = taskKey({ info, policy, artifacts, item, branches })
    if (now.kind !== 'key' || now.key !== identity.key) {
      if (told) tellUncached('MM4035', step, 'an instance among its inputs was changed while it ran', undefined, policy.strict)
      return undefined
    }
  }
  for (const [name, slot] of Object.entries(outputs)) {
    if (!isLive(slot)) continue
    if (told) tellUncached('MM4003', step, `its output \`${name}\` has no stable bytes`, slot.cause, policy.strict)
    return undefined
  }
  return identity.key
}

/** True when the entry is stored, and with it the outputs. */
async function keep(
  { pool }: TaskShop,
  { info }: Task,
  policy: StepPolicy,
  key: Key,
  { outputs, transition, durationMs }: Found,
  createdAt: number,
  replace: boolean,
): Promise<boolean> {
  const { stamp } = info
  if (stamp === undefined) return false
  const offers = Object.entries(outputs).map(async ([name, slot]) => ({
    name,
    offer: isLive(slot) ? undefined : await pool.offer(slot, policy.store),
  }))
  const offered: Record<string, Ref | Uint8Array> = {}
  for (const { name, offer } of await Promise.all(offers)) {
    if (offer === undefined) return false
    offered[name] = offer
  }
  const draft = { key, transition, createdAt, writer: thisProcess(), durationMs, closure: stamp.fingerprint, step: stamp.id }
  return (await save(policy.store, draft, offered, { replace, strict: policy.strict })) === 'stored'
}

function keeperOf(shop: TaskShop, { id, info }: Task, policy: StepPolicy | undefined, identity: TaskKey): ItemKeeper {
  const { graph, store, writable, lineage } = shop
  const prefix = `${flowPrefix(graph.name)}items/`
  const onTrouble = (error: unknown) => tellStore(error, 'keep items in', store, policy?.strict ?? false)
  const onUnkept = (cause: unknown) => tellUnkept(`${graph.name}.${info.name}`, cause)
  if (identity.kind !== 'key' || !writable) return openKeeper({ shelf: undefined, onTrouble, onUnkept })
  // Of a step that is not memoized a new run begins anew; only a resumed one goes on.
  const shared = policy?.mode === 'default'
  const scope = digest(shared ? identity.key : `${lineage} ${id} ${identity.key}`)
  return openKeeper({ shelf: { store, prefix: `${prefix}${scope}/` }, onTrouble, onUnkept })
}
