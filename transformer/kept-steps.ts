// The steps of a program as an earlier build has found them out, where the program and all that the disk told beside it are what they were:
// then nothing is summarized, linked or digested. Otherwise they are found out, and kept for the next build.

import { createHash } from 'node:crypto'
import type ts from 'typescript'
import { openAnswers, type Question } from './answers.js'
import { cacheFile, cacheFolder } from './cache-folder.js'
import { openDisk } from './disk.js'
import type { TS } from './pen.js'
import { type ProgramSteps, rootOf, stepsOfProgram } from './program-steps.js'
import type { Stamps } from './stamped.js'

/** What nearly every build asks for. */
interface Kept extends Pick<ProgramSteps, 'diagnostics' | 'manifestDigest'> {
  readonly steps: readonly (readonly [file: string, stamps: Stamps])[]
}

/** For a compiler that makes one program of a project and ends. */
export function keptSteps(ts: TS, program: ts.Program): ProgramSteps {
  const root = rootOf(program)
  const folder = cacheFolder(root)
  const who = ['program', ts.version, process.version, process.platform, root, String(program.getCompilerOptions().configFilePath)]
  const said = new Map([['program', idOf(program)]])
  const answers = openAnswers(folder && cacheFile(folder, 'answers', ...who), undefined, () => openDisk(undefined, said))
  const disk = answers.look()
  let live: ProgramSteps | undefined

  function ask<T>(question: Question, of: (live: ProgramSteps) => T): T {
    const answer = answers.answer(question, '', () => of((live ??= stepsOfProgram(ts, program, { disk }))))
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
    manifest: () => ask('closures', (found) => found.manifest()),
    dependencies: () => ask('neighbours', (found) => found.dependencies()),
    codeBehind: () => ask('behind', (found) => found.codeBehind()),
  }
}

/** All that the analysis is told by the compiler: its options, its files, and what they hold. */
function idOf(program: ts.Program): string {
  const hash = createHash('sha256')
  const tell = (text: string): void => void hash.update(`${text.length} `).update(text)
  // The tree of the tsconfig, which has all of it in it.
  const options = JSON.stringify(program.getCompilerOptions(), (key, value) => (key === 'configFile' ? undefined : value))
  for (const text of [options, program.getCurrentDirectory(), process.cwd()]) tell(text)
  for (const file of program.getSourceFiles()) {
    // Declarations are no code, and what is read of them is read from the disk.
    if (file.isDeclarationFile) continue
    tell(`${file.fileName}${program.isSourceFileFromExternalLibrary(file) ? '\0' : ''}`)
    tell(file.text)
  }
  return hash.digest('hex')
}
