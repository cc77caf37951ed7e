// The steps of a compiler's program, and what the build has to say of them. A watching compiler makes one program after the other: of the next
// one only that is found out again which an edit can have changed.

import path from 'node:path'
import type ts from 'typescript'
import { openReader } from './analysis.js'
import { type Disk, openDisk } from './disk.js'
import { openManifest } from './manifest.js'
import { type Memory, remember } from './memory.js'
import type { TS } from './pen.js'
import { type Before, type LiveSteps, type Means, readProgramFiles } from './program-files.js'
import { openProject } from './project.js'
import { noShelf, projectShelf, type Shelf } from './shelf.js'

/** What is known of a project until something of it changes. */
interface Session extends Means {
  readonly compilerOptions: ts.CompilerOptions
  program: ts.Program
  readonly disk: Disk
  readonly shelf: Shelf
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

interface Circumstances {
  /** There will be another program of the same project in this process. */
  readonly stays?: boolean
  /** Default: what lies there now. */
  readonly disk?: Disk
  readonly before?: Before | undefined
}

export function stepsOfProgram(ts: TS, program: ts.Program, { stays = false, disk, before: kept }: Circumstances): LiveSteps {
  const { configFilePath } = program.getCompilerOptions()
  const name = (configFilePath as string | undefined) ?? program.getCurrentDirectory()
  const before = sessions.get(name)
  sessions.delete(name)
  const session = before !== undefined && renew(before, program) ? before : openSession(ts, program, stays, disk)
  const found = readProgramFiles(session, kept)
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

/** A watching compiler asks again and again: what is known of a text stays at hand. */
function shelvesOf(ts: TS, root: string, stays: boolean): { shelf: Shelf; treeShelf: Shelf } {
  const shelf = projectShelf(root, ts.version)
  if (!stays) return { shelf, treeShelf: noShelf }
  let own = memories.get(root)
  if (own === undefined) memories.set(root, (own = { files: remember(shelf), trees: remember(noShelf) }))
  for (const memory of [own.files, own.trees]) memory.turn()
  return { shelf: own.files, treeShelf: own.trees }
}
