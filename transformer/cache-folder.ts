// Where things are kept from build to build, and under which names: a name holds who answers, so that another version reads none of it.

import { hash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Files of other versions go after this long without use. */
const KEPT_MS = 30 * 24 * 3600 * 1000
const OURS = /^(?:summaries|answers)-/

/** `node_modules/.cache/mintmark` of the nearest folder that has a `node_modules`; without one, nothing is kept. */
export function cacheFolder(root: string): string | undefined {
  for (let at = root; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, 'node_modules'))) return path.join(at, 'node_modules', '.cache', 'mintmark')
    if (path.dirname(at) === at) return undefined
  }
}

/** `who`: what else the answers depend on, such as the version of TypeScript. */
export function cacheFile(folder: string, kind: 'summaries' | 'answers', ...who: readonly string[]): string {
  return path.join(folder, `${kind}-${hash('sha256', JSON.stringify([ownCode(), ...who])).slice(0, 16)}`)
}

/** The folder is there afterwards, without what nobody has used for long. */
export function makeRoom(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const now = Date.now()
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    if (OURS.test(name) && now - statSync(file).mtimeMs > KEPT_MS) unlinkSync(file)
  }
}

export function readOrNothing(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    return Buffer.alloc(0)
  }
}

let code: string | undefined

/** Digest of the code that answers: an answer of other code, be it one patched by hand, is no answer. */
function ownCode(): string {
  if (code !== undefined) return code
  const here = fileURLToPath(new URL('.', import.meta.url))
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?[jt]s$/.test(name) && !name.includes('.d.'))
    .sort()
  // In a bundle there is no such file: it is in the one file that there is.
  return (code = hash('sha256', ['../runtime/contract.js', ...files].map((name) => readOrNothing(path.join(here, name))).join('\0')))
}
