// A process that puts or gets one large value or file, and prints by how much its memory grew at the most, in bytes: `node large-value.js WHAT DIR SIZE
// [ENDPOINT]`. WHAT is `put`, `get`, `put-file` or `get-file`; with an endpoint the store is a bucket there.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from '../../runtime/codec.js'
import { digest, type Fingerprint } from '../../runtime/contract.js'
import { lookUp, readValue, save } from '../../runtime/entry.js'
import { type FileRef, fileRef } from '../../runtime/file.js'
import type { Key } from '../../runtime/key.js'
import { fsStore } from '../../runtime/stores/fs.js'
import { s3Store } from '../../runtime/stores/s3.js'
import { BUCKET } from './s3.js'

export const LARGE_VALUE = fileURLToPath(import.meta.url)

/** The most memory that this process had so far, by Linux: what `resourceUsage` tells begins with what the parent had. */
function peak(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024
}

if (process.argv[1] === LARGE_VALUE) {
  const [, , what, dir, size, endpoint] = process.argv as string[] as [string, string, string, string, string, string?]
  const store = endpoint
    ? s3Store({ bucket: BUCKET, prefix: 'large-value', endpoint })
    : fsStore({ dir: join(dir, 'store'), durability: 'none' })
  const key = digest(what.slice(4)) as string as Key
  const draft = { key, createdAt: 0, writer: 'test#1', durationMs: 1, closure: digest('code') as string as Fingerprint, step: 's' }
  // What is loaded on first use is not counted.
  await store.get('entries', digest('nothing'))
  const value = what === 'put' ? new Uint8Array(Number(size)) : undefined
  for (let n = 0; value && n < value.length; n++) value[n] = Math.imul(n, n) >> 5
  const before = peak()
  if (what.startsWith('put')) {
    await save(store, draft, { result: encode(value ?? (await fileRef(join(dir, 'file')))) }, { strict: true })
  } else {
    const found = await lookUp(store, key, { now: Date.now(), strict: true })
    const result = found.kind === 'hit' ? await readValue(store, found.entry.outputs.result!, { strict: true }) : found
    if (result.kind === 'miss') throw new Error(result.reason)
    if (what === 'get-file') await (result.value as FileRef).save(join(dir, 'restored'))
  }
  console.log(peak() - before)
  await store.close()
}
