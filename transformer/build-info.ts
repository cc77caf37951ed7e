// `tsc --build` compares the sources of a project with what it noted in `.tsbuildinfo`, and makes a program only where one has changed. Stamps
// rest on more: packages, and files that count by content. A project with such stamps is noted as not finished, with one file left to emit: so
// each `--build` makes a program of it, in which the versions of its files tell what is to be emitted again.
// Internal to TypeScript: guarded by a test for each version of it.

import path from 'node:path'
import type ts from 'typescript'

/** What is read and written of the file. TypeScript 5.6 and later have no `program` around it. */
interface BuildInfo {
  readonly fileNames?: readonly string[]
  affectedFilesPendingEmit?: (number | readonly number[])[]
  readonly program?: BuildInfo
}

interface Noting extends ts.Program {
  emitBuildInfo?(writeFile?: ts.WriteFileCallback, token?: ts.CancellationToken): ts.EmitResult
}

/** The JavaScript of a file, as the compiler names what is left to emit. */
const JAVASCRIPT = 1

/** Has every `--build` look at the project again; `file` is the one that is left to emit. */
export function leaveOpen(program: ts.Program, host: ts.CompilerHost, file: string): void {
  const noting = program as Noting
  const { emitBuildInfo } = noting
  if (emitBuildInfo === undefined) return
  noting.emitBuildInfo = (writeFile = host.writeFile.bind(host), token) =>
    emitBuildInfo((name, text, ...rest) => writeFile(name, withPending(name, text, file), ...rest), token)
}

/** The text of a `.tsbuildinfo` in which the file is left to emit. */
function withPending(name: string, text: string, file: string): string {
  const all = JSON.parse(text) as BuildInfo
  const info = all.program ?? all
  const id = 1 + (info.fileNames ?? []).findIndex((each) => path.resolve(path.dirname(name), each) === path.resolve(file))
  if (id === 0 || info.affectedFilesPendingEmit !== undefined) return text
  info.affectedFilesPendingEmit = [[id, JAVASCRIPT]]
  return JSON.stringify(all)
}
