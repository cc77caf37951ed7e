// That a process has puts on their way to a store behind: noted in the store in front before the first of them is there, so that what did not arrive when
// it was killed is made up for. One record for all of them, which says nothing of what they are: what was put in front since then is looked through.

import { randomBytes } from 'node:crypto'
import { decode, encode } from '../codec.js'
import { type Owner, standing, thisOwner } from '../owner.js'
import type { Listing, Store } from '../store.js'

/** One that is older is written anew when nothing is on its way, so that less is to be looked through. */
const RENEW_MS = 60_000
/** Of a process that nobody here can ask for. */
const MOST_ELSEWHERE_MS = 600_000

export interface UnderWay {
  /** Does work that puts something in front and queues it for behind. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** To be called when the queue is empty. */
  end(): Promise<void>
}

export interface UnderWayOptions {
  readonly front: Store
  /** In the room `runs`. */
  readonly folder: string
  /** Whether something is queued. */
  readonly isBusy: () => boolean
}

export function openUnderWay({ front, folder, isBusy }: UnderWayOptions): UnderWay {
  const id = `${folder}${randomBytes(9).toString('hex')}`
  let working = 0
  let marked = Number.NEGATIVE_INFINITY
  /** Writing and removing, one after the other. */
  let last: Promise<void> = Promise.resolve()

  function mark(): Promise<void> {
    // What cannot be noted is not in front either, as a rule; and if it is, it is as it would be without.
    last = last.then(async () => {
      if (Date.now() - marked < RENEW_MS || (marked > 0 && (working > 1 || isBusy()))) return
      await front.put('runs', id, encode(thisOwner()), { replace: true }).catch(() => {})
      marked = Date.now()
    })
    return last
  }

  return {
    async during(work) {
      working++
      try {
        await mark()
        return await work()
      } finally {
        working--
      }
    },

    end() {
      last = last.then(async () => {
        if (marked < 0 || working > 0 || isBusy()) return
        marked = Number.NEGATIVE_INFINITY
        await front.delete('runs', id).catch(() => {})
      })
      return last
    },
  }
}

/** The marks of processes that are gone. */
export async function* marksLeft(front: Store, folder: string): AsyncGenerator<Listing> {
  for await (const mark of front.list('runs', folder)) {
    const owner = ownerIn(await front.get('runs', mark.id))
    const where = owner === undefined ? 'elsewhere' : standing(owner)
    if (where === 'dead' || (where === 'elsewhere' && Date.now() - mark.modified > MOST_ELSEWHERE_MS)) yield mark
  }
}

/** `undefined` for what is no mark: who wrote it is not known. */
function ownerIn(bytes: Uint8Array | undefined): Owner | undefined {
  try {
    const { place, pid, began, instance } = decode(bytes as Uint8Array) as Owner
    return Number.isSafeInteger(pid) && pid > 0 ? { place, pid, began, instance } : undefined
  } catch {
    return undefined
  }
}
