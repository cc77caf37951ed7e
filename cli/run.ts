// `mintmark run`: a program in TypeScript without a build, in this very process, so that signals, streams and exit codes are its own.

import { statSync } from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { MintmarkError } from '../runtime/errors.js'

const REGISTER = new URL('../transformer/register.js', import.meta.url).href

/** Starts `file` as `node file args` would. Throws MM5007 when there is no such file. */
export async function runFile(file: string, args: readonly string[]): Promise<void> {
  const entry = path.resolve(file)
  if (!statSync(entry, { throwIfNoEntry: false })?.isFile())
    throw new MintmarkError('MM5007', `there is no file ${file}. Name the program to run, with its extension.`)
  process.argv = [process.execPath, entry, ...args]
  // What the program forks is TypeScript as well.
  process.execArgv.push('--import', REGISTER)
  await import(REGISTER)
  const { runMain } = Module as unknown as { runMain(): void }
  // Out of reach of who called us: what the program throws is not for the command to explain.
  process.nextTick(runMain)
}
