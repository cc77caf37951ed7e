// The file system, asked once: what lies at a place, what a file holds, what is in a folder. What cannot be read is not there.

import { lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Digest, digest } from '../runtime/contract.js'

export type Kind = 'file' | 'folder' | 'link' | 'other'

export interface Entry {
  readonly name: string
  readonly kind: Kind
}

export interface Content {
  readonly digest: Digest
  seen: Seen
  /** Until it is known as text. */
  bytes?: Buffer
  text?: string
}

/** How a file lay there when it was read. */
interface Seen {
  readonly ino: number
  readonly size: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  /** No change since can have the same time as this one: what lies there in the same way holds the same. */
  readonly isOld: boolean
}

/** Longer than the steps in which a file system tells time. */
const TICK_MS = 3000

/** Where there is nothing. */
export const NONE = ''
/** Before the place that a link leads to. */
export const LINK = '>'

/** Nothing, too, in a folder that may not be entered. */
export function entryAt(place: string): string {
  try {
    const stats = lstatSync(place, { throwIfNoEntry: false })
    if (stats === undefined) return NONE
    return stats.isSymbolicLink() ? LINK + readlinkSync(place) : kindOf(stats)
  } catch {
    return NONE
  }
}

/** `before`, if nothing has been written since. */
export function contentAt(file: string, before?: Content): Content | Error {
  try {
    const seen = seenAt(file)
    if (before?.seen.isOld && isSame(before.seen, seen)) return before
    const bytes = readFileSync(file)
    const now = { bytes, digest: digest(bytes), seen }
    if (before?.digest !== now.digest) return now
    before.seen = seen
    return before
  } catch (error) {
    return error as Error
  }
}

function seenAt(file: string): Seen {
  const now = Date.now()
  const { ino, size, mtimeMs, ctimeMs } = statSync(file)
  return { ino, size, mtimeMs, ctimeMs, isOld: now - ctimeMs > TICK_MS }
}

function isSame(a: Seen, b: Seen): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs
}

/** None of a folder that may not be read. */
export function entriesIn(folder: string): Entry[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).map((each) => ({ name: each.name, kind: kindOf(each) }))
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

export function requiredFrom(from: string, request: string): string {
  try {
    return realpathSync(createRequire(from).resolve(request))
  } catch {
    return NONE
  }
}

function kindOf(entry: { isFile(): boolean; isDirectory(): boolean; isSymbolicLink(): boolean }): Kind {
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other'
}

export function textOf(content: Content): string {
  if (content.text === undefined) {
    content.text = content.bytes!.toString('utf8')
    if (wideText(content.bytes) === undefined) delete content.bytes
  }
  return content.text
}

/** What is marked as UTF-16. */
export function wideText(bytes: Buffer | undefined): string | undefined {
  if (bytes?.[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
  if (bytes?.[0] !== 0xfe || bytes[1] !== 0xff) return undefined
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le', 2)
}
