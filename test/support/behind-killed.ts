// A process whose puts wait for a shared store that never answers, until it is killed: `node behind-killed.js FOLDER SHARED`. It prints `queued` when all is in
// the folder: a blob, two entries, one of which replaces another, and the record of a run.

import { writeSync } from 'node:fs'
import { setInterval } from 'node:timers'
import { fileURLToPath } from 'node:url'
import { fsStore } from '../../runtime/stores/fs.js'
import { tieredStore } from '../../runtime/stores/tiered.js'
import { digestId } from './store-conformance.js'

export const BEHIND_KILLED = fileURLToPath(import.meta.url)
export const [FIRST, SECOND] = [digestId('first'), digestId('second')]

if (process.argv[1] === BEHIND_KILLED) {
  const [, , dir, far] = process.argv as string[] as [string, string, string, string]
  const shared = { ...fsStore({ dir: far }), put: () => new Promise<boolean>(() => {}) }
  const store = tieredStore({ local: fsStore({ dir }), shared, write: 'behind' })
  await store.put('blobs', FIRST, Buffer.from('blob'))
  await store.put('entries', FIRST, Buffer.from('entry'))
  await store.put('entries', SECOND, Buffer.from('refreshed'), { replace: true })
  await store.put('runs', 'Flow/1/run', Buffer.from('record'), { replace: true })
  writeSync(1, 'queued\n')
  setInterval(() => {}, 1000)
}
