// Blobs on their way into a store. Those that nothing refers to are removed when they are no longer young (`mintmark cache gc`), and a
// blob may lie there for long before another entry comes to refer to it. So whoever finds one in place makes it young again.

import type { Pieces } from './pieces.js'
import type { PutOptions, Store } from './store.js'
import { putInPieces } from './stores/in-pieces.js'

/** Well below the grace period of `gc`, which is a day unless told otherwise. */
const YOUNG_MS = 3_600_000

/** The bytes under their digest, in place and young when it resolves. */
export async function putBlob(store: Store, id: string, bytes: Uint8Array | Pieces, options: PutOptions = {}): Promise<void> {
  const pieces = bytes instanceof Uint8Array ? [bytes] : bytes
  if (await putInPieces(store, id, pieces, options)) return
  const since = await modifiedOf(store, id)
  // Gone between the two looks: someone collects garbage.
  if (since === undefined || !isYoung(since)) await putInPieces(store, id, pieces, { replace: true })
}

/** Whether a blob is in place and young, so that it need not be put. */
export async function hasYoungBlob(store: Store, id: string): Promise<boolean> {
  const since = await modifiedOf(store, id)
  return since !== undefined && isYoung(since)
}

function isYoung(since: number): boolean {
  return Date.now() - since <= YOUNG_MS
}

async function modifiedOf(store: Store, id: string): Promise<number | undefined> {
  for await (const listing of store.list('blobs', id)) if (listing.id === id) return listing.modified
  return undefined
}
