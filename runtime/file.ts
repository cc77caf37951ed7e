// Files as inputs and results. A `FileRef` stands for content, a name and whether it is executable, never for a place: what is read through it is checked
// against its digests, so a file that changed meanwhile is refused. In stores the content lies in chunks among the blobs, so none is ever whole in memory.

import { hasYoungBlob, putBlob } from './blob.js'
import { isWellFormed } from './codec/sink.js'
import { codecsIn, decode, registerCodec } from './codec.js'
import { type Digest, digest } from './contract.js'
import { MintmarkError } from './errors.js'
import { markLost } from './lost.js'
import type { Pieces } from './pieces.js'
import type { Store } from './store.js'

/** Bytes of a chunk; the last one of a file may be shorter. Part of the bytes of a FileRef, so its codec's version covers it. */
export const CHUNK_BYTES = 8 * 1024 * 1024

export interface FileContent {
  readonly size: number
  readonly executable: boolean
  /** SHA-256 of all of it. */
  readonly digest: Digest
  readonly chunks: readonly Digest[]
}

/** A file by its content. Made by `fileRef(path)`; comes back from stores as it was. */
export class FileRef {
  /** One segment of a path, such as `report.pdf`. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly executable: boolean
  /** Lower-case hex SHA-256 of the content. */
  readonly digest: string
  readonly #chunks: readonly Digest[]

  /** @internal */
  constructor(name: string, { size, executable, digest, chunks }: FileContent) {
    this.name = name
    this.size = size
    this.executable = executable
    this.digest = digest
    this.#chunks = chunks
    Object.freeze(this)
  }

  /** The content in pieces of at most 8 MiB, each checked before it is handed out. Throws MM2107 when it is nowhere any more. */
  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const [index, chunk] of this.#chunks.entries()) yield await readChunk(this, index, chunk)
  }

  /** All of the content, in memory. */
  async bytes(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.stream()) pieces.push(piece)
    return pieces.length === 1 ? new Uint8Array(pieces[0]!) : Buffer.concat(pieces)
  }

  /**
   * Writes the content to `path`, whose folder exists, in one step: whoever looks sees the old file or the whole new one. A link there is replaced, not
   * followed. Throws MM2106 when a folder is there.
   */
  async save(path: string): Promise<void> {
    const { writeWhole } = await import('./file-disk.js')
    await writeWhole(path, this.stream(), this.executable)
  }

  /** @internal */
  static chunksOf(file: FileRef): readonly Digest[] {
    return file.#chunks
  }
}

/**
 * A reference to the file at `path` as it is now: its content (SHA-256), its name and whether it is executable; not where it is, nor its times.
 *
 * @param options.name Stands for the file in keys and results. Default: the last segment of the path.
 * @throws MintmarkError `MM2106` when it is a folder or no file, or the name is no plain segment of a path; `MM2107` when it changes while it is read.
 */
export async function fileRef(path: string, options: { readonly name?: string } = {}): Promise<FileRef> {
  const { basename, resolve } = await import('node:path')
  const { readContent } = await import('./file-disk.js')
  const name = options.name ?? basename(resolve(path))
  if (!isName(name))
    throw new MintmarkError(
      'MM2106',
      `${JSON.stringify(name)} cannot name a file everywhere. Give it a \`name\` without \`/\`, \`\\\`, \`:\` and control characters.`,
    )
  const file = new FileRef(name, await readContent(path, CHUNK_BYTES))
  placesOf(file).path = resolve(path)
  return file
}

const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/** One segment of a path on every system: what comes out of a store may end up in a `join`. */
function isName(name: unknown): name is string {
  if (typeof name !== 'string' || name === '' || Buffer.byteLength(name) > 255) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\u0000-\u001f\u007f/\\:]/.test(name) && !/^\.{1,2}$|[. ]$/.test(name) && !DEVICE.test(name) && isWellFormed(name)
}

/** Where the content of a file has been seen in this process. Any place will do: what is read is checked. */
interface Places {
  path?: string
  readonly stores: Set<Store>
}

const places = new Map<string, Places>()

function placesOf({ digest }: FileRef): Places {
  let found = places.get(digest)
  if (found === undefined) {
    found = { stores: new Set() }
    places.set(digest, found)
  }
  return found
}

/** Chunks that a store lists and does not give: they count as missing, so that they are put anew. */
const unreadable = new WeakMap<Store, Set<Digest>>()

function isUnreadable(store: Store, chunk: Digest): boolean {
  return unreadable.get(store)?.has(chunk) === true
}

async function readChunk(file: FileRef, index: number, chunk: Digest): Promise<Uint8Array> {
  const { path, stores } = placesOf(file)
  const length = lengthOf(file, index)
  for (const store of stores) {
    const bytes = await store.get('blobs', chunk).catch(() => undefined)
    if (bytes?.length === length && digest(bytes) === chunk) return bytes
    unreadable.set(store, (unreadable.get(store) ?? new Set()).add(chunk))
  }
  if (path !== undefined) {
    const { readPiece } = await import('./file-disk.js')
    const bytes = await readPiece(path, index * CHUNK_BYTES, length)
    if (bytes !== undefined && digest(bytes) === chunk) return bytes
  }
  const message =
    stores.size > 0
      ? 'is not in the store any more. Call again with `force`.'
      : `was changed or removed at \`${path}\`. Call \`fileRef\` again.`
  const error = new MintmarkError('MM2107', `the content of the file ${JSON.stringify(file.name)} ${message}`)
  throw stores.size > 0 ? markLost(error) : error
}

/** Bytes of a chunk. */
function lengthOf({ size }: FileRef, index: number): number {
  return Math.min(CHUNK_BYTES, size - index * CHUNK_BYTES)
}

const CODEC_NAME = 'mintmark.FileRef'

/** Those that are decoded, while somebody wants to know. */
let met: FileRef[] | undefined

registerCodec<FileRef, unknown>({
  name: CODEC_NAME,
  version: 1,
  class: FileRef,
  encode: (file) => [file.name, file.size, file.executable, file.digest, ...FileRef.chunksOf(file)],
  decode: (data) => {
    const file = fileOf(data)
    met?.push(file)
    return file
  },
})

function fileOf(data: unknown): FileRef {
  const [name, size, executable, whole, ...chunks] = data as [unknown, unknown, unknown, unknown, ...unknown[]]
  const isSound =
    isName(name) &&
    Number.isSafeInteger(size) &&
    typeof executable === 'boolean' &&
    isDigest(whole) &&
    chunks.length === Math.ceil((size as number) / CHUNK_BYTES) &&
    chunks.every(isDigest)
  if (!isSound) throw new Error('a file is not described as such')
  return new FileRef(name, { size: size as number, executable, digest: whole, chunks: chunks as Digest[] })
}

function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** The files in encoded bytes; other values are not looked into. */
export function filesIn(bytes: Uint8Array | Pieces): readonly FileRef[] {
  if (!codecsIn(bytes instanceof Uint8Array ? bytes : bytes[0]!).some(({ codec }) => codec?.name === CODEC_NAME)) return []
  const found: FileRef[] = []
  met = found
  try {
    decode(bytes)
    return found
  } catch {
    // Whoever wants the value is told.
    return []
  } finally {
    met = undefined
  }
}

/** A blob that holds a part of a file. */
export interface Chunk {
  readonly digest: Digest
  /** Bytes. */
  readonly length: number
}

/** What the files in encoded bytes need of the blobs. */
export function chunksIn(bytes: Uint8Array | Pieces): readonly Chunk[] {
  return filesIn(bytes).flatMap((file) => FileRef.chunksOf(file).map((digest, index) => ({ digest, length: lengthOf(file, index) })))
}

/** Puts the content of the files in encoded bytes into a store, before anything that mentions them. Throws MM2107, and what the store throws. */
export async function putFiles(store: Store, bytes: Uint8Array | Pieces): Promise<void> {
  for (const file of filesIn(bytes)) {
    const { stores } = placesOf(file)
    const seen = stores.has(store)
    for (const [index, chunk] of FileRef.chunksOf(file).entries()) {
      const replace = isUnreadable(store, chunk)
      if (seen && !replace && (await hasYoungBlob(store, chunk))) continue
      await putBlob(store, chunk, await readChunk(file, index, chunk), { replace })
      unreadable.get(store)?.delete(chunk)
    }
    stores.add(store)
  }
}

/** Whether the content of all files in encoded bytes is in the store; from now on it is looked for there. */
export async function hasFiles(store: Store, bytes: Uint8Array | Pieces): Promise<boolean> {
  for (const file of filesIn(bytes)) {
    if (!(await isThere(store, file))) return false
    placesOf(file).stores.add(store)
  }
  return true
}

async function isThere(store: Store, file: FileRef): Promise<boolean> {
  for (const chunk of new Set(FileRef.chunksOf(file))) {
    let found = false
    if (isUnreadable(store, chunk)) return false
    for await (const { id } of store.list('blobs', chunk)) found ||= id === chunk
    if (!found) return false
  }
  return true
}
