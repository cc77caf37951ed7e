// A process that stores large results while someone collects garbage: `node blob-writer.js DIR COUNT`.

import { fileURLToPath } from 'node:url'
import { fsStore } from '../../runtime/stores/fs.js'
import { keep, large } from './kept.js'

export const BLOB_WRITER = fileURLToPath(import.meta.url)

if (process.argv[1] === BLOB_WRITER) {
  const [, , dir, count] = process.argv as [string, string, string, string]
  const store = fsStore({ dir, durability: 'none' })
  for (let n = 0; n < Number(count); n++) {
    await keep(store, `result ${n}`, large(`value ${n}`))
    await new Promise((resolve) => setImmediate(resolve))
  }
}
