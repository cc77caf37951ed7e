// What is asked of every id of a room, part by part: each look takes the ids that begin so and answers one thing for each of them, in order, as data that
// can go from one thread to another.

import { digest } from '../../runtime/contract.js'
import type { Ref } from '../../runtime/entry.js'
import type { Listing, Room, Store } from '../../runtime/store.js'
import { proveBlob } from '../../runtime/stores/in-pieces.js'
import { publicBytes, readPublicKey } from '../../runtime/stores/keys.js'
import { isSignedBy, openSigned } from '../../runtime/stores/signature.js'
import { ahead } from './desk.js'
import { isThere, type SeenEntry, seeEntry, withFiles } from './records.js'
import { rows } from './rows.js'

/** What is wrong with one thing in a store. */
export interface Problem {
  readonly room: Room
  readonly id: string
  readonly kind: 'record' | 'blob' | 'missing' | 'untrusted'
  readonly what: string
}

const DIGEST = /^[0-9a-f]{64}$/

/** Who wrote the ref is not known, so its digest may be anything. */
export function isBlob({ digest, inline }: Pick<Ref, 'digest' | 'inline'>): boolean {
  return inline === undefined && DIGEST.test(digest)
}

/** An entry as `gc` sees it. `old`: it goes, and was not looked into. */
export interface Marked {
  readonly listing: Listing
  readonly kind: SeenEntry['kind'] | 'old'
  readonly blobs: readonly Pick<Ref, 'digest' | 'length'>[]
}

/** `before`: what was written earlier is old. `reads`: whether anyone wants to know which blobs the others need. */
export interface MarkOptions {
  readonly before: number
  readonly reads: boolean
}

export async function markEntry(store: Store, listing: Listing, { before, reads }: MarkOptions): Promise<Marked> {
  if (listing.modified < before) return { listing, kind: 'old', blobs: [] }
  if (!reads) return { listing, kind: 'entry', blobs: [] }
  const seen = await seeEntry(store, listing.id)
  if (seen.kind !== 'entry') return { listing, kind: seen.kind, blobs: [] }
  const refs = Object.values(seen.entry.outputs).flatMap(withFiles).filter(isBlob)
  return { listing, kind: 'entry', blobs: refs.map(({ digest, length }) => ({ digest, length })) }
}

/** Of an entry that stays and needs no blob only the size, as most do: what goes from thread to thread costs as much as to find it out. */
async function* marks(store: Store, prefix: string, options: MarkOptions): AsyncGenerator<Marked | number> {
  yield* ahead(store.list('entries', prefix), async (listing) => {
    const marked = await markEntry(store, listing, options)
    return marked.kind === 'entry' && marked.blobs.length === 0 ? listing.size : marked
  })
}

/** `sound`: digested anew. `gone`: deleted since it was listed. */
export interface BlobLook {
  readonly id: string
  readonly kind: 'sound' | 'gone' | 'wrong'
  readonly what?: string
}

async function* blobs(store: Store, prefix: string): AsyncGenerator<BlobLook> {
  yield* ahead(store.list('blobs', prefix), async ({ id }): Promise<BlobLook> => {
    const found = await proveBlob(store, id)
    if (found === undefined && !(await isThere(store, 'blobs', id))) return { id, kind: 'gone' }
    if (found === undefined) return { id, kind: 'wrong', what: 'it is torn, cut or flipped, or of a later version' }
    return found === id ? { id, kind: 'sound' } : { id, kind: 'wrong', what: 'its bytes have another digest' }
  })
}

export interface TrustOptions {
  /** Public keys; given, everything is to be signed by one of them. */
  readonly trust: readonly string[]
  readonly zone: string
}

export interface EntryLook {
  readonly id: string
  readonly kind: 'seen' | 'gone' | 'foreign'
  readonly problems: readonly Problem[]
  /** Outputs that are beside it. */
  readonly refs: readonly { readonly name: string; readonly digest: string }[]
}

/** Nothing of an entry that is well and has all that it needs. */
async function* entries(store: Store, prefix: string, options: TrustOptions): AsyncGenerator<EntryLook | undefined> {
  const trusted = trustedKeys(options)
  yield* ahead(store.list('entries', prefix), async ({ id }): Promise<EntryLook | undefined> => {
    const seen = await seeEntry(store, id)
    if (seen.kind === 'gone') return { id, kind: 'gone', problems: [], refs: [] }
    if (seen.kind === 'format' || seen.kind === 'newer') return { id, kind: 'foreign', problems: [], refs: [] }
    const problems: Problem[] = []
    const refs: { name: string; digest: string }[] = []
    const wrong = (what: string) => void problems.push({ room: 'entries', id, kind: 'record', what })
    if (seen.kind !== 'entry') {
      wrong('it is torn, cut or flipped, or no entry')
      return { id, kind: 'seen', problems, refs }
    }
    problems.push(...(await signatureProblems(store, 'entries', id, options, trusted)))
    if (seen.entry.key !== id) {
      wrong(`it is the entry of another key, ${String(seen.entry.key).slice(0, 64)}`)
      return { id, kind: 'seen', problems, refs }
    }
    for (const [name, ref] of Object.entries(seen.entry.outputs)) {
      if (ref.inline === undefined && !DIGEST.test(ref.digest)) wrong(`its output ${JSON.stringify(name)} names no digest`)
      else if (ref.inline === undefined) refs.push({ name, digest: ref.digest })
      else if (digest(ref.inline) !== ref.digest) wrong(`the bytes of its output ${JSON.stringify(name)} have another digest`)
    }
    return problems.length === 0 && refs.length === 0 ? undefined : { id, kind: 'seen', problems, refs }
  })
}

type Trusted = ReadonlyMap<string, ReturnType<typeof readPublicKey>>

export function trustedKeys({ trust }: TrustOptions): Trusted {
  return new Map(trust.map((word) => [publicBytes(readPublicKey(word)).toString('hex'), readPublicKey(word)]))
}

export async function signatureProblems(
  store: Store,
  room: Room,
  id: string,
  { zone }: TrustOptions,
  trusted: Trusted,
): Promise<Problem[]> {
  if (trusted.size === 0) return []
  const bytes = await store.get(room, id)
  if (bytes === undefined) return []
  const untrusted = (what: string): Problem[] => [{ room, id, kind: 'untrusted', what }]
  const signed = openSigned(bytes)
  if (signed === undefined) return untrusted('it is not signed')
  const key = trusted.get(Buffer.from(signed.writer).toString('hex'))
  if (key === undefined) return untrusted('its writer is not trusted')
  return isSignedBy(signed, { zone, room, id }, key) ? [] : untrusted('its signature does not fit')
}

export const LOOKS = { rows, marks, blobs, entries } as const

export type LookName = keyof typeof LOOKS
export type LookOptions<Name extends LookName> = Parameters<(typeof LOOKS)[Name]>[2]
export type Looked<Name extends LookName> = (typeof LOOKS)[Name] extends (...args: any[]) => AsyncGenerator<infer Answer> ? Answer : never
