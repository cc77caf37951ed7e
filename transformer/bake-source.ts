// Puts stamps into the text of a module, for hosts whose own compiler reads it afterwards. It knows nothing of syntax.

import { createRequire } from 'node:module'
import type { SourceMap } from 'magic-string'
import type { Dependencies } from './dependencies.js'
import type { Diagnostic } from './diagnostics.js'

export interface Insertion {
  readonly at: number
  /** It belongs to what ends there, or to what begins there; of those that begin, the last comes first. */
  readonly side: 'after' | 'before'
  readonly text: string
}

/** What a module needs of stamps, as plain data. */
export interface Answer extends Dependencies {
  readonly insertions: readonly Insertion[]
  /** What the fingerprints of the module's steps cannot speak for. */
  readonly diagnostics: readonly Diagnostic[]
}

export interface Baked {
  readonly code: string
  /** From `code` to the text that was given; names the file by its path and holds the text. Made when it is asked for. */
  readonly map: SourceMap
}

/** Code that was compiled with its stamps: nothing is added to it. */
export const STAMPED = /Symbol\.for\((["'`])mintmark\.(?:stamp|class)\1\)/

const require = createRequire(import.meta.url)

export function bakeSource(file: string, text: string, insertions: readonly Insertion[]): Baked {
  let map: SourceMap | undefined
  return {
    code: insert(text, insertions),
    get map() {
      return (map ??= mapOf(file, text, insertions))
    },
  }
}

function insert(text: string, insertions: readonly Insertion[]): string {
  const places = [...new Set(insertions.map(({ at }) => at))].sort((a, b) => a - b)
  let code = ''
  let end = 0
  for (const place of places) {
    const here = insertions.filter(({ at }) => at === place)
    const after = here.filter(({ side }) => side === 'after')
    const before = here.filter(({ side }) => side === 'before').reverse()
    code += text.slice(end, place) + [...after, ...before].map((each) => each.text).join('')
    end = place
  }
  return code + text.slice(end)
}

/** Most builds ask for none: what makes one is loaded then. */
function mapOf(file: string, text: string, insertions: readonly Insertion[]): SourceMap {
  const { default: MagicString } = require('magic-string') as typeof import('magic-string')
  const copy = new MagicString(text)
  for (const { at, side, text: added } of insertions) side === 'after' ? copy.appendLeft(at, added) : copy.prependRight(at, added)
  return copy.generateMap({ source: file, includeContent: true, hires: true })
}
