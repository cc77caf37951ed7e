// The disk as the analysis sees it. Everything that it reads goes through here, each place once: so it sees one state of the project.

import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs'
import path from 'node:path'
import { type Digest, digest } from '../runtime/contract.js'

export type Kind = 'file' | 'folder' | 'link' | 'other'

export interface Entry {
  readonly name: string
  readonly kind: Kind
}

/** Paths are absolute. Links are followed on the way to a place and at it. */
export interface Disk {
  exists(place: string): boolean
  isFile(place: string): boolean
  isFolder(place: string): boolean
  /** Without any link in it. Throws where nothing lies. */
  realpath(place: string): string
  /** As UTF-8; a byte order mark stays. Throws what the file system throws. */
  text(file: string): string
  /** As TypeScript reads it: UTF-8 or UTF-16 by its byte order mark, which goes. Throws what the file system throws. */
  decoded(file: string): string
  /** Of its bytes. Throws what the file system throws. */
  digest(file: string): Digest
  /** The entries of a folder in code-unit order, links as links; none where there is no folder. */
  list(folder: string): readonly Entry[]
  /** The text of a file, if it has been read. */
  known(file: string): string | undefined
}

interface Found {
  readonly real: string
  readonly kind: Kind
}

interface Content {
  readonly digest: Digest
  /** Until it is known as text. */
  bytes?: Buffer
  text?: string
}

/** `texts`: what files of code hold, by real path, where that is not to be read from the disk. */
export function openDisk(texts: ReadonlyMap<string, string> = new Map()): Disk {
  const found = new Map<string, Found | undefined>()
  const contents = new Map<string, Content>()
  const lists = new Map<string, readonly Entry[]>()

  function find(place: string): Found | undefined {
    if (found.has(place)) return found.get(place)
    // A link that leads to itself leads nowhere.
    found.set(place, undefined)
    const result = look(place)
    found.set(place, result)
    return result
  }

  function look(place: string): Found | undefined {
    const folder = path.dirname(place)
    if (folder === place) return { real: place, kind: 'folder' }
    const around = find(folder)
    if (around?.kind !== 'folder') return undefined
    const real = path.join(around.real, path.basename(place))
    const kind = kindAt(real)
    if (kind === 'link') return find(path.resolve(around.real, readlinkSync(real)))
    return kind && { real, kind }
  }

  function contentOf(file: string): Content {
    const real = find(path.resolve(file))?.real ?? file
    let content = contents.get(real)
    if (content === undefined) {
      const bytes = readFileSync(real)
      contents.set(real, (content = { bytes, digest: digest(bytes) }))
    }
    return content
  }

  return {
    exists: (place) => find(path.resolve(place)) !== undefined,
    isFile: (place) => find(path.resolve(place))?.kind === 'file',
    isFolder: (place) => find(path.resolve(place))?.kind === 'folder',
    realpath(place) {
      const result = find(path.resolve(place))
      if (result === undefined) throw new Error(`there is nothing at ${place}`)
      return result.real
    },
    text(file) {
      const given = texts.get(file)
      if (given !== undefined) return given
      const content = contentOf(file)
      return textOf(content)
    },
    decoded(file) {
      const content = contentOf(file)
      return wideText(content.bytes) ?? textOf(content).replace(/^\uFEFF/, '')
    },
    digest: (file) => contentOf(file).digest,
    list(folder) {
      const real = find(path.resolve(folder))
      if (real?.kind !== 'folder') return []
      let entries = lists.get(real.real)
      if (entries === undefined) lists.set(real.real, (entries = entriesIn(real.real)))
      return entries
    },
    known: (file) => texts.get(file) ?? contents.get(file)?.text,
  }
}

/** Nothing, too, in a folder that may not be entered. */
function kindAt(place: string): Kind | undefined {
  try {
    const stats = lstatSync(place, { throwIfNoEntry: false })
    return stats && kindOf(stats)
  } catch {
    return undefined
  }
}

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): Kind {
  return entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other'
}

function entriesIn(folder: string): Entry[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).map((each) => ({ name: each.name, kind: kindOf(each) }))
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    // It may not be read.
    return []
  }
}

function textOf(content: Content): string {
  if (content.text === undefined) {
    content.text = content.bytes!.toString('utf8')
    if (wideText(content.bytes) === undefined) delete content.bytes
  }
  return content.text
}

/** What is marked as UTF-16. */
function wideText(bytes: Buffer | undefined): string | undefined {
  if (bytes?.[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
  if (bytes?.[0] !== 0xfe || bytes[1] !== 0xff) return undefined
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le', 2)
}
