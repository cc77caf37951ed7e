// A project on disk: its options, where a specifier leads, and the summaries of its modules.

import path from 'node:path'
import type ts from 'typescript'
import type { Digest } from '../runtime/contract.js'
import { type Disk, openDisk } from './disk.js'
import { globToRegExp, openGlob } from './glob.js'
import { feel, type Options, openOptions } from './options.js'
import { complete } from './outlines.js'
import { openPackages, readJson } from './packages.js'
import type { TS } from './pen.js'
import { findProblems, mayHaveProblems, type Problem } from './problems.js'
import { openReferences } from './references.js'
import { NO_REPLACEMENTS, type Replacements } from './replacements.js'
import { openResolver, type Place } from './resolve.js'
import type { Settings } from './settings.js'
import { noShelf, type Shelf } from './shelf.js'
import { parse, summarize } from './summarize.js'
import { type Dialect, type Glob, requestOf, type Summary } from './summary.js'
import { atHand } from './typescript.js'

/** Where an import leads. */
export type Target =
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'asset'; readonly digest: Digest; readonly file: string; readonly query: string }
  | Exclude<Place, { kind: 'file' }>

export interface Module {
  /** Absolute, links resolved. */
  readonly path: string
  readonly summary: Summary
  /** The modules that its specifiers have led to, as far as anyone has asked. */
  readonly reached: ReadonlySet<Module>
  /** Where each import of the summary leads, found when first asked for. */
  target(index: number): Target
  resolve(specifier: string): Target
  /** Digests of the files that a pattern names, from the folder of the module. */
  include(pattern: string): readonly Digest[]
  /** Those files. */
  matching(pattern: string): readonly string[]
  /** The specifiers, from the module, of what `import.meta.glob` gives it; in code-unit order. */
  globbed(glob: Glob): readonly string[]
  /** What it was read with: itself, the tsconfigs that hold for it, the package.json around it. */
  readonly files: readonly string[]
  /** The project has asked that the declaration counts by its name only. */
  ignores(name: string): boolean
  readonly options: Options
  /** `sideEffects: false` in its package.json: a bundler drops the module when nothing of it is used. */
  readonly sideEffectFree: boolean
}

/** The same module before and after an edit: whoever imports it need not be told. */
interface Loaded extends Module {
  summary: Summary
  /** Where its specifiers lead. */
  forget(): void
}

export interface Project {
  readonly ts: TS
  readonly root: string
  readonly replacements: Replacements
  module(file: string): Module | undefined
  /** The syntax tree of a module: the host's, or parsed again. */
  source(module: Module): ts.SourceFile
  /** What its text does that no fingerprint can speak for. */
  problems(module: Module): readonly Problem[]
  /**
   * These files hold another text by now, and nothing else has changed. The modules of which something else may be true by that: they, and
   * whichever has led to one of them, however far. Nothing where the project has to be opened anew.
   */
  renew(files: readonly string[]): ReadonlySet<Module> | undefined
  /** `path` relative to the root, with forward slashes: for people. */
  show(file: string): string
}

export interface ProjectOptions {
  readonly ts: TS
  readonly root: string
  /** A tsconfig for all files; otherwise each file has the nearest one. */
  readonly tsconfig?: string | undefined
  /** Compiler options as the host has them, instead of any tsconfig. */
  readonly compilerOptions?: ts.CompilerOptions | undefined
  /** What the host puts in place of the code. Default: nothing. */
  readonly replacements?: Replacements | undefined
  /** Parsed files that the host has already. */
  readonly sourceFile?: ((file: string) => ts.SourceFile | undefined) | undefined
  /** Where summaries are kept from build to build. Default: nowhere. */
  readonly shelf?: Shelf
  /** The same for files that the host has parsed: to keep those on disk costs more than to make them again. Default: nowhere. */
  readonly treeShelf?: Shelf
  /** Default: what lies there now. */
  readonly disk?: Disk
}

const DIALECTS: Record<string, Dialect> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.json': 'json',
}

/** Nothing for a file that is no code. */
export function dialectOf(file: string): Dialect | undefined {
  return DIALECTS[path.extname(file)]
}

export function openProject(given: ProjectOptions): Project {
  const { root, tsconfig, compilerOptions, replacements = NO_REPLACEMENTS, sourceFile, disk = openDisk() } = given
  const { shelf = noShelf, treeShelf = noShelf } = given
  const ts = atHand(given.ts)
  const modules = new Map<string, Loaded | undefined>()
  const sideEffects = new Map<string, { dir: string; value: unknown } | undefined>()
  const resolved = new Map<string, Target>()
  const shown = new Map<string, string>()

  const references = openReferences(ts, disk)
  const locate = openResolver({ ts, disk, root, packages: openPackages(disk), references, replacements })
  const matching = openGlob(disk)
  const options = openOptions({ ts, disk, tsconfig, compilerOptions, references, jsx: replacements.jsx })

  /** Where the patterns of a tsconfig start: where it lies. The root is where a host looks from. */
  function folderOf({ files: [config] }: Options): string {
    return config === undefined ? root : path.dirname(config)
  }

  function sideEffectsOf(dir: string): { dir: string; value: unknown } | undefined {
    if (!sideEffects.has(dir)) {
      const file = path.join(dir, 'package.json')
      const parent = path.dirname(dir)
      const value = disk.isFile(file) ? { dir, value: readJson<{ sideEffects?: unknown }>(disk, file).sideEffects } : undefined
      sideEffects.set(dir, value ?? (parent === dir ? undefined : sideEffectsOf(parent)))
    }
    return sideEffects.get(dir)
  }

  /** Files of one folder and project have the same names for the same things; whether conditions of `exports` are met depends on `.mts`, `.cts`. */
  function resolve(specifier: string, from: string, own: Options): Target {
    const key = `${path.dirname(from)}\0${path.extname(from)}\0${own.compiler.configFilePath}\0${specifier}`
    let target = resolved.get(key)
    if (target === undefined) resolved.set(key, (target = targetOf(locate(specifier, from, own))))
    return target
  }

  function targetOf(place: Place): Target {
    if (place.kind !== 'file') return place
    const module = place.query === '' ? load(place.file) : undefined
    if (module !== undefined) return { kind: 'module', module }
    return { kind: 'asset', digest: disk.digest(place.file), file: place.file, query: place.query }
  }

  /** Nothing for a file whose code is nested too deep to be parsed: it counts by its content then. */
  function read(file: string, dialect: Dialect, own: Options): Summary | undefined {
    try {
      const parsed = sourceFile?.(file)
      const text = parsed?.text ?? disk.text(file)
      const make = (): Summary =>
        parsed ? summarize(ts, parsed, dialect) : complete(summarize(ts, parse(ts, file, text, dialect), dialect))
      return withKeptImports(withBareNames((parsed ? treeShelf : shelf).answer(`summary ${dialect}`, text, make)), own)
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
  }

  function load(file: string): Loaded | undefined {
    if (modules.has(file)) return modules.get(file)
    const dialect = dialectOf(file)
    if (dialect === undefined || /\.d\.[cm]?ts$/.test(file) || !disk.isFile(file)) return undefined
    // A package that is followed was compiled by its author: of the project's options only the settings are for it.
    const isPackage = file.includes(`${path.sep}node_modules${path.sep}`)
    const own = isPackage ? { ...feel(ts, {}), settings: options(path.join(root, 'package.json')).settings } : options(file)
    const summary = read(file, dialect, own)
    if (summary === undefined) {
      modules.set(file, undefined)
      return undefined
    }
    const around = sideEffectsOf(path.dirname(file))
    const targets: (Target | undefined)[] = []
    const reached = new Set<Module>()
    const noted = (target: Target): Target => {
      if (target.kind === 'module') reached.add(target.module)
      return target
    }
    const requestAt = (index: number): string => {
      const { specifier, type } = module.summary.imports[index]!
      return requestOf(specifier, type)
    }
    const module: Loaded = {
      path: file,
      summary,
      reached,
      forget() {
        targets.length = 0
        reached.clear()
      },
      options: own,
      sideEffectFree: isSideEffectFree(file, around),
      target: (index) => (targets[index] ??= noted(resolve(requestAt(index), file, own))),
      resolve: (specifier) => noted(resolve(specifier, file, own)),
      include: (pattern) => module.matching(pattern).map(disk.digest),
      matching: (pattern) => matching(pattern, path.dirname(file)),
      globbed: ({ patterns, query }) => {
        const [without, wanted] = [true, false].map((isOut) => patterns.filter((each) => each.startsWith('!') === isOut))
        const files = new Set(wanted!.flatMap((each) => module.matching(each)))
        for (const each of [file, ...without!.flatMap((out) => module.matching(out.slice(1)))]) files.delete(each)
        return [...files].map((each) => relativeTo(path.dirname(file), each) + query).sort()
      },
      files: [file, ...own.files, ...(around ? [path.join(around.dir, 'package.json')] : [])],
      ignores: ignoring(own.settings, () => path.relative(folderOf(own), file).split(path.sep).join('/')),
    }
    modules.set(file, module)
    return module
  }

  /** All from which one of them can be reached, themselves included. */
  function leadingTo(found: Iterable<Module>): Set<Module> {
    const from = new Map<Module, Module[]>()
    for (const module of modules.values()) {
      for (const each of module?.reached ?? []) {
        const others = from.get(each)
        if (others === undefined) from.set(each, [module!])
        else others.push(module!)
      }
    }
    const all = new Set(found)
    for (const each of all) for (const other of from.get(each) ?? []) all.add(other)
    return all
  }

  const source = (file: string): ts.SourceFile => sourceFile?.(file) ?? parse(ts, file, disk.text(file), dialectOf(file)!)

  return {
    ts,
    root,
    replacements,
    module(given) {
      const file = path.resolve(root, given)
      return disk.exists(file) ? load(disk.realpath(file)) : undefined
    },
    source: (module) => source(module.path),
    problems({ path: file }) {
      const parsed = sourceFile?.(file)
      const text = parsed?.text ?? disk.text(file)
      if (!mayHaveProblems(text)) return []
      return (parsed ? treeShelf : shelf).answer(`problems ${path.extname(file)}`, text, () => findProblems(ts, source(file)))
    },
    renew(files) {
      const edited: Loaded[] = []
      for (const file of files) {
        const module = modules.get(file)
        const dialect = dialectOf(file)!
        // Of a JSON file others may have read something else.
        const summary = module && dialect !== 'json' ? read(file, dialect, module.options) : undefined
        if (summary === undefined) return undefined
        module!.summary = summary
        edited.push(module!)
      }
      const all = leadingTo(edited)
      for (const module of edited) module.forget()
      return all
    },
    show(file) {
      let name = shown.get(file)
      if (name === undefined) shown.set(file, (name = path.relative(root, file).split(path.sep).join('/')))
      return name
    },
  }
}

function relativeTo(dir: string, file: string): string {
  const relative = path.relative(dir, file).split(path.sep).join('/')
  return relative.startsWith('../') ? relative : `./${relative}`
}

/** Records of names inherit none: JSON has forgotten that. */
function withBareNames(summary: Summary): Summary {
  Object.setPrototypeOf(summary.bindings, null)
  Object.setPrototypeOf(summary.exports, null)
  return summary
}

function withKeptImports(summary: Summary, { keepsImports }: Options): Summary {
  return keepsImports ? { ...summary, imports: summary.imports.map((i) => ({ ...i, evaluated: true })) } : summary
}

function isSideEffectFree(file: string, declared: { dir: string; value: unknown } | undefined): boolean {
  if (declared?.value === false) return true
  if (!Array.isArray(declared?.value)) return false
  const relative = path.relative(declared.dir, file).split(path.sep).join('/')
  return !declared.value.some((pattern) => typeof pattern === 'string' && globToRegExp(pattern).test(relative))
}

function ignoring({ ignore }: Settings, place: () => string): (name: string) => boolean {
  if (ignore.length === 0) return () => false
  const file = place()
  if (ignore.some((i) => globToRegExp(`./${i}`).test(file))) return () => true
  const named = ignore.flatMap((i) => {
    const [of, name] = i.split('#')
    return globToRegExp(`./${of}`).test(file) ? [globToRegExp(`./${name}`)] : []
  })
  return named.length === 0 ? () => false : (name) => named.some((n) => n.test(name))
}
