// Mintmark as it is installed: a copy, so that nothing of this repository is near it.

import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { REPOSITORY } from './workbench.js'

const DEPENDENCIES = ['commander', 'log-update', 'magic-string', '@jridgewell', 'picocolors', 'unplugin']

/** Into `dir/node_modules`, with what it depends on and the packages named; answers the path of its command. */
export function install(dir: string, packages: readonly string[] = []): string {
  const own = path.join(dir, 'node_modules/mintmark')
  for (const part of ['package.json', 'dist/bundle', 'dist/cli', 'dist/runtime', 'dist/transformer'])
    cpSync(path.join(REPOSITORY, part), path.join(own, part), { recursive: true })
  for (const name of [...DEPENDENCIES, ...packages]) {
    const to = path.join(dir, 'node_modules', name)
    mkdirSync(path.dirname(to), { recursive: true })
    symlinkSync(path.join(REPOSITORY, 'node_modules', name), to, 'dir')
  }
  return path.join(own, 'dist/cli/main.js')
}
