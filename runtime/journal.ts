// What a run leaves in the store: one record of the run itself, and its finished tasks in segments, many tasks to a segment, so that
// a task costs no write of its own. A process that is killed loses the tasks of its last few milliseconds; they are executed again.
//
//   runs/<flow>/<run id>/run              the run record, replaced when the run ends
//   runs/<flow>/<run id>/tasks/<number>   segments, in the order of writing

import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { decode, encode } from './codec.js'
import { digest, FORMAT, type Transition } from './contract.js'
import type { MissReason, Ref } from './entry.js'
import type { RunCounts } from './events.js'
import type { Store } from './store.js'

export type RunStatus = 'running' | 'done' | 'failed' | 'interrupted'

export interface RunRecord {
  readonly format: number
  readonly flow: string
  readonly id: string
  readonly status: RunStatus
  /** Milliseconds since the epoch. */
  readonly started: number
  readonly ended?: number
  readonly parameters: Readonly<Record<string, unknown>>
  /** By step, of the stamped ones. */
  readonly fingerprints: Readonly<Record<string, string>>
  /** The run that this one resumes. */
  readonly resumes?: string
  /** The first run of a chain of resumed runs. */
  readonly lineage: string
  readonly writer: { readonly host: string; readonly pid: number }
  /** The artifacts that `end` left. */
  readonly artifacts?: Readonly<Record<string, Ref>>
  readonly error?: string
  /** Of the tasks, when the run has ended. */
  readonly counts?: RunCounts
  /** Why memoized steps were executed. */
  readonly misses?: Readonly<Partial<Record<MissReason, number>>>
}

export interface TaskRecord {
  /** `work[3]`: the step and its place in the run. */
  readonly id: string
  readonly step: string
  readonly kind: 'run' | 'hit' | 'resumed' | 'failed'
  /** Stands for the code and the inputs; absent when the task can not be taken over by a resumed run. */
  readonly key?: string
  /** What the task wrote. */
  readonly outputs: Readonly<Record<string, Ref>>
  readonly transition?: Transition
  readonly started: number
  /** Of the execution that made the outputs, whichever run that was in. */
  readonly durationMs: number
  readonly error?: string
}

const SEGMENT_TASKS = 512
const SEGMENT_MS = 20
const MOST_PENDING = 4 * SEGMENT_TASKS

export interface Journal {
  /** Replaces the run record. */
  put(record: RunRecord): Promise<void>
  /** Adds a task; it is in the store soon after. */
  add(task: TaskRecord): void
  /** Sends a segment off if one is due. */
  beat(): Promise<void>
  flush(): Promise<void>
}

/** A journal that cannot write tells `onTrouble` and goes on without, or rejects with what that throws; with no store it keeps nothing. */
export function openJournal(store: Store | undefined, flow: string, id: string, onTrouble: (error: unknown) => void): Journal {
  const home = runPrefix(flow, id)
  let pending: TaskRecord[] = []
  let since = 0
  let segments = 0
  let added = 0
  /** Of those added, in order: the store has taken or refused so many. */
  let settled = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  /** The segment on its way. What comes meanwhile waits for one after it, so that a store far away gets few of them and large. */
  let segment: Promise<void> | undefined
  let fatal: { readonly error: unknown } | undefined

  async function put(place: string, value: unknown): Promise<void> {
    writing = writing.then(async () => {
      try {
        await store?.put('runs', place, encode(value), { replace: true })
      } catch (error) {
        // What `onTrouble` throws waits for someone who can catch it: a timer cannot.
        try {
          onTrouble(error)
        } catch (thrown) {
          fatal ??= { error: thrown }
        }
      }
    })
    await writing
  }

  function write(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (segment !== undefined || pending.length === 0) return segment ?? writing
    const batch = pending
    pending = []
    segments++
    segment = put(`${home}tasks/${String(segments).padStart(8, '0')}`, batch).then(() => {
      settled += batch.length
      segment = undefined
      if (pending.length > 0) timer ??= setTimeout(write, SEGMENT_MS).unref()
    })
    return segment
  }

  async function flush(): Promise<void> {
    const goal = added
    while (settled < goal) await write()
    if (fatal !== undefined) throw fatal.error
  }

  return {
    async put(record) {
      await put(`${home}run`, record)
      if (fatal !== undefined) throw fatal.error
    },
    add(task) {
      if (pending.length === 0) since = performance.now()
      pending.push(task)
      added++
      timer ??= setTimeout(write, SEGMENT_MS).unref()
    },
    async beat() {
      const due = pending.length >= SEGMENT_TASKS || (pending.length > 0 && performance.now() - since >= SEGMENT_MS)
      // The store has its time, unless it falls behind for good.
      if (due && pending.length < MOST_PENDING) void write()
      else if (due) await write()
      if (fatal !== undefined) throw fatal.error
    },
    flush,
  }
}

/** Sorts by time. */
export function newRunId(now: number): string {
  return `${new Date(now).toISOString().replace(/[-:.Z]/g, '')}-${randomBytes(3).toString('hex')}`
}

/** Of all runs of a flow. A class may have a name that no id may have. */
export function flowPrefix(flow: string): string {
  const plain = flow.replace(/[^A-Za-z0-9._-]/gu, (character) => `=${character.codePointAt(0)?.toString(16)}=`)
  return `${plain.length <= 100 && !/^\.+$/.test(plain) ? plain : `=${digest(flow)}`}/`
}

export const runPrefix = (flow: string, id: string): string => `${flowPrefix(flow)}${id}/`

/** `undefined` for a run that is not there, or that another format of mintmark wrote. */
export async function readRun(store: Store, flow: string, id: string): Promise<RunRecord | undefined> {
  return /^[A-Za-z0-9._-]{1,100}$/.test(id) ? ((await readRecord(store, `${runPrefix(flow, id)}run`)) as RunRecord | undefined) : undefined
}

/** The ids of the runs of a flow, oldest first. */
export async function listRuns(store: Store, flow: string): Promise<string[]> {
  const prefix = flowPrefix(flow)
  const ids: string[] = []
  for await (const { id } of store.list('runs', prefix)) if (id.endsWith('/run')) ids.push(id.slice(prefix.length, -'/run'.length))
  return ids
}

/** The finished tasks of a run by their ids. Segments that are damaged count as not written. */
export async function readTasks(store: Store, flow: string, id: string): Promise<Map<string, TaskRecord>> {
  const tasks = new Map<string, TaskRecord>()
  const places: string[] = []
  for await (const listing of store.list('runs', `${runPrefix(flow, id)}tasks/`)) places.push(listing.id)
  for (const segment of await Promise.all(places.map((place) => readRecord(store, place))))
    if (Array.isArray(segment)) for (const task of segment as TaskRecord[]) tasks.set(task.id, task)
  return tasks
}

async function readRecord(store: Store, place: string): Promise<unknown> {
  const bytes = await store.get('runs', place)
  if (bytes === undefined) return undefined
  try {
    const record = decode(bytes) as { format?: number }
    return Array.isArray(record) || record.format === FORMAT ? record : undefined
  } catch {
    return undefined
  }
}

export const thisWriter = (): RunRecord['writer'] => ({ host: hostname(), pid: process.pid })

/** True when a run that says `running` really is, as far as this machine can tell: its process lives here. */
export function isAlive({ status, writer }: RunRecord): boolean {
  if (status !== 'running' || writer.host !== hostname() || writer.pid === process.pid) return false
  try {
    process.kill(writer.pid, 0)
    return true
  } catch (error) {
    // Another user's process lives, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
