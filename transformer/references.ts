// Project references, as a tsconfig names them: which of several projects a file belongs to, and which source an emitted file comes from.

import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from './disk.js'
import type { TS } from './pen.js'
import { systemOf } from './system.js'

export interface References {
  /** The tsconfig that holds for the file: `config`, unless one that it references, however far, includes the file and it does not. */
  configOf(file: string, config: string): string
  /** The source of an emitted file, if a project that `config` references emits it. */
  sourceOf(file: string, config: string): string | undefined
  /** What the compiler resolves modules with: to it, what those projects emit is there even before they are built. */
  hostOf(config: string | undefined): ts.ModuleResolutionHost
  /** `config` and all that it references, however far. */
  configsOf(config: string): readonly string[]
  /** Their files. */
  filesOf(config: string): readonly string[]
  /** Where they emit to. */
  outputFoldersOf(config: string): readonly string[]
  /** What they emit: source by emitted file. */
  outputsOf(config: string): ReadonlyMap<string, string>
}

export function openReferences(ts: TS, disk: Disk): References {
  const system = systemOf(ts, disk)
  const named = new Map<string, readonly string[]>()
  const parsed = new Map<string, ts.ParsedCommandLine>()
  const included = new Map<string, ReadonlySet<string>>()
  const outputs = new Map<string, ReadonlyMap<string, string>>()

  /** Listing the files of a project is slow, and few have references. */
  function referencesOf(config: string): readonly string[] {
    let found = named.get(config)
    if (found === undefined) {
      const { config: raw } = ts.readConfigFile(config, system.readFile) as { config?: { references?: unknown } }
      const listed = Array.isArray(raw?.references) ? (raw.references as { readonly path?: unknown }[]) : []
      found = listed.flatMap(({ path: to }) => {
        const file = typeof to === 'string' ? ts.resolveProjectReferencePath({ path: path.resolve(path.dirname(config), to) }) : ''
        return disk.exists(file) ? [disk.realpath(file)] : []
      })
      named.set(config, found)
    }
    return found
  }

  /** Of a file that need not be there. */
  function realpath(file: string): string {
    if (disk.exists(file)) return disk.realpath(file)
    const parent = path.dirname(file)
    return parent === file ? file : path.join(realpath(parent), path.basename(file))
  }

  function reach(config: string): string[] {
    const found = new Set([config])
    for (const each of found) for (const other of referencesOf(each)) found.add(other)
    return [...found]
  }

  function parse(config: string): ts.ParsedCommandLine {
    let found = parsed.get(config)
    if (found === undefined) {
      const { config: raw = {} } = ts.readConfigFile(config, system.readFile) as { config?: unknown }
      found = ts.parseJsonConfigFileContent(raw, system, path.dirname(config), undefined, config)
      parsed.set(config, found)
    }
    return found
  }

  function includes(config: string, file: string): boolean {
    let found = included.get(config)
    if (found === undefined) included.set(config, (found = new Set(parse(config).fileNames)))
    return found.has(file)
  }

  function outputsOf(config: string): ReadonlyMap<string, string> {
    let found = outputs.get(config)
    if (found === undefined) {
      const project = parse(config)
      const sources = project.fileNames.filter((f) => !/\.d\.[cm]?ts$/.test(f))
      const pairs = sources.flatMap((source) =>
        ts
          .getOutputFileNames(project, source, !ts.sys.useCaseSensitiveFileNames)
          .map((output) => [path.normalize(output), source] as const),
      )
      outputs.set(config, (found = new Map(pairs)))
    }
    return found
  }

  function sourceOf(file: string, config: string): string | undefined {
    for (const each of reach(config).slice(1)) {
      const source = outputsOf(each).get(file)
      if (source !== undefined) return source
    }
    return undefined
  }

  return {
    sourceOf,
    hostOf(config) {
      if (config === undefined || referencesOf(config).length === 0) return system
      const fileExists = (file: string): boolean => system.fileExists(file) || sourceOf(realpath(file), config) !== undefined
      return { fileExists, realpath, readFile: system.readFile }
    },
    configOf(file, config) {
      if (referencesOf(config).length === 0) return config
      return reach(config).find((each) => includes(each, file)) ?? config
    },
    configsOf: reach,
    outputFoldersOf: (config) =>
      [...new Set(reach(config).flatMap((each) => parse(each).options.outDir ?? []))].map((f) => path.normalize(f)),
    outputsOf: (config) => new Map(reach(config).flatMap((each) => [...outputsOf(each)])),
    filesOf: (config) => [...new Set(reach(config).flatMap((each) => parse(each).fileNames))],
  }
}
