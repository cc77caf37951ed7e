// `mintmark fingerprint`: the fingerprint of every export of the files named.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { MintmarkError } from '../runtime/errors.js'
import { fingerprintExports } from '../transformer/fingerprint.js'
import { link } from '../transformer/link.js'
import { openProject } from '../transformer/project.js'
import { loadTypeScript } from './typescript.js'

export async function printFingerprints(files: readonly string[], options: { project?: string; json?: boolean }): Promise<void> {
  const root = process.cwd()
  const tsconfig = options.project === undefined ? undefined : findConfig(path.resolve(root, options.project))
  const graph = link(openProject({ ts: loadTypeScript(root), root, tsconfig }))
  const named = files.flatMap((file) => (file === '-' ? readLines() : [file]))
  const result: Record<string, string> = {}
  for (const file of named) {
    const module = graph.project.module(path.resolve(root, file))
    if (module === undefined)
      throw new MintmarkError('MM5002', `${file} is no source file that can be read. Name .ts, .tsx, .js, .jsx or .json files.`)
    for (const [name, fingerprint] of fingerprintExports(graph, module)) result[`${file}#${name}`] = fingerprint
  }
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else for (const [name, fingerprint] of Object.entries(result)) process.stdout.write(`${fingerprint}  ${name}\n`)
}

function readLines(): string[] {
  return readFileSync(0, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
}

function findConfig(given: string): string {
  const file = given.endsWith('.json') ? given : path.join(given, 'tsconfig.json')
  if (!existsSync(file))
    throw new MintmarkError('MM5003', `there is no ${file}. Give --project a tsconfig.json or a folder that holds one.`)
  return file
}
