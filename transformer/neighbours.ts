// Files that stamps rest on and that a watching compiler does not watch: assets, packages, JavaScript that it does not compile.

import { utimesSync } from 'node:fs'
import type ts from 'typescript'
import { leaveOpen } from './build-info.js'
import type { Dependencies } from './dependencies.js'
import type { ProgramSteps } from './program-files.js'
import { setVersion } from './versions.js'

/** `tsc --watch`, as it is inside. */
interface WatchingHost extends ts.CompilerHost {
  getCurrentProgram(): ts.Program | undefined
  /** Looks again soon. */
  onInvalidatedResolution(): void
}

export function isWatching(host: ts.CompilerHost | undefined): host is WatchingHost {
  return host !== undefined && 'getCurrentProgram' in host
}

const isBuild = (): boolean => /^--?b(?:uild)?$/i.test(process.argv[2] ?? '')

/** This process will compile again when something changes. */
export function staysWatching(host: ts.CompilerHost | undefined): boolean {
  return isWatching(host) || (isBuild() && process.argv.some((a) => /^--?w(?:atch)?$/i.test(a)))
}

function neighboursOf(program: ts.Program, found: ProgramSteps): Dependencies {
  const compiled = new Set([...program.getSourceFiles().map((f) => f.fileName), ...referencedFiles(program)])
  const all = found.dependencies()
  const files = new Set(all.flatMap((d) => d.files).filter((f) => !compiled.has(f)))
  return { files: [...files], folders: [...new Set(all.flatMap((d) => d.folders))] }
}

/** Has every `--build` look at a project again whose stamps rest on such. */
export function recallNeighbours(program: ts.Program, host: ts.CompilerHost | undefined, found: ProgramSteps): void {
  const [first] = found.steps.keys()
  if (first === undefined || host === undefined || !isBuild()) return
  const { files, folders } = neighboursOf(program, found)
  if (folders.length > 0 || files.some((file) => !OWN_CONFIG.test(file))) leaveOpen(program, host, first)
}

/** Has the compiler look again when something changes that stamps rest on and that it does not watch itself. */
export function watchNeighbours(program: ts.Program, host: ts.CompilerHost | undefined, found: ProgramSteps, sys: ts.System): void {
  const [first] = found.steps.keys()
  if (first === undefined) return
  keepWatching(sys, found.root, neighboursOf(program, found), () => {
    if (!isWatching(host)) return touch(first)
    const file = program.getSourceFile(first)
    if (file) setVersion(file, 'again')
    host.onInvalidatedResolution()
  })
}

/** What `--build` asks about by itself, or TypeScript feels as little of. */
const OWN_CONFIG = /^(?!.*[\\/]node_modules[\\/]).*[\\/](?:package|[^\\/]*tsconfig[^\\/]*)\.json$/

/** `--build --watch` has no ear for anything but its own files: a file whose stamp is to be made again is one. */
function touch(file: string): void {
  const now = new Date()
  utimesSync(file, now, now)
}

function referencedFiles(program: ts.Program): string[] {
  const found = new Set<ts.ResolvedProjectReference>()
  const add = (reference: ts.ResolvedProjectReference | undefined): void => {
    if (reference === undefined || found.has(reference)) return
    found.add(reference)
    reference.references?.forEach(add)
  }
  program.getResolvedProjectReferences()?.forEach(add)
  return [...found].flatMap((r) => r.commandLine.fileNames)
}

interface Watching {
  readonly watchers: Map<string, ts.FileWatcher>
  changed: () => void
}

const watching = new Map<string, Watching>()

/** Watches these from now on, in place of those of the last look at the same project. */
function keepWatching(sys: ts.System, root: string, { files, folders }: Dependencies, changed: () => void): void {
  let own = watching.get(root)
  if (own === undefined) watching.set(root, (own = { watchers: new Map(), changed }))
  own.changed = changed
  const { watchers } = own
  const tell = (): void => watching.get(root)!.changed()
  for (const [place, watcher] of watchers) {
    if (files.includes(place) || folders.includes(place)) continue
    watcher.close()
    watchers.delete(place)
  }
  for (const file of files) if (!watchers.has(file) && sys.watchFile) watchers.set(file, sys.watchFile(file, tell))
  for (const folder of folders)
    if (!watchers.has(folder) && sys.watchDirectory) watchers.set(folder, sys.watchDirectory(folder, tell, true))
}
