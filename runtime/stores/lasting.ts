// What makes bytes and names last. Threads of Node's own pool wait for the disk, so that other work goes on meanwhile, and of puts that are made at once
// many share what a disk does for one: a journaling file system writes down in one go what several threads wait for.

import { closeSync, constants, fsync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { hasCode } from './fs-trouble.js'
import { openGate } from './gate.js'

/** The pool has four threads unless someone says otherwise: one is left to the others. */
const oneOfFew = openGate(3)
/** Folders whose names are to be made to last and that nobody has begun with. */
const soon = new Map<string, Promise<void>>()

/** Makes the bytes of an open file last. */
export function syncFile(fd: number): Promise<void> {
  return oneOfFew(() => promisify(fsync)(fd))
}

/** Makes the names last that are in a folder by now. All who ask before it is begun with share that. */
export function syncFolder(folder: string): Promise<void> {
  let sync = soon.get(folder)
  if (sync === undefined) {
    sync = oneOfFew(async () => {
      // Others may ask in this very moment; and whoever asks from now on may have made a name that is not seen any more.
      await null
      soon.delete(folder)
      await syncNames(folder)
    })
    soon.set(folder, sync)
  }
  return sync
}

/** Some systems and disks cannot, and then it is as good as they are. */
async function syncNames(folder: string): Promise<void> {
  let fd: number | undefined
  try {
    fd = openSync(folder, constants.O_RDONLY)
    await promisify(fsync)(fd)
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP')) throw error
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
