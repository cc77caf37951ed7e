// One file of the fs store: read whole or not at all, and written so that it is seen whole or not at all.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
  writevSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder, TEMP_MARK } from './folders.js'
import { isNewer, open } from './frame.js'
import { hasCode } from './fs-trouble.js'

/** `newer`: a whole file of a version that came after this one. `nothing`: none, or one that is damaged or no file of ours. */
export type Found = { readonly kind: 'found'; readonly payload: Uint8Array } | { readonly kind: 'newer' } | { readonly kind: 'nothing' }

export interface WriteOptions {
  /** The folder for files that are being written: on the same disk. */
  readonly temps: string
  readonly replace: boolean
  readonly durable: boolean
}

// A planted link is refused, and a planted pipe does not block. Windows knows neither flag.
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
const NOTHING: Found = { kind: 'nothing' }
/** Nothing is awaited between its filling and its use. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
/** Up to this size, two writes cost more than a copy. */
const COPY_LIMIT = 64 * 1024

/** After so many files in a row that were there, the next one is not asked for: they come in runs, all hits or all misses. */
const SURE = 16
let inARow = 0

const mine = `${TEMP_MARK}${process.pid}-${randomBytes(6).toString('hex')}-`
let counter = 0

/** `keep`: what was found is memory of its own. Without it, it may only be used until the next call. */
export function read(path: string, keep = true): Found {
  // An open that throws costs twenty times as much as the question whether there is anything. What is there is asked in the cheapest way, and what is
  // not there once more in the way that tells trouble from absence.
  const sure = inARow >= SURE
  if (!sure && !existsSync(path) && statSync(path, { throwIfNoEntry: false }) === undefined) {
    inARow = 0
    return NOTHING
  }
  let fd: number
  try {
    fd = openSync(path, READ)
  } catch (error) {
    inARow = 0
    if (hasCode(error, 'ENOENT', 'ELOOP', 'EMLINK', 'ENXIO')) return NOTHING
    throw error
  }
  inARow++
  try {
    return openBytes(readBytes(fd, keep))
  } catch (error) {
    // A folder; or a planted pipe that someone has open.
    if (hasCode(error, 'EISDIR', 'EAGAIN')) return NOTHING
    throw error
  } finally {
    closeSync(fd)
  }
}

function openBytes(bytes: Uint8Array): Found {
  const payload = open(bytes)
  if (payload !== undefined) return { kind: 'found', payload }
  return isNewer(bytes) ? { kind: 'newer' } : NOTHING
}

/** All bytes of the file. */
function readBytes(fd: number, keep: boolean): Uint8Array {
  // Most files fit, and then nobody need ask for their size.
  const first = readSync(fd, scratch, 0, scratch.length, null)
  if (first < scratch.length) {
    const bytes = scratch.subarray(0, first)
    return keep ? new Uint8Array(bytes) : bytes
  }
  const bytes = Buffer.allocUnsafeSlow(Math.max(fstatSync(fd).size, first))
  scratch.copy(bytes)
  let filled = first
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, null)
    if (count === 0) return bytes.subarray(0, filled)
    filled += count
  }
  return bytes
}

/** True when head and body are there now; false when another whole file was there and stays. */
export function write(path: string, head: Uint8Array, body: Uint8Array, { temps, replace, durable }: WriteOptions): boolean {
  const temp = join(temps, `${mine}${counter++}`)
  let left = true
  try {
    const fd = openSync(temp, CREATE, 0o600)
    try {
      writeAll(fd, head, body)
      if (durable) fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    if (replace || !link(temp, path)) {
      if (!replace && read(path).kind !== 'nothing') return false
      // Replaced, or damaged, or a disk without hard links. A rename puts aside a planted link itself, never what it points at.
      renameSync(temp, path)
      left = false
    }
    if (durable) syncFolder(dirname(path))
    return true
  } finally {
    if (left) removeQuietly(temp)
  }
}

function writeAll(fd: number, head: Uint8Array, body: Uint8Array): void {
  const total = head.length + body.length
  if (total <= COPY_LIMIT) {
    writeRest(fd, Buffer.concat([head, body], total), 0)
    return
  }
  const written = writevSync(fd, [head, body])
  if (written < head.length) {
    writeRest(fd, head, written)
    writeRest(fd, body, 0)
  } else writeRest(fd, body, written - head.length)
}

function writeRest(fd: number, bytes: Uint8Array, from: number): void {
  for (let at = from; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at)
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
