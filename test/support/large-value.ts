// A process that puts or gets one large value or file, and prints by how much its memory grew at the most, in bytes: `node large-value.js WHAT DIR SIZE
// PLACE`. WHAT is `put` or `get`, `put-call` or `get-call` of a memoized function, `put-file` or `get-file`, and with `text-` before it the value is one that
// is deflated, with `dense-` to more than half of its bytes; or `verify`, which looks at all that is there. PLACE is `FOLDER`, `ENDPOINT`, or both with `through:` or `behind:` before them and a blank between them; `signed:` before one of them signs.

import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { verifyStore } from '../../cli/cache/verify.js'
import { encodeInPieces } from '../../runtime/codec.js'
import { digest, type Fingerprint } from '../../runtime/contract.js'
import { lookUp, readValue, save } from '../../runtime/entry.js'
import { type FileRef, fileRef } from '../../runtime/file.js'
import type { Key } from '../../runtime/key.js'
import { memoizeFunction } from '../../runtime/memoize.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { s3Store } from '../../runtime/stores/s3.js'
import { signedStore } from '../../runtime/stores/signed.js'
import { tieredStore } from '../../runtime/stores/tiered.js'
import { BUCKET } from './s3.js'
import { stampedFunction } from './stamps.js'

export const LARGE_VALUE = fileURLToPath(import.meta.url)

/** The most memory that this process had so far, by Linux: what `resourceUsage` tells begins with what the parent had. */
function peak(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
}

if (process.argv[1] === LARGE_VALUE) {
  const [, , told, dir, size, place] = process.argv as string[] as [string, string, string, string, string, string]
  const [, text, what] = /^(text-|dense-)?(.*)$/.exec(told) as string[] as [string, string | undefined, string]
  const isDense = text === 'dense-'
  const [first, second] = place.replace(/^(through|behind|signed):/, '').split(' ') as [string, string?]
  const folder = () => fsStore({ dir: first, durability: 'none' })
  const bucket = (endpoint: string) =>
    s3Store({ bucket: BUCKET, prefix: place.slice(0, 4), endpoint, partBytes: (isDense ? 1 : 5) * 1024 * 1024 })
  const write = place.startsWith('behind:') ? 'behind' : 'through'
  const inner =
    second === undefined
      ? first.startsWith('http:')
        ? bucket(first)
        : folder()
      : tieredStore({ local: folder(), shared: bucket(second), write })
  const store = place.startsWith('signed:') ? signedStore(inner, { sign: generateKeyPairSync('ed25519').privateKey }) : inner
  const key = digest(told.replace(/put|get/, '')) as string as Key
  const draft = { key, createdAt: 0, writer: 'test#1', durationMs: 1, closure: digest('code') as string as Fingerprint, step: 's' }
  // What is loaded on first use is not counted.
  await store.get('entries', digest('nothing'))
  const call = memoizeFunction(
    stampedFunction(async () => ({ name: 'large', data: madeValue() }), `large ${text}`),
    { store, strict: true },
  )
  const value = what === 'put' ? madeValue() : undefined
  const before = peak()
  if (what === 'verify') {
    const fails = async (problem: object) => Promise.reject(new Error(JSON.stringify(problem)))
    const { blobs } = await verifyStore(store, { trust: [], zone: '', progress() {}, onProblem: fails })
    if (blobs === 0) throw new Error('there was nothing to look at')
  } else if (what.endsWith('call')) {
    const { data } = await call()
    if (data.length !== Number(size)) throw new Error('another value')
  } else if (what.startsWith('put')) {
    const pieces = encodeInPieces(value ?? (await fileRef(join(dir, 'file'))), { borrows: true })
    await save(store, draft, { result: pieces }, { strict: true })
  } else {
    const found = await lookUp(store, key, { now: Date.now(), strict: true })
    const result = found.kind === 'hit' ? await readValue(store, found.entry.outputs.result!, { strict: true }) : found
    if (result.kind === 'miss') throw new Error(result.reason)
    if (what === 'get-file') await (result.value as FileRef).save(join(dir, 'restored'))
  }
  console.log(peak() - before)
  await store.close()

  function madeValue(): Uint8Array {
    if (what.startsWith('get')) throw new Error('called again')
    if (isDense) {
      const digits = new Uint8Array(Number(size))
      for (let at = 0; at < digits.length; at += 1000) digits.set(Buffer.from(randomBytes(500).toString('hex')), at)
      return digits
    }
    // Farther apart than deflate looks back.
    const block = text === undefined ? randomBytes(1_000_000) : 'so many words '
    return new Uint8Array(Buffer.alloc(Number(size), block).buffer)
  }
}
