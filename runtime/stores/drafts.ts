// One file of the fs store, written so that it is seen whole or not at all.

import { randomBytes } from 'node:crypto'
import { closeSync, constants, existsSync, linkSync, lstatSync, openSync, renameSync, unlinkSync, writeSync, writevSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Pieces, sizeOf } from '../pieces.js'
import { isTaken } from './files.js'
import { TEMP_MARK } from './folders.js'
import { hasCode } from './fs-trouble.js'
import { syncFile, syncFolder } from './lasting.js'

export interface WriteOptions {
  /** The folder for files that are being written: on the same disk. */
  readonly temps: string
  readonly replace: boolean
  readonly durable: boolean
}

const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
/** Up to this size, two writes cost more than a copy. */
const COPY_LIMIT = 64 * 1024
/** What one call takes, on Linux. */
const MOST_AT_ONCE = 1024

const mine = `${TEMP_MARK}${process.pid}-${randomBytes(6).toString('hex')}-`
let counter = 0

/** True when the pieces are there now; false when another whole file was there and stays. Nothing is waited for but what makes them last. */
export async function write(path: string, pieces: Pieces, options: WriteOptions): Promise<boolean> {
  const draft = beginWriting(options)
  try {
    writeAll(draft.fd, pieces)
    return await draft.finish(path)
  } finally {
    draft.end()
  }
}

/** A file that is being written, and has no name yet that anyone reads. */
export interface DraftFile {
  /** Written and read from its start on. */
  readonly fd: number
  /** Gives it its name, once its bytes last, and makes that last, too. False when another whole file was there and stays. */
  finish(path: string): Promise<boolean>
  /** Nothing is left of it unless it has its name. To be called whatever happened. */
  end(): void
}

export function beginWriting({ temps, replace, durable }: WriteOptions): DraftFile {
  const temp = join(temps, `${mine}${counter++}`)
  const fd = openSync(temp, CREATE, 0o600)
  let open = true
  let left = true
  function close(): void {
    if (open) {
      open = false
      closeSync(fd)
    }
  }
  return {
    fd,

    async finish(path) {
      if (durable) await syncFile(fd)
      close()
      if (replace || !link(temp, path)) {
        if (!replace && isTaken(path)) return false
        // Replaced, or damaged, or a disk without hard links. A rename puts aside a planted link itself, never what it points at.
        renameSync(temp, path)
        left = false
      }
      if (durable) await syncFolder(dirname(path))
      return true
    },

    end() {
      try {
        close()
      } finally {
        if (left) removeQuietly(temp)
      }
    },
  }
}

/** At the place where the file is. */
export function writeAll(fd: number, pieces: Pieces): void {
  const total = sizeOf(pieces)
  if (total <= COPY_LIMIT) {
    writeRest(fd, Buffer.concat(pieces, total))
    return
  }
  for (let at = 0; at < pieces.length; at += MOST_AT_ONCE) {
    const some = pieces.slice(at, at + MOST_AT_ONCE)
    let written = writevSync(fd, some)
    for (const piece of some) {
      if (written < piece.length) writeRest(fd, piece.subarray(written))
      written = Math.max(0, written - piece.length)
    }
  }
}

function writeRest(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at)
}

/**
 * Removes a file that was last written before that moment. It is put aside first and looked at there, so that one which is put in its place at that moment
 * is not removed with it: it stays, or comes back at once. Throws ENOENT when there is none.
 */
export function removeOlder(path: string, before: number, temps: string): void {
  if (!(lstatSync(path).mtimeMs < before)) return
  const aside = join(temps, `${mine}${counter++}`)
  renameSync(path, aside)
  // Should the name be taken by now, then by the same bytes or by newer ones.
  if (lstatSync(aside).mtimeMs < before || link(aside, path) || existsSync(path)) unlinkSync(aside)
  else renameSync(aside, path)
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
