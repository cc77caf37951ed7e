// What Node asks about the files of a project while it loads them: where an import leads, and what code to run. An import leads where the
// fingerprint follows it, and what runs is the text that the fingerprint was made from: a stamp speaks for nothing else.

import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { openAnswers } from '../answers.js'
import { cacheFile, cacheFolder } from '../cache-folder.js'
import { openDisk } from '../disk.js'
import { findTypeScript } from '../typescript.js'
import type { Engine, ResolvedTo } from './engine.js'
import { findEsbuild } from './esbuild.js'
import type { Format } from './format.js'

export interface Loaded {
  readonly format: Format
  readonly code: string
}

export interface Session {
  /** The file that `specifier` means to the project file `from`; nothing where Node finds it by itself. */
  resolve(specifier: string, from: string): string | undefined
  /** What Node runs for a file, or nothing when that is what lies there. `as` overrules the file's own format. Errors: MM5001, MM5005, MM5006, MM5030. */
  load(file: string, as?: Format): Loaded | undefined
}

export interface SessionOptions {
  /** Where the search for TypeScript and esbuild begins; steps are told from there. */
  readonly root: string
}

const require = createRequire(import.meta.url)
const CODE = /(?<!\.d)\.[cm]?[jt]sx?$/
// Where it is linked to from elsewhere, Mintmark does not look like a package that is installed.
const MINTMARK = fileURLToPath(new URL('../../', import.meta.url))

/** Whether a file belongs to the project, and not to a package that is installed. */
export function isOwn(file: string): boolean {
  return !file.includes(`${path.sep}node_modules${path.sep}`) && !file.startsWith(MINTMARK)
}

/**
 * A session that is opened by the first question. What it loads itself, while it answers, is nobody's program: then it knows nothing, and
 * Node goes on as ever.
 */
export function openLazily(options: SessionOptions): Session {
  let session: Session | undefined
  let isBusy = false

  function ask<T>(question: (session: Session) => T): T | undefined {
    if (isBusy) return undefined
    isBusy = true
    try {
      return question((session ??= openSession(options)))
    } catch (error) {
      // What it says is about the user's files; where we were has nothing to do with them.
      if (error instanceof Error && /^MM\d{4} /.test(error.message)) error.stack = `${error.name}: ${error.message}`
      throw error
    } finally {
      isBusy = false
    }
  }

  return {
    resolve: (specifier, from) => ask((s) => s.resolve(specifier, from)),
    load: (file, as) => ask((s) => s.load(file, as)),
  }
}

function openSession({ root }: SessionOptions): Session {
  const parser = findTypeScript(root)
  const folder = cacheFolder(root)
  const who = [
    'register',
    isMainThread ? 'require' : 'import',
    parser.version,
    findEsbuild(root).version,
    process.version,
    process.platform,
    root,
  ]
  const answers = openAnswers(folder && cacheFile(folder, 'answers', ...who))
  let disk = answers.look()
  /** What the stamps were made from that the program has been given. */
  const pinned = new Set<string>()
  let engine: Engine | undefined
  let isApart = false

  function engineOf(): Engine {
    if (engine === undefined) {
      const { openEngine } = require('./engine.js') as typeof import('./engine.js')
      engine = openEngine(parser.load(), root, disk)
    }
    return engine
  }

  /** A program may write what it imports. What a stamp was made from stays for it: such a project is none that the next process could find. */
  function lookAgain(): void {
    disk = openDisk(new Map([...pinned].map((file) => [file, disk.text(file)])))
    engine = undefined
    isApart = true
  }

  function ask<T>(kind: 'resolve' | 'load', about: string, make: () => T): T {
    return isApart ? make() : answers.answer(kind, about, make)
  }

  function targetOf(specifier: string, from: string): ResolvedTo {
    return ask('resolve', `${from}\0${specifier}`, () => engineOf().resolve(specifier, from))
  }

  return {
    resolve(specifier, from) {
      if (!CODE.test(from) || !isOwn(from)) return undefined
      let found = targetOf(specifier, from)
      if (found === 'nothing' && !isApart && !openDisk().agrees(disk.facts()!)) {
        lookAgain()
        found = targetOf(specifier, from)
      }
      return typeof found !== 'string' && isOwn(found.file) ? found.file : undefined
    },

    load(file, as) {
      if (!CODE.test(file) || !isOwn(file)) return undefined
      if (!pinned.has(file) && disk.isEdited(file)) lookAgain()
      const { loaded, warnings, files } = ask('load', `${as ?? ''} ${file}`, () => engineOf().load(file, as))
      for (const each of files) pinned.add(each)
      for (const warning of warnings) writeSync(2, `${warning}\n`)
      engine?.save()
      if (!isApart) answers.save()
      return loaded
    },
  }
}
