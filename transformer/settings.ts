// What a project says of its fingerprints, beside `transform` in the plugin's entry of its tsconfig, so that every host reads the same.

import { globToRegExp } from './glob.js'

/**
 * How a reached npm package counts. `closure` (default): its name, its version and the versions that it resolves to in turn. `version`: its
 * name and version. `ignore`: its name. `source`: its JavaScript is followed like the project's own, so that an upgrade which does not touch
 * what a step calls keeps the fingerprint.
 */
export type PackageMode = 'closure' | 'version' | 'ignore' | 'source'

export interface Settings {
  /** One mode for all packages, or modes by name with `*` for the rest. */
  readonly packages: Readonly<Record<string, PackageMode>>
  /** `file`, `file#name` or a glob of either, from the folder of the tsconfig: such a declaration counts by its name only. */
  readonly ignore: readonly string[]
}

const IN_TSCONFIG = ['packages', 'ignore', 'manifest', 'strict']
/** https://github.com/nonara/ts-patch#plugin-options */
const OF_TS_PATCH = [
  'transform',
  'transformProgram',
  'name',
  'import',
  'isEsm',
  'resolvePathAliases',
  'tsConfig',
  'type',
  'after',
  'afterDeclarations',
]

const MODES: readonly string[] = ['closure', 'version', 'ignore', 'source'] satisfies PackageMode[]

export const NO_SETTINGS: Settings = { packages: {}, ignore: [] }

/** Reads the entry among `plugins`. Throws MM5030 for what it cannot understand. */
export function readSettings(plugins: unknown): Settings {
  const entry = ownEntry(plugins)
  if (entry === undefined) return NO_SETTINGS
  const stranger = Object.keys(entry).find((name) => !IN_TSCONFIG.includes(name) && !OF_TS_PATCH.includes(name))
  if (stranger !== undefined) throw refuse(stranger, `one of ${IN_TSCONFIG.join(', ')}`)
  const { packages = {}, ignore = [], manifest = false, strict = false } = entry
  if (typeof strict !== 'boolean') throw refuse('strict', 'true or false')
  if (manifest !== false && typeof manifest !== 'string') throw refuse('manifest', 'a path or false')
  const byName = typeof packages === 'string' ? { '*': packages } : packages
  if (typeof byName !== 'object' || byName === null) throw refuse('packages', 'a mode or an object of modes by package name')
  for (const [name, mode] of Object.entries(byName)) {
    if (!MODES.includes(mode as string)) throw refuse(byName === packages ? `packages.${name}` : 'packages', `one of ${MODES.join(', ')}`)
  }
  if (!Array.isArray(ignore) || !ignore.every((i) => typeof i === 'string')) throw refuse('ignore', 'a list of strings')
  return { packages: byName as Record<string, PackageMode>, ignore }
}

/** The plugin's own entry among `plugins`. */
export function ownEntry(plugins: unknown): Readonly<Record<string, unknown>> | undefined {
  const entries = Array.isArray(plugins) ? (plugins as Readonly<Record<string, unknown>>[]) : []
  return entries.find((p) => /mintmark\/transformer|transformer\/index\.js$/.test(String(p?.transform)))
}

function refuse(option: string, expected: string): Error {
  return new Error(`MM5030 \`${option}\` beside "mintmark/transformer" in tsconfig has to be ${expected}.`)
}

export function packageMode({ packages }: Settings, name: string): PackageMode {
  return packages[name] ?? packages['*'] ?? 'closure'
}

/** Whether a declaration counts by its name only, of the file that lies at `place` from the folder of the tsconfig. */
export function ignoring({ ignore }: Settings, place: () => string): (name: string) => boolean {
  if (ignore.length === 0) return () => false
  const file = place()
  if (ignore.some((i) => globToRegExp(`./${i}`).test(file))) return () => true
  const named = ignore.flatMap((i) => {
    const [of, name] = i.split('#')
    return globToRegExp(`./${of}`).test(file) ? [globToRegExp(`./${name}`)] : []
  })
  return (name) => named.some((n) => n.test(name))
}
