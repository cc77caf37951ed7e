// The steps of all files of a program: found out, or known from before. What stays open until somebody asks is found out then.

import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import type { Reader } from './analysis.js'
import { readCodeBehind } from './declaration-files.js'
import { type Dependencies, includingIn, readDependencies } from './dependencies.js'
import { type Diagnostic, openInspector } from './diagnostics.js'
import type { Node } from './graph.js'
import { annotatedBy, type ClassPlace, isSameSet, type KeptFile, type KeptModules, type Standing } from './kept-modules.js'
import { type KeptManifest, type ManifestDraft, manifestText, type StepDraft } from './manifest.js'
import type { Module } from './module.js'
import type { Project } from './project.js'
import type { Stamps } from './stamped.js'

export interface ProgramSteps {
  /** What the files of steps and diagnostics are named from. */
  readonly root: string
  /** By file; only of those that hold any, or a class that is some step's input. */
  readonly steps: ReadonlyMap<string, Stamps>
  readonly diagnostics: readonly Diagnostic[]
  /** Of the text of the manifest; empty when there are no steps. */
  readonly manifestDigest: string
  manifest(): string
  /** What the stamps rest on, of each of these files. */
  dependencies(): readonly Dependencies[]
  /** What goes into the declaration files of a composite project, by source file. */
  codeBehind(): Readonly<Record<string, string>>
}

/** Found out by this process. */
export interface LiveSteps extends ProgramSteps {
  /** For the next process. `textOf`: a digest of what the compiler has of a file; empty where it has none. */
  keep(textOf: (path: string) => string): { readonly modules: KeptModules; readonly closures: KeptManifest }
}

/** All that rests on one module and on what can be reached from it. Not the closures of its steps: they are many, and nobody looks at them again. */
export interface Known extends Pick<KeptFile, 'stamps' | 'holdsSteps' | 'diagnostics'> {
  readonly told: readonly StepDraft[]
  readonly including: readonly Node[]
  dependencies?: Dependencies
}

/** A file of the program, as it was kept or with its module. */
interface OwnFile extends Omit<KeptFile, 'ids'> {
  readonly module?: Module
  readonly told: readonly StepDraft[]
}

/** What another process has found out about the same program before an edit. */
export interface Before {
  readonly standing: Standing
  readonly closures: KeptManifest
}

/** With what it is found out. */
export interface Means {
  readonly program: ts.Program
  readonly project: Project
  readonly reader: Reader
  /** What this process has found out already, and still holds. */
  readonly known: Map<Module, Known>
  readonly manifest: ManifestDraft
  /** The trees whose text was read, by file; absent for a file that is read from the disk. */
  readonly trees: ReadonlyMap<string, ts.SourceFile | undefined>
}

export function readProgramFiles({ program, project, reader, known, manifest, trees }: Means, before?: Before): LiveSteps {
  const inspector = openInspector(project)
  const stepOf = before && manifest.recall(before.closures)

  function knownOf(module: Module): Known {
    let found = known.get(module)
    if (found === undefined) {
      const steps = reader.stepsOf(module)
      found = {
        stamps: stampsOf(steps),
        holdsSteps: steps.steps.length + steps.unstamped.length > 0,
        told: manifest.add(steps.steps),
        diagnostics: inspector.inspect(steps),
        including: includingIn(steps),
      }
      known.set(module, found)
    }
    return found
  }

  function fileOf(file: string): OwnFile | undefined {
    const kept = before?.standing.files.get(file)
    if (kept !== undefined) return { ...kept, told: kept.ids.map(stepOf!) }
    const module = project.module(file)
    if (module === undefined) return undefined
    const { stamps, holdsSteps, told, diagnostics } = knownOf(module)
    return { file, path: module.path, module, stamps, holdsSteps, told, diagnostics }
  }

  function placesIn({ file, annotated }: OwnFile): readonly ClassPlace[] {
    return annotated ?? reader.annotatedIn(project.module(file)!).map(({ module, decl }) => [module.path, decl])
  }

  const found = ownFiles(program).flatMap((file) => fileOf(file) ?? [])
  const annotatedBefore = before?.standing.annotated
  const isAsked = annotatedBefore !== undefined || found.some(({ module }) => module !== undefined && reader.hasClasses(module))
  const places = isAsked ? found.map(placesIn) : []
  const annotated = annotatedBy(places.flat())

  /** A class is marked in its own file, whoever is given its instances. */
  function marksIn({ file, path, module, stamps }: OwnFile): Stamps['marked'] {
    const own = annotated.get(path)
    if (module === undefined && (annotatedBefore === undefined || isSameSet(annotatedBefore.get(path), own))) return stamps.marked
    const live = own === undefined ? undefined : project.module(file)!
    return live !== undefined && reader.hasClasses(live) ? reader.marksOf(live, own) : []
  }

  const files = found.map((each) => ({ ...each, stamps: { ...each.stamps, marked: marksIn(each) } }))
  const stamped = files.filter(({ holdsSteps }) => holdsSteps)
  const marked = files.filter(({ holdsSteps, stamps }) => !holdsSteps && stamps.marked.length > 0)
  const steps = new Map([...stamped, ...marked].map(({ file, stamps }) => [file, stamps]))
  const told = found.flatMap((each) => each.told)
  const closures = manifest.keep(told)
  const text = told.length === 0 ? '' : manifestText(closures.manifest)
  return {
    root: project.root,
    steps,
    manifest: () => text,
    manifestDigest: text === '' ? '' : digest(text),
    diagnostics: found.flatMap((each) => each.diagnostics),
    dependencies() {
      const read = readDependencies()
      return found.flatMap(({ file }) => {
        const module = steps.has(file) ? project.module(file)! : undefined
        if (module === undefined) return []
        const own = knownOf(module)
        return [(own.dependencies ??= read(module, own.including))]
      })
    },
    codeBehind() {
      const behind = readCodeBehind(project)
      const files = program.getSourceFiles().filter((f) => !f.isDeclarationFile)
      return Object.fromEntries(
        files.flatMap(({ fileName }) => {
          const found = behind(fileName)
          return found === undefined ? [] : [[fileName, found]]
        }),
      )
    },
    keep(textOf) {
      const paths = new Set([...(before?.standing.paths ?? []), ...trees.keys()])
      const reached = new Map((before?.standing.reached ?? []).map(([path, to]) => [path, new Set(to)]))
      const modules = new Set(found.flatMap(({ module }) => module ?? []))
      for (const module of modules) {
        const to = reached.get(module.path) ?? new Set()
        reached.set(module.path, to)
        for (const other of module.reached) {
          to.add(other.path)
          modules.add(other)
        }
      }
      return {
        modules: {
          files: files.map(({ module: _, told, ...each }, i) => ({
            ...each,
            ids: told.map(({ id }) => id),
            ...(isAsked && { annotated: places[i]! }),
          })),
          texts: [...paths].map((path) => [path, textOf(path)]),
          reached: [...reached].map(([path, to]) => [path, [...to]]),
        },
        closures,
      }
    },
  }
}

function stampsOf({ classes, functions, marked }: Stamps): Stamps {
  return { classes, functions, marked }
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}
