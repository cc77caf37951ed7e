// A project on disk: its modules, where their imports lead, and what an edit can have changed.

import path from 'node:path'
import type ts from 'typescript'
import { type Disk, openDisk } from './disk.js'
import { openGlob } from './glob.js'
import type { Module, Target } from './module.js'
import { feel, type Options, openOptions } from './options.js'
import { openPackages } from './packages.js'
import type { TS } from './pen.js'
import type { Problem } from './problems.js'
import { dialectOf, openReadings } from './readings.js'
import { openReferences } from './references.js'
import { NO_REPLACEMENTS, type Replacements } from './replacements.js'
import { openResolver, type Place } from './resolve.js'
import { ignoring } from './settings.js'
import { noShelf, type Shelf } from './shelf.js'
import { openSideEffects } from './side-effects.js'
import { requestOf, type Summary } from './summary.js'
import { atHand } from './typescript.js'

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

export function openProject(given: ProjectOptions): Project {
  const { root, tsconfig, compilerOptions, replacements = NO_REPLACEMENTS, sourceFile, disk = openDisk() } = given
  const { shelf = noShelf, treeShelf = noShelf } = given
  const ts = atHand(given.ts)
  const modules = new Map<string, Loaded | undefined>()
  const resolved = new Map<string, Target>()
  const shown = new Map<string, string>()

  const references = openReferences(ts, disk)
  const locate = openResolver({ ts, disk, root, packages: openPackages(disk), references, replacements })
  const matching = openGlob(disk)
  const sideEffectsOf = openSideEffects(disk)
  const readings = openReadings({ ts, disk, sourceFile, shelf, treeShelf })
  const options = openOptions({ ts, disk, tsconfig, compilerOptions, references, jsx: replacements.jsx })

  /** Where the patterns of a tsconfig start: where it lies. The root is where a host looks from. */
  function folderOf({ files: [config] }: Options): string {
    return config === undefined ? root : path.dirname(config)
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

  function load(file: string): Loaded | undefined {
    if (modules.has(file)) return modules.get(file)
    const dialect = dialectOf(file)
    if (dialect === undefined || /\.d\.[cm]?ts$/.test(file) || !disk.isFile(file)) return undefined
    // A package that is followed was compiled by its author: of the project's options only the settings are for it.
    const isPackage = file.includes(`${path.sep}node_modules${path.sep}`)
    const own = isPackage ? { ...feel(ts, {}), settings: options(path.join(root, 'package.json')).settings } : options(file)
    const summary = readings.summary(file, dialect, own)
    if (summary === undefined) {
      modules.set(file, undefined)
      return undefined
    }
    const sideEffects = sideEffectsOf(file)
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
      sideEffectFree: sideEffects.isFree,
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
      files: [file, ...own.files, ...sideEffects.files],
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

  return {
    ts,
    root,
    replacements,
    module(given) {
      const file = path.resolve(root, given)
      return disk.exists(file) ? load(disk.realpath(file)) : undefined
    },
    source: (module) => readings.source(module.path),
    problems: (module) => readings.problems(module.path),
    renew(files) {
      const edited: Loaded[] = []
      for (const file of files) {
        const module = modules.get(file)
        const dialect = dialectOf(file)!
        // Of a JSON file others may have read something else.
        const summary = module && dialect !== 'json' ? readings.summary(file, dialect, module.options) : undefined
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
