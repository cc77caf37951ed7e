// A store in a folder of the local disk, one file an id, each in the envelope of frame.ts:
//
//   <dir>/CACHEDIR.TAG
//   <dir>/v1/entries/ab/abcdef...   `blobs` and `claims` likewise; `ab` are the first two digits
//   <dir>/v1/runs/Flow/17@          the last segment of a run's id ends with `@`, so that `Flow` and `Flow/17` can both be
//   <dir>/v1/tmp/~<pid>-...         files being written. In one folder: to make a file in an ever different folder costs ext4 five times as much
//
// The calls are synchronous, but for those that make files last: on files this small `fs.promises` costs about nine times as much as the work itself.

import { existsSync, unlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Pieces, sizeOf } from '../pieces.js'
import type { PutOptions, Room, Store } from '../store.js'
import { noteAtHand } from './at-hand.js'
import { deflate, WORTH_FROM } from './compression.js'
import { removeOlder, type WriteOptions, write } from './drafts.js'
import { isTaken, read } from './files.js'
import { LEAF_MARK, listRoom, makeFolder } from './folders.js'
import { headOf, headOfDeflated } from './frame.js'
import { fsTrouble, hasCode } from './fs-trouble.js'
import { openGate } from './gate.js'
import { checkId } from './ids.js'
import { LARGE_FROM, noteInPieces } from './in-pieces.js'
import { digestThere, isWholeThere, readLarge, writeLarge } from './large-files.js'
import { syncFolder } from './lasting.js'
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
/** Puts that wait for the disk at a time. Each of them has a file open. */
const MOST_WAITING = 32

/** While a process exits, what is not done at once is not done at all. */
let exiting = false
// Before those who put something in that moment.
process.prependListener('exit', () => {
  exiting = true
})

/** Files are 0600, folders 0700. Rejects with MM3002 when the disk refuses, MM3003 when a symbolic link is in the way. */
export function fsStore({ dir = '.mintmark', durability = 'fsync', compression = 'auto' }: FsOptions = {}): Store {
  const home = resolve(dir)
  const root = join(home, 'v1')
  const temps = join(root, 'tmp')
  /** Whether the folder of temporary files was seen to be there. */
  let ready = false
  const fewAtOnce = openGate(MOST_WAITING)
  /** The last put of each id that waits for the disk. */
  const underWay = new Map<string, Promise<boolean>>()
  /** Folders whose new names are being made to last. */
  const named = new Map<string, Promise<void>>()

  function pathOf(room: Room, id: string): string {
    checkId(room, id)
    return room === 'runs' ? join(root, room, `${id}${LEAF_MARK}`) : shardedPath(room, id)
  }

  function shardedPath(room: Room, id: string): string {
    return `${root}/${room}/${id.slice(0, 2)}/${id}`
  }

  function put(room: Room, id: string, payload: Pieces, { replace = false }: PutOptions): Promise<boolean> {
    const path = pathOf(room, id)
    // A claim dies with its process anyway.
    const durable = durability === 'fsync' && room !== 'claims' && !exiting
    const work = () => putNow(path, payload, { temps, replace, durable })
    return durable ? inTurn(path, () => fewAtOnce(work)) : work()
  }

  /** Of puts of one id that are made at once, the last one stays. */
  function inTurn(path: string, work: () => Promise<boolean>): Promise<boolean> {
    const before = underWay.get(path)
    const mine = before === undefined ? work() : before.then(work, work)
    underWay.set(path, mine)
    const end = () => {
      if (underWay.get(path) === mine) underWay.delete(path)
    }
    mine.then(end, end)
    return mine
  }

  async function putNow(path: string, payload: Pieces, options: WriteOptions): Promise<boolean> {
    const { replace, durable } = options
    const length = sizeOf(payload)
    const isLarge = length >= LARGE_FROM
    try {
      if (!replace && (isLarge ? await isWholeThere(path) : isTaken(path))) return false
      const deflates = compression === 'auto' && length >= WORTH_FROM
      const deflated = deflates && !isLarge ? await deflate(payload) : undefined
      const pieces = isLarge ? [] : deflated ? [headOfDeflated(deflated, length), ...deflated] : [headOf(payload), ...payload]
      for (let attempt = 1; ; attempt++) {
        try {
          const onNew = durable ? nameLasts : undefined
          if (!ready) makeFolder(home, temps, onNew)
          ready = true
          makeFolder(home, dirname(path), onNew)
          // Those of the folders that it is in, whoever made them. Another put may wait for the same.
          const names = durable ? [...named].flatMap(([folder, lasts]) => (path.startsWith(folder) ? [lasts] : [])) : []
          // What stands there is of no use, and may look whole until it is inflated.
          const heals = isLarge && existsSync(path)
          const stored = isLarge
            ? await writeLarge(path, payload, deflates, { ...options, replace: replace || heals })
            : await write(path, pieces, options)
          if (names.length > 0) await Promise.all(names)
          return stored
        } catch (error) {
          ready = false
          if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT')) throw error
        }
      }
    } catch (error) {
      throw fsTrouble('write', path, error)
    }
  }

  function nameLasts(folder: string): void {
    const lasts = syncFolder(folder)
    named.set(folder, lasts)
    const end = () => {
      if (named.get(folder) === lasts) named.delete(folder)
    }
    lasts.then(end, end)
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

    put: async (room, id, bytes, options = {}) => put(room, id, [bytes], options),

    async delete(room, id, { before } = {}) {
      const path = pathOf(room, id)
      try {
        if (before === undefined) unlinkSync(path)
        else if (existsSync(path)) {
          makeFolder(home, temps)
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
    async prove(id) {
      const path = pathOf('blobs', id)
      try {
        return await digestThere(path)
      } catch (error) {
        throw fsTrouble('read', path, error)
      }
    },
  })
  // A key is a digest of our own.
  noteAtHand(store, {
    keeps: false,
    glance(key) {
      const found = read(shardedPath('entries', key), false)
      return found.kind === 'found' ? found.payload : undefined
    },
  })
  return store
}
