// What was answered about a project, kept on disk with the facts that it rests on: as long as the disk tells the same, nothing has to be
// found out again. All answers of a file rest on all its facts, so that none has to say which are its own. The file is
//
//    0  check   32 bytes, SHA-256 of what follows
//   32  length  4 bytes, little endian: bytes of the index
//   36  index   JSON: the facts, and the question, offset and length of each answer
//       answers JSON
//
// It is written beside and renamed: of builds that run at once one is remembered. Damaged, it is none.

import { hash, randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeRoom, readOrNothing } from './cache-folder.js'
import { type Disk, openDisk } from './disk.js'

export interface Answers {
  /**
   * The disk as it is now. What was answered stays known if it still rests on facts; if so, and if there was one, this is the disk of before.
   * `doubtful` tells, of files that were edited, about which files something else may be true by that; nothing when about any.
   */
  look(doubtful: (disk: Disk, edited: readonly string[]) => Iterable<string> | undefined): Disk
  /** What `make` says of a file, or said when the disk was as it was at the last look: plain data that depends on the question and on that disk. */
  answer<T>(question: Question, file: string, make: () => T): T
  /** Puts on disk what is new. Trouble with the disk costs the answers, nothing else. */
  save(): void
}

const QUESTIONS = ['stamp', 'manifest'] as const
type Question = (typeof QUESTIONS)[number]

interface Index {
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

const HEAD = 36
/** Bytes of a file. What would be larger is not kept. */
const LIMIT = 128 * 1024 * 1024

/** `file`: where they are kept; nothing for nowhere. */
export function openAnswers(file: string | undefined, limit: number = LIMIT): Answers {
  let disk: Disk | undefined
  let known = new Map<string, Known>()
  let isNew = false

  return {
    look(doubtful) {
      if (disk === undefined) {
        disk = openDisk()
        const kept = file === undefined ? undefined : open(readOrNothing(file))
        if (kept !== undefined && disk.agrees(kept.facts)) known = kept.known
        return disk
      }
      const edited = disk.renew()
      const files = edited === undefined || edited.length === 0 ? edited : doubtful(disk, edited)
      if (files === undefined) {
        known.clear()
        return (disk = openDisk())
      }
      if (edited!.length > 0) for (const [question, { isMade }] of known) if (!isMade) known.delete(question)
      for (const each of files) for (const question of QUESTIONS) known.delete(`${question} ${each}`)
      return disk
    },

    answer<T>(kind: Question, about: string, make: () => T): T {
      const question = `${kind} ${about}`
      const before = known.get(question)
      if (before !== undefined && before.json === undefined) return before.value as T
      const value = before === undefined ? make() : (JSON.parse(before.json!.toString('utf8')) as T)
      known.set(question, { value, isMade: before === undefined })
      if (before === undefined) isNew = true
      return value
    },

    save() {
      if (!isNew || file === undefined || disk === undefined) return
      isNew = false
      const bytes = seal(disk, known)
      if (bytes.length > limit) return
      try {
        makeRoom(path.dirname(file))
        const temp = `${file}~${randomUUID()}`
        writeFileSync(temp, bytes)
        renameSync(temp, file)
      } catch {
        // A disk that is full or read-only: the next build finds out again.
      }
    },
  }
}

function seal(disk: Disk, known: ReadonlyMap<string, Known>): Buffer {
  const bodies: Buffer[] = []
  let at = 0
  const answers = [...known].map(([question, each]) => {
    const body = each.json ?? Buffer.from(JSON.stringify(each.value))
    bodies.push(body)
    at += body.length
    return [question, at - body.length, body.length] as const
  })
  const index = Buffer.from(JSON.stringify({ facts: [...disk.facts()!], answers } satisfies Index))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(index.length)
  const rest = Buffer.concat([length, index, ...bodies])
  return Buffer.concat([hash('sha256', rest, 'buffer'), rest])
}

function open(bytes: Buffer): { facts: ReadonlyMap<string, string>; known: Map<string, Known> } | undefined {
  if (bytes.length < HEAD || !hash('sha256', bytes.subarray(32), 'buffer').equals(bytes.subarray(0, 32))) return undefined
  const start = HEAD + bytes.readUInt32LE(32)
  const { facts, answers } = JSON.parse(bytes.toString('utf8', HEAD, start)) as Index
  const known = answers.map(
    ([question, at, length]) => [question, { json: bytes.subarray(start + at, start + at + length), isMade: false }] as const,
  )
  return { facts: new Map(facts), known: new Map(known) }
}
