// `mintmark fingerprint`: the fingerprint of every export and every step of the files named.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fingerprintModule, openReader } from '../transformer/analysis.js'
import { openProject } from '../transformer/project.js'
import { projectShelf } from '../transformer/shelf.js'
import { loadTypeScript } from '../transformer/typescript.js'
import { findConfig, noSource } from './project.js'

// Declaration files hold no code.
const DECLARATIONS = /\.d\.[cm]?ts$/

/**
 * Prints `{"file#export": fingerprint}` for `files`, steps as `file#Class.step`; `-` stands for the lines of standard input. A file that cannot be read is an error
 * when it was named, and a line on standard error when it came in a list, so that one stray file does not cost the rest.
 */
export async function printFingerprints(files: readonly string[], options: { project?: string; json?: boolean }): Promise<void> {
  const root = process.cwd()
  const tsconfig = options.project === undefined ? undefined : findConfig(path.resolve(root, options.project))
  const ts = loadTypeScript(root)
  const shelf = projectShelf(root, ts.version)
  const project = openProject({ ts, root, tsconfig, shelf })
  const reader = openReader(project)
  const result: Record<string, string> = {}
  for (const file of files.flatMap((given) => (given === '-' ? readLines() : [given]))) {
    if (DECLARATIONS.test(file)) continue
    const module = project.module(path.resolve(root, file))
    if (module === undefined) {
      if (!files.includes('-')) throw noSource(file)
      process.stderr.write(`${noSource(file).message}\n`)
      continue
    }
    for (const [name, fingerprint] of fingerprintModule(reader, module)) result[`${file}#${name}`] = fingerprint
  }
  shelf.save()
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  else for (const [name, fingerprint] of Object.entries(result)) process.stdout.write(`${fingerprint}  ${name}\n`)
}

function readLines(): string[] {
  return readFileSync(0, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '')
}
