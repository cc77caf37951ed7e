// What TypeScript sees of the disk when it reads a tsconfig or resolves a module: the same as the rest of the analysis.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from './disk.js'
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

  function entriesOf(folder: string): Entries {
    const names = (is: (place: string) => boolean): string[] =>
      disk.list(folder || '.').flatMap(({ name }) => (is(path.join(folder, name)) ? [name] : []))
    return { files: names(disk.isFile), directories: names(disk.isFolder) }
  }

  return {
    useCaseSensitiveFileNames,
    readFile,
    realpath,
    fileExists: disk.isFile,
    directoryExists: disk.isFolder,
    getDirectories: (folder) => [...entriesOf(folder).directories],
    readDirectory: (folder, extensions, excludes, includes, depth) =>
      (ts as unknown as Internals).matchFiles(
        folder,
        extensions,
        excludes,
        includes,
        useCaseSensitiveFileNames,
        process.cwd(),
        depth,
        entriesOf,
        realpath,
      ),
  }
}
