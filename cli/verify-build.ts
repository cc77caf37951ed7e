// `mintmark verify-build`: whether the stamps in the output are those that the sources have now.

import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { MintmarkError } from '../runtime/errors.js'
import { stepsOfFiles } from '../transformer/analysis.js'
import { openDisk } from '../transformer/disk.js'
import { openProject, type Project } from '../transformer/project.js'
import { openReferences } from '../transformer/references.js'
import { projectShelf } from '../transformer/shelf.js'
import type { StampedStep } from '../transformer/stamped.js'
import { loadTypeScript } from '../transformer/typescript.js'
import { type Changes, openChanges } from './changes.js'
import { type EmittedStamp, emittedFiles, readStamps } from './emitted.js'
import { filesOf, findConfig } from './project.js'

export interface Finding {
  /** `stale`: another fingerprint than the source has now. `gone`: the source has no such step. `missing`: the output has no such stamp. */
  readonly kind: 'stale' | 'gone' | 'missing'
  /** `file#Class.step`, the file from the working directory. */
  readonly step: string
  /** The emitted file, or the source of a step whose stamp is missing; from the working directory. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** What changed since the output was made, where a manifest beside it tells. */
  readonly changed?: readonly string[]
}

interface Step {
  readonly step: StampedStep
  readonly source: string
}

/** Exit code 1 when something is not right. */
export async function verifyBuild(given: readonly string[], options: { project?: string; json?: boolean }): Promise<void> {
  const root = process.cwd()
  const tsconfig = findConfig(path.resolve(root, options.project ?? '.'))
  const ts = loadTypeScript(root)
  const disk = openDisk()
  const references = openReferences(ts, disk)
  const folders = given.length > 0 ? given.map((f) => path.resolve(root, f)) : references.outputFoldersOf(tsconfig)
  if (folders.length === 0) throw new MintmarkError('MM5045', `${tsconfig} has no outDir. Name the folders: mintmark verify-build dist.`)
  for (const folder of folders)
    if (!existsSync(folder) || !statSync(folder).isDirectory())
      throw new MintmarkError('MM5046', `there is no folder ${show(root, folder)}. Build first, or name the folders of the output.`)

  const shelf = projectShelf(root, ts.version)
  const project = openProject({ ts, root, disk, tsconfig, shelf })
  const steps = new Map<string, Step>()
  for (const [source, found] of stepsOfFiles(project, filesOf(ts, disk, tsconfig)))
    for (const step of found.steps) steps.set(path.resolve(root, step.id), { step, source })
  shelf.save()
  const emitted = folders.flatMap(emittedFiles)
  const stamps = emitted.flatMap((file) => readStamps(ts, file))
  // The ids in a stamp begin at the folder of the tsconfig that it was made with.
  const roots = [...new Set([root, ...references.configsOf(tsconfig).map((c) => path.dirname(c))])]
  const findings = [
    ...wrongStamps(project, stamps, steps, roots, openChanges(project, folders)),
    ...missing(project, stamps, steps, roots, emitted, references.outputsOf(tsconfig)),
  ]
  if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
  else for (const finding of findings) process.stdout.write(`${tell(finding)}\n`)
  if (!options.json) process.stderr.write(`${stamps.length} stamps of ${steps.size} steps, ${findings.length} not right\n`)
  if (findings.length > 0) process.exitCode = 1
}

function wrongStamps(
  project: Project,
  stamps: readonly EmittedStamp[],
  steps: ReadonlyMap<string, Step>,
  roots: readonly string[],
  changes: Changes,
): Finding[] {
  return stamps.flatMap(({ id, fingerprint, file, line }): Finding[] => {
    const places = roots.map((r) => path.resolve(r, id)).filter((place) => steps.has(place))
    const at = { file: show(project.root, file), line }
    if (places.length === 0) return [{ kind: 'gone', step: id, ...at }]
    if (places.some((place) => steps.get(place)!.step.fingerprint === fingerprint)) return []
    const { step } = steps.get(places[0]!)!
    const changed = changes.since(id, fingerprint, step)
    return [{ kind: 'stale', step: step.id, ...at, ...(changed.length > 0 && { changed }) }]
  })
}

/**
 * Steps that the output runs without a stamp, as a compiler without the plugin leaves them. A bundler may leave out a step that nobody uses,
 * so a step is missed where the output of its own file is there, or a map says that its file went into the output and none of its steps did.
 */
function missing(
  project: Project,
  stamps: readonly EmittedStamp[],
  steps: ReadonlyMap<string, Step>,
  roots: readonly string[],
  emitted: readonly string[],
  outputs: ReadonlyMap<string, string>,
): Finding[] {
  const there = new Set(stamps.flatMap(({ id }) => roots.map((r) => path.resolve(r, id))))
  const compiled = new Set(emitted.flatMap((file) => outputs.get(file) ?? []))
  const bundled = new Set(emitted.flatMap((file) => sourcesOf(file)))
  const stamped = new Set([...steps].flatMap(([place, { source }]) => (there.has(place) ? [source] : [])))
  return [...steps].flatMap(([place, { step, source }]): Finding[] => {
    const isMissed = compiled.has(source) || (!stamped.has(source) && (bundled.has(source) || stamps.length === 0))
    if (there.has(place) || !isMissed) return []
    const { line } = project.source(step.module).getLineAndCharacterOfPosition(step.at)
    return [{ kind: 'missing', step: step.id, file: project.show(step.module.path), line: line + 1 }]
  })
}

function sourcesOf(file: string): string[] {
  try {
    const { sources = [], sourceRoot = '' } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources?: string[]; sourceRoot?: string }
    return sources.map((source) => path.resolve(path.dirname(file), sourceRoot, source))
  } catch {
    return []
  }
}

function tell({ kind, step, file, line, changed = [] }: Finding): string {
  const what = {
    stale: `is stale${changed.length > 0 ? `: ${changed.join(', ')} changed since` : ''}`,
    gone: 'is of no step that the sources have',
    missing: 'has no stamp in the output, so nothing of it is memoized',
  }[kind]
  return `${file}:${line}: ${step} ${what}`
}

function show(root: string, file: string): string {
  return path.relative(root, file).split(path.sep).join('/')
}
