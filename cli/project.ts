// The tsconfig that `--project` names.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { MintmarkError } from '../runtime/errors.js'

/** `given` is a tsconfig or the folder of one. Throws MM5003. */
export function findConfig(given: string): string {
  const file = given.endsWith('.json') ? given : path.join(given, 'tsconfig.json')
  if (!existsSync(file))
    throw new MintmarkError('MM5003', `there is no ${file}. Give --project a tsconfig.json or a folder that holds one.`)
  return file
}
