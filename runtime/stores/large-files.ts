// Files of the fs store that are too large to be held beside the value that they are of: written and read piece by piece.

import { createHash } from 'node:crypto'
import { closeSync, writeSync } from 'node:fs'
import { type Digest, digest } from '../contract.js'
import { type Pieces, sizeOf } from '../pieces.js'
import { deflatedChunks, inflateInPieces, inflatesTo, pays, shrinks } from './compression.js'
import { beginWriting, type WriteOptions, write, writeAll } from './drafts.js'
import { chunksOf, fill, largeIn, openFile, read } from './files.js'
import { beginDeflated, DEFLATED_HEAD_BYTES, headOf, type Opening } from './frame.js'
import { hasCode } from './fs-trouble.js'
import { type FoundPieces, readPieces, type Split } from './in-pieces.js'

/** Read before it is known what is in it. */
const BEGINNING = 64 * 1024

/** As `write`, with an envelope around the payload, and deflated where that pays. */
export async function writeLarge(path: string, payload: Pieces, deflates: boolean, options: WriteOptions): Promise<boolean> {
  const stored = deflates && shrinks(payload) ? await writeDeflated(path, payload, options) : undefined
  return stored ?? write(path, [headOf(payload), ...payload], options)
}

/** `undefined` when it hardly shrinks. */
async function writeDeflated(path: string, payload: Pieces, options: WriteOptions): Promise<boolean | undefined> {
  const draft = beginWriting(options)
  try {
    writeAll(draft.fd, [Buffer.alloc(DEFLATED_HEAD_BYTES)])
    let size = 0
    for await (const chunk of deflatedChunks(payload)) {
      writeAll(draft.fd, [chunk])
      size += chunk.length
    }
    if (!pays(size, payload)) return undefined
    // What is digested begins with the length, which is known only now.
    const head = beginDeflated(size, sizeOf(payload))
    for (const chunk of chunksOf(draft.fd, DEFLATED_HEAD_BYTES)) head.add(chunk)
    writeSync(draft.fd, head.end(), 0, DEFLATED_HEAD_BYTES, 0)
    return await draft.finish(path)
  } finally {
    draft.end()
  }
}

/** The payload, `undefined` for what is no whole file of this version. */
export async function readLarge(path: string, split: Split): Promise<FoundPieces | undefined> {
  return onLarge(
    path,
    () => {
      const found = read(path)
      return found.kind === 'found' ? { pieces: [found.payload], digest: undefined } : undefined
    },
    (fd, opening) => (opening.kind === 'plain' ? readPlain(fd, opening, split) : readDeflated(fd, opening, split)),
  )
}

/** As `isTaken`, and what is deflated is inflated: what cannot be read does not stay. */
export async function isWholeThere(path: string): Promise<boolean> {
  return onLarge(
    path,
    () => read(path).kind !== 'nothing',
    async (fd, { start, length, kind, isProven }) =>
      isProven(chunksOf(fd, start)) && (kind === 'plain' || (await inflatesTo(chunksOf(fd, start), length))),
  )
}

/** The digest of the payload, `undefined` for what is no whole file of this version. Of a large one nothing is held. */
export async function digestThere(path: string): Promise<Digest | undefined> {
  return onLarge(
    path,
    () => {
      const found = read(path, false)
      return found.kind === 'found' ? digest(found.payload) : undefined
    },
    async (fd, { start, length, isProven, digest: told }) => {
      if (!isProven(chunksOf(fd, start))) return undefined
      if (told !== undefined) return told
      const sha = createHash('sha256')
      return (await inflatesTo(chunksOf(fd, start), length, (chunk) => sha.update(chunk))) ? (sha.digest('hex') as Digest) : undefined
    },
  )
}

async function onLarge<T>(path: string, otherwise: () => T, act: (fd: number, opening: Opening) => Promise<T>): Promise<T> {
  const fd = openFile(path)
  if (fd === undefined) return otherwise()
  try {
    const opening = largeIn(fd)
    return opening === undefined ? otherwise() : await act(fd, opening)
  } catch (error) {
    // A folder, or a pipe.
    if (hasCode(error, 'EISDIR', 'EAGAIN', 'ESPIPE')) return otherwise()
    throw error
  } finally {
    closeSync(fd)
  }
}

async function readPlain(fd: number, { start, length, isProven, digest }: Opening, split: Split): Promise<FoundPieces | undefined> {
  let at = start
  const readOn = (into: Uint8Array) => {
    fill(fd, into, at)
    at += into.length
  }
  const begun = Buffer.allocUnsafeSlow(BEGINNING)
  readOn(begun)
  const pieces = await readPieces(length, begun, readOn, split)
  return isProven(pieces) ? { pieces, digest } : undefined
}

async function readDeflated(fd: number, { start, length, isProven, digest }: Opening, split: Split): Promise<FoundPieces | undefined> {
  if (!isProven(chunksOf(fd, start))) return undefined
  const pieces = await inflateInPieces(chunksOf(fd, start), length, split)
  return pieces && { pieces, digest }
}
