// How an entry is laid out in bytes. All but the inline bytes is one JSON text, and those follow it as they are: a hit parses a few hundred
// bytes and copies nothing.
//
//   0  magic    3 bytes, `MMe`
//   3  version  1 byte
//   4  length   4 bytes, big endian: bytes of head
//   8  head     JSON; `outputs` is a list of [name, digest, length, whether its bytes follow, chunks of files if any]
//      bytes    of those outputs, in that order
//
// Later versions keep magic and version where they are.

import { CODEC } from './codec.js'
import { FORMAT } from './contract.js'
import type { Entry, Miss, MissReason, Ref } from './entry.js'
import { type EntryHead, isHead, type OutputRow } from './entry-shape.js'
import type { Key } from './key.js'

const MAGIC = Buffer.from('MMe')
export const ENTRY_VERSION = 1
const HEAD_AT = 8
const DIGEST_LENGTH = 64
const FIRST = `{"format":${FORMAT},"codec":${CODEC},"key":"`
const ROW = '"outputs":[["'

export function writeEntry({ format, codec, key, outputs, ...rest }: Entry): Uint8Array {
  const inline: Uint8Array[] = []
  const rows: OutputRow[] = []
  for (const [name, ref] of Object.entries(outputs)) {
    const files = ref.files?.map(({ digest, length }) => [digest, length] as const)
    rows.push([name, ref.digest, ref.length, ref.inline !== undefined, ...(files ? ([files] as const) : ([] as const))])
    if (ref.inline) inline.push(ref.inline)
  }
  // In the order that `readSole` looks for.
  const text = JSON.stringify({ format, codec, key, ...rest, outputs: rows })
  const length = Buffer.byteLength(text)
  const head = Buffer.allocUnsafe(HEAD_AT + length)
  head.set(MAGIC)
  head[MAGIC.length] = ENTRY_VERSION
  head.writeUInt32BE(length, 4)
  head.write(text, HEAD_AT, 'utf8')
  return Buffer.concat([head, ...inline])
}

/**
 * The bytes of an entry's one output, which are inline, where beginning and end of the head say so: to parse all of it takes five times as long.
 * `undefined` for every other entry, also for those that are laid out otherwise.
 */
export function readSole(bytes: Uint8Array, key: Key, output: string): Uint8Array | undefined {
  if (versionOf(bytes) !== ENTRY_VERSION) return undefined
  const data = asBuffer(bytes)
  const end = HEAD_AT + data.readUInt32BE(4)
  const last = `",${bytes.length - end},true]]}`
  const start = end - (ROW.length + output.length + 3 + DIGEST_LENGTH + last.length)
  if (end > bytes.length || start < HEAD_AT + FIRST.length + key.length) return undefined
  // Part by part: to put them together takes longer than to compare them.
  const head = data.toString('latin1', HEAD_AT, HEAD_AT + FIRST.length + key.length + 2)
  if (!head.startsWith(FIRST) || !head.startsWith(key, FIRST.length) || !head.endsWith('",')) return undefined
  const tail = data.toString('latin1', start, end)
  const isSole = tail.startsWith(ROW) && tail.startsWith(output, ROW.length) && tail.startsWith('","', ROW.length + output.length)
  return isSole && tail.endsWith(last) ? bytes.subarray(end) : undefined
}

/** The entry that these bytes are, whatever its key and its age. */
export function readEntry(bytes: Uint8Array): { readonly kind: 'hit'; readonly entry: Entry } | Miss {
  const version = versionOf(bytes)
  if (version === undefined) return miss('damaged')
  if (version !== ENTRY_VERSION) return miss(version > ENTRY_VERSION ? 'newer' : 'format')
  const data = asBuffer(bytes)
  const end = HEAD_AT + data.readUInt32BE(4)
  if (end > data.length) return miss('damaged')
  let head: unknown
  try {
    head = JSON.parse(data.toString('utf8', HEAD_AT, end))
  } catch {
    return miss('damaged')
  }
  if (typeof head !== 'object' || head === null) return miss('damaged')
  const { format, codec } = head as Partial<Entry>
  if (format !== FORMAT || codec !== CODEC) {
    if (typeof format !== 'number' || typeof codec !== 'number') return miss('damaged')
    return miss(format > FORMAT || codec > CODEC ? 'newer' : 'format')
  }
  if (!isHead(head)) return miss('damaged')
  const outputs = readOutputs(head.outputs, bytes, end)
  if (outputs === undefined) return miss('damaged')
  // Nobody else has the head, and a copy would cost as much as all other checks.
  return { kind: 'hit', entry: Object.assign(head as Omit<EntryHead, 'outputs'>, { outputs }) }
}

/** `undefined` when these bytes are no entry. */
function versionOf(bytes: Uint8Array): number | undefined {
  const isEntry = bytes.length >= HEAD_AT && bytes[0] === MAGIC[0] && bytes[1] === MAGIC[1] && bytes[2] === MAGIC[2]
  return isEntry ? bytes[MAGIC.length] : undefined
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

function miss(reason: MissReason): Miss {
  return { kind: 'miss', reason }
}

function readOutputs(rows: readonly OutputRow[], bytes: Uint8Array, start: number): Entry['outputs'] | undefined {
  let at = start
  const outputs: [string, Ref][] = []
  for (const [name, digest, length, follows, chunks] of rows) {
    const ref: { -readonly [Field in keyof Ref]: Ref[Field] } = { digest, length }
    if (follows) {
      if (length > bytes.length - at) return undefined
      const view = bytes.subarray(at, at + length)
      // A view of most of the entry; of a small part a copy, or it would hold the rest in memory.
      ref.inline = length * 2 < bytes.length ? new Uint8Array(view) : view
      at += length
    }
    if (chunks) ref.files = chunks.map(([digest, length]) => ({ digest, length }))
    outputs.push([name, ref])
  }
  return at === bytes.length ? Object.fromEntries(outputs) : undefined
}
