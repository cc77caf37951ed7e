// The tsconfig that `--project` names, and the files of it or those that are named.

import { existsSync } from 'node:fs'
import path from 'node:path'
import type ts from 'typescript'
import { MintmarkError } from '../runtime/errors.js'
import type { Disk } from '../transformer/disk.js'
import { openReferences } from '../transformer/references.js'
import { systemOf } from '../transformer/system.js'

/** `given` is a tsconfig or the folder of one. Throws MM5003. */
export function findConfig(given: string): string {
  const file = given.endsWith('.json') ? given : path.join(given, 'tsconfig.json')
  if (!existsSync(file))
    throw new MintmarkError('MM5003', `there is no ${file}. Give --project a tsconfig.json or a folder that holds one.`)
  return file
}

/** Its source files and those of the projects that it references. Throws MM5004. */
export function filesOf(ts: typeof import('typescript'), disk: Disk, tsconfig: string): string[] {
  const { error } = ts.readConfigFile(tsconfig, systemOf(ts, disk).readFile) as { error?: ts.Diagnostic }
  if (error) throw new MintmarkError('MM5004', `${tsconfig} cannot be read: ${ts.flattenDiagnosticMessageText(error.messageText, ' ')}`)
  return openReferences(ts, disk)
    .filesOf(tsconfig)
    .filter((f) => !/\.d\.[cm]?ts$/.test(f))
}

export function noSource(file: string): MintmarkError {
  return new MintmarkError('MM5002', `${file} is no source file that can be read. Name .ts, .tsx, .js, .jsx or .json files.`)
}
