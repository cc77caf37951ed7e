// What was answered about a project, kept on disk with the facts that it rests on: as long as the disk tells the same, nothing has to be
// found out again. All answers of a file rest on all its facts, so that none has to say which are its own. The file is a row of blocks:
//
//    0  check   32 bytes, SHA-256 of what follows
//   32  length  4 bytes, little endian: bytes of what follows
//   36  first   32 bytes: the check of the first block; zeros in the first block itself
//   68  length  4 bytes, little endian: bytes of the index
//   72  index   JSON: facts, and the question, offset and length of each answer
//       answers JSON
//
// Who finds that the facts hold appends what is new in one write; who finds that they do not writes another file, beside it and renamed.
// An append that comes late, to the file of somebody else, is known by its `first`. What was read up to a damaged block stands by itself.

import { hash, randomUUID } from 'node:crypto'
import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeRoom, readOrNothing } from './cache-folder.js'
import { type Disk, type Facts, openDisk } from './disk.js'

export interface Answers {
  /**
   * The disk as it is now. What was answered stays known if it still rests on facts; if so, and if there was one, this is the disk of before.
   * `doubtful` tells, of files that were edited, about which files something else may be true by that; nothing when about any.
   */
  look(doubtful?: (disk: Disk, edited: readonly string[]) => Iterable<string> | undefined): Disk
  /** What `make` says about something, or said when the disk was as it was at the last look: plain data that depends on the question and on that disk. */
  answer<T>(kind: Question, about: string, make: () => T): T
  /** What was said, if anything was. */
  recall<T>(kind: Question, about: string): T | undefined
  /** Nothing stays known but what is asked from now on; it rests on the facts of before, too. */
  forget(): void
  /** Puts on disk what is new. Trouble with the disk costs the answers, nothing else. */
  save(): void
}

/** The first is about a file, `manifest` about many, the last five about a compiler's program. */
const QUESTIONS = ['stamp', 'resolve', 'load', 'manifest', 'stamps', 'modules', 'closures', 'neighbours', 'behind'] as const
export type Question = (typeof QUESTIONS)[number]

interface Index {
  /** No two blocks are the same, or an append could meet a file that only begins like the one it was meant for. */
  readonly id: string
  readonly facts: readonly (readonly [question: string, answer: string])[]
  readonly answers: readonly (readonly [question: string, at: number, length: number])[]
}

interface Known {
  /** As it was read, until somebody asks. */
  readonly json?: Buffer
  readonly value?: unknown
  /** In this process, so that it can be told what may change it. */
  readonly isMade: boolean
}

interface Kept {
  readonly facts: Facts
  readonly known: ReadonlyMap<string, Known>
  readonly first: Buffer
  readonly size: number
  readonly isDamaged: boolean
}

const CHECK = 32
const BODY = 36
const INDEX = 72
/** Bytes of a file. What would be larger is not kept. */
const LIMIT = 128 * 1024 * 1024

/** `file`: where they are kept; nothing for nowhere. `open`: the disk as it is now. */
export function openAnswers(file: string | undefined, limit: number = LIMIT, open: () => Disk = openDisk): Answers {
  let disk: Disk | undefined
  const known = new Map<string, Known>()
  const added = new Map<string, Known>()
  /** What lies on disk is no longer so. */
  let isOld = false
  /** The file that can be appended to, and how many facts are in it. */
  let base: { readonly first: Buffer; size: number; facts: number } | undefined

  function append(facts: Facts): void {
    const fresh = [...facts].slice(base!.facts)
    const block = seal(base!.first, fresh, added)
    if (base!.size + block.length > limit) return
    appendFileSync(file!, block)
    base = { first: base!.first, size: base!.size + block.length, facts: facts.size }
  }

  function rewrite(facts: Facts): void {
    const block = seal(Buffer.alloc(CHECK), [...facts], known)
    if (block.length > limit) return
    makeRoom(path.dirname(file!))
    const temp = `${file}~${randomUUID()}`
    writeFileSync(temp, block)
    renameSync(temp, file!)
    base = { first: block.subarray(0, CHECK), size: block.length, facts: facts.size }
  }

  function recall(question: string): Known | undefined {
    const found = known.get(question)
    if (found === undefined || found.json === undefined) return found
    const read = { value: JSON.parse(found.json.toString('utf8')), isMade: false }
    known.set(question, read)
    return read
  }

  return {
    look(doubtful) {
      if (disk === undefined) {
        disk = open()
        const kept = file === undefined ? undefined : read(readOrNothing(file))
        if (kept !== undefined && disk.agrees(kept.facts)) {
          for (const [question, each] of kept.known) known.set(question, each)
          if (!kept.isDamaged) base = { first: kept.first, size: kept.size, facts: kept.facts.size }
        }
        return disk
      }
      const edited = disk.renew()
      if (edited?.length === 0) return disk
      base = undefined
      isOld = true
      const files = edited && doubtful?.(disk, edited)
      if (files === undefined) {
        known.clear()
        return (disk = open())
      }
      for (const [question, { isMade }] of known) if (!isMade || question.startsWith('manifest ')) known.delete(question)
      for (const each of files) for (const question of QUESTIONS) known.delete(`${question} ${each}`)
      return disk
    },

    answer<T>(kind: Question, about: string, make: () => T): T {
      const question = `${kind} ${about}`
      const before = recall(question)
      if (before !== undefined) return before.value as T
      const made = { value: make(), isMade: true }
      known.set(question, made)
      added.set(question, made)
      return made.value
    },

    recall: <T>(kind: Question, about: string) => recall(`${kind} ${about}`)?.value as T | undefined,

    forget() {
      known.clear()
      base = undefined
    },

    save() {
      const facts = disk?.facts()
      if ((added.size === 0 && !(isOld && known.size > 0)) || file === undefined || facts === undefined) return
      try {
        if (base === undefined) rewrite(facts)
        else append(facts)
      } catch {
        // A disk that is full or read-only: the next build finds out again.
      }
      added.clear()
      isOld = false
    },
  }
}

function seal(first: Buffer, facts: Index['facts'], answers: ReadonlyMap<string, Known>): Buffer {
  const bodies: Buffer[] = []
  let at = 0
  const places = [...answers].map(([question, each]) => {
    const body = each.json ?? Buffer.from(JSON.stringify(each.value))
    bodies.push(body)
    at += body.length
    return [question, at - body.length, body.length] as const
  })
  const index = Buffer.from(JSON.stringify({ id: randomUUID(), facts, answers: places } satisfies Index))
  const head = Buffer.alloc(INDEX - CHECK)
  first.copy(head, BODY - CHECK)
  head.writeUInt32LE(index.length, INDEX - CHECK - 4)
  head.writeUInt32LE(INDEX - BODY + index.length + at, 0)
  const rest = Buffer.concat([head, index, ...bodies])
  return Buffer.concat([hash('sha256', rest, 'buffer'), rest])
}

function read(bytes: Buffer): Kept | undefined {
  const facts = new Map<string, string>()
  const known = new Map<string, Known>()
  const first = bytes.subarray(0, CHECK)
  let at = 0
  while (at + INDEX <= bytes.length) {
    const end = at + BODY + bytes.readUInt32LE(at + CHECK)
    const isOurs = bytes.subarray(at + BODY, at + BODY + CHECK).equals(at === 0 ? Buffer.alloc(CHECK) : first)
    if (!isOurs || end > bytes.length) break
    if (!hash('sha256', bytes.subarray(at + CHECK, end), 'buffer').equals(bytes.subarray(at, at + CHECK))) break
    const start = at + INDEX + bytes.readUInt32LE(at + INDEX - 4)
    const index = JSON.parse(bytes.toString('utf8', at + INDEX, start)) as Index
    for (const [question, answer] of index.facts) {
      // Two sessions saw different things: no disk bears out both.
      if ((facts.get(question) ?? answer) !== answer) return undefined
      facts.set(question, answer)
    }
    for (const [question, place, length] of index.answers)
      known.set(question, { json: bytes.subarray(start + place, start + place + length), isMade: false })
    at = end
  }
  return at === 0 ? undefined : { facts, known, first, size: bytes.length, isDamaged: at < bytes.length }
}
