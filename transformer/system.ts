// What TypeScript sees of the disk when it reads a tsconfig or resolves a module: the same as the rest of the analysis.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk, Kind } from './disk.js'
import type { TS } from './pen.js'

export type System = ts.ParseConfigHost & Required<Pick<ts.ModuleResolutionHost, 'directoryExists' | 'getDirectories' | 'realpath'>>

interface Entries {
  readonly files: readonly string[]
  readonly directories: readonly string[]
}

/** Internal to TypeScript; its own `readDirectory` is this over `node:fs`. Guarded by tests with each version. */
interface Internals {
  matchFiles(
    folder: string,
    extensions: readonly string[] | undefined,
    excludes: readonly string[] | undefined,
    includes: readonly string[] | undefined,
    useCaseSensitiveFileNames: boolean,
    currentDirectory: string,
    depth: number | undefined,
    entriesOf: (folder: string) => Entries,
    realpath: (place: string) => string,
  ): string[]
}

/** What the name of no file ends with. */
const NO_FILE = '/'

export function systemOf(ts: TS, disk: Disk): System {
  const { useCaseSensitiveFileNames } = ts.sys

  function readFile(file: string): string | undefined {
    try {
      return disk.decoded(file)
    } catch {
      return undefined
    }
  }

  function realpath(place: string): string {
    return disk.exists(place) ? disk.realpath(place) : place
  }

  /** Of files only those that end so. */
  function entriesOf(folder: string, endings?: readonly string[]): Entries {
    const entries = disk.list(folder, endings)
    const names = (kind: Kind, is: (place: string) => boolean): string[] =>
      entries.flatMap((e) => (e.kind === kind || (e.kind === 'link' && is(path.join(folder, e.name))) ? [e.name] : []))
    return { files: names('file', disk.isFile), directories: names('folder', disk.isFolder) }
  }

  return {
    useCaseSensitiveFileNames,
    readFile,
    realpath,
    fileExists: disk.isFile,
    directoryExists: disk.isFolder,
    getDirectories: (folder) => [...entriesOf(folder, [NO_FILE]).directories],
    readDirectory: (folder, extensions, excludes, includes, depth) =>
      (ts as unknown as Internals).matchFiles(
        folder,
        extensions,
        excludes,
        includes,
        useCaseSensitiveFileNames,
        process.cwd(),
        depth,
        (each) => entriesOf(each, extensions),
        realpath,
      ),
  }
}
