// Stamps in bundles: what all bundlers share. Each bundler's own file in bundlers/ puts this under its roof.

import { existsSync, mkdirSync, readFileSync, unwatchFile, watchFile, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { UnpluginOptions } from 'unplugin'
import type { Diagnostic } from './diagnostics.js'
import { type Host, openHost, type Stamped } from './host.js'
import { MANIFEST } from './manifest.js'
import { type Replacements, replacementsId } from './replacements.js'

/** What the plugin of every bundler takes. `packages` and `ignore` stand in tsconfig.json, beside `mintmark/transformer`. */
export interface BundlerOptions {
  /** Where the search for tsconfig.json begins. Default: what the bundler calls its root or context. */
  readonly cwd?: string
  /** The tsconfig for all files, from `cwd`. Default: the nearest `tsconfig.json` of each file. */
  readonly tsconfig?: string
  /** Where the closure of every step is written, from the folder of the tsconfig; `false` for nowhere. Default: `mintmark.json` in the output. */
  readonly manifest?: string | false
  /** What the fingerprint cannot speak for is an error. Default: false, a warning. */
  readonly strict?: boolean
}

/** File names that may hold steps; a query may follow. */
export const SOURCE = /\.[cm]?[jt]sx?(?:\?|$)/
/** Asked for as something else than code. */
const NO_CODE = /[?&](?:raw|url|inline|worker|sharedworker)(?:[&=]|$)/
export const PACKAGES = /[\\/]node_modules[\\/]/

export interface Session {
  readonly options: BundlerOptions
  /** The bundler's own idea of where it is; heard until the first file. */
  cwd: string
  /** The tsconfig that the bundler itself was given; heard until the first file, and where the plugin was given none. */
  tsconfig: string | undefined
  /** What the bundler puts in place of the code: to be said before the first file, and whenever it changes. */
  replace(replacements: Replacements): void
  /** The folder that the names in diagnostics start from. */
  root(): string
  stamp(id: string, text?: string): Stamped | undefined
  refresh(): void
  /** The file holds something else than when it was read, and nobody has said so. */
  isEdited(file: string): boolean
  save(): void
  /** What was found out is kept for the next process. The text of the manifest, unless there are no steps or it was written elsewhere. */
  finish(): string | undefined
}

/** A watcher keeps what it has found out once nothing has happened for this long, and at its end. */
const REST_MS = 1000
const unsaved = new Map<Host, NodeJS.Timeout>()

function saveLater(host: Host): void {
  if (unsaved.size === 0) process.once('exit', saveAll)
  clearTimeout(unsaved.get(host))
  const save = (): void => {
    unsaved.delete(host)
    if (unsaved.size === 0) process.off('exit', saveAll)
    host.save()
  }
  unsaved.set(host, setTimeout(save, REST_MS).unref())
}

function saveAll(): void {
  for (const host of unsaved.keys()) host.save()
}

/** `more`: options of one bundler alone. */
export function openSession(options: BundlerOptions, more: readonly string[] = []): Session {
  refuseUnknown(options, more)
  let host: Host | undefined
  let builds = 0
  let replacements: Replacements | undefined
  const session: Session = {
    options,
    cwd: process.cwd(),
    tsconfig: undefined,
    replace(given) {
      if (replacements !== undefined && replacementsId(replacements) === replacementsId(given)) return
      replacements = given
      host?.save()
      host = undefined
    },
    root: () => host?.root ?? session.cwd,
    stamp(id, text) {
      if (id.startsWith('\0') || NO_CODE.test(id)) return undefined
      host ??= openHost({
        cwd: path.resolve(session.cwd, options.cwd ?? '.'),
        tsconfig: options.tsconfig ?? session.tsconfig,
        replacements,
      })
      return host.stamp(path.normalize(id.replace(/\?.*$/s, '')), text)
    },
    refresh() {
      builds++
      host?.refresh()
    },
    isEdited: (file) => host?.isEdited(file) ?? false,
    save() {
      if (builds > 1 && host !== undefined) saveLater(host)
      else host?.save()
    },
    finish() {
      const text = options.manifest === false ? undefined : host?.manifest()
      session.save()
      if (host === undefined || text === undefined || !options.manifest) return text
      writeManifest(path.resolve(host.root, options.manifest), text)
      return undefined
    },
  }
  return session
}

/** What a hook is called on, as far as it matters here. */
export interface Bundling {
  addWatchFile(file: string): void
  warn(message: Message): void
  error(message: Message): void
}

interface Message {
  readonly message: string
  readonly id: string
  readonly loc: { readonly file: string; readonly line: number; readonly column: number }
}

/** The bundler is told what the stamps rest on, and what they cannot speak for. */
export function tell(to: Bundling, { options, root }: Session, { files, folders, diagnostics }: Stamped): void {
  for (const file of [...files, ...folders]) to.addWatchFile(file)
  for (const diagnostic of diagnostics) to[options.strict ? 'error' : 'warn'](messageOf(root(), diagnostic))
}

function messageOf(root: string, { code, file, line, column, message }: Diagnostic): Message {
  const id = path.join(root, file)
  return { message: `${code} ${file}:${line}:${column} ${message}`, id, loc: { file: id, line, column: column - 1 } }
}

/** The hooks that are the same everywhere. */
export function hooksOf(session: Session): UnpluginOptions {
  return {
    name: 'mintmark',
    enforce: 'pre',
    buildStart: () => session.refresh(),
    watchChange: () => session.refresh(),
    transform: {
      filter: { id: { include: SOURCE, exclude: PACKAGES } },
      handler(code, id) {
        const stamped = session.stamp(id, code)
        if (stamped === undefined) return undefined
        tell(this, session, stamped)
        return { code: stamped.code, map: stamped.map }
      },
    },
    buildEnd: () => session.save(),
  }
}

const OPTIONS: readonly string[] = ['cwd', 'tsconfig', 'manifest', 'strict'] satisfies (keyof BundlerOptions)[]

/** Configurations of bundlers are seldom type-checked. */
function refuseUnknown(options: object, more: readonly string[]): void {
  const known = [...OPTIONS, ...more]
  const stranger = Object.keys(options).find((name) => !known.includes(name))
  if (stranger === undefined) return
  const wayOut = `It has ${known.join(', ')}; \`packages\` and \`ignore\` stand beside "mintmark/transformer" in tsconfig.json.`
  throw new Error(`MM5030 the plugin for bundlers has no option \`${stranger}\`. ${wayOut}`)
}

/** What watches the folder need not look up when nothing has changed. */
export function writeManifest(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** Those of Rollup and its heirs. The manifest is no asset to them: Vite drops what a build for a server emits. */
export function rollupHooks(session: Session): {
  writeBundle(options: { dir?: string | undefined; file?: string | undefined }): void
} {
  return {
    writeBundle({ dir, file }) {
      const manifest = session.finish()
      const folder = dir ?? (file && path.dirname(file))
      if (manifest !== undefined && folder !== undefined) writeManifest(path.resolve(session.cwd, folder, MANIFEST), manifest)
    },
  }
}

/** How often a package.json in node_modules is looked at. */
const PACKAGE_MS = 1000

export interface PackageWatch {
  watch(files: readonly string[]): void
  close(): void
}

/** For watchers that look away from node_modules: an upgrade is a change, too. */
export function openPackageWatch(onChange: (file: string) => void): PackageWatch {
  const watched = new Map<string, () => void>()
  return {
    watch(files) {
      for (const file of files.filter((each) => PACKAGES.test(each) && !watched.has(each))) {
        const changed = (): void => onChange(file)
        watched.set(file, changed)
        watchFile(file, { interval: PACKAGE_MS, persistent: false }, changed)
      }
    },
    close() {
      for (const [file, changed] of watched) unwatchFile(file, changed)
      watched.clear()
    },
  }
}
