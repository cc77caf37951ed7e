// Puts that are done later: what a store in front has taken waits here for the one behind it. At the end of a run, and when the store is
// closed, they are waited for.

import { type Pieces, sizeOf } from '../pieces.js'
import type { Room, Store } from '../store.js'
import { openGate } from './gate.js'

export interface Flushed {
  /** Puts that the store behind has taken since this was last told. */
  readonly written: number
  /** Puts that it has not: what they would have stored is in the store in front alone, and is brought later. */
  readonly failed: number
}

export interface Behind {
  readonly store: Store
  /** Queues a copy of the bytes, once there is room for them. Of more than there can ever be room for no copy is made, and the put is waited for. */
  put(room: Room, id: string, bytes: Pieces, replace: boolean): Promise<void>
  /** Resolves when nothing waits for this id. */
  settled(room: Room, id: string): Promise<void>
  /** Resolves when nothing waits at all. */
  flush(): Promise<Flushed>
  /** Puts that wait or are under way. */
  pending(): number
}

export interface BehindOptions {
  readonly store: Store
  readonly put: (room: Room, id: string, bytes: Pieces, replace: boolean) => Promise<unknown>
  /** Bytes that may wait; one put may always. */
  readonly limit: number
  readonly onTrouble: (error: unknown) => void
  /** Nothing waits any more, and it was asked for. */
  readonly onFlushed: () => Promise<void>
  /** A put that did not come to the store. */
  readonly onFailed: (room: Room, id: string, replace: boolean) => Promise<void>
}

const AT_ONCE = 32

/** Queues that have something to wait for or to tell. */
const busy = new Set<Behind>()

/** All such queues of this process. */
export function queuesBehind(): readonly Behind[] {
  return [...busy]
}

/** Puts of one id keep their order, and an entry goes after the blobs that were put before it, if they all went. */
export function openBehind({ store, put, limit, onTrouble, onFlushed, onFailed }: BehindOptions): Behind {
  const gate = openGate(AT_ONCE)
  const last = new Map<string, Promise<boolean>>()
  const blobs = new Set<Promise<boolean>>()
  const waiting: (() => void)[] = []
  let held = 0
  let written = 0
  let failed = 0
  let pending = 0

  async function go(room: Room, id: string, bytes: Pieces, replace: boolean, earlier: Promise<boolean> | undefined): Promise<boolean> {
    const needed = room === 'entries' ? [...blobs] : []
    await earlier
    let whole = (await Promise.all(needed)).every((stored) => stored)
    try {
      // Where blobs are missing an entry would only be in the way.
      if (whole) await gate(() => put(room, id, bytes, replace))
    } catch (error) {
      whole = false
      onTrouble(error)
    }
    try {
      if (whole) written++
      else {
        failed++
        await onFailed(room, id, replace)
      }
      return whole
    } finally {
      pending--
      held -= sizeOf(bytes)
      for (const wake of waiting.splice(0)) wake()
    }
  }

  const behind: Behind = {
    store,

    async put(room, id, bytes, replace) {
      const size = sizeOf(bytes)
      const isLarge = size > limit
      const taken = isLarge ? bytes : bytes.map((piece) => new Uint8Array(piece))
      while (held > 0 && held + size > limit) await new Promise<void>((wake) => waiting.push(wake))
      held += size
      pending++
      busy.add(behind)
      const place = `${room}/${id}`
      const going = go(room, id, taken, replace, last.get(place))
      last.set(place, going)
      if (room === 'blobs') blobs.add(going)
      void going.then(() => {
        blobs.delete(going)
        if (last.get(place) === going) last.delete(place)
        if (pending === 0 && failed === 0) busy.delete(behind)
      })
      if (isLarge) await going
    },

    async settled(room, id) {
      await last.get(`${room}/${id}`)
    },

    async flush() {
      while (last.size > 0) await Promise.all(last.values())
      const told = { written, failed }
      written = 0
      failed = 0
      busy.delete(behind)
      await onFlushed()
      return told
    },

    pending: () => pending,
  }
  return behind
}
