// The folders of the fs store: made, and read in order.

import { lstatSync, mkdirSync, readdirSync, type Stats, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MintmarkError } from '../errors.js'
import type { Listing, Room } from '../store.js'
import { fsTrouble, hasCode } from './fs-trouble.js'
import { isId } from './ids.js'

/** Begins the name of a file that is being written. */
export const TEMP_MARK = '~'
/** Ends the file name of a run's record. No id has it. */
export const LEAF_MARK = '@'

/** A temporary file untouched for so long belongs to a writer that was killed. */
const TEMP_MAX_AGE_MS = 3_600_000

// https://bford.info/cachedir/
const CACHEDIR_TAG = 'Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of mintmark. It may be deleted at any time.\n'

/**
 * Makes `folder`, which is `home` or below it, and whatever is missing on the way; `onNew` is told each folder that has a new name in it. MM3003 when a
 * symbolic link stands below `home`.
 */
export function makeFolder(home: string, folder: string, onNew: (folder: string) => void = () => {}): void {
  // The home itself may well be a link: that is its owner's choice.
  const stat = folder === home ? statSync(folder, { throwIfNoEntry: false }) : lstatSync(folder, { throwIfNoEntry: false })
  if (stat?.isDirectory()) return
  if (stat?.isSymbolicLink()) {
    throw new MintmarkError(
      'MM3003',
      `will not write through the symbolic link \`${folder}\`: the store did not make it. Remove it, or delete the store's folder.`,
    )
  }
  const parent = dirname(folder)
  if (folder === home) makeAll(folder)
  else {
    makeFolder(home, parent, onNew)
    makeOne(folder)
    if (parent === home) makeTag(home)
  }
  onNew(parent)
}

/** With those above it. Not by `recursive`: where a file system answers that a new folder is not there, as /proc does, Node 20 tries for ever. */
function makeAll(folder: string): void {
  const parent = dirname(folder)
  if (parent !== folder && !statSync(parent, { throwIfNoEntry: false })) makeAll(parent)
  makeOne(folder)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

function makeTag(home: string): void {
  try {
    writeFileSync(join(home, 'CACHEDIR.TAG'), CACHEDIR_TAG, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

/** The ids of a room in code-unit order. Temporary files that were left behind long ago are removed before. */
export async function* listRoom(root: string, room: Room, prefix: string): AsyncIterable<Listing> {
  const folder = join(root, room)
  try {
    sweep(join(root, 'tmp'))
    yield* room === 'runs' ? walk(folder, '', prefix) : shards(folder, room, prefix)
  } catch (error) {
    throw fsTrouble('list', folder, error)
  }
}

function* shards(folder: string, room: Room, prefix: string): Iterable<Listing> {
  for (const shard of names(folder).sort()) {
    if (shard.length !== 2 || !shard.startsWith(prefix.slice(0, 2))) continue
    for (const id of names(join(folder, shard)).sort()) {
      if (!isId(room, id) || !id.startsWith(shard) || !id.startsWith(prefix)) continue
      const stat = fileStat(`${folder}/${shard}/${id}`)
      if (stat) yield { id, size: stat.size, modified: stat.mtimeMs }
    }
  }
}

function* walk(folder: string, above: string, prefix: string): Iterable<Listing> {
  // A folder sorts as its name with the slash that its ids have there: `a-b` comes before `a/b`.
  const found = names(folder).map((name) =>
    name.endsWith(LEAF_MARK) ? { key: above + name.slice(0, -1), name, leaf: true } : { key: `${above}${name}/`, name, leaf: false },
  )
  for (const { key, name, leaf } of found.sort((a, b) => (a.key < b.key ? -1 : 1))) {
    if (!key.startsWith(prefix) && (leaf || !prefix.startsWith(key))) continue
    if (!leaf) {
      yield* walk(join(folder, name), key, prefix)
      continue
    }
    const stat = isId('runs', key) ? fileStat(join(folder, name)) : undefined
    if (stat) yield { id: key, size: stat.size, modified: stat.mtimeMs }
  }
}

/** Names in a folder; none when it is missing or is no folder of ours. */
function names(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  try {
    return readdirSync(folder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}

function sweep(temps: string): void {
  for (const name of names(temps)) {
    const temp = join(temps, name)
    try {
      if (name.startsWith(TEMP_MARK) && Date.now() - (fileStat(temp)?.mtimeMs ?? Number.NaN) > TEMP_MAX_AGE_MS) unlinkSync(temp)
    } catch {
      // Someone else swept it, or the folder is read-only: the file is harmless.
    }
  }
}

function fileStat(path: string): Stats | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isFile() ? stat : undefined
}
