// The steps of a compiler's program, and what the build has to say of them. A watching compiler makes one program after the other: of the next
// one only that is found out again which an edit can have changed.

import path from 'node:path'
import type ts from 'typescript'
import { openReader, type Reader } from './analysis.js'
import { type Dependencies, readDependencies } from './dependencies.js'
import { type Diagnostic, openInspector } from './diagnostics.js'
import { type Disk, openDisk } from './disk.js'
import { type ManifestEntry, manifestEntries } from './manifest.js'
import { type Memory, remember } from './memory.js'
import type { TS } from './pen.js'
import { type Module, openProject, type Project } from './project.js'
import { projectShelf } from './shelf.js'
import { type ModuleSteps, NONE } from './stamped.js'

export interface ProgramSteps {
  readonly project: Project
  /** By file; only of those that hold any, or a class that is some step's input. */
  readonly steps: ReadonlyMap<string, ModuleSteps>
  readonly manifest: readonly ManifestEntry[]
  readonly diagnostics: readonly Diagnostic[]
  /** What the stamps rest on, of each of these files. */
  dependencies(): Dependencies[]
}

/** What is known of a project until something of it changes. */
interface Session {
  readonly compilerOptions: ts.CompilerOptions
  program: ts.Program
  readonly disk: Disk
  readonly project: Project
  readonly reader: Reader
  /** The trees whose text was read, by file; absent for a file that is read from the disk. */
  readonly trees: Map<string, ts.SourceFile | undefined>
  readonly known: Map<Module, Known>
}

/** All that rests on one module and on what can be reached from it. */
interface Known {
  readonly steps: ModuleSteps
  readonly manifest: readonly ManifestEntry[]
  readonly diagnostics: readonly Diagnostic[]
  dependencies?: Dependencies
}

const sessions = new Map<string, Session>()
const memories = new Map<string, Memory>()

/** `stays`: there will be another program of the same project in this process. */
export function stepsOfProgram(ts: TS, program: ts.Program, stays: boolean): ProgramSteps {
  const { configFilePath } = program.getCompilerOptions()
  const name = (configFilePath as string | undefined) ?? program.getCurrentDirectory()
  const before = sessions.get(name)
  sessions.delete(name)
  const session = before !== undefined && renew(before, program) ? before : openSession(ts, program)
  const found = read(session)
  memoryOf(ts, session.project.root).save()
  if (stays) sessions.set(name, session)
  return found
}

function openSession(ts: TS, program: ts.Program): Session {
  const compilerOptions = program.getCompilerOptions()
  const root = compilerOptions.configFilePath ? path.dirname(compilerOptions.configFilePath as string) : program.getCurrentDirectory()
  const disk = openDisk()
  const trees = new Map<string, ts.SourceFile | undefined>()
  const sourceFile = (file: string): ts.SourceFile | undefined => {
    const tree = session.program.getSourceFile(file)
    trees.set(file, tree)
    return tree
  }
  const memory = memoryOf(ts, root)
  memory.turn()
  const project = openProject({ ts, root, compilerOptions, sourceFile, shelf: memory, disk })
  const session: Session = { compilerOptions, program, disk, project, reader: openReader(project), trees, known: new Map() }
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

function read({ program, project, reader, known }: Session): ProgramSteps {
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
      found = { steps, manifest: manifestEntries(project, steps.steps), diagnostics: inspector.inspect(steps) }
      known.set(module, found)
    }
    return found
  }

  const found = modules.map((each) => ({ ...each, own: knownOf(each.module) }))
  const steps = new Map<string, ModuleSteps>()
  for (const { file, own } of found) if (own.steps.steps.length + own.steps.unstamped.length > 0) steps.set(file, own.steps)
  // A class is marked in its own file, whoever is given its instances.
  for (const { file, module } of modules) {
    const marked = reader.markedIn(module, () => all)
    if (marked.length > 0) steps.set(file, { ...(steps.get(file) ?? NONE), marked })
  }
  return {
    project,
    steps,
    manifest: found.flatMap(({ own }) => own.manifest),
    diagnostics: found.flatMap(({ own }) => own.diagnostics),
    dependencies() {
      const read = readDependencies()
      return found.flatMap(({ file, module, own }) => (steps.has(file) ? [(own.dependencies ??= read(module, own.steps))] : []))
    },
  }
}

/** A watching compiler asks again and again: what is known of a text stays at hand. */
function memoryOf(ts: TS, root: string): Memory {
  let memory = memories.get(root)
  if (memory === undefined) memories.set(root, (memory = remember(projectShelf(root, ts.version))))
  return memory
}

function ownFiles(program: ts.Program): string[] {
  return program
    .getSourceFiles()
    .filter((f) => !f.isDeclarationFile && !program.isSourceFileFromExternalLibrary(f) && !f.fileName.endsWith('.json'))
    .map((f) => f.fileName)
}
