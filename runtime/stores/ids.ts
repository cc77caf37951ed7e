// Which ids a store takes. Ids become file names and object keys, so nothing gets past here that could leave its room.

import { MintmarkError } from '../errors.js'
import type { Room } from '../store.js'

const DIGEST = /^[0-9a-f]{64}$/
const SEGMENT = /^[A-Za-z0-9._=-]{1,128}$/
const MAX_SEGMENTS = 10
/** Object keys end at 1,024 bytes, the store's own prefix included. */
const MAX_LENGTH = 700

/** True for 64 lower-case hex digits in `entries`, `blobs` and `claims`, and in `runs` for up to 10 segments joined by `/`. */
export function isId(room: Room, id: unknown): boolean {
  if (typeof id !== 'string') return false
  if (room === 'entries' || room === 'blobs' || room === 'claims') return DIGEST.test(id)
  if (room !== 'runs' || id.length > MAX_LENGTH) return false
  const segments = id.split('/')
  return segments.length <= MAX_SEGMENTS && segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
}

/** Throws MM3001 for an id that the room does not take. */
export function checkId(room: Room, id: unknown): void {
  if (isId(room, id)) return
  const shown = typeof id === 'string' ? JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}...` : id) : typeof id
  throw new MintmarkError(
    'MM3001',
    room === 'runs'
      ? `refused the id ${shown} in room \`runs\`. Use up to ${MAX_SEGMENTS} segments of A-Z a-z 0-9 . _ = - joined by \`/\`, none of them \`.\` or \`..\`, at most ${MAX_LENGTH} characters in all.`
      : `refused the id ${shown} in room \`${String(room).slice(0, 20)}\`. The rooms are \`entries\`, \`blobs\`, \`claims\` and \`runs\`, and all but the last take 64 lower-case hex digits.`,
  )
}
