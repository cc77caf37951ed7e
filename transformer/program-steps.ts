// The steps of a compiler's program, and what the build has to say of them. A watching compiler makes one program after the other: of the next
// one only that is found out again which an edit can have changed.

import path from 'node:path'
import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { openReader, type Reader } from './analysis.js'
import { readCodeBehind } from './declaration-files.js'
import { type Dependencies, readDependencies } from './dependencies.js'
import { type Diagnostic, openInspector } from './diagnostics.js'
import { type Disk, openDisk } from './disk.js'
import { type ManifestDraft, manifestText, openManifest, type StepDraft } from './manifest.js'
import { type Memory, remember } from './memory.js'
import type { TS } from './pen.js'
import { type Module, openProject, type Project } from './project.js'
import { noShelf, projectShelf, type Shelf } from './shelf.js'
import { type ModuleSteps, NONE, type Stamps } from './stamped.js'

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

/** What is known of a project until something of it changes. */
interface Session {
  readonly compilerOptions: ts.CompilerOptions
  program: ts.Program
  readonly disk: Disk
  readonly shelf: Shelf
  readonly project: Project
  readonly reader: Reader
  /** The trees whose text was read, by file; absent for a file that is read from the disk. */
  readonly trees: Map<string, ts.SourceFile | undefined>
  readonly known: Map<Module, Known>
  readonly manifest: ManifestDraft
}

/** All that rests on one module and on what can be reached from it. */
interface Known {
  readonly steps: ModuleSteps
  readonly told: readonly StepDraft[]
  readonly diagnostics: readonly Diagnostic[]
  dependencies?: Dependencies
}

/** What is known of texts: of trees only in this process. */
interface Memories {
  readonly files: Memory
  readonly trees: Memory
}

const sessions = new Map<string, Session>()
const memories = new Map<string, Memories>()

export function rootOf(program: ts.Program): string {
  const { configFilePath } = program.getCompilerOptions()
  return configFilePath === undefined ? program.getCurrentDirectory() : path.dirname(configFilePath as string)
}

/** `stays`: there will be another program of the same project in this process. `disk`: default is what lies there now. */
export function stepsOfProgram(ts: TS, program: ts.Program, { stays = false, disk }: { stays?: boolean; disk?: Disk }): ProgramSteps {
  const { configFilePath } = program.getCompilerOptions()
  const name = (configFilePath as string | undefined) ?? program.getCurrentDirectory()
  const before = sessions.get(name)
  sessions.delete(name)
  const session = before !== undefined && renew(before, program) ? before : openSession(ts, program, stays, disk)
  const found = read(session)
  session.shelf.save()
  if (stays) sessions.set(name, session)
  return found
}

function openSession(ts: TS, program: ts.Program, stays: boolean, disk = openDisk()): Session {
  const compilerOptions = program.getCompilerOptions()
  const root = rootOf(program)
  const trees = new Map<string, ts.SourceFile | undefined>()
  const sourceFile = (file: string): ts.SourceFile | undefined => {
    const tree = session.program.getSourceFile(file)
    trees.set(file, tree)
    return tree
  }
  const { shelf, treeShelf } = shelvesOf(ts, root, stays)
  const project = openProject({ ts, root, compilerOptions, sourceFile, shelf, treeShelf, disk })
  const session: Session = {
    compilerOptions,
    program,
    disk,
    shelf,
    project,
    reader: openReader(project),
    trees,
    known: new Map(),
    manifest: openManifest(project),
  }
  return session
}

/** False when so much has changed that nothing is known any more. */
function renew(session: Session, program: ts.Program): boolean {
  if (program.getCompilerOptions() !== session.compilerOptions) return false
  session.program = program
  const edited = session.disk.renew()
  if (edited === undefined) return false
  const replaced = [...session.trees].flatMap(([file, tree]) => (program.getSourceFile(file) === tree ? [] : [file]))
  const doubtful = session.project.renew([...new Set([...edited, ...replaced])])
  if (doubtful === undefined) return false
  session.reader.forget(doubtful)
  for (const module of doubtful) session.known.delete(module)
  return true
}

function read({ program, project, reader, known, manifest }: Session): ProgramSteps {
  const inspector = openInspector(project)
  const modules = ownFiles(program).flatMap((file) => {
    const module = project.module(file)
    return module === undefined ? [] : [{ file, module }]
  })
  const all = modules.map(({ module }) => module)

  function knownOf(module: Module): Known {
    let found = known.get(module)
    if (found === undefined) {
      const steps = reader.stepsOf(module)
      found = { steps, told: manifest.add(steps.steps), diagnostics: inspector.inspect(steps) }
      known.set(module, found)
    }
    return found
  }

  const found = modules.map((each) => ({ ...each, own: knownOf(each.module) }))
  const steps = new Map<string, Stamps>()
  for (const { file, own } of found) if (own.steps.steps.length + own.steps.unstamped.length > 0) steps.set(file, own.steps)
  // A class is marked in its own file, whoever is given its instances.
  for (const { file, module } of modules) {
    const marked = reader.markedIn(module, () => all)
    if (marked.length > 0) steps.set(file, { ...(steps.get(file) ?? NONE), marked })
  }
  const told = found.flatMap(({ own }) => own.told)
  const text = told.length === 0 ? '' : manifestText(manifest.of(told))
  return {
    root: project.root,
    steps,
    manifest: () => text,
    manifestDigest: text === '' ? '' : digest(text),
    diagnostics: found.flatMap(({ own }) => own.diagnostics),
    dependencies() {
      const read = readDependencies()
      return found.flatMap(({ file, module, own }) => (steps.has(file) ? [(own.dependencies ??= read(module, own.steps))] : []))
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
  }
}

/** A watching compiler asks again and again: what is known of a text stays at hand. */
function shelvesOf(ts: TS, root: string, stays: boolean): { shelf: Shelf; treeShelf: Shelf } {
  const shelf = projectShelf(root, ts.version)
  if (!stays) return { shelf, treeShelf: noShelf }
  let own = memories.get(root)
  if (own === undefined) memories.set(root, (own = { files: remember(shelf), trees: remember(noShelf) }))
  for (const memory of [own.files, own.trees]) memory.turn()
  return { shelf: own.files, treeShelf: own.trees }
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}
