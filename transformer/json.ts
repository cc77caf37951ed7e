// A JSON module -> one declaration for the whole and one for each of its properties.

import { digest } from '../runtime/contract.js'
import { DEFAULT } from './imports.js'
import type { Summary } from './summary.js'

/** JSON counts by its value, not by its layout (K6). Text that does not parse counts as it is. After the whole come its properties, by name. */
export function summarizeJson(text: string): Summary {
  let canonical = text
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
    canonical = JSON.stringify(value)
  } catch {}
  const own = digest(`json ${canonical}`)
  const parts = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
  const named = parts.filter(([name]) => /^[\w$]+$/.test(name))
  const facts = {
    kind: 'expression',
    name: 'default',
    at: 0,
    impure: false,
    constant: false,
    mentions: [],
    properties: [],
    traits: 0,
  } as const
  return {
    declarations: [{ ...facts, own }, ...named.map(([name, part]) => ({ ...facts, name, own: digest(`json ${JSON.stringify(part)}`) }))],
    bindings: { [DEFAULT]: { kind: 'declaration', decl: 0, slot: 0 } },
    imports: [],
    exports: { default: { kind: 'local', name: DEFAULT } },
    stars: [],
    sites: [],
  }
}
