// Files on disk behind a FileRef: read piece by piece, written beside their place and put there in one step.

import { createHash, randomBytes } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Digest, digest } from './contract.js'
import { MintmarkError } from './errors.js'

/** What a file holds: its digest, those of its chunks, its size, and whether its owner may execute it. Throws MM2106 and MM2107. */
export async function readContent(path: string, chunkBytes: number) {
  const kind = await stat(path)
  // Opening a pipe would wait for a writer.
  if (!kind.isFile()) throw notAFile(path, kind.isDirectory())
  const file = await open(path)
  try {
    const before = await file.stat({ bigint: true })
    if (!before.isFile()) throw notAFile(path, before.isDirectory())
    const size = Number(before.size)
    const whole = createHash('sha256')
    const chunks: Digest[] = []
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkBytes, size))
    for (let at = 0; at < size; at += chunkBytes) {
      const piece = await fill(file, buffer.subarray(0, Math.min(chunkBytes, size - at)), at)
      if (piece === undefined) throw changed(path)
      whole.update(piece)
      chunks.push(digest(piece))
    }
    if (!isSame(before, await file.stat({ bigint: true }))) throw changed(path)
    return { size, executable: (before.mode & 0o100n) !== 0n, digest: whole.digest('hex') as Digest, chunks }
  } finally {
    await file.close()
  }
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs
}

/** Bytes of a file, or `undefined` when they are not there. */
export async function readPiece(path: string, start: number, length: number): Promise<Uint8Array | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined
    const file = await open(path)
    try {
      return await fill(file, Buffer.allocUnsafeSlow(length), start)
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

async function fill(file: FileHandle, into: Buffer, start: number): Promise<Buffer | undefined> {
  let filled = 0
  while (filled < into.length) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, start + filled)
    if (bytesRead === 0) return undefined
    filled += bytesRead
  }
  return into
}

/** Writes a file and gives it its name in one step; nothing stays when that fails. Throws MM2106 when a folder has the name. */
export async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array>, executable: boolean): Promise<void> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) throw new MintmarkError('MM2106', `\`${path}\` is a folder. Name the file in it: \`join(folder, file.name)\`.`)
  const temp = join(dirname(path), `.${randomBytes(9).toString('hex')}.tmp`)
  try {
    const file = await open(temp, 'wx', executable ? 0o777 : 0o666)
    try {
      for await (const piece of pieces) await file.writeFile(piece)
    } finally {
      await file.close()
    }
    await rename(temp, path)
  } catch (error) {
    await rm(temp, { force: true })
    throw error
  }
}

function notAFile(path: string, isFolder: boolean): MintmarkError {
  const wayOut = isFolder ? 'Pass a list of its files, each with its own `fileRef`.' : 'Read it, and pass the bytes.'
  return new MintmarkError('MM2106', `\`${path}\` is ${isFolder ? 'a folder' : 'no regular file'}. ${wayOut}`)
}

function changed(path: string): MintmarkError {
  return new MintmarkError('MM2107', `\`${path}\` changed while it was read. Call \`fileRef\` when it is written.`)
}
