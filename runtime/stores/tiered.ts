// Two stores as one: a local one in front of one that is shared. What is read comes from the local one if it has it, and is kept there
// otherwise; what is put goes to both. The shared one may be away: that costs what others know, and one warning.

import { MintmarkError } from '../errors.js'
import { type Pieces, wholeOf } from '../pieces.js'
import type { Listing, PutOptions, Room, Store } from '../store.js'
import { isHushed, warnOnce } from '../warnings.js'
import { atHandOf, noteAtHand } from './at-hand.js'
import { type Flushed, openBehind } from './behind.js'
import { checkId } from './ids.js'
import { getInPieces, noteInPieces, putInPieces } from './in-pieces.js'
import { merge } from './merged-list.js'
import { OWED_FOLDER, openOwed, UNDER_WAY_FOLDER } from './owed.js'
import { isSound, noteSound } from './sound.js'
import { deeper, noteDeeper } from './tiers.js'
import { openUnderWay } from './under-way.js'

export interface TieredOptions {
  /** In front: near and fast, a folder as a rule. */
  readonly local: Store
  /** Behind: a bucket as a rule. */
  readonly shared: Store
  /**
   * `through` (the default): a put is done when both have it, and of two machines that put at once the shared store says who was first.
   * `behind`: when the local one has it. The shared one gets it in the background, at the end of the run and on `close` at the latest.
   */
  readonly write?: 'through' | 'behind'
  /** Bytes that may wait under `behind`; a put that finds more waits, too. Default 64 MiB. */
  readonly queueBytes?: number
}

export interface TieredStore extends Store {
  /** Waits for what is written behind, brings to the shared store what it did not get while it was away, and tells what became of both since the last time. */
  flush(): Promise<Flushed>
  /** Puts that have not come to the shared store yet. */
  pending(): number
}

/** Rejects when neither store can do what is asked, and in `delete` and in the lists of entries and blobs also when one cannot. */
export function tieredStore({ local, shared, write = 'through', queueBytes = 64 * 1024 * 1024 }: TieredOptions): TieredStore {
  const owed = openOwed({ front: local, behind: shared, mostBytes: queueBytes, isAway: () => down, inTurn, onTrouble: noteDown })
  const onFlushed = () => underWay.end()
  const behind = openBehind({ store: shared, put: putLater, limit: queueBytes, onTrouble: noteDown, onFlushed, onFailed: owed.note })
  const underWay = openUnderWay({ front: local, folder: UNDER_WAY_FOLDER, isBusy: () => behind.pending() > 0 })
  /** What the last put to the shared store came to. */
  let down = false
  let bringing: Promise<unknown> | undefined
  const turns = new Map<string, Promise<unknown>>()

  function tellShared(error: unknown): void {
    tell(shared, error, `${local.name} goes on alone.`)
  }

  function noteDown(error: unknown): void {
    down = true
    tellShared(error)
  }

  async function putShared(room: Room, id: string, bytes: Pieces, replace: boolean): Promise<boolean> {
    const stored = await putInto(shared, room, id, bytes, { replace })
    // It takes puts again, so what it lacks may follow.
    if (down)
      bringing ??= owed.bring().finally(() => {
        bringing = undefined
      })
    down = false
    return stored
  }

  async function putLater(room: Room, id: string, bytes: Pieces, replace: boolean): Promise<void> {
    await putShared(room, id, bytes, replace)
    if (isNotedFirst(room, replace)) await owed.forget(room, id)
  }

  function tellLocal(error: unknown): void {
    tell(local, error, `${shared.name} goes on alone.`)
  }

  /** Changes under one id follow one another, so that both stores end with the same. */
  async function inTurn<T>(room: Room, id: string, work: () => Promise<T>): Promise<T> {
    const place = `${room}/${id}`
    const turn = (turns.get(place) ?? Promise.resolve()).then(work, work)
    const quiet = turn.catch(() => {})
    turns.set(place, quiet)
    try {
      return await turn
    } finally {
      if (turns.get(place) === quiet) turns.delete(place)
    }
  }

  async function putThrough(room: Room, id: string, bytes: Pieces, replace: boolean): Promise<boolean> {
    let stored: boolean
    try {
      stored = await putShared(room, id, bytes, replace)
    } catch (error) {
      noteDown(error)
      // Before it is there, since this process may be killed any time; where it does not come there, nothing is owed.
      await owed.note(room, id, replace)
      return putInto(local, room, id, bytes, { replace })
    }
    // Otherwise the winner's comes here when it is read.
    if (stored) await putInto(local, room, id, bytes, { replace: true }).catch(tellLocal)
    return stored
  }

  async function putBehind(room: Room, id: string, bytes: Pieces, replace: boolean): Promise<boolean> {
    let stored: boolean
    try {
      if (isNotedFirst(room, replace)) await owed.note(room, id, replace)
      stored = await putInto(local, room, id, bytes, { replace })
    } catch (error) {
      const kept = await putInto(shared, room, id, bytes, { replace })
      tellLocal(error)
      return kept
    }
    if (stored) await behind.put(room, id, bytes, replace)
    return stored
  }

  const put: typeof putBehind = write === 'behind' ? (...what) => underWay.during(() => putBehind(...what)) : putThrough

  /** What is near, or else what is far, which `keep` then puts in front. */
  async function find<T>(look: (one: Store) => Promise<T | undefined>, keep: (found: T) => Promise<unknown>): Promise<T | undefined> {
    let trouble: unknown
    try {
      const near = await look(local)
      if (near !== undefined) return near
    } catch (error) {
      trouble = error
    }
    let far: T | undefined
    try {
      far = await look(shared)
    } catch (error) {
      if (trouble !== undefined) throw trouble
      tellShared(error)
      return undefined
    }
    if (trouble !== undefined) tellLocal(trouble)
    else if (far !== undefined) await keep(far).catch(tellLocal)
    return far
  }

  const store: TieredStore = {
    name: `${local.name} + ${shared.name}`,

    async get(room, id) {
      checkId(room, id)
      if (room === 'claims') return shared.get(room, id)
      // The record of a run changes where the run is; a copy here would not.
      const keep = async (far: Uint8Array) => (room === 'runs' ? false : local.put(room, id, far))
      return find((one) => one.get(room, id), keep)
    },

    async put(room, id, bytes, { replace = false } = {}) {
      checkId(room, id)
      if (room === 'claims') return shared.put(room, id, bytes, { replace })
      return inTurn(room, id, () => put(room, id, [bytes], replace))
    },

    async delete(room, id, options) {
      checkId(room, id)
      if (room === 'claims') return shared.delete(room, id, options)
      await inTurn(room, id, async () => {
        await behind.settled(room, id)
        const both = await Promise.allSettled([local.delete(room, id, options), shared.delete(room, id, options)])
        // What is left in the shared store would come back.
        for (const one of both) if (one.status === 'rejected') throw one.reason
      })
    },

    list(room, prefix): AsyncIterable<Listing> {
      if (room === 'claims') return shared.list(room, prefix)
      // Half a list of runs is better than none; of the others it would look like a whole one to those who clean up.
      const [near, far] = [local.list(room, prefix), shared.list(room, prefix)]
      return room === 'runs' ? withoutNotes(merge(near, far, tellShared)) : merge(near, far, undefined)
    },

    async flush() {
      const flushed = await behind.flush()
      if (flushed.failed > 0) return flushed
      await bringing
      const { written, failed } = await owed.bring(Number.POSITIVE_INFINITY)
      return { written: flushed.written + written, failed }
    },

    pending: () => behind.pending(),

    async close() {
      await behind.flush()
      await bringing
      if (!down) await owed.bring()
      owed.close()
      const both = await Promise.allSettled([local.close(), shared.close()])
      for (const one of both) if (one.status === 'rejected') throw one.reason
    },
  }
  noteInPieces(store, {
    put: (id, pieces, { replace = false }) => inTurn('blobs', id, () => put('blobs', id, pieces, replace)),
    get: (id, split) =>
      find(
        (one) => getInPieces(one, id, split),
        ({ pieces }) => putInPieces(local, id, pieces),
      ),
  })
  const near = atHandOf(local)
  if (near !== undefined) noteAtHand(store, near)
  if (isSound(local) && isSound(shared)) noteSound(store)
  noteDeeper(store, async (room, id, seen) => {
    try {
      const bytes = await shared.get(room, id)
      if (bytes === undefined) return undefined
      const found = Buffer.compare(bytes, seen) === 0 ? await deeper(shared, room, id, seen) : { bytes, take: async () => {} }
      if (found === undefined) return undefined
      return {
        bytes: found.bytes,
        async take() {
          await found.take()
          // In vain, it is asked for again.
          await local.put(room, id, found.bytes, { replace: true }).catch(() => {})
        },
      }
    } catch (error) {
      tellShared(error)
      return undefined
    }
  })
  return store
}

/** Of what is found in front later nobody could tell that it was to replace something. */
function isNotedFirst(room: Room, replace: boolean): boolean {
  return room === 'entries' && replace
}

async function putInto(store: Store, room: Room, id: string, bytes: Pieces, options: PutOptions): Promise<boolean> {
  return room === 'blobs' ? putInPieces(store, id, bytes, options) : store.put(room, id, wholeOf(bytes), options)
}

async function* withoutNotes(listing: AsyncIterable<Listing>): AsyncGenerator<Listing> {
  for await (const each of listing) if (!each.id.startsWith(`${OWED_FOLDER}/`)) yield each
}

function tell(store: Store, error: unknown, consequence: string): void {
  if (isHushed(error)) return
  const [code, why] = error instanceof MintmarkError ? [error.code, error.message.slice(error.code.length + 1)] : ['MM3000', String(error)]
  warnOnce(code, `one of two tiers, ${store.name}, failed: ${why.replace(/\.?$/, '.')} ${consequence}`, `tier ${store.name}`)
}
