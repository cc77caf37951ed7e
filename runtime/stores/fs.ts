// A store in a folder of the local disk, one file an id, each in the envelope of frame.ts:
//
//   <dir>/CACHEDIR.TAG
//   <dir>/v1/entries/ab/abcdef...   `blobs` and `claims` likewise; `ab` are the first two digits
//   <dir>/v1/runs/Flow/17@          the last segment of a run's id ends with `@`, so that `Flow` and `Flow/17` can both be
//   <dir>/v1/tmp/~<pid>-...         files being written. In one folder: to make a file in an ever different folder costs ext4 five times as much
//
// The calls are synchronous: on files this small `fs.promises` costs about nine times as much as the work itself.

import { existsSync, unlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Pieces, sizeOf } from '../pieces.js'
import type { PutOptions, Room, Store } from '../store.js'
import { noteAtHand } from './at-hand.js'
import { deflate, WORTH_FROM } from './compression.js'
import { removeOlder, write } from './drafts.js'
import { isTaken, read } from './files.js'
import { LEAF_MARK, listRoom, makeFolder } from './folders.js'
import { headOf, headOfDeflated } from './frame.js'
import { fsTrouble, hasCode } from './fs-trouble.js'
import { checkId } from './ids.js'
import { LARGE_FROM, noteInPieces } from './in-pieces.js'
import { isWholeThere, readLarge, writeLarge } from './large-files.js'
import { noteSound } from './sound.js'

export interface FsOptions {
  /** The store's folder, from the current folder when relative; made when it is missing. Default `.mintmark`. */
  readonly dir?: string
  /** `fsync` (the default): what was put survives a power cut. `none`: about ten times faster, and a power cut may cost entries, which then are misses. */
  readonly durability?: 'fsync' | 'none'
  /** `auto` (the default): what is 64 KiB or more is deflated when that saves two fifths of it. `none`: never; what was deflated before is still read. */
  readonly compression?: 'auto' | 'none'
}

/** A put starts again this often when the folder is deleted under it. */
const ATTEMPTS = 3

/** Files are 0600, folders 0700. Rejects with MM3002 when the disk refuses, MM3003 when a symbolic link is in the way. */
export function fsStore({ dir = '.mintmark', durability = 'fsync', compression = 'auto' }: FsOptions = {}): Store {
  const home = resolve(dir)
  const root = join(home, 'v1')
  const temps = join(root, 'tmp')
  /** Whether the folder of temporary files was seen to be there. */
  let ready = false

  function pathOf(room: Room, id: string): string {
    checkId(room, id)
    return room === 'runs' ? join(root, room, `${id}${LEAF_MARK}`) : shardedPath(room, id)
  }

  function shardedPath(room: Room, id: string): string {
    return `${root}/${room}/${id.slice(0, 2)}/${id}`
  }

  async function put(room: Room, id: string, payload: Pieces, { replace = false }: PutOptions): Promise<boolean> {
    const path = pathOf(room, id)
    // A claim dies with its process anyway.
    const options = { temps, replace, durable: durability === 'fsync' && room !== 'claims' }
    const length = sizeOf(payload)
    const isLarge = length >= LARGE_FROM
    try {
      if (!replace && (isLarge ? await isWholeThere(path) : isTaken(path))) return false
      const deflates = compression === 'auto' && length >= WORTH_FROM
      const deflated = deflates && !isLarge ? await deflate(payload) : undefined
      const pieces = isLarge ? [] : deflated ? [headOfDeflated(deflated, length), ...deflated] : [headOf(payload), ...payload]
      for (let attempt = 1; ; attempt++) {
        try {
          if (!ready) makeFolder(home, temps, options.durable)
          ready = true
          makeFolder(home, dirname(path), options.durable)
          // What stands there is of no use, and may look whole until it is inflated.
          const heals = isLarge && existsSync(path)
          return isLarge
            ? await writeLarge(path, payload, deflates, { ...options, replace: replace || heals })
            : write(path, pieces, options)
        } catch (error) {
          ready = false
          if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT')) throw error
        }
      }
    } catch (error) {
      throw fsTrouble('write', path, error)
    }
  }

  const store: Store = {
    name: `fs:${home}`,

    async get(room, id) {
      const path = pathOf(room, id)
      try {
        const found = read(path)
        return found.kind === 'found' ? found.payload : undefined
      } catch (error) {
        throw fsTrouble('read', path, error)
      }
    },

    put: (room, id, bytes, options = {}) => put(room, id, [bytes], options),

    async delete(room, id, { before } = {}) {
      const path = pathOf(room, id)
      try {
        if (before === undefined) unlinkSync(path)
        else if (existsSync(path)) {
          makeFolder(home, temps, false)
          removeOlder(path, before, temps)
        }
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw fsTrouble('delete', path, error)
      }
    },

    list: (room, prefix = '') => listRoom(root, room, prefix),

    async close() {},
  }
  noteSound(store)
  noteInPieces(store, {
    put: (id, pieces, options) => put('blobs', id, pieces, options),
    async get(id, split) {
      const path = pathOf('blobs', id)
      try {
        return await readLarge(path, split)
      } catch (error) {
        throw fsTrouble('read', path, error)
      }
    },
  })
  // A key is a digest of our own.
  noteAtHand(store, (key) => {
    const found = read(shardedPath('entries', key), false)
    return found.kind === 'found' ? found.payload : undefined
  })
  return store
}
