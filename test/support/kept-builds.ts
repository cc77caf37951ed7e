// Builds of a compiler's program, as they are told by what was kept and as they find out themselves.

import path from 'node:path'
import ts from 'typescript'
import { keptSteps } from '../../transformer/kept-steps.js'
import type { TS } from '../../transformer/pen.js'
import type { ProgramSteps } from '../../transformer/program-files.js'
import { stepsOfProgram } from '../../transformer/program-steps.js'
import type { Workbench } from './workbench.js'

export type Change = (options: ts.CompilerOptions, files: string[], host: ts.CompilerHost) => void

export function programOf({ dir }: Workbench, change: Change = () => {}): ts.Program {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} }
  const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(path.join(dir, 'tsconfig.json'), { noLib: true, types: [] }, host)!
  const compilerHost = ts.createCompilerHost(options)
  change(options, fileNames, compilerHost)
  return ts.createProgram(fileNames, options, compilerHost)
}

/** All that a build asks for. */
function observe(found: ProgramSteps): unknown {
  const stamps = [...found.steps].map(([file, { classes, functions, marked }]) => [file, classes, functions, marked])
  return JSON.parse(
    JSON.stringify([stamps, found.diagnostics, found.manifestDigest, found.manifest(), found.dependencies(), found.codeBehind()]),
  )
}

export const kept = (program: ts.Program, parser: TS = ts): unknown => observe(keptSteps(parser, program))
export const live = (program: ts.Program): unknown => observe(stepsOfProgram(ts, program, {}))
