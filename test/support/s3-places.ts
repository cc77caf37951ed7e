// What the tests of the store in a bucket begin with: a server of their own, and stores under a prefix each, closed when all is done.

import type { Room } from '../../runtime/store.js'
import { type S3Options, s3Store } from '../../runtime/stores/s3.js'
import { BUCKET, startS3, useCredentials } from './s3.js'
import { digestId } from './store-conformance.js'

/** `test.after` and `test.before.each` of the file. Before each test the server forgets its faults and its log. */
export interface Hooks {
  after(act: () => Promise<void>): void
  readonly before: { each(act: () => Promise<void>): void }
}

/** `name` begins each prefix; `options` are those of all stores, and `room` is the one whose object `key` tells. */
export async function openS3Places(test: Hooks, name: string, options: Partial<S3Options> = {}, room: Room = 'blobs') {
  useCredentials()
  const server = await startS3()
  const { endpoint } = server
  const open: { close(): Promise<void> }[] = []
  test.after(async () => {
    for (const each of open) await each.close()
    await server.stop()
  })
  test.before.each(async () => {
    await server.faults()
    await server.log()
  })
  let count = 0
  return {
    server,
    endpoint,
    closing: (each: { close(): Promise<void> }) => void open.push(each),
    /** A store under a prefix of its own, an id, and the key of its object. */
    place(own: Partial<S3Options> = {}) {
      const prefix = `${name}-${count++}`
      const store = s3Store({ bucket: BUCKET, prefix, endpoint, ...options, ...own })
      open.push(store)
      const id = digestId(prefix)
      return { store, id, key: `${prefix}/v1/${room}/${id}` }
    },
  }
}
