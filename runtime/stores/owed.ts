// What a store behind did not get while it was away: noted in the store in front, a record an id, so that a later run or another process brings it
// there. The bytes stay where they are, in front; what is gone from there by then is not brought.

import { decode, encode } from '../codec.js'
import type { Listing, Room, Store } from '../store.js'
import type { Flushed } from './behind.js'
import { marksLeft } from './under-way.js'

/** The part of the room `runs` where the notes are. No flow's name makes this one. In its order blobs come before entries, and runs last. */
export const OWED_FOLDER = '=owed='
/** Where processes note that they have puts under way. */
export const UNDER_WAY_FOLDER = `${OWED_FOLDER}/under-way/`

const OWED_ROOMS = ['blobs', 'entries', 'runs'] as const

export interface Owed {
  /** The store behind. */
  readonly store: Store
  /** Never rejects: what cannot be noted either is in the store in front alone, as it was. */
  note(room: Room, id: string, replace: boolean): Promise<void>
  /** That it came there after all. Never rejects. */
  forget(room: Room, id: string): Promise<void>
  /** How many can be brought now, up to 1,000: none while the store behind is known to be away. */
  waiting(): Promise<number>
  /**
   * Brings them, until so many bytes are brought; entries only when all blobs are. `failed`: those that stay noted because the store behind did not take
   * them, which ends it. Never rejects.
   */
  bring(mostBytes?: number): Promise<Flushed>
  /** Is not among `openDebts` any more. */
  close(): void
}

const MOST_COUNTED = 1000
const AT_ONCE = 8

const open = new Set<Owed>()

export interface OwedOptions {
  readonly front: Store
  readonly behind: Store
  /** Bytes that are brought at a time, unless it is said otherwise. */
  readonly mostBytes: number
  /** Whether the store behind failed when it was last asked to take something. */
  readonly isAway: () => boolean
  /** Does work on an id when no one else is at it. */
  readonly inTurn: <T>(room: Room, id: string, work: () => Promise<T>) => Promise<T>
  readonly onTrouble: (error: unknown) => void
}

/** All of this process whose stores are in use. */
export function openDebts(): readonly Owed[] {
  return [...open]
}

export function openOwed({ front, behind, mostBytes, isAway, inTurn, onTrouble }: OwedOptions): Owed {
  const folder = (room: Room) => `${OWED_FOLDER}/${room}/`

  /** True when the store behind has it, or nobody has it any more. */
  async function bringOne(room: Room, { id: note, modified }: Listing, add: (bytes: number) => void): Promise<boolean> {
    const id = note.slice(folder(room).length)
    try {
      await inTurn(room, id, async () => {
        const bytes = await front.get(room, id)
        if (bytes === undefined) return
        await behind.put(room, id, bytes, { replace: isReplacement(await front.get('runs', note)) })
        add(bytes.length)
      })
      // Unless it was noted again meanwhile.
      await front.delete('runs', note, { before: modified + 1 })
      return true
    } catch (error) {
      onTrouble(error)
      return false
    }
  }

  async function note(room: Room, id: string, replace: boolean): Promise<void> {
    await front.put('runs', `${folder(room)}${id}`, encode({ replace }), { replace: true })
  }

  /** Of a process that was killed nobody knows what did not arrive: what is in front since its first put is owed. */
  async function noteLeft(): Promise<void> {
    for await (const mark of marksLeft(front, UNDER_WAY_FOLDER)) {
      for (const room of OWED_ROOMS)
        for await (const listing of front.list(room))
          if (listing.modified >= mark.modified && !listing.id.startsWith(`${OWED_FOLDER}/`)) await noteUnlessNewer(room, listing)
      await front.delete('runs', mark.id)
    }
  }

  /** The record of a run changes, and the run may have been resumed elsewhere. */
  async function noteUnlessNewer(room: Room, { id, modified }: Listing): Promise<void> {
    if (room === 'runs') for await (const far of behind.list(room, id)) if (far.id === id && far.modified > modified) return
    await note(room, id, room === 'runs')
  }

  const owed: Owed = {
    store: behind,

    note: (room, id, replace) => note(room, id, replace).catch(() => {}),

    forget: (room, id) => front.delete('runs', `${folder(room)}${id}`).catch(() => {}),

    async waiting() {
      let count = 0
      if (isAway()) return count
      await noteLeft()
      for (const room of OWED_ROOMS) for await (const _ of front.list('runs', folder(room))) if (++count === MOST_COUNTED) return count
      return count
    },

    async bring(most = mostBytes) {
      const done = { written: 0, failed: 0 }
      let bytes = 0
      const isOver = () => done.failed > 0 || bytes >= most
      const bringAll = async (room: Room, batch: readonly Listing[]) => {
        const answers = await Promise.all(batch.map((note) => bringOne(room, note, (length) => (bytes += length))))
        for (const there of answers) done[there ? 'written' : 'failed']++
      }
      try {
        await noteLeft()
        for (const room of OWED_ROOMS) {
          let batch: Listing[] = []
          for await (const note of front.list('runs', folder(room))) {
            batch.push(note)
            if (batch.length < AT_ONCE) continue
            await bringAll(room, batch)
            if (isOver()) return done
            batch = []
          }
          await bringAll(room, batch)
          // An entry whose blobs are missing would only be in the way.
          if (isOver()) return done
        }
      } catch {
        // The store in front fails, too: whoever asks it for results is told.
      }
      return done
    },

    close() {
      open.delete(owed)
    },
  }
  open.add(owed)
  return owed
}

/** What is noted of a record: who wrote it is not known. */
function isReplacement(note: Uint8Array | undefined): boolean {
  try {
    return (decode(note as Uint8Array) as { replace?: unknown }).replace === true
  } catch {
    return false
  }
}
