// A store in a folder of the local disk, one file an id, each in the envelope of frame.ts:
//
//   <dir>/CACHEDIR.TAG
//   <dir>/v1/entries/ab/abcdef...   `blobs` and `claims` likewise; `ab` are the first two digits
//   <dir>/v1/runs/Flow/17@          the last segment of a run's id ends with `@`, so that `Flow` and `Flow/17` can both be
//   .../~<pid>-<n>-<random>         a file being written
//
// The calls are synchronous: on files this small `fs.promises` costs about nine times as much as the work itself.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Room, Store } from '../store.js'
import { LEAF_MARK, listRoom, makeFolder, syncFolder, TEMP_MARK } from './folders.js'
import { open, seal } from './frame.js'
import { fsTrouble, hasCode } from './fs-trouble.js'
import { checkId } from './ids.js'

export interface FsOptions {
  /** The store's folder, from the current folder when relative; made when it is missing. Default `.mintmark`. */
  readonly dir?: string
  /** `fsync` (the default): what was put survives a power cut. `none`: about ten times faster, and a power cut may cost entries, which then are misses. */
  readonly durability?: 'fsync' | 'none'
}

// A planted link is refused, and a planted pipe does not block. Windows knows neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
/** A put starts again this often when the folder is deleted under it. */
const ATTEMPTS = 3

let counter = 0

/** Files are 0600, folders 0700. Rejects with MM3002 when the disk refuses, MM3003 when a symbolic link is in the way. */
export function fsStore({ dir = '.mintmark', durability = 'fsync' }: FsOptions = {}): Store {
  const home = resolve(dir)
  const root = join(home, 'v1')
  const durable = durability === 'fsync'

  function pathOf(room: Room, id: string): string {
    checkId(room, id)
    return room === 'runs' ? join(root, room, `${id}${LEAF_MARK}`) : join(root, room, id.slice(0, 2), id)
  }

  return {
    name: `fs:${home}`,

    async get(room, id) {
      const path = pathOf(room, id)
      try {
        return read(path)
      } catch (error) {
        throw fsTrouble('read', path, error)
      }
    },

    async put(room, id, bytes, { replace = false } = {}) {
      const path = pathOf(room, id)
      // A claim dies with its process anyway.
      const lasting = durable && room !== 'claims'
      try {
        if (!replace && read(path) !== undefined) return false
        const sealed = seal(bytes)
        for (let attempt = 1; ; attempt++) {
          try {
            makeFolder(home, dirname(path), lasting)
            return write(path, sealed, replace, lasting)
          } catch (error) {
            if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT')) throw error
          }
        }
      } catch (error) {
        throw fsTrouble('write', path, error)
      }
    },

    async delete(room, id) {
      const path = pathOf(room, id)
      try {
        unlinkSync(path)
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw fsTrouble('delete', path, error)
      }
    },

    list: (room, prefix = '') => listRoom(root, room, prefix),

    async close() {},
  }
}

/** The payload; `undefined` when there is no file, or one that is damaged or no file of ours. */
function read(path: string): Uint8Array | undefined {
  // A miss is the common answer: this costs a tenth of an open that throws.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  let fd: number
  try {
    fd = openSync(path, READ)
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ELOOP', 'EMLINK', 'ENXIO')) return undefined
    throw error
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return undefined
    const sealed = Buffer.allocUnsafeSlow(stat.size)
    let filled = 0
    while (filled < sealed.length) {
      const count = readSync(fd, sealed, filled, sealed.length - filled, filled)
      if (count === 0) return undefined
      filled += count
    }
    return open(sealed)
  } finally {
    closeSync(fd)
  }
}

/** Temporary file beside the target, then one step that makes it visible. True when the sealed bytes are there now. */
function write(path: string, sealed: Buffer, replace: boolean, durable: boolean): boolean {
  const folder = dirname(path)
  const temp = join(folder, `${TEMP_MARK}${process.pid}-${counter++}-${randomBytes(6).toString('hex')}`)
  let left = true
  try {
    const fd = openSync(temp, CREATE, 0o600)
    try {
      writeFileSync(fd, sealed)
      if (durable) fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    if (replace || !link(temp, path)) {
      if (!replace && read(path) !== undefined) return false
      // Replaced, or damaged, or a disk without hard links. A rename puts aside a planted link itself, never what it points at.
      renameSync(temp, path)
      left = false
    }
    if (durable) syncFolder(folder)
    return true
  } finally {
    if (left) removeQuietly(temp)
  }
}

/** Gives the file its name unless the name is taken, in one step. False when it is taken, or when the disk has no hard links. */
function link(temp: string, path: string): boolean {
  try {
    linkSync(temp, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST', 'EPERM', 'EMLINK', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')) return false
    throw error
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was never made, or someone swept it.
  }
}
