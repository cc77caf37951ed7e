// `this.resumable(items, work)`: the finished items of a step are kept as they finish, so that a retry or a resumed run works only on the
// rest. In the process they are kept by the task; across processes in the room `runs`, in segments under the scope of the task:
//
//   runs/<flow>/items/<scope>/<call>/<number>-<random>
//
// A scope stands for the step's code and the task's inputs, so changed code and changed inputs find nothing.

import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { decode, encode, isDecodable } from './codec.js'
import { digest } from './contract.js'
import { drain } from './engines/local.js'
import type { ResumableOptions } from './flow.js'
import type { Store } from './store.js'

const FLUSH_MS = 4
/** Segments on their way at a time; what is finished meanwhile goes together into the next. */
const MOST_SENDING = 8

/** Finished items by place and digest of the item. */
type Finished = Map<string, Uint8Array>

export interface ItemKeeper {
  /** One call of `this.resumable`, numbered from 0 within the step. */
  call(
    number: number,
    items: Iterable<unknown>,
    work: (item: never, index: number) => unknown,
    options: ResumableOptions,
  ): Promise<unknown[]>
  /** True when something was kept in the store. */
  used(): boolean
  /** Removes it. */
  clear(): Promise<void>
}

export interface KeeperOptions {
  /** Absent: items are kept for retries in this process only. */
  readonly shelf: { readonly store: Store; readonly prefix: string } | undefined
  readonly onTrouble: (error: unknown) => void
  /** An item or its result has no stable bytes, so it is worked on each time. */
  readonly onUnkept: (cause: unknown) => void
}

export function openKeeper({ shelf, onTrouble, onUnkept }: KeeperOptions): ItemKeeper {
  const calls = new Map<number, Finished>()
  let wrote = false

  async function finishedOf(number: number): Promise<Finished> {
    let finished = calls.get(number)
    if (finished !== undefined) return finished
    finished = new Map()
    calls.set(number, finished)
    if (shelf === undefined) return finished
    try {
      const places = await placesOf(shelf.store, `${shelf.prefix}${number}/`)
      wrote ||= places.length > 0
      for (const bytes of await Promise.all(places.map((place) => shelf.store.get('runs', place)))) {
        for (const [at, result] of bytes === undefined ? [] : (decode(bytes) as [string, Uint8Array][])) finished.set(at, result)
      }
    } catch (error) {
      onTrouble(error)
    }
    return finished
  }

  async function put(number: number, batch: [string, Uint8Array][]): Promise<void> {
    if (shelf === undefined) return
    wrote = true
    try {
      // The place tells two processes apart that work on the same task.
      await shelf.store.put('runs', `${shelf.prefix}${number}/${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`, encode(batch))
    } catch (error) {
      onTrouble(error)
    }
  }

  return {
    async call(number, items, work, { concurrency = 1 }) {
      const finished = await finishedOf(number)
      const list = [...items]
      const results = new Array<unknown>(list.length)
      let batch: [string, Uint8Array][] = []
      let flushed = Number.NEGATIVE_INFINITY
      const sending = new Set<Promise<void>>()
      let next = 0
      let failed: { error: unknown } | undefined

      function take(): { index: number; place: string | undefined } | undefined {
        while (failed === undefined && next < list.length) {
          const index = next++
          // Before the work, which may change the item.
          const place = placeOf(index, list[index], onUnkept)
          const kept = place === undefined ? undefined : finished.get(place)
          if (kept === undefined || !isDecodable(kept)) return { index, place }
          results[index] = decode(kept)
        }
        return undefined
      }

      async function perform({ index, place }: { index: number; place: string | undefined }): Promise<void> {
        try {
          const result = await work(list[index] as never, index)
          results[index] = result
          if (place !== undefined) keep(place, result)
        } catch (error) {
          failed ??= { error }
        }
        // By the clock and not by a timer alone: work that never waits would keep a timer from its turn. A store far away may take its time.
        if (performance.now() - flushed >= FLUSH_MS) await Promise.race([flush(), nextTurn()])
      }

      function keep(place: string, result: unknown): void {
        let bytes: Uint8Array
        try {
          bytes = encode(result)
        } catch (error) {
          return onUnkept(error)
        }
        finished.set(place, bytes)
        batch.push([place, bytes])
      }

      async function flush(): Promise<void> {
        const full = batch
        flushed = performance.now()
        if (full.length === 0 || sending.size >= MOST_SENDING) return
        batch = []
        const sent = put(number, full)
          .catch((error: unknown) => {
            failed ??= { error }
          })
          .then(() => {
            sending.delete(sent)
          })
        sending.add(sent)
        await sent
      }

      const timer = shelf === undefined ? undefined : setInterval(flush, FLUSH_MS)
      try {
        await drain({ take, perform, limit: Math.max(1, Math.floor(concurrency)) })
      } finally {
        clearInterval(timer)
      }
      await Promise.all(sending)
      await flush()
      if (failed !== undefined) throw failed.error
      return results
    },

    used: () => wrote,

    async clear() {
      if (shelf === undefined) return
      try {
        const places = await placesOf(shelf.store, shelf.prefix)
        await Promise.all(places.map((place) => shelf.store.delete('runs', place)))
      } catch (error) {
        onTrouble(error)
      }
    },
  }
}

async function placesOf(store: Store, prefix: string): Promise<string[]> {
  const places: string[] = []
  for await (const { id } of store.list('runs', prefix)) places.push(id)
  return places
}

function placeOf(index: number, item: unknown, onUnkept: (cause: unknown) => void): string | undefined {
  try {
    return `${index}:${digest(encode(item))}`
  } catch (error) {
    onUnkept(error)
    return undefined
  }
}
