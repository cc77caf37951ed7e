// What a session over a project finds out with TypeScript at hand. It is loaded by the first question whose answer is not known yet.

import type ts from 'typescript'
import type { Manifest } from '../runtime/contract.js'
import { openReader } from './analysis.js'
import { type Answer, STAMPED } from './bake-source.js'
import { includingIn, readDependencies } from './dependencies.js'
import { openInspector } from './diagnostics.js'
import type { Disk } from './disk.js'
import { readInsertions } from './insertions.js'
import { openManifest, type StepDraft } from './manifest.js'
import { remember } from './memory.js'
import type { Module } from './module.js'
import { readFiles } from './options.js'
import type { TS } from './pen.js'
import { openProject } from './project.js'
import { dialectOf } from './readings.js'
import type { Replacements } from './replacements.js'
import { projectShelf } from './shelf.js'
import type { MarkedClass, ModuleSteps } from './stamped.js'
import { parse } from './summarize.js'

export interface EngineOptions {
  readonly ts: TS
  readonly root: string
  /** A tsconfig for all files; otherwise each file has the nearest one. */
  readonly tsconfig: string | undefined
  /** The tsconfig whose modules tell which classes to mark; it need not lie there. */
  readonly config: string
  readonly replacements: Replacements | undefined
}

export interface Engine {
  /** One look at the project: nothing is read twice in it. */
  look(disk: Disk): Look
  /** Forgets the syntax trees of all but these files, and what was not asked for since the last turn. */
  turn(stamped: ReadonlySet<string>): void
  save(): void
}

/** Files by their real path. */
export interface Look {
  /**
   * Nothing for a module that needs no stamp. `others`: the project as it lies on disk, where this look has another text for the file; that is how
   * the steps of other modules know the classes.
   */
  answer(file: string, others?: Look): Answer | undefined
  /** The classes of a module whose instances some step may be given. */
  marked(file: string): readonly MarkedClass[]
  /** These files were edited, and nothing else has changed. The files of which something else may be true by that; nothing when this look is over. */
  renew(edited: readonly string[]): readonly string[] | undefined
  /** Of the steps of these modules; nothing when there are none. */
  manifest(files: readonly string[]): Manifest | undefined
}

/** Keeps what was answered first. */
function once<T>(ask: () => T): () => T {
  let answer: { readonly it: T } | undefined
  return () => (answer ??= { it: ask() }).it
}

export function openEngine({ ts, root, tsconfig, config, replacements }: EngineOptions): Engine {
  const trees = new Map<string, ts.SourceFile>()
  const memory = remember(projectShelf(root, ts.version))

  /** A module that holds steps is asked for its tree several times in a row, and again after each edit elsewhere. */
  function treeOf(file: string, text: string): ts.SourceFile {
    const known = trees.get(file)
    if (known?.text === text) return known
    const tree = parse(ts, file, text, dialectOf(file)!)
    trees.set(file, tree)
    return tree
  }

  function look(disk: Disk): Look {
    const opened = openProject({ ts, root, disk, shelf: memory, tsconfig, replacements })
    const project = { ...opened, source: ({ path: file }: Module) => treeOf(file, disk.text(file)) }
    const reader = openReader(project)
    let inspector = openInspector(project)
    let dependencies = readDependencies()
    /** Read for a stamp, and wanted for the manifest soon. */
    const read = new Map<string, ModuleSteps>()
    const manifest = openManifest(project)
    const told = new Map<string, readonly StepDraft[]>()
    const all = once(() => readFiles(ts, disk, config).flatMap((f) => project.module(f) ?? []))

    function marked(file: string): readonly MarkedClass[] {
      const module = project.module(file)
      return module === undefined ? [] : reader.markedIn(module, all)
    }

    function toldOf(file: string): readonly StepDraft[] {
      let found = told.get(file)
      if (found === undefined) {
        const module = project.module(file)
        found = manifest.add((read.get(file) ?? (module && reader.stepsOf(module)))?.steps ?? [])
        read.delete(file)
        told.set(file, found)
      }
      return found
    }

    return {
      marked,
      answer(file, others) {
        if (STAMPED.test(disk.text(file))) return undefined
        const module = project.module(file)
        if (module === undefined) return undefined
        const classes = module.summary.declarations.filter((d) => d.kind === 'class')
        const marks = classes.length === 0 ? [] : (others?.marked ?? marked)(file)
        const placed = marks.flatMap(({ name, mark }) => classes.filter((c) => c.name === name).map(({ at }) => ({ name, at, mark })))
        const own = reader.stepsOf(module)
        read.set(file, own)
        const steps = { ...own, marked: placed }
        if (steps.steps.length + steps.unstamped.length + steps.marked.length === 0) return undefined
        return {
          insertions: readInsertions(ts, project.source(module), steps),
          ...dependencies(module, includingIn(steps)),
          diagnostics: inspector.inspect(steps),
        }
      },
      renew(edited) {
        const doubtful = opened.renew(edited)
        if (doubtful === undefined) return undefined
        inspector = openInspector(project)
        dependencies = readDependencies()
        read.clear()
        const files = [...reader.forget(doubtful)].map((module) => module.path)
        for (const file of files) told.delete(file)
        return files
      },
      manifest(files) {
        const steps = files.flatMap(toldOf)
        return steps.length === 0 ? undefined : manifest.of(steps)
      },
    }
  }

  return {
    look,
    turn(stamped) {
      memory.turn()
      for (const file of trees.keys()) if (!stamped.has(file)) trees.delete(file)
    },
    save: () => memory.save(),
  }
}
