// The steps of a program as an earlier build has found them out, where the program and all that the disk told beside it are what they were:
// then nothing is summarized, linked or digested. Where nothing but texts of the program has changed, only that is found out which can have changed
// by it. Otherwise all is; and what was found out is kept for the next build.

import type ts from 'typescript'
import { digest } from '../runtime/contract.js'
import { openAnswers, type Question } from './answers.js'
import { cacheFile, cacheFolder } from './cache-folder.js'
import { openDisk } from './disk.js'
import { type KeptModules, standingOf } from './kept-modules.js'
import { type KeptManifest, manifestText } from './manifest.js'
import type { TS } from './pen.js'
import type { Before, LiveSteps, ProgramSteps } from './program-files.js'
import { rootOf, stepsOfProgram } from './program-steps.js'
import type { Stamps } from './stamped.js'

/** What nearly every build asks for. */
interface Kept extends Pick<ProgramSteps, 'diagnostics' | 'manifestDigest'> {
  readonly steps: readonly (readonly [file: string, stamps: Stamps])[]
}

/** What the compiler tells the analysis. */
interface Told {
  /** Its options. */
  readonly around: string
  /** Digests of what they hold, by name. */
  readonly texts: ReadonlyMap<string, string>
  /** All of it. */
  readonly id: string
}

/** For a compiler that makes one program of a project and ends. */
export function keptSteps(ts: TS, program: ts.Program): ProgramSteps {
  const root = rootOf(program)
  const folder = cacheFolder(root)
  const who = ['program', ts.version, process.version, process.platform, root, String(program.getCompilerOptions().configFilePath)]
  const { around, texts, id } = toldBy(program)
  const said = new Map([['program', around]])
  const answers = openAnswers(folder && cacheFile(folder, 'answers', ...who), undefined, () => openDisk(undefined, said))
  const disk = answers.look()
  let live: LiveSteps | undefined

  function textOf(path: string): string {
    const tree = program.getSourceFile(path)
    return tree === undefined ? '' : (texts.get(tree.fileName) ?? digest(tree.text))
  }

  function before(): Before | undefined {
    const modules = answers.recall<KeptModules & { id: string }>('modules', '')
    const closures = modules && answers.recall<KeptManifest>('closures', modules.id)
    const standing = closures && modules.id !== id ? standingOf(modules, textOf) : undefined
    return standing && { standing, closures: closures! }
  }

  function findOut(): LiveSteps {
    const found = stepsOfProgram(ts, program, { disk, before: before() })
    const { modules, closures } = found.keep(textOf)
    if (answers.recall('stamps', id) === undefined) answers.forget()
    answers.answer('modules', '', () => ({ ...modules, id }))
    answers.answer('closures', id, () => closures)
    return found
  }

  function ask<T>(question: Question, of: (live: LiveSteps) => T): T {
    const answer = answers.answer(question, id, () => of((live ??= findOut())))
    answers.save()
    return answer
  }

  const { steps, diagnostics, manifestDigest } = ask('stamps', (found): Kept => {
    const stamps = [...found.steps].map(([file, { classes, functions, marked }]) => [file, { classes, functions, marked }] as const)
    return { steps: stamps, diagnostics: found.diagnostics, manifestDigest: found.manifestDigest }
  })
  return {
    root,
    steps: new Map(steps),
    diagnostics,
    manifestDigest,
    manifest: () => (manifestDigest === '' ? '' : manifestText(ask('closures', (found) => found.keep(textOf).closures).manifest)),
    dependencies: () => ask('neighbours', (found) => found.dependencies()),
    codeBehind: () => ask('behind', (found) => found.codeBehind()),
  }
}

function toldBy(program: ts.Program): Told {
  // The tree of the tsconfig, which has all of it in it.
  const options = JSON.stringify(program.getCompilerOptions(), (key, value) => (key === 'configFile' ? undefined : value))
  // Declarations are no code, and what is read of them is read from the disk.
  const files = program.getSourceFiles().filter((file) => !file.isDeclarationFile)
  const texts = new Map(files.map(({ fileName, text }) => [fileName, digest(text)]))
  const foreign = files.filter((file) => program.isSourceFileFromExternalLibrary(file)).map((file) => file.fileName)
  const around = digest(JSON.stringify([options, program.getCurrentDirectory(), process.cwd()]))
  return { around, texts, id: digest(JSON.stringify([around, ...texts, foreign])) }
}
