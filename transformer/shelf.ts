// What was found out about texts, kept on disk by their content, so that the next build parses only what is new. One file that is read whole
// and appended to; a record is
//
//    0  key     32 bytes, SHA-256 of the question and the text
//   32  check    8 bytes, the first of the SHA-256 of the answer
//   40  length   4 bytes, little endian: bytes of the answer
//   44  answer   JSON
//
// A record that was torn or written over is not what its check says, and is made again. The file's name holds who answers (this code, this
// parser), so that another version reads none of it. Builds that run at once append beside each other: an append is one write.

import { hash } from 'node:crypto'
import { appendFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { cacheFile, cacheFolder, makeRoom, readOrNothing } from './cache-folder.js'

export interface Shelf {
  /** What `make` says about `text`, or said earlier: it must be plain data, and depend on nothing but the text and the question. */
  answer<T>(question: string, text: string, make: () => T): T
  /** Puts on disk what is new. Trouble with the disk costs the answers, nothing else. */
  save(): void
}

/** Keeps nothing. */
export const noShelf: Shelf = { answer: (_question, _text, make) => make(), save() {} }

const HEAD = 44
/** Bytes of a file. Beyond it only what the last build asked for stays. */
const LIMIT = 128 * 1024 * 1024

/** The shelf of a project; without a `node_modules` around it nothing is kept. */
export function projectShelf(root: string, parser: string): Shelf {
  const folder = cacheFolder(root)
  return folder === undefined ? noShelf : openShelf(folder, parser)
}

/** `parser`: what else the answers depend on, such as the version of TypeScript. */
export function openShelf(folder: string, parser: string, limit: number = LIMIT): Shelf {
  const file = cacheFile(folder, 'summaries', parser)
  let records: Map<string, Buffer> | undefined
  let size = 0
  let isTorn = false
  const asked = new Map<string, Buffer>()
  const added: Buffer[] = []

  function read(): Map<string, Buffer> {
    const found = new Map<string, Buffer>()
    const bytes = readOrNothing(file)
    size = bytes.length
    let at = 0
    while (at + HEAD <= bytes.length) {
      const end = at + HEAD + bytes.readUInt32LE(at + 40)
      if (end > bytes.length) break
      found.set(bytes.toString('latin1', at, at + 32), bytes.subarray(at, end))
      at = end
    }
    isTorn = at < bytes.length
    return found
  }

  return {
    answer<T>(question: string, text: string, make: () => T): T {
      records ??= read()
      const key = hash('sha256', `${question}\0${text}`, 'buffer')
      const id = key.toString('latin1')
      const record = records.get(id)
      const known = record && open<T>(record)
      if (known !== undefined) {
        asked.set(id, record!)
        return known.answer
      }
      const answer = make()
      const made = seal(key, answer)
      records.set(id, made)
      asked.set(id, made)
      added.push(made)
      return answer
    },

    save() {
      if (added.length === 0) return
      const bytes = Buffer.concat(added)
      try {
        if (size === 0) makeRoom(folder)
        // Another build may have been in the middle of an append when we read.
        if (isTorn) read()
        if (isTorn || size + bytes.length > limit) {
          const temp = `${file}~${process.pid}`
          writeFileSync(temp, Buffer.concat([...asked.values()]))
          renameSync(temp, file)
          size = statSync(file).size
          isTorn = false
        } else {
          appendFileSync(file, bytes)
          size += bytes.length
        }
      } catch {
        // A disk that is full or read-only: the next build makes it again.
      }
      added.length = 0
    },
  }
}

function seal(key: Buffer, answer: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(answer))
  const head = Buffer.alloc(HEAD)
  key.copy(head)
  hash('sha256', json, 'buffer').copy(head, 32, 0, 8)
  head.writeUInt32LE(json.length, 40)
  return Buffer.concat([head, json])
}

function open<T>(record: Buffer): { answer: T } | undefined {
  const json = record.subarray(HEAD)
  if (hash('sha256', json, 'buffer').compare(record, 32, 40, 0, 8) !== 0) return undefined
  return { answer: JSON.parse(json.toString('utf8')) as T }
}
