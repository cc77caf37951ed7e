// `mintmark cache verify`: reads everything there is, digests it anew, and tells what is not what it should be.

import { digest } from '../../runtime/contract.js'
import type { Room, Store } from '../../runtime/store.js'
import { publicBytes, readPublicKey } from '../../runtime/stores/keys.js'
import { OWED_FOLDER } from '../../runtime/stores/owed.js'
import { isSignedBy, openSigned } from '../../runtime/stores/signature.js'
import { ahead } from './desk.js'
import { openDigestSet } from './digest-set.js'
import { isThere, readRecord, seeEntry } from './records.js'

/** What the exit code is the sum of. */
export const EXIT_BITS = { record: 4, blob: 8, missing: 16, untrusted: 32 } as const

export interface Problem {
  readonly room: Room
  readonly id: string
  readonly kind: keyof typeof EXIT_BITS
  readonly what: string
}

export interface VerifyOptions {
  /** Public keys; given, every entry and record is to be signed by one of them. */
  readonly trust: readonly string[]
  readonly zone: string
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

export async function verifyStore(store: Store, { trust, zone, progress, onProblem }: VerifyOptions): Promise<Verified> {
  const count: Verified = { entries: 0, blobs: 0, records: 0, foreign: 0 }
  const sound = openDigestSet()
  const trusted = new Map(trust.map((word) => [publicBytes(readPublicKey(word)).toString('hex'), readPublicKey(word)]))
  const tell = (room: Room, id: string, kind: Problem['kind'], what: string) => onProblem({ room, id, kind, what })

  async function checkBlob(id: string): Promise<void> {
    const bytes = await store.get('blobs', id)
    if (bytes === undefined && !(await isThere(store, 'blobs', id))) return
    progress(`${++count.blobs} blobs`)
    if (bytes === undefined) return tell('blobs', id, 'blob', 'it is torn, cut or flipped, or of a later version')
    if (digest(bytes) !== id) return tell('blobs', id, 'blob', 'its bytes have another digest')
    sound.add(id)
  }

  async function checkEntry(id: string): Promise<void> {
    const seen = await seeEntry(store, id)
    if (seen.kind === 'gone') return
    progress(`${++count.entries} entries`)
    if (seen.kind === 'format' || seen.kind === 'newer') {
      count.foreign++
      return
    }
    if (seen.kind !== 'entry') return tell('entries', id, 'record', 'it is torn, cut or flipped, or no entry')
    await checkSignature('entries', id)
    if (seen.entry.key !== id)
      return tell('entries', id, 'record', `it is the entry of another key, ${String(seen.entry.key).slice(0, 64)}`)
    for (const [name, ref] of Object.entries(seen.entry.outputs)) {
      if (ref.inline !== undefined) {
        if (digest(ref.inline) !== ref.digest)
          await tell('entries', id, 'record', `the bytes of its output ${JSON.stringify(name)} have another digest`)
      } else if (!/^[0-9a-f]{64}$/.test(ref.digest))
        await tell('entries', id, 'record', `its output ${JSON.stringify(name)} names no digest`)
      // One that was put since the blobs were read is there all the same.
      else if (!sound.has(ref.digest) && !(await isSound(ref.digest)))
        await tell('entries', id, 'missing', `the blob ${ref.digest} of its output ${JSON.stringify(name)} is not there, or damaged`)
    }
  }

  async function isSound(id: string): Promise<boolean> {
    const bytes = await store.get('blobs', id)
    return bytes !== undefined && digest(bytes) === id
  }

  async function checkRecord(id: string): Promise<void> {
    const readable = (await readRecord(store, id)) !== undefined
    if (!readable && !(await isThere(store, 'runs', id))) return
    progress(`${++count.records} records of runs`)
    if (!readable) return tell('runs', id, 'record', 'it is torn, cut or flipped, or of another version')
    await checkSignature('runs', id)
  }

  async function checkSignature(room: Room, id: string): Promise<void> {
    // A tiered store's notes to itself are no results.
    if (trusted.size === 0 || id.startsWith(`${OWED_FOLDER}/`)) return
    const bytes = await store.get(room, id)
    if (bytes === undefined) return
    const signed = openSigned(bytes)
    if (signed === undefined) return tell(room, id, 'untrusted', 'it is not signed')
    const key = trusted.get(Buffer.from(signed.writer).toString('hex'))
    if (key === undefined) return tell(room, id, 'untrusted', 'its writer is not trusted')
    if (!isSignedBy(signed, { zone, room, id }, key)) await tell(room, id, 'untrusted', 'its signature does not fit')
  }

  for (const [room, check] of [
    ['blobs', checkBlob],
    ['entries', checkEntry],
    ['runs', checkRecord],
  ] as const)
    for await (const _ of ahead(store.list(room), ({ id }) => check(id)));
  return count
}
