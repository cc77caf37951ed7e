// Other caches on disk, each behind the same two calls.

import { createRequire } from 'node:module'
import Keyv from 'keyv'
import memoizeFs from 'memoize-fs'
import sqlite from 'node-sqlite3-wasm'

// It has no types.
const cacache: {
  put(dir: string, key: string, data: string): Promise<unknown>
  get(dir: string, key: string): Promise<{ readonly data: Buffer }>
} = createRequire(import.meta.url)('cacache')

export interface Peer {
  put(key: string, value: unknown): Promise<unknown>
  get(key: string): Promise<unknown>
  close(): unknown
}

export function cacachePeer(dir: string): Peer {
  return {
    put: (key, value) => cacache.put(dir, key, JSON.stringify(value)),
    get: async (key) => JSON.parse((await cacache.get(dir, key)).data.toString()),
    close() {},
  }
}

/** A put is a call that misses. */
export function memoizeFsPeer(dir: string): Peer {
  const cache = memoizeFs({ cachePath: dir })
  let value: unknown
  const memoized = cache.fn(async (_key: string) => value, { cacheId: 'bench' })
  return {
    async put(key, given) {
      value = given
      return (await memoized)(key)
    },
    get: async (key) => (await memoized)(key),
    close() {},
  }
}

/** As Keyv's own adapter for SQLite does it, over a build of SQLite that needs no compiler. `syncs`: what was put survives a power cut, as SQLite has it unless told otherwise. */
export function keyvPeer(file: string, syncs: boolean): Peer {
  const db = new sqlite.Database(file)
  if (!syncs) db.run('PRAGMA synchronous = OFF')
  db.run('CREATE TABLE keyv(key VARCHAR(255) PRIMARY KEY, value TEXT)')
  const insert = db.prepare('INSERT INTO keyv (key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value')
  const select = db.prepare('SELECT value FROM keyv WHERE key = ?')
  const keyv = new Keyv({
    store: {
      opts: {},
      get: async (key: string) => select.get([key])?.value as string | undefined,
      set: async (key: string, value: string) => void insert.run([key, value]),
      delete: async (key: string) => db.run('DELETE FROM keyv WHERE key = ?', [key]).changes > 0,
      clear: async () => void db.run('DELETE FROM keyv'),
      on() {},
    },
  } as never)
  return {
    put: (key, value) => keyv.set(key, value),
    get: (key) => keyv.get(key),
    close() {
      insert.finalize()
      select.finalize()
      db.close()
    },
  }
}
