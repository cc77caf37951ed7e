// What a session without a build finds out with TypeScript at hand. It is loaded by the first question whose answer is not known yet.

import path from 'node:path'
import type ts from 'typescript'
import { openReader } from '../analysis.js'
import { bakeSource, STAMPED } from '../bake-source.js'
import { includingIn, readDependencies } from '../dependencies.js'
import { formatDiagnostic, openInspector } from '../diagnostics.js'
import type { Disk } from '../disk.js'
import { readInsertions } from '../insertions.js'
import type { Module } from '../module.js'
import { readFiles } from '../options.js'
import type { TS } from '../pen.js'
import { openProject, type Project } from '../project.js'
import { projectShelf } from '../shelf.js'
import { openEmitter } from './emit.js'
import { type Format, openFormats } from './format.js'
import type { Loaded } from './session.js'

/** What an import of a file leads to: a file of code, nothing that is there, or something that Node finds by itself. */
export type ResolvedTo = { readonly file: string } | 'nothing' | 'other'

export interface Told {
  /** What Node runs for a file; nothing when that is what lies there. */
  readonly loaded?: Loaded
  /** For standard error. */
  readonly warnings: readonly string[]
  /** The files that its stamps rest on. */
  readonly files: readonly string[]
}

/** Files of the project. */
export interface Engine {
  resolve(specifier: string, from: string): ResolvedTo
  load(file: string, as: Format | undefined): Told
  save(): void
}

export function openEngine(ts: TS, root: string, disk: Disk): Engine {
  const shelf = projectShelf(root, ts.version)
  const opened = openProject({ ts, root, disk, shelf })
  const trees = new Map<Module, ts.SourceFile>()
  const project: Project = { ...opened, source: treeOf }
  const reader = openReader(project)
  const inspector = openInspector(project)
  const dependencies = readDependencies()
  const formatOf = openFormats(ts, disk)
  const emit = openEmitter(ts, root, shelf)
  let modules: readonly Module[] | undefined

  /** A module that holds steps is asked for its tree several times in a row. */
  function treeOf(module: Module): ts.SourceFile {
    let tree = trees.get(module)
    if (tree === undefined) trees.set(module, (tree = opened.source(module)))
    return tree
  }

  /** The modules of the project, whose steps tell which classes to mark. */
  function all(): readonly Module[] {
    const config = path.join(root, 'tsconfig.json')
    return (modules ??= readFiles(ts, disk, config).flatMap((file) => project.module(file) ?? []))
  }

  return {
    resolve(specifier, from) {
      const target = project.module(from)?.resolve(specifier)
      if (target?.kind === 'module') return { file: target.module.path }
      return target?.kind === 'missing' ? 'nothing' : 'other'
    },

    load(file, as) {
      const module = project.module(file)
      if (module === undefined) return { warnings: [], files: [] }
      const own = disk.text(module.path)
      const steps = STAMPED.test(own) ? undefined : { ...reader.stepsOf(module), marked: reader.markedIn(module, all) }
      const warnings = steps === undefined ? [] : inspector.inspect(steps).map((each) => formatDiagnostic(each))
      const isStamped = steps !== undefined && steps.classes.length + steps.functions.length + steps.marked.length > 0
      if (/\.[cm]?js$/.test(file) && !isStamped) return { warnings, files: [] }
      const baked = isStamped ? bakeSource(module.path, own, readInsertions(ts, project.source(module), steps)) : undefined
      const { options } = module
      const format = as ?? formatOf(file, options.compiler, () => ts.isExternalModule(project.source(module)))
      const code = emit({ file, text: baked?.code ?? own, map: baked?.map }, format, options)
      trees.clear()
      return { loaded: { format, code }, warnings, files: isStamped ? dependencies(module, includingIn(steps)).files : [] }
    },

    save: () => shelf.save(),
  }
}
