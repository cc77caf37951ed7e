// Stores with results in them, made as memoized functions make them, and files made older than they are.

import { readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { encode } from '../../runtime/codec.js'
import { digest, type Fingerprint } from '../../runtime/contract.js'
import { save } from '../../runtime/entry.js'
import type { Key } from '../../runtime/key.js'
import type { Room, Store } from '../../runtime/store.js'

/** A value whose bytes are a blob, and another one for each name. */
export const large = (name: string): string => name.padEnd(70_000, '.')
export const blobOf = (value: unknown): string => digest(encode(value))

/** Stores `value` as the result of a step under the key that belongs to `name`, and answers the key. */
export async function keep(store: Store, name: string, value: unknown, step = 'src/a.ts#step'): Promise<string> {
  const key = digest(name) as string as Key
  const draft = { key, createdAt: Date.now(), writer: 'test#1', durationMs: 5, closure: digest('code') as string as Fingerprint, step }
  await save(store, draft, { result: encode(value) })
  return key
}

export async function idsOf(store: Store, room: Room): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of store.list(room)) ids.push(id)
  return ids
}

/** Every file of the store's room in `dir`, or the one with this name, as if it had been written so many milliseconds ago. */
export function age(dir: string, room: Room, ms: number, name?: string): void {
  const at = new Date(Date.now() - ms)
  for (const file of readdirSync(join(dir, 'v1', room), { recursive: true, encoding: 'utf8' })) {
    const path = join(dir, 'v1', room, file)
    if (statSync(path).isFile() && (name === undefined || path.includes(name))) utimesSync(path, at, at)
  }
}
