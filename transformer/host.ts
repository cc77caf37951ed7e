// A long-lived session over a project, for whoever loads its modules one by one: bundlers, module hooks of Node, watchers. Text in, text
// with stamps out. What is read stays as it is until `refresh`; then everything is looked at again, and only what changed is parsed.

import { existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type ts from 'typescript'
import type { Manifest } from '../runtime/contract.js'
import { openReader, type Reader } from './analysis.js'
import { type Baked, bakeSource } from './bake-source.js'
import { type Dependencies, readDependencies } from './dependencies.js'
import { type Diagnostic, type Inspector, openInspector } from './diagnostics.js'
import { type Disk, openDisk } from './disk.js'
import { manifestOf } from './manifest.js'
import { type Memory, remember } from './memory.js'
import { readFiles } from './options.js'
import type { TS } from './pen.js'
import { type Module, openProject, type Project } from './project.js'
import { projectShelf } from './shelf.js'
import type { MarkedClass, ModuleSteps } from './stamped.js'
import { parse } from './summarize.js'
import { loadTypeScript } from './typescript.js'

export interface HostOptions {
  /** Where the search for a tsconfig and for TypeScript begins. Default: the working directory. */
  readonly cwd?: string
  /** A tsconfig for all files, absolute or from `cwd`; otherwise each file has the nearest one. */
  readonly tsconfig?: string | undefined
  /** The parser. Default: the TypeScript of the project. */
  readonly ts?: TS
}

export interface Stamped extends Baked, Dependencies {
  /** What the fingerprints of the module's steps cannot speak for. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface Host {
  /** The folder that step ids are relative to: that of the tsconfig. */
  readonly root: string
  /**
   * The module with its stamps, or nothing when it holds no steps and no class that is some step's input: other people's packages, declarations, what has been stamped already.
   * `text` is what the host would go on with, if that is not what lies on disk. Errors: MM5001, MM5030.
   */
  stamp(file: string, text?: string): Stamped | undefined
  /** Files may have changed, any of them: the next answer looks again. */
  refresh(): void
  /** Keeps on disk what was found out about texts, for the next process. */
  save(): void
  /** The closure of every step that was stamped and is still there, as of now. */
  manifest(): Manifest
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/
/** Code that was compiled with its stamps: nothing is added to it. */
export const STAMPED = /Symbol\.for\((["'`])mintmark\.(?:stamp|class)\1\)/
/** Where it is linked to from elsewhere, Mintmark does not look like a package that is installed. */
const MINTMARK = fileURLToPath(new URL('../', import.meta.url))
const DIALECTS = { ts: 'ts', mts: 'ts', cts: 'ts', tsx: 'tsx', js: 'js', mjs: 'js', cjs: 'js', jsx: 'jsx' } as const

/** Keeps what was answered first. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly it: T } | undefined
  return () => (answer ??= { it: ask() }).it
}

/** One look at the project: nothing is read twice in it. */
interface Look {
  readonly project: Project
  readonly reader: Reader
  readonly inspector: Inspector
  dependencies(module: Module, steps: ModuleSteps): Dependencies
  readonly disk: Disk
  readonly answers: Map<string, Stamped | undefined>
  /** The modules of the tsconfig, whose steps tell which classes to mark; listed when first asked for. */
  all(): readonly Module[]
}

export function openHost({ cwd = process.cwd(), tsconfig, ts: given }: HostOptions = {}): Host {
  const config = tsconfig === undefined ? findUp('tsconfig.json', cwd) : path.resolve(cwd, tsconfig)
  const root = realpathSync(config === undefined ? cwd : path.dirname(config))
  const trees = new Map<string, ts.SourceFile>()
  const stamped = new Set<string>()
  let parser = given
  let memory: Memory | undefined
  let look: Look | undefined

  function open(changed: readonly (readonly [file: string, text: string])[] = []): Look {
    const ts = (parser ??= loadTypeScript(root))
    const shelf = (memory ??= remember(projectShelf(root, ts.version)))
    const disk = openDisk(new Map(changed))
    const opened = openProject({ ts, root, disk, shelf, ...(tsconfig !== undefined && { tsconfig: config! }) })
    const project = { ...opened, source: ({ path: file }: Module) => treeOf(ts, file, disk.text(file)) }
    const reader = openReader(project)
    return {
      project,
      reader,
      inspector: openInspector(project),
      dependencies: readDependencies(),
      disk,
      answers: new Map(),
      all: once(() => readFiles(ts, disk, config).flatMap((f) => project.module(f) ?? [])),
    }
  }

  /** A module that holds steps is asked for its tree several times in a row, and again after each edit elsewhere. */
  function treeOf(ts: TS, file: string, text: string): ts.SourceFile {
    const known = trees.get(file)
    if (known?.text === text) return known
    const tree = parse(ts, file, text, DIALECTS[path.extname(file).slice(1) as keyof typeof DIALECTS])
    trees.set(file, tree)
    return tree
  }

  /** As the files lie on disk: that is how the steps of other modules know the classes. */
  function markedIn(module: Module): MarkedClass[] {
    const classes = module.summary.declarations.filter((d) => d.kind === 'class')
    if (classes.length === 0) return []
    const { project, reader, all } = (look ??= open())
    const found = reader.markedIn(project.module(module.path)!, all)
    return found.flatMap(({ name, mark }) => classes.filter((c) => c.name === name).map(({ at }) => ({ name, at, mark })))
  }

  function read({ project, reader, inspector, dependencies, answers }: Look, file: string): Stamped | undefined {
    if (answers.has(file)) return answers.get(file)
    const module = project.module(file)
    const steps = module && { ...reader.stepsOf(module), marked: markedIn(module) }
    let answer: Stamped | undefined
    if (module && steps && steps.steps.length + steps.unstamped.length + steps.marked.length > 0) {
      answer = Object.assign(bakeSource(project.ts, project.source(module), steps), {
        ...dependencies(module, steps),
        diagnostics: inspector.inspect(steps),
      })
    }
    answers.set(file, answer)
    return answer
  }

  return {
    root,
    stamp(file, text) {
      if (!SOURCE.test(file) || /[\\/]node_modules[\\/]/.test(file) || !existsSync(file)) return undefined
      const real = realpathSync(file)
      if (real.startsWith(MINTMARK)) return undefined
      const onDisk = readFileSync(real, 'utf8')
      if (STAMPED.test(text ?? onDisk)) return undefined
      // It was edited since we looked, and nobody has said so.
      if ((look?.disk.known(real) ?? onDisk) !== onDisk) look = undefined
      // As someone before us has made it, amid the others as they lie on disk.
      const isChanged = text !== undefined && text !== onDisk
      const answer = read(isChanged ? open([[real, text]]) : (look ??= open()), real)
      if (answer !== undefined) stamped.add(real)
      return answer
    },
    refresh() {
      look = undefined
      memory?.turn()
      for (const file of trees.keys()) if (!stamped.has(file)) trees.delete(file)
    },
    save: () => memory?.save(),
    manifest() {
      const { project, reader } = (look ??= open())
      const modules = [...stamped].sort().flatMap((file) => project.module(file) ?? [])
      return manifestOf(
        project,
        modules.flatMap((module) => reader.stepsOf(module).steps),
      )
    },
  }
}

function findUp(name: string, from: string): string | undefined {
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, name))) return path.join(dir, name)
    if (path.dirname(dir) === dir) return undefined
  }
}
