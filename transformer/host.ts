// A long-lived session over a project, for whoever loads its modules one by one: bundlers, module hooks of Node, watchers. Text in, text
// with stamps out. What is read stays as it is until `refresh`; then everything is looked at again. As long as the disk bears out what was
// answered before, be it by another process, nobody is asked again: TypeScript and what needs it are not even loaded. After an edit only that
// is found out again which can have changed by it.

import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { digest, type Manifest } from '../runtime/contract.js'
import { type Answers, openAnswers } from './answers.js'
import { type Answer, type Baked, bakeSource, STAMPED } from './bake-source.js'
import { cacheFile, cacheFolder } from './cache-folder.js'
import { type Disk, openDisk } from './disk.js'
import type { Engine, Look } from './engine.js'
import { manifestText } from './manifest.js'
import type { TS } from './pen.js'
import { type Replacements, replacementsId } from './replacements.js'
import { findTypeScript, type Parser } from './typescript.js'

export interface HostOptions {
  /** Where the search for a tsconfig and for TypeScript begins. Default: the working directory. */
  readonly cwd?: string
  /** A tsconfig for all files, absolute or from `cwd`; otherwise each file has the nearest one. */
  readonly tsconfig?: string | undefined
  /** What the bundler puts in place of the code. Default: nothing. */
  readonly replacements?: Replacements | undefined
  /** The parser. Default: the TypeScript of the project. */
  readonly ts?: TS
}

export interface Stamped extends Baked, Omit<Answer, 'insertions'> {}

export interface Host {
  /** The folder that step ids are relative to: that of the tsconfig. */
  readonly root: string
  /**
   * The module with its stamps, or nothing when it holds no steps and no class that is some step's input: other people's packages, declarations, what has been stamped already.
   * `text` is what the host would go on with, if that is not what lies on disk. Errors: MM5001, MM5030.
   */
  stamp(file: string, text?: string): Stamped | undefined
  /** Files may have changed, any of them: the next answer looks again. */
  refresh(): void
  /** The file holds something else than when it was read for the answers of today. */
  isEdited(file: string): boolean
  /** Keeps on disk what was found out, for the next process. */
  save(): void
  /** The closure of every step that was stamped and is still there, as of now, as the text of a file; nothing when there are no steps. */
  manifest(): string | undefined
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/
/** Where it is linked to from elsewhere, Mintmark does not look like a package that is installed. */
const MINTMARK = fileURLToPath(new URL('../', import.meta.url))
const require = createRequire(import.meta.url)

export function openHost({ cwd = process.cwd(), tsconfig, replacements, ts: given }: HostOptions = {}): Host {
  const config = tsconfig === undefined ? findUp('tsconfig.json', cwd) : path.resolve(cwd, tsconfig)
  const root = realpathSync(config === undefined ? cwd : path.dirname(config))
  const forAll = tsconfig === undefined ? undefined : config
  const stamped = new Set<string>()
  let parser: Parser | undefined = given && { version: given.version, load: () => given }
  let answers: Answers | undefined
  let engine: Engine | undefined
  let disk: Disk | undefined
  let look: { readonly disk: Disk; readonly it: Look } | undefined

  function open(): Answers {
    if (answers !== undefined) return answers
    parser ??= findTypeScript(root)
    const folder = cacheFolder(root)
    const who = [
      parser.version,
      process.version,
      process.platform,
      root,
      config ?? '',
      forAll ?? '',
      replacements ? replacementsId(replacements) : '',
    ]
    return (answers = openAnswers(folder && cacheFile(folder, 'answers', 'host', ...who)))
  }

  function lookAgain(): Disk {
    return (disk = open().look((before, edited) => (look?.disk === before ? look.it.renew(edited) : undefined)))
  }

  function engineOf(): Engine {
    if (engine === undefined) {
      const { openEngine } = require('./engine.js') as typeof import('./engine.js')
      // It may come after us, or go.
      const own = config ?? path.join(root, 'tsconfig.json')
      engine = openEngine({ ts: parser!.load(), root, config: own, tsconfig: forAll, replacements })
    }
    return engine
  }

  /** With TypeScript. */
  function lookAt(at: Disk): Look {
    if (look?.disk !== at) {
      engineOf().turn(stamped)
      look = { disk: at, it: engineOf().look(at) }
    }
    return look.it
  }

  /** The real path of a file of code, on the disk as it is now. */
  function find(file: string): string | undefined {
    let now = disk ?? lookAgain()
    // It may have come since we looked.
    if (!now.exists(file) && existsSync(file)) now = lookAgain()
    const real = now.exists(file) ? now.realpath(file) : undefined
    if (real === undefined || real.startsWith(MINTMARK)) return undefined
    // It was edited since we looked, and nobody has said so.
    if (now.isEdited(real)) lookAgain()
    return real
  }

  function answerTo(now: Disk, real: string, text: string): Answer | undefined {
    if (text === now.text(real)) return open().answer<Answer | null>('stamp', real, () => lookAt(now).answer(real) ?? null) ?? undefined
    // As someone before us has made it, amid the others as they lie on disk.
    return engineOf()
      .look(openDisk(new Map([[real, text]])))
      .answer(real, lookAt(now))
  }

  return {
    root,
    stamp(file, given) {
      if (!SOURCE.test(file) || /[\\/]node_modules[\\/]/.test(file) || (given !== undefined && STAMPED.test(given))) return undefined
      const real = find(file)
      if (real === undefined) return undefined
      const text = given ?? disk!.text(real)
      const answer = answerTo(disk!, real, text)
      if (answer === undefined) return undefined
      stamped.add(real)
      const { insertions, ...rest } = answer
      return Object.assign(bakeSource(real, text, insertions), rest)
    },
    refresh() {
      disk = undefined
    },
    isEdited: (file) => disk?.isEdited(file) ?? false,
    save() {
      engine?.save()
      answers?.save()
    },
    manifest() {
      const now = disk ?? lookAgain()
      const files = [...stamped].sort()
      const manifest = open().answer<Manifest | null>('manifest', digest(files.join('\n')), () => lookAt(now).manifest(files) ?? null)
      return manifest === null ? undefined : manifestText(manifest)
    },
  }
}

function findUp(name: string, from: string): string | undefined {
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    if (existsSync(path.join(dir, name))) return path.join(dir, name)
    if (path.dirname(dir) === dir) return undefined
  }
}
