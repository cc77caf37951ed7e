// The session in the words of Node's module hooks: https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks

import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Format } from './format.js'
import { isOwn, type Session } from './session.js'

export interface Hooks {
  /** The URL that `specifier` means, where Node would not find it, or find something else. */
  resolve(specifier: string, parentUrl: string | undefined): string | undefined
  /** What stands for the file, where that is not what lies there. */
  load(url: string, attributes: Readonly<Record<string, string>>): { readonly format: Format; readonly source: string } | undefined
}

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/

export function openHooks(session: Session): Hooks {
  return {
    resolve(specifier, parentUrl) {
      const from = fileOf(parentUrl)
      if (from === undefined || isBuiltin(specifier) || !SOURCE.test(from)) return undefined
      const [, bare = '', query = ''] = /^([^?]*)(.*)$/s.exec(specifier)!
      const found = session.resolve(fileOf(bare) ?? bare, from)
      return found === undefined ? undefined : pathToFileURL(found).href + query
    },

    load(url, { type }) {
      const file = fileOf(url)
      if (file === undefined || type !== undefined) return undefined
      if (file.endsWith('.json')) return { format: 'module', source: moduleOfJson(readFileSync(file, 'utf8')) }
      const loaded = SOURCE.test(file) ? session.load(file) : undefined
      return loaded && { format: loaded.format, source: loaded.code }
    },
  }
}

/** The path of a file of the project. */
function fileOf(url: string | undefined): string | undefined {
  if (url === undefined || !url.startsWith('file:')) return undefined
  const file = fileURLToPath(url.replace(/[?#].*$/s, ''))
  return isOwn(file) ? file : undefined
}

/** Imported without `with { type: 'json' }`, as compilers and bundlers allow: the value, and its members by name. */
function moduleOfJson(text: string): string {
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
  const exported = names.map((name, i) => `const _${i} = value[${JSON.stringify(name)}]\nexport { _${i} as ${JSON.stringify(name)} }\n`)
  return `const value = JSON.parse(${JSON.stringify(JSON.stringify(value))})\nexport default value\n${exported.join('')}`
}
