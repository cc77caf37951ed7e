// `mintmark cache verify`: reads everything there is, digests it anew, and tells what is not what it should be.

import type { Store } from '../../runtime/store.js'
import { proveBlob } from '../../runtime/stores/in-pieces.js'
import { OWED_FOLDER } from '../../runtime/stores/owed.js'
import { ahead } from './desk.js'
import { openDigestSet } from './digest-set.js'
import { type EntryLook, type Problem, signatureProblems, type TrustOptions, trustedKeys } from './looks.js'
import { isThere, readRecord } from './records.js'
import { lookAt } from './shards.js'

/** What the exit code is the sum of. */
export const EXIT_BITS = { record: 4, blob: 8, missing: 16, untrusted: 32 } as const satisfies Record<Problem['kind'], number>

export interface VerifyOptions extends TrustOptions {
  /** The store's folder, when it is one: several threads look at it. */
  readonly folder?: string | undefined
  readonly progress: (text: string) => void
  readonly onProblem: (problem: Problem) => Promise<void>
}

export interface Verified {
  entries: number
  blobs: number
  records: number
  /** Of another version of mintmark, left alone. */
  foreign: number
}

export async function verifyStore(store: Store, options: VerifyOptions): Promise<Verified> {
  const { trust, zone, folder, progress, onProblem } = options
  const count: Verified = { entries: 0, blobs: 0, records: 0, foreign: 0 }
  const sound = openDigestSet()
  const trusted = trustedKeys(options)

  async function checkBlobs(): Promise<void> {
    for await (const { id, kind, what } of lookAt({ store, folder }, 'blobs', undefined)) {
      if (kind === 'gone') continue
      progress(`${++count.blobs} blobs`)
      if (kind === 'sound') sound.add(id)
      else await onProblem({ room: 'blobs', id, kind: 'blob', what: what! })
    }
  }

  async function checkEntries(): Promise<void> {
    for await (const looked of lookAt({ store, folder }, 'entries', { trust, zone })) {
      if (looked?.kind === 'gone') continue
      progress(`${++count.entries} entries`)
      if (looked === undefined) continue
      if (looked.kind === 'foreign') count.foreign++
      for (const problem of looked.problems) await onProblem(problem)
      await checkRefs(looked)
    }
  }

  async function checkRefs({ id, refs }: EntryLook): Promise<void> {
    for (const { name, digest } of refs) {
      // One that was put since the blobs were read is there all the same.
      if (sound.has(digest) || (await isSound(digest))) continue
      const what = `the blob ${digest} of its output ${JSON.stringify(name)} is not there, or damaged`
      await onProblem({ room: 'entries', id, kind: 'missing', what })
    }
  }

  async function isSound(id: string): Promise<boolean> {
    return (await proveBlob(store, id)) === id
  }

  async function checkRecord(id: string): Promise<void> {
    const readable = (await readRecord(store, id)) !== undefined
    if (!readable && !(await isThere(store, 'runs', id))) return
    progress(`${++count.records} records of runs`)
    if (!readable) return onProblem({ room: 'runs', id, kind: 'record', what: 'it is torn, cut or flipped, or of another version' })
    // A tiered store's notes to itself are no results.
    if (id.startsWith(`${OWED_FOLDER}/`)) return
    for (const problem of await signatureProblems(store, 'runs', id, options, trusted)) await onProblem(problem)
  }

  await checkBlobs()
  await checkEntries()
  for await (const _ of ahead(store.list('runs'), ({ id }) => checkRecord(id)));
  return count
}
