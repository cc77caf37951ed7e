// Reading past runs of a flow from a store.

import { loadAll, openPool, readSlot } from './artifacts.js'
import { type FlowClass, nameOf } from './graph.js'
import { listRuns, type RunRecord, readRun, readTasks, type TaskRecord } from './journal.js'
import { defaultStore } from './settings.js'
import type { Store } from './store.js'

export interface PastRun extends Pick<RunRecord, 'flow' | 'id' | 'status' | 'started' | 'ended' | 'parameters' | 'resumes' | 'error'> {
  /** What `end` left, without what had no bytes or is no longer in the store; empty for a run that did not get there. */
  artifacts(): Promise<Readonly<Record<string, unknown>>>
  /** Its finished tasks, in the order of finishing. */
  tasks(): Promise<readonly PastTask[]>
}

export type PastTask = Pick<TaskRecord, 'id' | 'step' | 'kind' | 'started' | 'durationMs' | 'error'>

export interface PastRunsOptions {
  readonly store?: Store
}

/** What `pastRuns` does. */
export async function* readRuns(flow: FlowClass | string, options: PastRunsOptions): AsyncGenerator<PastRun> {
  const store = options.store ?? (typeof flow === 'string' ? undefined : flow.store) ?? defaultStore()
  const name = typeof flow === 'string' ? flow : nameOf(flow)
  for (const id of (await listRuns(store, name)).reverse()) {
    const record = await readRun(store, name, id)
    if (record !== undefined) yield pastRun(store, record)
  }
}

function pastRun(store: Store, { artifacts: refs = {}, ...record }: RunRecord): PastRun {
  return {
    ...record,
    async artifacts() {
      const pool = openPool({ store, writable: false, onTrouble: () => {} })
      const found: Record<string, unknown> = {}
      for (const [name, ref] of Object.entries(refs)) {
        if ((await pool.read(ref)) !== undefined) found[name] = readSlot(ref, await loadAll(pool, [ref]))
      }
      return found
    },
    async tasks() {
      return [...(await readTasks(store, record.flow, record.id)).values()]
    },
  }
}
