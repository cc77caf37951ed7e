// The disk as the analysis sees it. Everything that it reads goes through here, each place once: so it sees one state of the project, and
// what an answer rests on can be told, and be held against the disk of another day.

import path from 'node:path'
import { type Digest, digest } from '../runtime/contract.js'
import {
  type Content,
  contentAt,
  type Entry,
  entriesIn,
  entryAt,
  type Kind,
  LINK,
  NONE,
  requiredFrom,
  textOf,
  wideText,
} from './file-system.js'

export type { Entry, Kind } from './file-system.js'

/** What the disk has told: answers by question, in the disk's own words. */
export type Facts = ReadonlyMap<string, string>

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
  /** The entries of a folder in code-unit order, links as links; none where there is no folder. Of files those that end so, if that is given. */
  list(folder: string, endings?: readonly string[]): readonly Entry[]
  /** The real path of what `require` finds for a file. */
  required(request: string, from: string): string | undefined
  /** A file that has been read holds something else by now. */
  isEdited(file: string): boolean
  /** All that was asked for; nothing where some texts were given, since that is no state of the disk. */
  facts(): Facts | undefined
  /** This disk tells the same. If so, these are facts of it, too. */
  agrees(facts: Facts): boolean
  /**
   * Looks again at all that was asked for. The files of which nothing has changed but the text, where nobody has asked for more than that; nothing
   * where anything else has changed, and then this disk is of no use any more.
   */
  renew(): readonly string[] | undefined
}

interface Found {
  readonly real: string
  readonly kind: Kind
}

/** What can be asked of the disk itself, as the first letter of a question. The rest is a place without links in its folder, or what the host is asked. */
const ENTRY = 'e'
const CONTENT = 'c'
const LIST = 'l'
const REQUIRE = 'r'
const SAID = 's'

/**
 * `texts`: what files of code hold, by real path, where that is not to be read from the disk. `said`: what else the answers rest on, as its host
 * says; a fact like any other.
 */
export function openDisk(texts?: ReadonlyMap<string, string>, said: ReadonlyMap<string, string> = new Map()): Disk {
  const told = new Map<string, string>()
  const asked = new Map<string, string>()
  const contents = new Map<string, Content | Error>()
  const lists = new Map<string, readonly Entry[]>()
  const found = new Map<string, Found | undefined>()
  /** Files whose bytes count, and not their text alone. */
  const counted = new Set<string>()

  function ask(question: string): string {
    const answer = tell(question)
    asked.set(question, answer)
    return answer
  }

  function tell(question: string): string {
    let answer = told.get(question)
    if (answer === undefined) told.set(question, (answer = look(question[0]!, question.slice(1))))
    return answer
  }

  function look(kind: string, about: string): string {
    if (kind === ENTRY) return entryAt(about)
    if (kind === CONTENT) {
      const content = contentAt(about)
      contents.set(about, content)
      return content instanceof Error ? NONE : content.digest
    }
    if (kind === SAID) return said.get(about) ?? NONE
    const [place, rest] = about.split('\0') as [string, string]
    return kind === LIST ? digest(JSON.stringify(listOf(place, rest))) : requiredFrom(place, rest)
  }

  function listOf(folder: string, endings: string): readonly Entry[] {
    let entries = lists.get(folder)
    if (entries === undefined) lists.set(folder, (entries = entriesIn(folder)))
    return endings === ''
      ? entries
      : entries.filter(({ name, kind }) => kind !== 'file' || endings.split(' ').some((e) => name.endsWith(e)))
  }

  function find(place: string): Found | undefined {
    if (found.has(place)) return found.get(place)
    // A link that leads to itself leads nowhere.
    found.set(place, undefined)
    const result = follow(place)
    found.set(place, result)
    return result
  }

  function follow(place: string): Found | undefined {
    const folder = path.dirname(place)
    if (folder === place) return { real: place, kind: 'folder' }
    const around = find(folder)
    if (around?.kind !== 'folder') return undefined
    const real = around.real + (around.real.endsWith(path.sep) ? '' : path.sep) + path.basename(place)
    const entry = ask(ENTRY + real)
    if (entry === NONE) return undefined
    return entry.startsWith(LINK) ? find(path.resolve(around.real, entry.slice(1))) : { real, kind: entry as Kind }
  }

  /** What is known of a place is known by its shortest name. */
  function at(place: string): Found | undefined {
    return found.has(place) ? found.get(place) : find(path.resolve(place))
  }

  function realOf(file: string): string {
    return at(file)?.real ?? path.resolve(file)
  }

  function contentOf(file: string): Content {
    const real = realOf(file)
    ask(CONTENT + real)
    const content = contents.get(real)!
    if (content instanceof Error) throw content
    return content
  }

  for (const what of said.keys()) ask(SAID + what)

  return {
    exists: (place) => at(place) !== undefined,
    isFile: (place) => at(place)?.kind === 'file',
    isFolder: (place) => at(place)?.kind === 'folder',
    realpath(place) {
      const result = at(place)
      if (result === undefined) throw new Error(`there is nothing at ${place}`)
      return result.real
    },
    text: (file) => texts?.get(file) ?? textOf(contentOf(file)),
    decoded(file) {
      counted.add(realOf(file))
      const content = contentOf(file)
      return wideText(content.bytes) ?? textOf(content).replace(/^\uFEFF/, '')
    },
    digest(file) {
      counted.add(realOf(file))
      return contentOf(file).digest
    },
    list(folder, endings = []) {
      const around = at(folder)
      if (around?.kind !== 'folder') return []
      ask(`${LIST}${around.real}\0${endings.join(' ')}`)
      return listOf(around.real, endings.join(' '))
    },
    required: (request, from) => ask(`${REQUIRE}${from}\0${request}`) || undefined,
    isEdited(file) {
      const real = at(file)?.real
      const before = real === undefined ? undefined : contents.get(real)
      if (real === undefined || before === undefined) return false
      return before instanceof Error || contentAt(real, before) !== before
    },
    facts: () => (texts === undefined ? asked : undefined),
    agrees(facts) {
      for (const [question, answer] of facts) if (tell(question) !== answer) return false
      for (const [question, answer] of facts) asked.set(question, answer)
      return true
    },
    renew() {
      told.clear()
      lists.clear()
      const edited: string[] = []
      for (const [question, before] of asked) {
        const about = question.slice(1)
        const known = contents.get(about)
        const content = question[0] === CONTENT ? contentAt(about, known instanceof Error ? undefined : known) : undefined
        const now = content === undefined ? look(question[0]!, about) : content instanceof Error ? NONE : content.digest
        told.set(question, now)
        if (now === before) continue
        if (content === undefined || content instanceof Error || counted.has(about)) return undefined
        contents.set(about, content)
        asked.set(question, now)
        edited.push(about)
      }
      return edited
    },
  }
}
