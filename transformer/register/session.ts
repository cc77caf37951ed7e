// What Node asks about the files of a project while it loads them: where an import leads, and what code to run. An import leads where the
// fingerprint follows it, and what runs is the text that the fingerprint was made from: a stamp speaks for nothing else.

import { writeSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type ts from 'typescript'
import { openReader } from '../analysis.js'
import { bakeSource, STAMPED } from '../bake-source.js'
import { formatDiagnostic, openInspector } from '../diagnostics.js'
import { openDisk } from '../disk.js'
import { readInsertions } from '../insertions.js'
import { readFiles } from '../options.js'
import { type Module, openProject, type Project } from '../project.js'
import { projectShelf } from '../shelf.js'
import { loadTypeScript } from '../typescript.js'
import { openEmitter } from './emit.js'
import { type Format, openFormats } from './format.js'

export interface Loaded {
  readonly format: Format
  readonly code: string
}

export interface Session {
  /** The file that `specifier` means to the project file `from`; nothing where Node finds it by itself. */
  resolve(specifier: string, from: string): string | undefined
  /** What Node runs for a file, or nothing when that is what lies there. `as` overrules the file's own format. Errors: MM5001, MM5005, MM5006, MM5030. */
  load(file: string, as?: Format): Loaded | undefined
}

export interface SessionOptions {
  /** Where the search for TypeScript and esbuild begins; steps are told from there. */
  readonly root: string
}

const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/
// Where it is linked to from elsewhere, Mintmark does not look like a package that is installed.
const MINTMARK = fileURLToPath(new URL('../../', import.meta.url))

/** Whether a file belongs to the project, and not to a package that is installed. */
export function isOwn(file: string): boolean {
  return !file.includes(`${path.sep}node_modules${path.sep}`) && !file.startsWith(MINTMARK)
}

/**
 * A session that is opened by the first question. What it loads itself, while it answers, is nobody's program: then it knows nothing, and
 * Node goes on as ever.
 */
export function openLazily(options: SessionOptions): Session {
  let session: Session | undefined
  let isBusy = false

  function ask<T>(question: (session: Session) => T): T | undefined {
    if (isBusy) return undefined
    isBusy = true
    try {
      return question((session ??= openSession(options)))
    } catch (error) {
      // What it says is about the user's files; where we were has nothing to do with them.
      if (error instanceof Error && /^MM\d{4} /.test(error.message)) error.stack = `${error.name}: ${error.message}`
      throw error
    } finally {
      isBusy = false
    }
  }

  return {
    resolve: (specifier, from) => ask((s) => s.resolve(specifier, from)),
    load: (file, as) => ask((s) => s.load(file, as)),
  }
}

function openSession({ root }: SessionOptions): Session {
  const ts = loadTypeScript(root)
  const disk = openDisk()
  const shelf = projectShelf(root, ts.version)
  const opened = openProject({ ts, root, disk, shelf })
  const trees = new Map<Module, ts.SourceFile>()
  const project: Project = { ...opened, source: treeOf }
  const reader = openReader(project)
  const inspector = openInspector(project)
  const formatOf = openFormats(ts, disk)
  const emit = openEmitter(ts, root, shelf)
  let modules: readonly Module[] | undefined

  /** A module that holds steps is asked for its tree several times in a row. */
  function treeOf(module: Module): ts.SourceFile {
    let tree = trees.get(module)
    if (tree === undefined) trees.set(module, (tree = opened.source(module)))
    return tree
  }

  function moduleOf(file: string): Module | undefined {
    return CODE.test(file) && isOwn(file) ? project.module(file) : undefined
  }

  /** The modules of the project, whose steps tell which classes to mark. */
  function all(): readonly Module[] {
    const config = path.join(root, 'tsconfig.json')
    return (modules ??= disk.exists(config) ? readFiles(ts, disk, config).flatMap((file) => project.module(file) ?? []) : [])
  }

  return {
    resolve(specifier, from) {
      const target = moduleOf(from)?.resolve(specifier)
      return target?.kind === 'module' && isOwn(target.module.path) ? target.module.path : undefined
    },

    load(file, as) {
      const module = moduleOf(file)
      if (module === undefined) return undefined
      const own = disk.text(module.path)
      const steps = STAMPED.test(own) ? undefined : { ...reader.stepsOf(module), marked: reader.markedIn(module, all) }
      if (steps !== undefined) for (const diagnostic of inspector.inspect(steps)) writeSync(2, `${formatDiagnostic(diagnostic)}\n`)
      const isStamped = steps !== undefined && steps.classes.length + steps.functions.length + steps.marked.length > 0
      if (/\.[cm]?js$/.test(file) && !isStamped) return undefined
      const baked = isStamped ? bakeSource(module.path, own, readInsertions(ts, project.source(module), steps)) : undefined
      const { options } = module
      const format = as ?? formatOf(file, options.compiler, () => ts.isExternalModule(project.source(module)))
      const code = emit({ file, text: baked?.code ?? own, map: baked?.map }, format, options)
      shelf.save()
      trees.clear()
      return { format, code }
    },
  }
}
