// A store in which only what trusted writers have signed is read. Blobs carry no signature: their digest stands in what is signed.

import type { KeyObject } from 'node:crypto'
import { digest } from '../contract.js'
import { MintmarkError } from '../errors.js'
import type { Room, Store } from '../store.js'
import { warnOnce } from '../warnings.js'
import { guardedStore } from './guard.js'
import { publicBytes, publicWord, readPrivateKey, readPublicKey } from './keys.js'
import { isSignedBy, openSigned, signBytes } from './signature.js'

/** A `KeyObject` of `node:crypto`. */
export interface PrivateKey {
  readonly type: string
  readonly asymmetricKeyType?: string | undefined
}

export interface SignedOptions {
  /**
   * The private Ed25519 key that signs what is put: PEM, or the path of a file with it (0600). Its own public half is trusted, too. `false`:
   * nothing is put. Default: the environment variable MINTMARK_SIGNING_KEY; without that nothing is put either, which MM3041 tells once.
   */
  readonly sign?: string | PrivateKey | false
  /** The public keys of the writers whose results are taken, each as `ed25519:` and 43 characters. Default none but one's own. */
  readonly trust?: readonly string[]
  /** What was signed for another zone is not taken. Default: the zone without a name. */
  readonly zone?: string
}

/** `unsigned`: in no envelope. `unknown`: of a writer that is not trusted. `forged`: the signature does not fit the bytes or their place. */
export type Refusal = 'unsigned' | 'unknown' | 'forged'

export interface SignedStore extends Store {
  /** How often something was refused so far, by reason. */
  readonly refused: Readonly<Record<Refusal, number>>
}

const TOLD: Readonly<Record<Refusal, string>> = {
  unsigned: 'it is not signed',
  unknown: 'its writer is not trusted',
  forged: 'its signature does not fit',
}

/**
 * `store`, whose entries and records count only when a trusted writer signed them, for this very place; everything else is a miss, and gives
 * way to what is put. The first refusal is told (MM3040). Throws MM5041 when a key cannot be used, or when nobody is trusted.
 */
export function signedStore(store: Store, { sign, trust = [], zone = '' }: SignedOptions = {}): SignedStore {
  const key = signingKey(sign)
  const writer = key && publicBytes(key)
  const trusted = new Map(trust.map((word) => [hex(publicBytes(readPublicKey(word))), readPublicKey(word)]))
  if (key !== undefined) trusted.set(hex(publicBytes(key)), readPublicKey(publicWord(key)))
  if (trusted.size === 0) {
    const wayOut = 'Name the public keys of the writers in `trust`, or give a key to `sign`.'
    throw new MintmarkError('MM5041', `nothing in ${store.name} could ever be read, since no writer is trusted. ${wayOut}`)
  }
  const refused: Record<Refusal, number> = { unsigned: 0, unknown: 0, forged: 0 }

  function refuse(why: Refusal, room: Room): undefined {
    refused[why]++
    // Claims come and go, and nothing rests on them.
    if (room !== 'claims')
      warnOnce(
        'MM3040',
        `what ${store.name} has is passed over where no trusted writer signed it (first in room \`${room}\`: ${TOLD[why]}). Trust its writer, or remove it and find out who put it there.`,
        store.name,
      )
    return undefined
  }

  const guarded = guardedStore(store, store.name, {
    admit(room, id, stored) {
      if (room === 'blobs') return digest(stored) === id ? stored : undefined
      const signed = openSigned(stored)
      if (signed === undefined) return refuse('unsigned', room)
      const known = trusted.get(hex(signed.writer))
      if (known === undefined) return refuse('unknown', room)
      return isSignedBy(signed, { zone, room, id }, known) ? signed.payload : refuse('forged', room)
    },
    admitsBlob: (id, digestOf) => digestOf() === id,
    issue: (room, id, bytes) => signBytes(bytes, { zone, room, id }, key as KeyObject, writer as Buffer),
    declines: (room) => (key === undefined ? declined(room) : undefined),
  })
  return Object.assign(guarded, { refused, ...(key === undefined && { async delete() {} }) })

  function declined(room: Room): boolean {
    if (sign !== false)
      warnOnce(
        'MM3041',
        `nothing is put into ${store.name}, since there is no key to sign it with. Set MINTMARK_SIGNING_KEY, or say \`sign: false\`.`,
        store.name,
      )
    // Whoever cannot tell others what is being computed computes it without.
    return room === 'claims'
  }
}

function signingKey(sign: SignedOptions['sign']): KeyObject | undefined {
  if (sign === false) return undefined
  if (sign !== undefined) return readPrivateKey(sign, '`sign`')
  const given = process.env.MINTMARK_SIGNING_KEY
  return given === undefined || given.trim() === '' ? undefined : readPrivateKey(given, 'MINTMARK_SIGNING_KEY')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
